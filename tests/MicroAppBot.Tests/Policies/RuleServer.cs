using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MicroAppBot.Content;
using MicroAppBot.Policies;
using MicroAppBot.Policies.Api;
using MicroAppBot.Policies.Log;
using MicroAppBot.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Policies;

/// <summary>OPA's API over a content folder, on a free port of this machine, as the program serves it.</summary>
internal sealed class RuleServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DecisionLog _log;

    private RuleServer(WebApplication app, DecisionLog log, string? token)
    {
        (_app, _log) = (app, log);
        Address = new Uri(app.Urls.First() + "/");
        Http = new HttpClient { BaseAddress = Address };
        if (token is not null) Http.DefaultRequestHeaders.Authorization = new("Bearer", token);
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public static async Task<RuleServer> StartAsync(ContentFolder content, string? token = null, DecisionLogSettings? logged = null, Func<string?>? ill = null, bool bundles = true)
    {
        var rules = InProcessPolicies.Compile(content);
        var log = new DecisionLog(logged ?? new DecisionLogSettings(), () => rules.Whole, TimeProvider.System, NullLogger<DecisionLog>.Instance);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(new OpaDesk(() => rules, log, TimeProvider.System));
        builder.Services.AddSingleton(new OpaFacts(() => rules, log, new OpaHealth(() => bundles, [("bundle", ill ?? (() => null)), ("decision_logs", () => log.Trouble)]), TimeProvider.System));
        var app = builder.Build();
        app.MapGroup("").AddEndpointFilter(new ApiGuard(token, development: token is null)).MapOpa();
        app.MapOpaHealth();
        await app.StartAsync(TestContext.Current.CancellationToken);
        await log.StartAsync(TestContext.Current.CancellationToken);
        return new RuleServer(app, log, token);
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> PostAsync(string path, string body, string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var answer = await Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> GetAsync(string path)
    {
        using var answer = await Http.GetAsync(path, TestContext.Current.CancellationToken);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Writes what is left of the log.</summary>
    public Task LoggedAsync() => _log.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await _log.StopAsync(CancellationToken.None);
        _log.Dispose();
    }
}
