using Governance.Apps;
using Governance.Lifecycle;
using Governance.Requests;

namespace MicroAppBot.Desk;

/// <summary>How requests and apps lie in the store: ids of their streams, and what their snapshots are looked up by.</summary>
public static class Streams
{
    public const string RequestWord = "request";
    public const string AppWord = "app";

    public static string OfRequest(string id) => $"{RequestWord}-{id}";

    public static string OfApp(string id) => $"{AppWord}-{id}";

    /// <summary>Keys of a request's snapshot. It waits for those who are asked and have not signed, or for its requester.</summary>
    public static SnapshotKeys Keys(Request request, Facts facts)
    {
        var waiting = request switch
        {
            Request.AwaitingApproval awaiting => awaiting.Seats.Where(s => s.Signature is null && s.AskedId is not null).Select(s => s.AskedId!),
            Request.ChangesRequested or Request.Stopped => [request.File.RequesterId],
            _ => [],
        };
        // Only a new app takes a name; every other request is about an app that has it already
        var name = request.File.Kind == RequestKind.Create ? request.File.Manifest.App.Name : "";
        return new SnapshotKeys(RequestWord, StateName(request), request.IsOpen, name, [request.File.RequesterId],
            [.. waiting.Distinct(StringComparer.Ordinal)], request.File.AppId, Schedule.NextDue(request, facts));
    }

    public static SnapshotKeys Keys(MicroApp app, Facts facts)
    {
        var section = app.File.Manifest.App;
        string?[] owners = [section.Owner, section.CoOwner];
        return new SnapshotKeys(AppWord, StateName(app), true, section.Name, [.. owners.OfType<string>().Distinct(StringComparer.Ordinal)], [], app.File.Id,
            Schedule.NextDue(app, facts));
    }

    /// <summary>A state's name in the store and in the API: <c>AwaitingApproval</c> is <c>awaiting-approval</c>.</summary>
    public static string StateName(object state) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(state.GetType().Name);
}
