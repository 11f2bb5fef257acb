using Governance.People;
using MicroAppBot.Desk;
using MicroAppBot.People;

namespace MicroAppBot.Tests.Desk;

/// <summary>Who somebody is, decided once for all channels from what each of them vouches for.</summary>
public sealed class SenderTests
{
    private static readonly Person Dana = new(
        "dana.levi", "Dana Levi", "dana.levi@example.com", "it", null, "Europe/Berlin", ["security"], "IT-1", new PersonAccounts("aad-dana", "U0DANA"));

    private readonly FileDirectory _directory = new(new Dictionary<string, Person> { [Dana.Id] = Dana });

    private Person Who(string channel, string account, string? email, Outsider? outside) =>
        new Sender(new ChannelAccount(channel, account), "Dana Levi", email, Outside: outside).In(_directory);

    [Theory]
    [InlineData("teams", "aad-dana", null)]
    [InlineData("slack", "U0DANA", null)]
    [InlineData("console", "dana.levi", null)]
    [InlineData("teams", "aad-other", "Dana.Levi@example.com")]
    [InlineData("slack", "U0OTHER", "dana.levi@EXAMPLE.com")]
    public void One_of_us_is_the_same_person_in_every_channel_by_account_then_by_email(string channel, string account, string? email) =>
        Assert.Same(Dana, Who(channel, account, email, null));

    [Theory]
    [InlineData("teams", "aad-dana")]
    [InlineData("slack", "U0DANA")]
    public void Somebody_of_elsewhere_is_none_of_us_whatever_they_are_called(string channel, string account)
    {
        var person = Who(channel, account, "dana.levi@example.com", Outsider.OtherOrganisation);
        Assert.Equal($"{channel}:{account}", person.Id);
        Assert.Empty(person.Roles);
        Assert.Empty(person.Email);
        Assert.False(person.IsInDirectory);
        Assert.Equal(person.Id, Who(channel, account, null, Outsider.OtherOrganisation).Id);
    }

    [Theory]
    [InlineData("teams", "aad-guest")]
    [InlineData("slack", "U0GUEST")]
    public void A_guest_is_not_found_by_the_address_they_carry_and_signs_for_nothing(string channel, string account)
    {
        var person = Who(channel, account, "dana.levi@example.com", Outsider.Guest);
        Assert.NotEqual(Dana.Id, person.Id);
        Assert.Empty(person.Roles);
        Assert.Equal(Outsider.Guest, person.Outside);
        // Listed all the same, they still are a guest
        Assert.Empty(Who("teams", "aad-dana", null, Outsider.Guest).Roles);
    }
}
