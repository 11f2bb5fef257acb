using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.Requests;
using MicroAppBot.Desk;

namespace MicroAppBot.Web;

/// <summary>What tools may read: apps, requests and the audit trail of one of them.</summary>
public static class ApiEndpoints
{
    /// <summary>The most that one answer holds; <c>next</c> says where the next one goes on.</summary>
    private const int Page = 500;

    public static void MapApi(this IEndpointRouteBuilder api)
    {
        api.MapGet("/api/apps", (IStore store, string? after, string? limit, CancellationToken cancel) =>
            ListAsync(store, new SnapshotQuery(Kind: Streams.AppWord), "apps", App, Streams.OfApp, after, limit, cancel));
        api.MapGet("/api/requests", (IStore store, string? open, string? after, string? limit, CancellationToken cancel) => open is null or "true" or "false"
            ? ListAsync(store, new SnapshotQuery(Kind: Streams.RequestWord, IsOpen: open is null ? null : open == "true"), "requests", Request, Streams.OfRequest, after, limit, cancel)
            : Task.FromResult(Odd("open", open, "true or false, or left out for both")));
        api.MapGet("/api/audit", AuditAsync);
        api.MapGet("/api/audit/verify", async (IStore store, CancellationToken cancel) =>
            Results.Content((await new AuditVerifier(store, AuditFolds.Governance).VerifyAsync(cancel)).ToJson(), "application/json"));
    }

    /// <summary>One page in the order of ids. <c>next</c> is the id to ask for as <c>after</c>; null when this was the last page.</summary>
    private static async Task<IResult> ListAsync(
        IStore store, SnapshotQuery query, string name, Func<StoredSnapshot, object> show, Func<string, string> streamOf, string? after, string? limit, CancellationToken cancel)
    {
        if (LimitOf(limit) is not { } most) return Odd("limit", limit!, $"a whole number from 1 to {Page}");
        var found = await store.FindAsync(query with { After = after is null ? null : streamOf(after), Limit = most + 1 }, cancel);
        var page = found.Take(most).ToList();
        return Json(new Dictionary<string, object?>
        {
            [name] = page.Select(show),
            ["next"] = found.Count > most ? page[^1].StreamId[(page[^1].Keys.Kind.Length + 1)..] : null,
        });
    }

    /// <summary>The events of a stream (<c>?stream=request-…</c> or <c>app-…</c>) with their hashes, or the ids of all streams, page by page (<c>?after=</c>, <c>?limit=</c>).</summary>
    private static async Task<IResult> AuditAsync(IStore store, string? stream, string? after, string? limit, CancellationToken cancel)
    {
        if (stream is null)
        {
            if (LimitOf(limit) is not { } most) return Odd("limit", limit!, $"a whole number from 1 to {Page}");
            var streams = await store.StreamsAsync(after, most + 1, cancel);
            return Json(new Dictionary<string, object?> { ["streams"] = streams.Take(most), ["next"] = streams.Count > most ? streams[most - 1] : null });
        }
        var events = await store.EventsAsync(stream, cancel);
        return events.Count == 0
            ? Results.Json(new { error = $"There is no stream {Short(stream)}." }, DeskJson.Options, statusCode: 404)
            : Json(new { stream, events = events.Select(e => new { e.Version, record = JsonNode.Parse(e.Json), e.PreviousHash, e.Hash }) });
    }

    private static int? LimitOf(string? limit) => limit is null ? Page
        : int.TryParse(limit, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= Page ? number : null;

    private static IResult Odd(string name, string value, string wanted) =>
        Results.Json(new { error = $"{name} is \"{Short(value)}\"; it is {wanted}." }, DeskJson.Options, statusCode: 400);

    private static string Short(string text) => text.Length > 80 ? text[..80] : text;

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
