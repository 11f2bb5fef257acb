using MicroAppBot.Content;
using MicroAppBot.Policies.Log;
using Rego;
using Rego.Values;

namespace MicroAppBot.Policies.Api;

/// <summary>
/// OPA's REST API over the rules in force (openpolicyagent.org, "REST API"): data, query, policies (to read), health, and the default
/// decision at <c>POST /</c>. Rules and data are files here, so nothing can be written.
/// </summary>
public static class OpaEndpoints
{
    private static readonly string[] Writes = ["PUT", "PATCH", "DELETE"];

    /// <summary>Everything that wants the token.</summary>
    public static void MapOpa(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/data/{**path}", (HttpContext http, OpaDesk desk) => desk.DataAsync(http, "/v1/data", body: false));
        routes.MapPost("/v1/data/{**path}", (HttpContext http, OpaDesk desk) => desk.DataAsync(http, "/v1/data", body: true));
        routes.MapPost("/v0/data/{**path}", (HttpContext http, OpaDesk desk) => desk.BareAsync(http, new OpaRequest(http).PathAfter("/v0/data")));
        routes.MapPost("/", (HttpContext http, OpaDesk desk) => desk.BareAsync(http, null));
        routes.MapGet("/v1/query", (HttpContext http, OpaDesk desk) => desk.QueryAsync(http, body: false));
        routes.MapPost("/v1/query", (HttpContext http, OpaDesk desk) => desk.QueryAsync(http, body: true));
        routes.MapGet("/v1/policies", (HttpContext http, OpaDesk desk) => desk.Policies(http));
        routes.MapGet("/v1/policies/{**id}", (HttpContext http, OpaDesk desk) => desk.Policy(http));
        routes.MapPost("/v1/compile/{**path}", () => OpaAnswer.Error(501, "not_supported",
            "Partial evaluation is not supported here. Ask for a whole decision with POST /v1/data/microapps/decision."));
        foreach (var path in (string[])["/v1/data/{**path}", "/v1/policies/{**id}"]) routes.MapMethods(path, Writes, ReadOnly);
        // A client that tries what another server can (a batch) falls back when it hears 404 in OPA's words
        routes.Map("/v1/{**rest}", (HttpContext http) => OpaAnswer.Error(404, OpaAnswer.NotFound, $"There is no {http.Request.Method} {http.Request.Path} here."));
    }

    /// <summary><c>GET /health</c>, as open as <c>/healthz</c>: 200 and <c>{}</c>, or 500 with the reason.</summary>
    public static void MapOpaHealth(this IEndpointRouteBuilder routes) => routes.MapGet("/health", (HttpContext http, OpaDesk desk) => desk.Health(http));

    private static IResult ReadOnly(HttpContext http)
    {
        http.Response.Headers.Allow = http.Request.Path.StartsWithSegments("/v1/policies", StringComparison.Ordinal) ? "GET" : "GET, POST";
        return OpaAnswer.Error(405, "method_not_allowed", "Rules and data are files here, reviewed in git: change them in the content folder and they are taken up by themselves.");
    }
}
