using Governance.People;

namespace Governance.Tests.People;

public sealed class PersonTests
{
    [Fact]
    public void A_sender_who_is_not_in_the_directory_is_a_person_who_may_sign_for_nothing()
    {
        var guest = Person.Unknown("Nora Quist", "nora@example.com", new PersonAccounts("aad-1", null), "Europe/Oslo");
        Assert.Equal("teams:aad-1", guest.Id);
        Assert.False(guest.IsInDirectory);
        Assert.Empty(guest.Roles);
        Assert.All(Role.All, role => Assert.False(guest.Has(role)));
        Assert.Equal("Nora", guest.FirstName);
        Assert.Equal("Europe/Oslo", guest.TimeZone);
    }

    [Theory]
    [InlineData("aad-1", "U1", "x@example.com", "teams:aad-1")]
    [InlineData(null, "U1", "x@example.com", "slack:U1")]
    [InlineData(null, null, "X@Example.com", "x@example.com")]
    public void The_same_sender_is_the_same_person_tomorrow(string? teams, string? slack, string? email, string id) =>
        Assert.Equal(id, Person.Unknown("X", email, new PersonAccounts(teams, slack)).Id);

    [Fact]
    public void Nobody_at_all_is_no_person() => Assert.Throws<ArgumentException>(() => Person.Unknown("X", null, PersonAccounts.None));

    [Fact]
    public void A_zone_that_this_machine_does_not_know_is_utc() => Assert.Equal(TimeZoneInfo.Utc, Person.Unknown("X", "x@example.com", PersonAccounts.None, "Mars/Olympus").Zone);

    [Theory]
    [InlineData("security", "Security reviewer", "a security reviewer")]
    [InlineData("infra-ops", "Infrastructure operations", "someone from infrastructure operations")]
    [InlineData("dpo", "dpo", "dpo")]
    public void A_role_has_words_for_a_label_and_for_a_sentence(string role, string title, string sentence)
    {
        Assert.Equal(title, Role.Title(role));
        Assert.Equal(sentence, Role.InASentence(role));
    }

    [Fact]
    public void The_lists_of_roles_and_departments_are_closed()
    {
        Assert.Equal(["business-owner", "security", "compliance", "infra-ops", "governance-admin"], Role.All);
        Assert.Equal(["marketing", "sales", "support", "finance", "hr", "legal", "it", "operations"], Department.All);
        Assert.False(Role.IsKnown("Security"));
        Assert.False(Department.IsKnown(null));
        Assert.Equal("HR", Department.Named("hr"));
    }
}
