using System.Net;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Tests.Doubles.Slack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MicroAppBot.Tests.Channels.Slack;

/// <summary>A browser installs the app: to Slack, and back with a code.</summary>
public sealed class SlackInstallTests : IAsyncLifetime
{
    private const string Callback = "https://bot.example.com/slack/oauth/callback";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private FakeSlack _slack = null!;
    private SlackOutHost _host = null!;
    private WebApplication _app = null!;
    private HttpClient _browser = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _slack = await FakeSlack.StartAsync(_time);
        _host = await SlackOutHost.StartAsync(
            new Dictionary<string, string?>
            {
                ["BotToken"] = null,
                ["ClientId"] = _slack.Installations.ClientId,
                ["ClientSecret"] = _slack.Installations.ClientSecret,
                ["StateSecret"] = "0123456789abcdef0123456789abcdef",
                ["RedirectUrl"] = Callback,
                ["Workspaces"] = "T0ACME",
            },
            _slack, _time);
        (_app, _browser) = await ServeAsync(_host);
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _app.DisposeAsync();
        await _host.DisposeAsync();
        await _slack.DisposeAsync();
    }

    private static async Task<(WebApplication App, HttpClient Browser)> ServeAsync(SlackOutHost host)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore().AddSingleton(host.Get<SlackInstallEndpoint>());
        var app = builder.Build();
        app.UseRouting();
        app.UseEndpoints(_ => { });
        app.MapSlackInstall();
        await app.StartAsync(Cancel);
        return (app, new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(app.Urls.Single()) });
    }

    /// <summary>What the browser was sent to, and what it carries from then on.</summary>
    private async Task<(string State, string Cookie, Uri To)> BeginAsync()
    {
        using var answer = await _browser.GetAsync(new Uri("/slack/install", UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var to = answer.Headers.Location!;
        var state = System.Web.HttpUtility.ParseQueryString(to.Query)["state"]!;
        return (state, answer.Headers.GetValues("Set-Cookie").Single(), to);
    }

    private async Task<(HttpStatusCode Status, string Page)> EndAsync(string query, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/slack/oauth/callback?" + query);
        if (cookie is not null) request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using var answer = await _browser.SendAsync(request, Cancel);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancel)));
    }

    [Fact]
    public async Task A_workspace_installs_the_app_and_can_be_served()
    {
        var (state, cookie, to) = await BeginAsync();
        Assert.StartsWith(_slack.Root + "/oauth/v2/authorize?", to.ToString(), StringComparison.Ordinal);
        var query = System.Web.HttpUtility.ParseQueryString(to.Query);
        Assert.Equal((_slack.Installations.ClientId, Callback, string.Join(',', SlackInstallEndpoint.Scopes)), (query["client_id"], query["redirect_uri"], query["scope"]));
        foreach (var part in (string[])["__Host-slack-install=", "secure", "httponly", "samesite=lax", "path=/", "max-age=600"]) Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase);

        var (status, page) = await EndAsync($"code={_slack.Installations.Consent("T0ACME", "U1", Callback)}&state={state}", cookie);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("MicroAppBot is in Workspace T0ACME", page, StringComparison.Ordinal);
        Assert.True((await _host.Get<SlackApi>().CallAsync("T0ACME", "auth.test", [], Cancel)).Ok);
        Assert.Equal(["T0ACME"], await _host.Get<SlackTokens>().IdsAsync(Cancel));
    }

    [Fact]
    public async Task Only_the_browser_that_began_can_end_it_in_time_and_once()
    {
        var (state, cookie, _) = await BeginAsync();
        string Code() => "code=" + _slack.Installations.Consent("T0ACME", "U1", Callback);
        var (otherState, otherCookie, _) = await BeginAsync();
        (string Query, string? Cookie)[] wrong =
        [
            ($"{Code()}&state={state}", null),
            ($"{Code()}&state={state}", otherCookie),
            ($"{Code()}&state={otherState}", cookie),
            (Code(), cookie),
            ($"{Code()}&state={state}&state={state}", cookie),
            ($"{Code()}&state={state}", cookie.Replace(state, new string('0', 64), StringComparison.Ordinal)),
            ($"{Code()}&state={new string('0', 64)}", cookie.Replace(state, new string('0', 64), StringComparison.Ordinal)),
            ($"{Code()}&state={state}", "__Host-slack-install=a.b"),
            ($"state={state}", otherCookie),
        ];
        foreach (var (query, carried) in wrong)
        {
            var (refused, page) = await EndAsync(query, carried);
            Assert.Equal(HttpStatusCode.BadRequest, refused);
            Assert.Contains("Please start again", page, StringComparison.Ordinal);
        }
        Assert.DoesNotContain(_slack.Calls, c => c.Method == "oauth.v2.access");

        Assert.Equal(HttpStatusCode.OK, (await EndAsync($"{Code()}&state={state}", cookie)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await EndAsync($"{Code()}&state={state}", cookie)).Status);

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(HttpStatusCode.BadRequest, (await EndAsync($"{Code()}&state={otherState}", otherCookie)).Status);
    }

    [Fact]
    public async Task A_workspace_that_is_not_named_gets_nothing_and_its_token_is_given_back()
    {
        var (state, cookie, _) = await BeginAsync();
        var (status, page) = await EndAsync($"code={_slack.Installations.Consent("T0STRANGE", "U1", Callback)}&state={state}", cookie);
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("T0STRANGE", page, StringComparison.Ordinal);
        Assert.Single(_slack.Calls, c => c.Method == "auth.revoke" && c.Error is null);
        Assert.Null(await _host.Get<SlackTokens>().OfAsync("T0STRANGE", Cancel));
    }

    [Fact]
    public async Task A_no_and_a_problem_are_answered_kindly_and_nothing_of_the_address_is_shown()
    {
        var (state, cookie, _) = await BeginAsync();
        var (no, words) = await EndAsync($"error=access_denied&state={state}", cookie);
        Assert.Equal(HttpStatusCode.OK, no);
        Assert.Contains("Nothing was installed", words, StringComparison.Ordinal);

        (state, cookie, _) = await BeginAsync();
        var (problem, page) = await EndAsync($"error=%3Cscript%3Ealert(1)%3C/script%3E&state={state}", cookie);
        Assert.Equal(HttpStatusCode.BadRequest, problem);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);

        (state, cookie, _) = await BeginAsync();
        var (bad, sorry) = await EndAsync($"code=made-up&state={state}", cookie);
        Assert.Equal(HttpStatusCode.BadGateway, bad);
        Assert.Contains("Nothing was installed", sorry, StringComparison.Ordinal);
        Assert.Contains("invalid_code", _host.Spoken.All, StringComparison.Ordinal);
        Assert.DoesNotContain("made-up", _host.Spoken.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bot_of_a_single_workspace_has_nothing_to_install()
    {
        await using var single = await SlackOutHost.StartAsync(slack: _slack, time: _time);
        var (app, browser) = await ServeAsync(single);
        await using var served = app;
        using var client = browser;
        foreach (var path in (string[])["/slack/install", "/slack/oauth/callback?code=1&state=2"])
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public void An_installation_for_a_whole_organisation_goes_by_the_organisation()
    {
        var access = System.Text.Json.Nodes.JsonNode.Parse("""{"ok":true,"access_token":"xoxb-1","team":null,"enterprise":{"id":"E1","name":"Big"},"is_enterprise_install":true,"bot_user_id":"U1","app_id":"A1"}""")!.AsObject();
        var install = SlackInstall.FromAccess(access, _time.GetUtcNow())!;
        Assert.Equal(("E1", "Big", "E1"), (install.Id, install.Name, install.EnterpriseId));
        Assert.True(install.IsHomeOf("T5", "E1"));
        Assert.False(install.IsHomeOf("T5", "E2"));
        Assert.False(install.IsHomeOf(null, null));
        Assert.Null(SlackInstall.FromAccess([], _time.GetUtcNow()));
    }
}
