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
using Microsoft.Extensions.Logging;

namespace MicroAppBot.Tests.Web;

/// <summary>What tools read and report, over HTTP on a free port of this machine.</summary>
public sealed class EndpointTests : IAsyncLifetime
{
    private readonly FrontDesk desk = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(desk.Store).AddSingleton<IPolicies>(FrontDesk.Rules).AddSingleton(desk.Desk);
        _app = builder.Build();
        _app.MapHealth();
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
