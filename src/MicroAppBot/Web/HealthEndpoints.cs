using MicroAppBot.Desk;

namespace MicroAppBot.Web;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: content is loaded, policies decide and the store takes questions.</summary>
public static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => Results.Text("ok"));
        routes.MapGet("/readyz", async (IStore store, IPolicies policies, CancellationToken cancel) =>
        {
            await store.NextDueAsync(cancel);
            return Results.Json(new { ready = true, policies.Revision }, DeskJson.Options);
        });
    }
}
