using Governance.People;
using MicroAppBot.Desk;
using MicroAppBot.People;

namespace MicroAppBot.Tests.People;

public sealed class FileDirectoryTests
{
    private static readonly FileDirectory Directory = new(new[]
    {
        Somebody("ada", "Ada@Example.com", "5C9DE152-2245-471b-a1c8-cbfbc48ca9f1", "U1"),
        Somebody("ben", "shared@example.com", null, "U2"),
        Somebody("cleo", "shared@example.com", "teams-2", null),
        Somebody("dan", "dan@example.com", "teams-2", " "),
    }.ToDictionary(p => p.Id));

    [Theory]
    [InlineData("teams", "5c9de152-2245-471b-a1c8-cbfbc48ca9f1", null, "ada")]
    [InlineData("slack", "U2", null, "ben")]
    [InlineData("console", "cleo", null, "cleo")]
    [InlineData("teams", "somebody-new", "ada@example.COM", "ada")]
    [InlineData("slack", "U9", " dan@example.com ", "dan")]
    [InlineData("slack", "5c9de152-2245-471b-a1c8-cbfbc48ca9f1", null, "slack:5c9de152-2245-471b-a1c8-cbfbc48ca9f1")]
    [InlineData("teams", "U1", null, "teams:U1")]
    [InlineData("teams", "teams-2", null, "teams:teams-2")]
    [InlineData("teams", "new", "shared@example.com", "teams:new")]
    [InlineData("teams", "new", "", "teams:new")]
    [InlineData("slack", " ", "dan@example.com", "dan")]
    public void An_account_belongs_to_the_person_it_names_or_to_nobody_known(string channel, string account, string? email, string person) =>
        Assert.Equal(person, Directory.PersonOf(new ChannelAccount(channel, account), "Somebody", email).Id);

    [Fact]
    public void Whoever_is_not_in_it_is_a_guest_without_roles_and_the_same_one_tomorrow()
    {
        var guest = Directory.PersonOf(new ChannelAccount("teams", "aad-1"), "Robin", "robin@example.org");
        var tomorrow = Directory.PersonOf(new ChannelAccount("teams", "aad-1"), "Robin G.", null);

        Assert.Equal(guest.Id, tomorrow.Id);
        Assert.Equal("Robin", guest.Name);
        Assert.False(guest.IsInDirectory);
        Assert.Empty(guest.Roles);
    }

    private static Person Somebody(string id, string email, string? teams, string? slack) =>
        new(id, id, email, "sales", null, "Etc/UTC", [], null, new PersonAccounts(teams, slack));
}
