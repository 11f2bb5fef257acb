using System.Text.Json.Nodes;
using Governance.People;
using Governance.Requests;
using MicroAppBot.Conversation.Wording;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>Clicks on cards about a request: approve, reject, ask for changes, hand over, withdraw, show. Every click gets an answer.</summary>
public static class RequestTalk
{
    public static async ValueTask<Reply> PressAsync(Visit visit, Said.Press press)
    {
        if (Text(press, "request") is not { } id || await visit.Sitting.RequestAsync(id) is not { } request)
        {
            return visit.Notice("I cannot find that request", "It may be from before this bot was set up anew. Say \"status\" to see yours, or \"approvals\" for what waits for you.", "🔎");
        }
        if (!MaySee(visit, request)) return NotTheirs(visit);
        visit.Talk = visit.Talk with { LastRequest = id };
        if (press.Verb == "request.show") return ShowBeside(visit, request);

        var me = visit.PersonId;
        var reason = Text(press, "reason");
        // A version that is no number is none that this request ever had
        var round = Text(press, "version") is null ? (int?)null : Number(press, "version") ?? 0;
        RequestCommand command = press.Verb switch
        {
            "request.approve" => new RequestCommand.Approve(me, reason, null, round),
            "request.reject" => new RequestCommand.Reject(me, reason, round),
            "request.ask-changes" => new RequestCommand.AskChanges(me, reason, round),
            "request.delegate" => new RequestCommand.Delegate(me, Text(press, "delegate") ?? ""),
            "request.withdraw" => new RequestCommand.Withdraw(me),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        var decision = await visit.Sitting.AskAsync(id, command);
        var now = (await visit.Sitting.RequestAsync(id))!;
        if (decision is Decision<RequestEvent>.Refused refused)
        {
            // The button stays and so do the words; the card shows what is true now, and says why not
            return refused.Code is RefusalCode.WordsWanted or RefusalCode.TooLong
                ? visit.Show("approval", RequestCards.Approval(now, visit.To, reason, refused.Words), About(now))
                : Show(visit, now, ("warning", refused.Words), reason);
        }
        // The card stays open, since whoever holds the role may still sign: without a word nobody would know that it worked
        if (command is RequestCommand.Delegate to) return Show(visit, now, ("good", $"Handed over to {visit.To.FullName(to.ToId)}, who has the card now. Nothing is left for you to do."));
        if (press.Verb == "request.withdraw" && visit.Talk.EditsRequest == id) visit.Talk = visit.Talk.Closed();
        return Show(visit, now, null, null);
    }

    /// <summary>The card of a request as this person sees it: the requester their status, an approver the approval card.</summary>
    public static Reply Show(Visit visit, Request request, (string Tone, string Words)? note = null, string? reason = null)
    {
        var (card, data) = Drawn(request, visit.To, reason);
        if (note is var (tone, words)) Visit.Noted(data, tone, words);
        return visit.Show(card, data, About(request));
    }

    public static Reply ShowBeside(Visit visit, Request request)
    {
        var (card, data) = Drawn(request, visit.To, null);
        return Visit.ShowBeside(card, data, About(request));
    }

    public static CardSubject About(Request request) => new(Streams.RequestWord, request.File.Id);

    /// <summary>Which card of a request this person sees, and its data.</summary>
    public static (string Card, JsonObject Data) Drawn(Request request, Addressee to, string? reason) => to.Person.Id == request.File.RequesterId || to.Person.Id == request.File.OnBehalfOf
        ? ("request-status", RequestCards.Status(request, to))
        : ("approval", RequestCards.Approval(request, to, reason));

    /// <summary>The requester, the app's owners, whoever sits or sat on it, and whoever could sign for it.</summary>
    private static bool MaySee(Visit visit, Request request)
    {
        var me = visit.Sitting.Person;
        var app = request.File.Manifest.App;
        return me.Id == request.File.RequesterId || me.Id == app.Owner || me.Id == app.CoOwner || me.Has(Role.GovernanceAdmin)
            || request.AllSeats.Any(s => s.AskedId == me.Id || s.Signature?.PersonId == me.Id || s.EscalatedFrom.Contains(me.Id) || me.Has(s.Role));
    }

    /// <summary>Whom a channel does not vouch for may well be the one who is asked: they hear what is the matter with their account.</summary>
    private static Reply NotTheirs(Visit visit) => visit.Sitting.Person.Outside is { } outside
        ? visit.Notice("I cannot take this from you", OutsiderWords.WhyNot(outside), "✋", "warning")
        : visit.Notice("This card is somebody else's", "Only the people who were asked can answer it. Say \"approvals\" to see what waits for you.", "🔒", "warning");

    internal static string? Text(Said.Press press, string key) => press.Data.TryGetPropertyValue(key, out var node) && node is JsonValue value
        ? value.TryGetValue<string>(out var text) ? (string.IsNullOrWhiteSpace(text) ? null : text.Trim()) : value.ToJsonString()
        : null;

    internal static int? Number(Said.Press press, string key) => int.TryParse(Text(press, key), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}
