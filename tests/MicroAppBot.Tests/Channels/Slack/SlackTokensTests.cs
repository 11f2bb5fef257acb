using System.Text.Json.Nodes;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Desk;
using MicroAppBot.Stores.LiteDb;
using MicroAppBot.Tests.Doubles;
using MicroAppBot.Tests.Doubles.Slack;
using MicroAppBot.Tests.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace MicroAppBot.Tests.Channels.Slack;

public sealed class SlackTokensTests : IAsyncLifetime
{
    private const string Acme = "T0ACME";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _kept = new(StringComparer.Ordinal);
    private readonly Mock<IStore> _store = new();
    private bool _diskIsFull;
    private FakeSlack _slack = null!;
    private SlackOutHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SlackTokens Tokens => _host.Get<SlackTokens>();

    private int Renewals => _slack.Calls.Count(c => c.Method == "oauth.v2.access" && (string?)c.Arguments["grant_type"] == "refresh_token");

    public async ValueTask InitializeAsync()
    {
        _store.Setup(s => s.SettingAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).Returns((string key, CancellationToken _) => new ValueTask<string?>(_kept.GetValueOrDefault(key)));
        _store.Setup(s => s.SaveSettingAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<CancellationToken>())).Returns((string key, string value, CancellationToken _) =>
        {
            if (_diskIsFull) throw new IOException("No space left on device.");
            lock (_kept) _kept[key] = value;
            return Task.CompletedTask;
        });
        _slack = await FakeSlack.StartAsync(_time);
        _slack.Installations.Rotates = true;
        _host = await NewProcessAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _slack.DisposeAsync();
        _folder.Dispose();
    }

    private Task<SlackOutHost> NewProcessAsync(string secret = "0123456789abcdef0123456789abcdef", string? botToken = null, string workspaces = "T0ACME,T0BETA", IStore? store = null) => SlackOutHost.StartAsync(
        new Dictionary<string, string?>
        {
            ["BotToken"] = botToken,
            ["ClientId"] = _slack.Installations.ClientId,
            ["ClientSecret"] = _slack.Installations.ClientSecret,
            ["StateSecret"] = secret,
            ["RedirectUrl"] = "https://bot.example.com/slack/oauth/callback",
            ["Workspaces"] = workspaces,
        },
        _slack, _time, store ?? _store.Object);

    private async Task<SlackInstall> InstallAsync(string team = Acme)
    {
        var access = _slack.Installations.Access(new JsonObject { ["code"] = _slack.Installations.Consent(team, "U1") }, _slack.Installations.ClientId, _slack.Installations.ClientSecret, FakeSlack.AppId, SlackWebApi.BotOf);
        var install = SlackInstall.FromAccess(JsonNode.Parse(access.ToJsonString())!.AsObject(), _time.GetUtcNow())!;
        await Tokens.KeepAsync(install);
        return install;
    }

    [Fact]
    public async Task A_token_is_renewed_two_hours_before_it_runs_out_and_not_before()
    {
        var first = await InstallAsync();
        _time.Advance(TimeSpan.FromHours(9.9));
        Assert.Equal(first.Token, (await Tokens.OfAsync(Acme, Cancel))!.Token);
        _time.Advance(TimeSpan.FromHours(0.2));
        var second = (await Tokens.OfAsync(Acme, Cancel))!;
        Assert.NotEqual(first.Token, second.Token);
        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.Equal(_time.GetUtcNow().AddHours(12), second.ExpiresAt);
        Assert.Equal(1, Renewals);
        Assert.True((await _host.Get<SlackApi>().CallAsync(Acme, "auth.test", [], Cancel)).Ok);
    }

    [Fact]
    public async Task However_many_ask_at_once_it_is_renewed_once()
    {
        await InstallAsync();
        _time.Advance(TimeSpan.FromHours(11));
        var tokens = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(async () => (await Tokens.OfAsync(Acme, Cancel))!.Token)));
        Assert.Single(tokens.Distinct());
        Assert.Equal(1, Renewals);
    }

    [Fact]
    public async Task Another_process_that_was_faster_is_believed()
    {
        await InstallAsync();
        await using var other = await NewProcessAsync();
        _time.Advance(TimeSpan.FromHours(11));
        var theirs = await other.Get<SlackTokens>().OfAsync(Acme, Cancel);
        Assert.Equal(theirs!.Token, (await Tokens.OfAsync(Acme, Cancel))!.Token);
        Assert.Equal(1, Renewals);
    }

    [Fact]
    public async Task A_new_pair_that_the_disk_does_not_take_is_used_and_kept_until_it_does()
    {
        await InstallAsync();
        var before = _kept["slack-install-" + Acme];
        _time.Advance(TimeSpan.FromHours(11));
        _diskIsFull = true;
        var fresh = (await Tokens.OfAsync(Acme, Cancel))!;
        Assert.Equal(fresh.Token, (await Tokens.OfAsync(Acme, Cancel))!.Token);
        // The old one is still there, and what is new has not been asked for twice
        Assert.Equal(before, _kept["slack-install-" + Acme]);
        Assert.Equal(1, Renewals);
        Assert.Contains("Do not stop the bot", _host.Spoken.All, StringComparison.Ordinal);

        _diskIsFull = false;
        await Tokens.OfAsync(Acme, Cancel);
        await using var next = await NewProcessAsync();
        Assert.Equal(fresh, await next.Get<SlackTokens>().OfAsync(Acme, Cancel));
        Assert.Equal(1, Renewals);
    }

    [Fact]
    public async Task While_slack_gives_no_new_token_the_old_one_is_used_until_it_runs_out()
    {
        var first = await InstallAsync();
        _slack.IsDown = true;
        _time.Advance(TimeSpan.FromHours(11));
        Assert.Equal(first.Token, (await Tokens.OfAsync(Acme, Cancel))!.Token);
        Assert.Equal(first.Token, (await Tokens.OfAsync(Acme, Cancel))!.Token);
        _time.Advance(TimeSpan.FromHours(1.1));
        await Assert.ThrowsAsync<SlackTokenUnavailable>(async () => await Tokens.OfAsync(Acme, Cancel));
        var waits = Assert.IsType<SendOutcome.TryAgain>(await _host.Channel.SendAsync(new SlackAddress(Acme, "U1", "D1").ToContact("ada.keller"), SlackOutHost.Line("m1", "x"), Cancel));
        Assert.True(waits.OnlyThis);

        _slack.IsDown = false;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotEqual(first.Token, (await Tokens.OfAsync(Acme, Cancel))!.Token);
    }

    [Fact]
    public async Task A_token_that_slack_calls_expired_is_renewed_and_the_call_made_again()
    {
        _slack.User("U0ACME", "Abe Acme", "abe@example.com", Acme);
        await InstallAsync();
        _slack.Then("users.info", BadDay.OfSlack("token_expired"));
        var answer = await _host.Get<SlackApi>().CallAsync(Acme, "users.info", new JsonObject { ["user"] = "U0ACME" }, Cancel);
        Assert.True(answer.Ok, answer.ToString());
        Assert.Equal(1, Renewals);
        Assert.Equal(2, _slack.Calls.Where(c => c.Method == "users.info").Select(c => c.Token).Distinct().Count());
    }

    [Fact]
    public async Task Nothing_readable_lies_in_the_store_and_no_token_in_the_log()
    {
        var install = await InstallAsync();
        _time.Advance(TimeSpan.FromHours(11));
        var fresh = (await Tokens.OfAsync(Acme, Cancel))!;
        var everything = string.Join('\n', _kept.Select(k => k.Key + k.Value)) + _host.Spoken.All;
        foreach (var secret in (string[])[install.Token, install.RefreshToken!, fresh.Token, fresh.RefreshToken!, "xoxb", "xoxe", _slack.Installations.ClientSecret])
        {
            Assert.DoesNotContain(secret, everything, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_sealed_with_another_secret_or_for_another_workspace_does_not_open()
    {
        await InstallAsync();
        await using var other = await NewProcessAsync("another-secret-another-secret-another");
        Assert.Null(await other.Get<SlackTokens>().OfAsync(Acme, Cancel));
        Assert.Contains("Channels:Slack:StateSecret is another one", other.Spoken.All, StringComparison.Ordinal);

        _kept["slack-install-T0BETA"] = _kept["slack-install-" + Acme];
        Assert.Null(await Tokens.OfAsync("T0BETA", Cancel));
        _kept["slack-install-T0BETA"] = "v1:" + Convert.ToBase64String(new byte[100]);
        await using var third = await NewProcessAsync();
        Assert.Null(await third.Get<SlackTokens>().OfAsync("T0BETA", Cancel));
    }

    [Fact]
    public async Task A_removed_app_leaves_no_token_behind()
    {
        await InstallAsync();
        await InstallAsync("T0BETA");
        Assert.Equal([Acme, "T0BETA"], await Tokens.IdsAsync(Cancel));
        await Tokens.ForgetAsync(Acme);
        Assert.Null(await Tokens.OfAsync(Acme, Cancel));
        Assert.Equal(["T0BETA"], await Tokens.IdsAsync(Cancel));
        Assert.Equal("", _kept["slack-install-" + Acme]);
        Assert.IsType<SendOutcome.Gone>(await _host.Channel.SendAsync(new SlackAddress(Acme, "U1", "D1").ToContact("ada.keller"), SlackOutHost.Line("m1", "x"), Cancel));

        // Installed again, it is there again
        var again = await InstallAsync();
        Assert.Equal(again, await Tokens.OfAsync(Acme, Cancel));
    }

    [Fact]
    public async Task A_workspace_that_is_taken_off_the_list_is_not_served_any_more()
    {
        await InstallAsync();
        await using var narrower = await NewProcessAsync(workspaces: "T0BETA");
        Assert.Null(await narrower.Get<SlackTokens>().OfAsync(Acme, Cancel));
        Assert.Empty(await narrower.Get<SlackTokens>().IdsAsync(Cancel));
    }

    [Fact]
    public async Task A_pasted_token_serves_its_own_workspace_beside_those_of_oauth()
    {
        await InstallAsync();
        await using var both = await NewProcessAsync(botToken: _slack.BotToken);
        var tokens = both.Get<SlackTokens>();
        Assert.Equal([FakeSlack.TeamId, Acme], await tokens.IdsAsync(Cancel));
        Assert.Equal((_slack.BotToken, FakeSlack.BotUserId, FakeSlack.AppId), ((await tokens.OfAsync(FakeSlack.TeamId, Cancel))! is var pasted ? (pasted.Token, pasted.BotUserId, pasted.AppId) : default));
        Assert.NotNull(await tokens.OfAsync(Acme, Cancel));
        Assert.Null(await tokens.OfAsync("T0NOBODY", Cancel));
        Assert.Single(_slack.Calls, c => c.Method == "auth.test");
        // What is pasted is not written down
        Assert.DoesNotContain(_kept.Keys, key => key.Contains(FakeSlack.TeamId, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_person_is_found_in_whichever_workspace_they_are()
    {
        await InstallAsync();
        await InstallAsync("T0BETA");
        _slack.User("U0CARL", "Carl Beta", "carl@example.com", "T0BETA");
        var carl = SlackOutHost.Ada with { Id = "carl", Email = "carl@example.com", Accounts = new(null, null) };
        // As long as one workspace cannot be asked, nobody says that there is nobody
        _slack.Then("users.lookupByEmail", BadDay.OfSlack("service_unavailable"), BadDay.OfSlack("users_not_found"));
        Assert.IsType<SendOutcome.TryAgain>(await _host.Channel.SendAsync(_host.Channel.ColdContact(carl)!, SlackOutHost.Line("m2", "Hello"), Cancel));

        var sent = Assert.IsType<SendOutcome.Sent>(await _host.Channel.SendAsync(_host.Channel.ColdContact(carl)!, SlackOutHost.Line("m1", "Hello"), Cancel));
        Assert.Equal(("T0BETA", "U0CARL"), SlackAddress.Read(sent.NewAddress!) is { } at ? (at.TeamId, at.UserId) : default);
    }

    [Fact]
    public async Task Tokens_survive_a_restart_of_a_real_store()
    {
        var folder = _folder.New();
        LiteDbStore Open() => LiteDbStore.Open(new LiteDbSettings(folder), _time, NullLogger<LiteDbStore>.Instance);
        var install = new SlackInstall(Acme, "Acme", "E0ORG", "A1", "U1", "xoxe.xoxb-1", "xoxe-1", _time.GetUtcNow().AddHours(12));
        await using (var one = await NewProcessAsync(store: Open())) await one.Get<SlackTokens>().KeepAsync(install);
        await using var two = await NewProcessAsync(store: Open());
        Assert.Equal(install, await two.Get<SlackTokens>().OfAsync(Acme, Cancel));
    }
}
