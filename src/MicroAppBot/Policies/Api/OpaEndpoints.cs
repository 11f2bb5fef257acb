namespace MicroAppBot.Policies.Api;

/// <summary>
/// OPA's REST API over the rules in force (openpolicyagent.org, "REST API"): data, query, policies (to read), config, status, health, and the
/// default decision at <c>POST /</c>. Rules and data are files here, so nothing can be written.
/// </summary>
public static class OpaEndpoints
{
    private static readonly string[] Reads = ["GET", "HEAD"];

    /// <summary>Everything that wants the token.</summary>
    public static void MapOpa(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1/data/{**path}", Reads, (HttpContext http, OpaDesk desk) => desk.DataAsync(http, "/v1/data", body: false));
        routes.MapPost("/v1/data/{**path}", (HttpContext http, OpaDesk desk) => desk.DataAsync(http, "/v1/data", body: true));
        routes.MapPost("/v0/data/{**path}", (HttpContext http, OpaDesk desk) => desk.BareAsync(http, new OpaRequest(http).PathAfter("/v0/data")));
        routes.MapPost("/", (HttpContext http, OpaDesk desk) => desk.BareAsync(http, null));
        routes.MapMethods("/v1/query", Reads, (HttpContext http, OpaDesk desk) => desk.QueryAsync(http, body: false));
        routes.MapPost("/v1/query", (HttpContext http, OpaDesk desk) => desk.QueryAsync(http, body: true));
        routes.MapMethods("/v1/policies", Reads, (HttpContext http, OpaFacts facts) => facts.Policies(http));
        routes.MapMethods("/v1/policies/{**id}", Reads, (HttpContext http, OpaFacts facts) => facts.Policy(http));
        routes.MapMethods("/v1/config", Reads, (HttpContext http, OpaFacts facts) => facts.Config(http));
        routes.MapMethods("/v1/status", Reads, (HttpContext http, OpaFacts facts) => facts.Status(http));
        routes.Map("/v1/compile/{**path}", () => OpaAnswer.Error(501, "not_supported",
            "Partial evaluation is not supported here. Ask for a whole decision with POST /v1/data/microapps/decision."));
        foreach (var (path, allowed) in ((string, string)[])
            [("/v1/data/{**path}", "GET, HEAD, POST"), ("/v0/data/{**path}", "POST"), ("/v1/query/{**rest}", "GET, HEAD, POST"), ("/v1/policies/{**id}", "GET, HEAD")])
        {
            routes.Map(path, (HttpContext http) => OpaAnswer.NotAllowed(http, allowed, http.Request.Method is "PUT" or "PATCH" or "DELETE"
                ? "Rules and data are files here, reviewed in git: change them in the content folder and they are taken up by themselves."
                : $"This answers {allowed} and not {http.Request.Method}."));
        }
        // A client that tries what another server can (a batch) falls back when it hears 404 in OPA's words
        routes.Map("/v1/{**rest}", (HttpContext http) => OpaAnswer.Error(404, OpaAnswer.NotFound, $"There is no {http.Request.Method} {http.Request.Path} here."));
    }

    /// <summary><c>GET /health</c>, as open as <c>/healthz</c>: 200 and <c>{}</c>, or 500 with the reason.</summary>
    public static void MapOpaHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/health", Reads, (HttpContext http, OpaFacts facts) => facts.Health(http));
        routes.MapMethods("/health/{**path}", Reads, (HttpContext http, OpaFacts facts) => facts.HealthByRule(http));
    }
}
