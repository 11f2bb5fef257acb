using MicroAppBot.Content;
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
        routes.MapMethods("/readyz", Asked, async (IStore store, IPolicies policies, IServiceProvider services, CancellationToken cancel) =>
        {
            await store.NextDueAsync(cancel);
            var refused = services.GetService<ContentInForce>()?.Refused;
            return Results.Json(new
            {
                ready = true,
                policies.Revision,
                // Ready all the same: the last good set decides. Places only: what the words say may quote the content
                edit_refused = refused is null ? null : new { since = refused.At, at = refused.Faults.Select(f => f.Place).Take(10) },
            }, DeskJson.Options);
        });
    }
}
