using System.Text.Json.Nodes;
using Governance.People;
using MicroAppBot.Channels.Teams;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Doubles;

namespace MicroAppBot.Tests.Channels.Teams;

/// <summary>Who somebody is, where they can be reached, and that they are greeted once.</summary>
public sealed class TeamsPeopleTests : IAsyncLifetime
{
    private TeamsHost _host = null!;

    private TeamsUser Ada => _host.Ada;

    public async ValueTask InitializeAsync() => _host = await TeamsHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<Contact> TeamsContactAsync() => Assert.Single(await _host.Store.ContactsAsync("ada.keller"));

    [Fact]
    public async Task Installing_the_app_is_told_twice_and_greeted_once()
    {
        await Ada.InstallAsync();
        var turn = Assert.Single(_host.Turns.Taken);
        Assert.IsType<Said.Arrived>(turn.Said);
        Assert.Equal("ada.keller", turn.Person.Id);
        Assert.False(turn.AnswerDirectly);
        Assert.Equal(Ada.Chat, TeamsAddress.Read((await TeamsContactAsync()).Address)!.ConversationId);
    }

    [Fact]
    public async Task Who_removes_the_app_is_not_written_to_until_they_come_back()
    {
        await Ada.InstallAsync();
        await Ada.RemoveAppAsync();
        Assert.True((await TeamsContactAsync()).Dead);
        await Ada.InstallAsync();
        Assert.False((await TeamsContactAsync()).Dead);
    }

    [Fact]
    public async Task A_removed_bot_among_the_members_is_a_removed_app()
    {
        await Ada.InstallAsync();
        var update = Ada.Activity("conversationUpdate");
        update["membersRemoved"] = JsonNode.Parse("""[{"id":"28:bot"}]""");
        await Ada.PostAsync(update);
        Assert.True((await TeamsContactAsync()).Dead);
    }

    [Theory]
    [InlineData("add-upgrade")]
    [InlineData("remove-upgrade")]
    [InlineData("something-new")]
    public async Task An_upgrade_of_the_app_greets_nobody_again(string action)
    {
        var activity = Ada.Activity("installationUpdate");
        activity["action"] = action;
        await Ada.PostAsync(activity);
        Assert.Empty(_host.Turns.Taken);
    }

    [Fact]
    public async Task A_person_who_joins_a_chat_and_a_team_that_gets_the_bot_are_not_greeted()
    {
        var joined = Ada.Activity("conversationUpdate");
        joined["membersAdded"] = JsonNode.Parse("""[{"id":"29:somebody"}]""");
        await Ada.PostAsync(joined);
        var team = Ada.Activity("conversationUpdate");
        team["membersAdded"] = JsonNode.Parse("""[{"id":"28:bot"}]""");
        team["conversation"] = JsonNode.Parse("""{"id":"19:x@thread.tacv2","conversationType":"channel","tenantId":"tenant-1"}""");
        await Ada.PostAsync(team);
        Assert.Empty(_host.Turns.Taken);
    }

    [Fact]
    public async Task Where_the_bot_itself_is_named_as_the_sender_the_other_member_is_greeted()
    {
        var update = Ada.Activity("conversationUpdate");
        update["from"] = JsonNode.Parse("""{"id":"28:bot"}""");
        update["membersAdded"] = JsonNode.Parse($$"""[{"id":"28:bot"},{"id":"29:ada","aadObjectId":"{{TeamsHost.AdaId}}"}]""");
        await Ada.PostAsync(update);
        Assert.Equal("ada.keller", Assert.Single(_host.Turns.Taken).Person.Id);
    }

