using System.Diagnostics;
using Governance.Requests;

namespace Governance.Notices;

public static partial class NoticesOf
{
    /// <summary>
    /// Details: <c>because</c> (what happened, in one word), <c>by</c> and <c>from</c> (person ids), <c>role</c>, <c>lapses_at</c> (ISO 8601).
    /// </summary>
    /// <param name="after">The state after the event.</param>
    public static IReadOnlyList<Notice> Request(RequestEvent happened, Request after, Facts facts)
    {
        var told = new RequestNotices(after, facts);
        return happened switch
        {
            // What became of it follows in the same decision
            RequestSubmitted or RequestResubmitted => [],
            RequestStopped e => told.Stopped(e),
            SeatsAsked e => told.Asked(e),
            ApprovalGiven e => told.Approved(e),
            SeatHandedOver e => told.Redrawn([told.Wanted(e.ToId, e.Role, "handed-over", e.FromId)]),
            SeatEscalated e => told.Redrawn([told.Wanted(e.ToId, e.Role, "escalated", e.FromId), .. told.To([e.FromId], NoticeKind.ApprovalEscalated, ("role", e.Role), ("by", e.ToId))]),
            SeatReminded e => told.Reminded(e),
            ChangesAsked e => told.Redrawn(told.Progress("changes-asked", e.ById)),
            // Granted at once is the answer to the click itself
            RequestGranted => told.Seats.Count == 0 ? [] : told.Redrawn(told.Progress("granted", null)),
            RequestRejected e => told.Redrawn([.. told.Progress("rejected", e.ById), .. told.NoLongerWanted("rejected", e.ById)]),
            RequestWithdrawn e => told.Redrawn([.. told.NoLongerWanted("withdrawn", e.ById), .. told.ProgressTo(told.Askers.Where(id => id != e.ById), "withdrawn", e.ById)]),
            RequestLapsed => told.Redrawn([.. told.Progress("lapsed", null), .. told.NoLongerWanted("lapsed", null)]),
            RequestSuperseded => told.Redrawn(told.NoLongerWanted("superseded", after.File.RequesterId)),
            _ => throw new UnreachableException(),
        };
    }

    private sealed class RequestNotices(Request after, Facts facts)
    {
        private readonly RequestFile file = after.File;

        public IReadOnlyList<Seat> Seats => after.AllSeats;

        public IEnumerable<string> Askers => file.OnBehalfOf is { } owner ? [file.RequesterId, owner] : [file.RequesterId];

        public IReadOnlyList<Notice> Stopped(RequestStopped e)
        {
            if (Seats.Count == 0) return [];
            // Only the last signature leads here with every seat signed; after a change the requester sees it as the answer
            var atLastSignature = Seats.All(s => s.Signature is not null);
            return Redrawn(atLastSignature ? Progress("stopped", null) : NoLongerWanted("stopped", null));
        }

        public IReadOnlyList<Notice> Asked(SeatsAsked e)
        {
            var atLastSignature = e.Seats.Any(s => s.Signature?.At == e.At);
            var atFirst = file.Round == 1 && e.At == file.SubmittedAt;
            List<Notice> notices =
            [
                .. e.Seats.Where(s => s.Signature is null && s.AskedId is not null).Select(s => Wanted(s.AskedId!, s.Role, atLastSignature ? "new-rule" : atFirst ? "asked" : "changed", null)),
                .. To(e.NoLongerAsked, NoticeKind.ApprovalNoLongerWanted, ("because", "changed")),
                .. atLastSignature ? Progress("more-seats", null) : [],
            ];
            return atFirst ? [.. notices.Where(n => facts.IsHere(n.ToId))] : Redrawn(notices);
        }

        public IReadOnlyList<Notice> Approved(ApprovalGiven e)
        {
            // The last approval is told by what it leads to
            var othersOpen = after is Request.AwaitingApproval && Seats.Any(s => s.Signature is null);
            return othersOpen ? Redrawn(Progress("approved", e.Signature.PersonId, ("role", e.Role))) : [];
        }

        public IReadOnlyList<Notice> Reminded(SeatReminded e) =>
        [
            .. To([e.PersonId], NoticeKind.ApprovalReminder, ("role", e.Role), ("nobody_else", e.NobodyElse ? "true" : null), ("lapses_at", LapsesAt)),
            .. e.NobodyElse ? Progress("nobody-else", e.PersonId, ("role", e.Role)) : [],
        ];

        public Notice Wanted(string toId, string role, string because, string? fromId) =>
            Tell(toId, NoticeKind.ApprovalWanted, file.Id, file.AppId, ("role", role), ("because", because), ("from", fromId), ("lapses_at", LapsesAt));

        public List<Notice> Progress(string because, string? byId, params ReadOnlySpan<(string, string?)> more) => ProgressTo(Askers, because, byId, more);

        public List<Notice> ProgressTo(IEnumerable<string> people, string because, string? byId, params ReadOnlySpan<(string, string?)> more) =>
            To(people, NoticeKind.RequestProgress, [("because", because), ("by", byId), .. more]);

        public List<Notice> NoLongerWanted(string because, string? byId) =>
            To(Seats.Where(s => s.Signature is null && s.AskedId != byId).Select(s => s.AskedId), NoticeKind.ApprovalNoLongerWanted, ("because", because), ("by", byId));

        public List<Notice> To(IEnumerable<string?> people, NoticeKind kind, params ReadOnlySpan<(string, string?)> detail)
        {
            var notices = new List<Notice>();
            foreach (var person in people.Reachable(facts)) notices.Add(Tell(person, kind, file.Id, file.AppId, detail));
            return notices;
        }

        /// <summary>These notices, and every card there is drawn again, save for whoever gets a new one.</summary>
        public IReadOnlyList<Notice> Redrawn(IReadOnlyList<Notice> notices)
        {
            var getsNew = notices.Where(n => n.Kind == NoticeKind.ApprovalWanted).Select(n => n.ToId).ToHashSet(StringComparer.Ordinal);
            var holders = Askers.Concat(Seats.SelectMany(SeatPlan.PeopleOf)).Where(id => !getsNew.Contains(id));
            return [.. notices.Where(n => facts.IsHere(n.ToId)), .. To(holders, NoticeKind.RequestCardsChanged)];
        }

        private string? LapsesAt => after is Request.AwaitingApproval awaiting ? Iso(awaiting.LapsesAt) : null;
    }
}
