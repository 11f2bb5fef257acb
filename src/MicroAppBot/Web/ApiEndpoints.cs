using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.Requests;
using MicroAppBot.Desk;

namespace MicroAppBot.Web;

/// <summary>What tools may read: apps, requests and the audit trail of one of them.</summary>
public static class ApiEndpoints
{
    private const int Page = 500;

    public static void MapApi(this IEndpointRouteBuilder api)
    {
        api.MapGet("/api/apps", async (IStore store, CancellationToken cancel) => Json(new
        {
            apps = (await store.FindAsync(new SnapshotQuery(Kind: Streams.AppWord, Limit: Page), cancel)).Select(App),
        }));
        api.MapGet("/api/requests", async (IStore store, bool? open, CancellationToken cancel) => Json(new
        {
            requests = (await store.FindAsync(new SnapshotQuery(Kind: Streams.RequestWord, IsOpen: open, Limit: Page), cancel)).Select(Request),
        }));
        api.MapGet("/api/audit", AuditAsync);
        api.MapGet("/api/audit/verify", async (IStore store, CancellationToken cancel) =>
            Results.Content((await new AuditVerifier(store, AuditFolds.Governance).VerifyAsync(cancel)).ToJson(), "application/json"));
    }

    /// <summary>The events of a stream (<c>?stream=request-…</c> or <c>app-…</c>) with their hashes, or the ids of all streams, page by page (<c>?after=</c>).</summary>
    private static async Task<IResult> AuditAsync(IStore store, string? stream, string? after, CancellationToken cancel)
    {
        if (stream is null) return Json(new { streams = await store.StreamsAsync(after, Page, cancel) });
        var events = await store.EventsAsync(stream, cancel);
        return events.Count == 0
            ? Results.Json(new { error = $"There is no stream {(stream.Length > 80 ? stream[..80] : stream)}." }, DeskJson.Options, statusCode: 404)
            : Json(new { stream, events = events.Select(e => new { e.Version, record = JsonNode.Parse(e.Json), e.PreviousHash, e.Hash }) });
    }

    private static object App(StoredSnapshot snapshot)
    {
        var app = DeskJson.Read<MicroApp>(snapshot.Json);
        return new
        {
            app.File.Id,
            app.File.Name,
            app.File.Manifest.App.Title,
            state = snapshot.Keys.State,
            app.File.Manifest.App.Owner,
            app.File.Manifest.App.CoOwner,
            app.File.Manifest.App.DataClass,
            tier = app.File.Report.Risk.Tier,
            app.File.ExpiresAt,
            spend_usd = app.File.Spend.TotalUsd,
            app.File.Manifest.Cost.CapUsd,
            app.File.ManifestHash,
            snapshot.Version,
        };
    }

    private static object Request(StoredSnapshot snapshot)
    {
        var request = DeskJson.Read<Request>(snapshot.Json);
        return new
        {
            request.File.Id,
            request.File.Kind,
            state = snapshot.Keys.State,
            request.File.AppId,
            name = request.File.Manifest.App.Name,
            request.File.RequesterId,
            tier = request.File.Report.Risk.Tier,
            request.File.Report.Risk.Score,
            request.File.SubmittedAt,
            request.File.Round,
            request.File.ManifestHash,
            seats = request.AllSeats.Select(s => new { s.Role, asked = s.AskedId, signed_by = s.Signature?.PersonId, signed_at = s.Signature?.At }),
            snapshot.Version,
        };
    }

    private static IResult Json(object value) => Results.Json(value, DeskJson.Options);
}
