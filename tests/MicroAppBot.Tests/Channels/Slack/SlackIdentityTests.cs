using Governance.People;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Doubles;
using MicroAppBot.Tests.Doubles.Slack;
using Microsoft.Extensions.Time.Testing;

namespace MicroAppBot.Tests.Channels.Slack;

public sealed class SlackIdentityTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private FakeSlack _slack = null!;
    private SlackOutHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SlackIdentity Identity => _host.Get<SlackIdentity>();

    private int Asked => _slack.Calls.Count(c => c.Method == "users.info");

    public async ValueTask InitializeAsync()
    {
        _slack = await FakeSlack.StartAsync(_time);
        _host = await SlackOutHost.StartAsync(slack: _slack, time: _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _slack.DisposeAsync();
    }

    private async Task<SlackSender> OfAsync(string user, string team = FakeSlack.TeamId) => await Identity.SenderAsync(team, user, Cancel, FakeSlack.TeamId);

    [Fact]
    public async Task A_member_is_who_the_directory_says_by_account_or_by_e_mail()
    {
        Assert.Equal(SlackOutHost.Ada, (await OfAsync(SlackOutHost.AdaId)).Person);
        var dana = await OfAsync(SlackOutHost.DanaId);
        Assert.Equal((SlackOutHost.Dana, new ChannelAccount("slack", SlackOutHost.DanaId), false), (dana.Person, dana.Account, dana.IsStranger));
        Assert.True(dana.Person.Has(Role.Security));
    }

    [Fact]
    public async Task A_member_the_directory_does_not_know_is_a_person_without_roles_with_their_name_and_time_zone()
    {
        _slack.User("U0EVE", "Eve New", "eve@example.com");
        var eve = (await OfAsync("U0EVE")).Person;
        Assert.Equal(("slack:U0EVE", "Eve New", "eve@example.com", "Europe/Amsterdam"), (eve.Id, eve.Name, eve.Email, eve.TimeZone));
        Assert.Null(eve.Outside);
        Assert.Empty(eve.Roles);
    }

    [Fact]
    public async Task A_guest_is_recognised_by_account_and_comes_without_roles()
    {
        _slack.Change(SlackOutHost.BenId, a => a with { IsRestricted = true });
        var ben = await OfAsync(SlackOutHost.BenId);
        Assert.True(ben.IsStranger);
        Assert.Equal(("ben.ito", Outsider.Guest), (ben.Person.Id, ben.Person.Outside));
        Assert.Empty(ben.Person.Roles);
    }

    [Fact]
    public async Task A_guest_is_nobody_of_the_directory_by_their_e_mail()
    {
        _slack.Change(SlackOutHost.DanaId, a => a with { IsRestricted = true });
        var guest = await OfAsync(SlackOutHost.DanaId);
        Assert.Equal(("slack:U0DANA", Outsider.Guest), (guest.Person.Id, guest.Person.Outside));
    }

    [Theory]
    [InlineData("bot", Outsider.Bot)]
    [InlineData("deleted", Outsider.Deactivated)]
    [InlineData("stranger", Outsider.OtherOrganisation)]
    public async Task Programs_switched_off_accounts_and_strangers_may_sign_for_nothing(string what, Outsider expected)
    {
        _slack.Change(SlackOutHost.BenId, a => a with { IsBot = what == "bot", IsDeleted = what == "deleted", IsStranger = what == "stranger" });
        var ben = await OfAsync(SlackOutHost.BenId);
        Assert.Equal(expected, ben.Person.Outside);
        Assert.Empty(ben.Person.Roles);
        Assert.True(ben.IsStranger);
    }

    [Fact]
    public async Task Somebody_of_another_workspace_is_nobody_of_ours_though_they_have_our_ids_and_e_mails()
    {
        _slack.User("U0MALLORY", "Dana Levi", "dana.levi@example.com", "T0OTHER");
        _slack.Change("U0MALLORY", a => a with { IsStranger = true });
        var shared = await OfAsync("U0MALLORY", team: "T0OTHER");
        Assert.Equal((new ChannelAccount("slack", "T0OTHER/U0MALLORY"), "slack:T0OTHER/U0MALLORY"), (shared.Account, shared.Person.Id));
        Assert.Equal((Outsider.OtherOrganisation, ""), (shared.Person.Outside, shared.Person.Email));

        // The very id of one of us, said to come from there, also when the one of us was here a moment ago
        Assert.Null((await OfAsync(SlackOutHost.BenId)).Person.Outside);
        var same = await OfAsync(SlackOutHost.BenId, team: "T0OTHER");
        Assert.Equal(Outsider.OtherOrganisation, same.Person.Outside);
        Assert.NotEqual("ben.ito", same.Person.Id);
        Assert.Equal("ben.ito", (await OfAsync(SlackOutHost.BenId)).Person.Id);

        // Without the installation's workspace being named, one that has no installation is another's
        var alone = await Identity.SenderAsync("T0OTHER", "U0X", Cancel);
        Assert.Equal((Outsider.OtherOrganisation, "T0OTHER/U0X"), (alone.Person.Outside, alone.Account.Id));
    }

    [Fact]
    public async Task While_slack_cannot_be_asked_somebody_is_recognised_and_signs_for_nothing_yet()
    {
        _slack.Always("users.info", BadDay.OfSlack("service_unavailable"));
        var ben = await OfAsync(SlackOutHost.BenId);
        Assert.Equal(("ben.ito", Outsider.NotVerified), (ben.Person.Id, ben.Person.Outside));
        _slack.Always("users.info", null);
        Assert.Equal(SlackOutHost.Ben, (await OfAsync(SlackOutHost.BenId)).Person);

        // What Slack said a moment ago still counts
        _time.Advance(TimeSpan.FromMinutes(30));
        _slack.Always("users.info", BadDay.OfSlack("service_unavailable"));
        Assert.Equal(SlackOutHost.Ben, (await OfAsync(SlackOutHost.BenId)).Person);
        _time.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(Outsider.NotVerified, (await OfAsync(SlackOutHost.BenId)).Person.Outside);
    }

    [Fact]
    public async Task Somebody_known_by_e_mail_stays_who_they_are_while_slack_cannot_be_asked()
    {
        Assert.Equal(SlackOutHost.Dana, (await OfAsync(SlackOutHost.DanaId)).Person);
        _time.Advance(TimeSpan.FromHours(5));
        _slack.IsDown = true;
        var dana = await OfAsync(SlackOutHost.DanaId);
        Assert.Equal(("dana.levi", Outsider.NotVerified), (dana.Person.Id, dana.Person.Outside));
        Assert.Empty(dana.Person.Roles);
    }

    [Theory]
    [InlineData("auth.test")]
    [InlineData("users.info")]
    public async Task A_slack_that_hangs_keeps_nobody_waiting_beyond_their_click(string method)
    {
        if (method == "users.info") await OfAsync(SlackOutHost.AdaId);
        _slack.Always(method, BadDay.Silence);
        var sender = OfAsync(SlackOutHost.BenId);
        await _slack.CalledAsync(method, method == "users.info" ? 2 : 1);
        _time.Advance(TimeSpan.FromSeconds(1.2));
        Assert.Equal(("ben.ito", Outsider.NotVerified), await sender.WaitAsync(TimeSpan.FromSeconds(10), Cancel) is { Person: var ben } ? (ben.Id, ben.Outside) : default);
    }

    [Fact]
    public async Task Slack_is_asked_once_in_a_while_and_at_once_when_it_says_that_something_changed()
    {
        for (var i = 0; i < 5; i++) await OfAsync(SlackOutHost.BenId);
        Assert.Equal(1, Asked);
        _slack.Change(SlackOutHost.BenId, a => a with { IsRestricted = true });
        Assert.Null((await OfAsync(SlackOutHost.BenId)).Person.Outside);
        Identity.Forget(SlackOutHost.BenId);
        Assert.Equal(Outsider.Guest, (await OfAsync(SlackOutHost.BenId)).Person.Outside);
        _time.Advance(TimeSpan.FromMinutes(16));
        await OfAsync(SlackOutHost.BenId);
        Assert.Equal(3, Asked);
    }

    [Fact]
    public async Task An_e_mail_that_slack_has_not_confirmed_makes_nobody_a_member_of_the_directory()
    {
        await _host.Get<SlackApi>().CallAsync(FakeSlack.TeamId, "auth.test", [], Cancel);
        _slack.Then("users.info", new BadDay(200, $$"""{"ok":true,"user":{"id":"U0NEW","team_id":"{{FakeSlack.TeamId}}","is_email_confirmed":false,"profile":{"email":"dana.levi@example.com","real_name":"Dana"} } }"""));
        var sender = await OfAsync("U0NEW");
        Assert.Equal("slack:U0NEW", sender.Person.Id);
        Assert.Empty(sender.Person.Roles);
    }

    [Fact]
    public async Task An_answer_about_somebody_else_is_not_believed()
    {
        await _host.Get<SlackApi>().CallAsync(FakeSlack.TeamId, "auth.test", [], Cancel);
        _slack.Then("users.info", new BadDay(200, $$"""{"ok":true,"user":{"id":"U0OTHER","team_id":"{{FakeSlack.TeamId}}","profile":{"email":"dana.levi@example.com"} } }"""));
        Assert.Equal(Outsider.NotVerified, (await OfAsync("U0NEW")).Person.Outside);
    }
}