    [Fact]
    public async Task Somebody_is_known_by_object_id_then_by_id_then_by_email()
    {
        await Ada.SayAsync("hi");
        Assert.Equal("ada.keller", _host.Turns.Last.Person.Id);

        var byId = new TeamsUser(_host.Bot, _host.Connector, null, "dana");
        await byId.SayAsync("hi");
        Assert.Equal(("29:dana", "dana.levi"), (byId.UserId, _host.Turns.Last.Person.Id));
        Assert.Empty(_host.Connector.Calls);

        var byMail = new TeamsUser(_host.Bot, _host.Connector, "aad-unlisted", "Dana at home");
        _host.Connector.Member(byMail.UserId, "Dana.Levi@example.com");
        await byMail.SayAsync("hi");
        await byMail.SayAsync("hi again");
        Assert.Equal("dana.levi", _host.Turns.Last.Person.Id);
        // Asked once, and kept
        Assert.Single(_host.Connector.Calls);
    }

    [Fact]
    public async Task Somebody_nobody_knows_is_a_person_without_roles_and_the_same_tomorrow()
    {
        var stranger = new TeamsUser(_host.Bot, _host.Connector, "aad-stranger", "Sam *Stranger*");
        await stranger.SayAsync("hi");
        var person = _host.Turns.Last.Person;
        Assert.Equal(("teams:aad-stranger", "Sam *Stranger*"), (person.Id, person.Name));
        Assert.Empty(person.Roles);
        await stranger.SayAsync("hi");
        Assert.Equal(person.Id, _host.Turns.Last.Person.Id);
    }

    [Fact]
    public async Task An_invited_guest_is_not_found_by_the_address_they_carry()
    {
        var guest = new TeamsUser(_host.Bot, _host.Connector, "aad-guest", "Guest");
        _host.Connector.Member(guest.UserId, "dana.levi@example.com", principal: "dana.levi_example.com#EXT#@ours.onmicrosoft.com");
        await guest.SayAsync("hi");
        Assert.Equal(("teams:aad-guest", Outsider.Guest), (_host.Turns.Last.Person.Id, _host.Turns.Last.Person.Outside));
    }

    [Fact]
    public async Task A_connector_that_does_not_answer_holds_nobody_up()
    {
        var stranger = new TeamsUser(_host.Bot, _host.Connector, "aad-slow", "Slow");
        _host.Connector.Then(BadDay.Silence);
        var started = TimeProvider.System.GetTimestamp();
        await stranger.SayAsync("hi");
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8));
        Assert.Equal("teams:aad-slow", _host.Turns.Last.Person.Id);
    }

    [Fact]
    public async Task What_is_said_in_a_group_does_not_make_the_group_somebodys_address()
    {
        await Ada.InstallAsync();
        await _host.Store.MarkAsync(new DeliveryMark("x", DeliveryState.Sent, Contact: _host.Turns.Last.Contact));
        await Ada.SayInAsync("19:group@thread.v2", "my apps");
        Assert.Null(_host.Turns.Last.Contact);
    }

    [Fact]
    public async Task A_chat_can_be_opened_with_somebody_who_never_wrote_once_one_activity_told_where_teams_is()
    {
        Assert.Null(_host.Channel.ColdContact(TeamsHost.AdaKeller));
        var dana = new TeamsUser(_host.Bot, _host.Connector, null, "dana");
        await dana.SayAsync("hi");
        var cold = _host.Channel.ColdContact(TeamsHost.AdaKeller)!;
        var address = TeamsAddress.Read(cold.Address)!;
        Assert.Equal((_host.Connector.ServiceUrl, TeamsHost.AdaId, "28:bot", null), (address.ServiceUrl, address.AadObjectId, address.BotId, address.ConversationId));

        // Kept over a restart
        var place = new TeamsPlace(_host.Store, new TeamsSettings(null, true, [], null), TimeProvider.System);
        await place.StartAsync(default);
        Assert.Equal(_host.Connector.ServiceUrl, place.Now!.ServiceUrl);
        Assert.Null(new TeamsPlace(_host.Store, new TeamsSettings(new TeamsApp("a", "t", "s", TeamsCloud.Public), false, ["smba.trafficmanager.net"], null), TimeProvider.System).Now);
    }
}
