using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MicroAppBot.Desk;
using MicroAppBot.Signals;
using MicroAppBot.Tests.Desk;
using MicroAppBot.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MicroAppBot.Tests.Web;

/// <summary>What tools read and report, over HTTP on a free port of this machine.</summary>
public sealed class EndpointTests : IAsyncLifetime
{
    private readonly FrontDesk desk = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync() => await StartAsync(Environments.Production);

    private async Task RestartAsync(string environment)
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await StartAsync(environment);
    }

    private async Task StartAsync(string environment)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(desk.Store).AddSingleton<IPolicies>(FrontDesk.Rules).AddSingleton(desk.Desk);
        _app = builder.Build();
        _app.UsePlainBadRequests();
        _app.MapHealth();
        _app.MapGet("/odd", (int count, bool? sure) => $"{count} {sure}");
        var api = _app.MapGroup("").AddEndpointFilter(new ApiGuard("secret", development: false));
        api.MapApi();
        api.MapCosts();
        await _app.StartAsync(FrontDesk.Cancel);
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", "secret");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await desk.DisposeAsync();
    }

    [Fact]
    public async Task Health_is_open_and_everything_else_wants_the_token()
    {
        _http.DefaultRequestHeaders.Authorization = null;
        Assert.Equal("ok", await _http.GetStringAsync("/healthz", FrontDesk.Cancel));
        Assert.Equal(FrontDesk.Rules.Revision, (string?)(await GetAsync("/readyz"))["revision"]);
        foreach (var path in (string[])["/api/apps", "/api/requests", "/api/audit", "/api/audit/verify"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await _http.GetAsync(path, FrontDesk.Cancel)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync("[]")).StatusCode);
    }

    [Fact]
    public async Task Apps_requests_and_their_trail_are_read_in_snake_case()
    {
        var app = await desk.LiveAppAsync();
        var open = await desk.MediumRequestAsync();

        var one = Assert.Single((await GetAsync("/api/apps"))["apps"]!.AsArray())!;
        Assert.Equal((app.File.Name, "active", "low", 50m), ((string)one["name"]!, (string)one["state"]!, (string)one["tier"]!, (decimal)one["cap_usd"]!));
        Assert.Equal(2, (await GetAsync("/api/requests"))["requests"]!.AsArray().Count);
        var waiting = Assert.Single((await GetAsync("/api/requests?open=true"))["requests"]!.AsArray())!;
        Assert.Equal(open.Seats.Select(s => s.AskedId), waiting["seats"]!.AsArray().Select(s => (string?)s!["asked"]));

        var streams = (await GetAsync("/api/audit"))["streams"]!.AsArray().Select(s => (string)s!).ToList();
        Assert.Equal(3, streams.Count);
        Assert.Equal(streams.Skip(1), (await GetAsync($"/api/audit?after={streams[0]}"))["streams"]!.AsArray().Select(s => (string)s!));
        var events = (await GetAsync($"/api/audit?stream={Streams.OfApp(app.File.Id)}"))["events"]!.AsArray();
        Assert.Equal(events[0]!["hash"]!.ToString(), events[1]!["previous_hash"]!.ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync("/api/audit?stream=app-nobody", FrontDesk.Cancel)).StatusCode);
        Assert.True((bool)(await GetAsync("/api/audit/verify"))["sound"]!);
    }

    [Fact]
    public async Task Lists_come_in_pages_and_say_where_the_next_one_goes_on()
    {
        foreach (var who in (string[])["ada.keller", "tomas.novak", "mateo.garcia"]) await desk.LiveAppAsync(who);
        await desk.MediumRequestAsync();
        var calls = 0;
        foreach (var (path, list, key) in ((string, string, string)[])[("/api/apps", "apps", "id"), ("/api/requests", "requests", "id"), ("/api/requests?open=false", "requests", "id"), ("/api/audit", "streams", "")])
        {
            var all = (await GetAsync(path))[list]!.AsArray().Select(Id).ToList();
            Assert.True(all.Count >= 3);
            Assert.Null((await GetAsync(path))["next"]);
            var read = new List<string>();
            string? next = null;
            do
            {
                var page = await GetAsync($"{path}{(path.Contains('?') ? "&" : "?")}limit=2{(next is null ? "" : $"&after={Uri.EscapeDataString(next)}")}");
                Assert.InRange(page[list]!.AsArray().Count, 1, 2);
                read.AddRange(page[list]!.AsArray().Select(Id));
                next = (string?)page["next"];
                Assert.InRange(++calls, 1, 20);
            }
            while (next is not null);
            Assert.Equal(all, read);

            string Id(JsonNode? one) => key.Length == 0 ? (string)one! : (string)one![key]!;
        }
    }

    [Theory]
    [InlineData("/api/apps?limit=abc", "limit is \"abc\"; it is a whole number from 1 to 500.")]
    [InlineData("/api/apps?limit=0", "limit is \"0\"")]
    [InlineData("/api/apps?limit=501", "limit is \"501\"")]
    [InlineData("/api/audit?limit=-1", "limit is \"-1\"")]
    [InlineData("/api/requests?open=maybe", "open is \"maybe\"; it is true or false, or left out for both.")]
    [InlineData("/odd?count=abc", "count")]
    [InlineData("/odd", "count")]
    [InlineData("/odd?count=1&sure=perhaps", "sure")]
    public async Task What_cannot_be_read_is_answered_with_a_sentence(string path, string words)
    {
        foreach (var development in (bool[])[false, true])
        {
            if (development) await RestartAsync(Environments.Development);
            var answer = await _http.GetAsync(path, FrontDesk.Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
            var error = (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(FrontDesk.Cancel))!["error"]!;
            Assert.True(error.Contains(words, StringComparison.Ordinal) || (!development && path.StartsWith("/odd", StringComparison.Ordinal)), error);
        }
    }

    [Fact]
    public async Task Thousands_of_reports_are_taken_in_order_in_few_commits_and_each_is_answered()
    {
        var apps = new List<Governance.Apps.MicroApp>();
        foreach (var who in (string[])["ada.keller", "tomas.novak", "mateo.garcia"]) apps.Add(await desk.LiveAppAsync(who));
        var now = desk.Clock.GetUtcNow();
        var reports = Enumerable.Range(0, 3000).Select(i => (App: apps[i % 3], ByName: i % 2 == 0, Bad: i % 100 == 50, Amount: i / 3 % 7)).ToList();
        var day = now.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var answer = await PostAsync($"[{string.Join(',', reports.Select(r => $$"""{"app":"{{(r.Bad ? "nobody" : r.ByName ? r.App.File.Name : r.App.File.Id)}}","date":"{{day}}","amount":{{r.Amount}}}"""))}]");

        var results = JsonNode.Parse(await answer.Content.ReadAsStringAsync(FrontDesk.Cancel))!["results"]!.AsArray();
        Assert.Equal(reports.Select(r => !r.Bad), results.Select(r => (bool)r!["taken"]!));
        Assert.Equal(reports.Select(r => r.Bad ? "nobody" : r.ByName ? r.App.File.Name : r.App.File.Id), results.Select(r => (string)r!["app"]!));
        foreach (var app in apps)
        {
            // The last of each app holds, whether it was named by its name or by its id
            Assert.Equal(reports.Last(r => r.App == app && !r.Bad).Amount, (await desk.AppAsync(app.File.Id))!.File.Spend.TotalUsd);
        }
        Assert.True((bool)(await GetAsync("/api/audit/verify"))["sound"]!);
    }

    [Fact]
    public async Task Each_cost_report_gets_its_own_answer_and_the_good_ones_count()
    {
        var app = await desk.LiveAppAsync();
        var day = desk.Clock.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var answer = await PostAsync($$"""[{"app":"{{app.File.Name}}","date":"{{day}}","amount":3},{"app":"nobody","date":"{{day}}","amount":3},{"app":"{{app.File.Id}}","date":"2099-01-01","amount":3},7,{"app":"\ud800"}]""");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var results = JsonNode.Parse(await answer.Content.ReadAsStringAsync(FrontDesk.Cancel))!["results"]!.AsArray();
        Assert.Equal([true, false, false, false, false], results.Select(r => (bool)r!["taken"]!));
        Assert.All(results.Skip(1), r => Assert.NotEmpty((string)r!["error"]!));
        Assert.Equal(3, (await desk.AppAsync(app.File.Id))!.File.Spend.TotalUsd);

        // The same day again replaces its figure
        await PostAsync($$"""{"app":"{{app.File.Name}}","date":"{{day}}","amount":5}""");
        Assert.Equal(5, (await desk.AppAsync(app.File.Id))!.File.Spend.TotalUsd);
    }

    [Theory]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("{", HttpStatusCode.BadRequest)]
    [InlineData("\"a word\"", HttpStatusCode.OK)]
    [InlineData("[]", HttpStatusCode.OK)]
    public async Task A_body_that_is_no_report_is_told_so(string body, HttpStatusCode status) => Assert.Equal(status, (await PostAsync(body)).StatusCode);

    [Fact]
    public async Task Too_many_reports_at_once_are_refused() =>
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync($"[{string.Join(',', Enumerable.Repeat("{}", 10_001))}]")).StatusCode);

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _http.PostAsync("/api/costs", content, FrontDesk.Cancel);
    }

    private async Task<JsonObject> GetAsync(string path) => (await _http.GetFromJsonAsync<JsonObject>(path, FrontDesk.Cancel))!;
}
