using System.Text.Json;
using Governance.Apps;
using Governance.People;
using Governance.Requests;
using Governance.Verdicts;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Console;

/// <summary>What the page shows beside the chat: the clock, everybody's inbox, the apps and the open requests.</summary>
/// <param name="Sequence">Everything up to this transcript line is counted in.</param>
public sealed record ConsoleOverview(
    long Sequence, ConsoleClock Clock, IReadOnlyList<ConsoleInboxRow> Inboxes, IReadOnlyList<ConsoleAppRow> Apps, IReadOnlyList<ConsoleRequestRow> Requests);

/// <param name="Now">Governance time, UTC.</param>
/// <param name="OffsetSeconds">How far it is ahead of the system clock.</param>
/// <param name="NextEvent">When something is due next; null for never.</param>
public sealed record ConsoleClock(DateTimeOffset Now, long OffsetSeconds, DateTimeOffset? NextEvent);

public sealed record ConsoleInboxRow(string Person, int Unread, string Excerpt, DateTimeOffset At);

/// <param name="DaysLeft">Whole days until it ends, rounded up; negative when it has ended; null where it does not end by itself any more.</param>
/// <param name="RestorableUntil">For an archived app, as long as it can be brought back.</param>
/// <param name="Because">Why it is not in use, where it is not.</param>
public sealed record ConsoleAppRow(
    string Id, string Name, string Title, string State, string? Because, string? Owner, string? CoOwner, string? Department, string DataClass,
    DateTimeOffset ExpiresAt, int? DaysLeft, DateTimeOffset? RestorableUntil, decimal SpentUsd, decimal? CapUsd);

/// <param name="Seats">In the order of the policy's list; empty where nobody is asked.</param>
public sealed record ConsoleRequestRow(
    string Id, string Kind, string State, string Title, string Requester, string Tier, DateTimeOffset SubmittedAt, DateTimeOffset? LapsesAt, IReadOnlyList<ConsoleSeat> Seats);

public sealed record ConsoleSeat(string Role, string? Person, bool Signed);

/// <summary>Reads the overview from the store, as of now.</summary>
public sealed class ConsoleOverviewReader(IStore store, ConsoleInbox inbox, GovernanceClock clock)
{
    /// <summary>More rows than this nobody reads beside a chat.</summary>
    private const int Rows = 200;

    public async Task<ConsoleOverview> ReadAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var (sequence, boxes) = await inbox.LookAsync(cancel);
        var apps = await store.FindAsync(new SnapshotQuery(Kind: Streams.AppWord, Limit: Rows), cancel);
        var requests = await store.FindAsync(new SnapshotQuery(Kind: Streams.RequestWord, IsOpen: true, Limit: Rows), cancel);
        return new ConsoleOverview(
            sequence,
            new ConsoleClock(now, (long)clock.Offset.TotalSeconds, await store.NextDueAsync(cancel)),
            [.. boxes.Select(b => new ConsoleInboxRow(b.Key, b.Value.Count, b.Value.Excerpt, b.Value.At)).OrderBy(b => b.Person, StringComparer.Ordinal)],
            [.. apps.Select(a => DeskJson.Read<MicroApp>(a.Json)).OrderByDescending(a => a.IsLive).ThenBy(a => a.File.ExpiresAt).Select(a => Row(a, now))],
            [.. requests.Select(r => Row(DeskJson.Read<Request>(r.Json))).OrderByDescending(r => r.SubmittedAt)]);
    }

    private static ConsoleAppRow Row(MicroApp app, DateTimeOffset now)
    {
        var (file, section) = (app.File, app.File.Manifest.App);
        var because = app switch
        {
            MicroApp.Suspended { Reason: SuspensionReason.CapSpent } => "The month's money is spent",
            MicroApp.Suspended { Reason: SuspensionReason.ForecastOverHardCap } => "On its way past its hard cap",
            MicroApp.Archived { Reason: ArchiveReason.Expired } => "Nobody renewed it in time",
            MicroApp.Archived { Reason: ArchiveReason.ByOwner } => "Archived by its owner",
            _ => null,
        };
        return new ConsoleAppRow(
            file.Id, file.Name, section.Title ?? file.Name, Streams.StateName(app), because, section.Owner, section.CoOwner, section.Department,
            JsonNamingPolicy.KebabCaseLower.ConvertName(section.DataClass.ToString()), file.ExpiresAt,
            app.IsLive ? (int)Math.Ceiling((file.ExpiresAt - now).TotalDays) : null, app is MicroApp.Archived archived && archived.RestorableUntil >= now ? archived.RestorableUntil : null,
            // The figures are of one month; when that is over nothing is spent yet
            file.Spend.Month == new DateOnly(now.UtcDateTime.Year, now.UtcDateTime.Month, 1) ? file.Spend.TotalUsd : 0m, file.Manifest.Cost.CapUsd);
    }

    private static ConsoleRequestRow Row(Request request)
    {
        var file = request.File;
        var (seats, lapses) = request switch
        {
            Request.AwaitingApproval awaiting => (awaiting.Seats, (DateTimeOffset?)awaiting.LapsesAt),
            Request.ChangesRequested changes => (changes.Seats, changes.LapsesAt),
            Request.Stopped stopped => (stopped.Seats, stopped.LapsesAt),
            _ => ([], null),
        };
        return new ConsoleRequestRow(
            file.Id, JsonNamingPolicy.KebabCaseLower.ConvertName(file.Kind.ToString()), Streams.StateName(request), file.Manifest.App.Title ?? file.Manifest.App.Name,
            file.RequesterId, TierWord(file.Report.Risk.Tier), file.SubmittedAt, lapses, [.. seats.Select(s => new ConsoleSeat(Role.Title(s.Role), s.AskedId, s.Signature is not null))]);
    }

    private static string TierWord(RiskTier tier) => JsonNamingPolicy.KebabCaseLower.ConvertName(tier.ToString());
}
