using System.Diagnostics;

namespace Governance.Requests;

public static partial class RequestDecider
{
    /// <summary>Whoever does again what they did is told nothing new; everybody else hears how it ended.</summary>
    private static Decision<RequestEvent> OnceClosed(Request request, RequestCommand command, Facts facts) => (request, command) switch
    {
        (Request.Granted granted, RequestCommand.Approve approve) when granted.Seats.Any(s => s.Signature?.PersonId == approve.ById) => Nothing,
        (Request.Rejected rejected, RequestCommand.Reject reject) when rejected.ById == reject.ById => Nothing,
        (Request.Withdrawn withdrawn, RequestCommand.Withdraw again) when IsAsker(withdrawn.File, again.ById) => Nothing,
        _ => Refuse(RefusalCode.AlreadyDecided, Outcome(request, Speaker(command), facts)),
    };

    /// <summary>How it ended, by whom and when, for this reader.</summary>
    private static string Outcome(Request request, string? readerId, Facts facts)
    {
        var title = Wording.TitleOf(request.File.Manifest);
        var words = request switch
        {
            Request.Granted r when LastSignature(r) is { } last =>
                $"Already decided: {Name(last.PersonId)} gave the last approval for {title} {When(r.At)}, and it is granted.",
            Request.Granted r => $"Already decided: {title} was granted at once, {When(r.At)}; nobody had to sign.",
            Request.Rejected r => $"Already decided: {Name(r.ById)} rejected {title} {When(r.At)}. The reason: {Wording.Quote(r.Reason)}",
            Request.Withdrawn r => $"{Name(r.ById)} took back the request for {title} {When(r.At)}, so there is nothing left to decide.",
            Request.Lapsed r => $"The request for {title} lapsed {When(r.At)}, because its time had run out; {Name(r.File.RequesterId)} can ask again.",
            Request.Superseded r => $"{Name(r.File.RequesterId)} put a newer request for {title} in place of this one {When(r.At)}, so this one needs nothing more.",
            _ => throw new UnreachableException(),
        };
        return char.ToUpperInvariant(words[0]) + words[1..];

        string Name(string personId) => personId == readerId ? "you" : facts.NameOf(personId);
        string When(DateTimeOffset at) => facts.Moment(at, readerId);
    }

    private static Signature? LastSignature(Request.Granted request) =>
        request.Seats.Select(s => s.Signature).OfType<Signature>().OrderBy(s => s.At).LastOrDefault();
}
