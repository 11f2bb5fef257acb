using MicroAppBot.Desk;

namespace MicroAppBot.Web;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: content is loaded, policies decide and the store takes questions.</summary>
public static class HealthEndpoints
{
    // Load balancers and monitors ask with HEAD as often as with GET
    private static readonly string[] Asked = ["GET", "HEAD"];

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/healthz", Asked, () => Results.Text("ok"));
        routes.MapMethods("/readyz", Asked, async (IStore store, IPolicies policies, CancellationToken cancel) =>
        {
            await store.NextDueAsync(cancel);
            return Results.Json(new { ready = true, policies.Revision }, DeskJson.Options);
        });
    }
}
