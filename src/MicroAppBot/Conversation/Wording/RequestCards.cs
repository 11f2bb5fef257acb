using System.Text.Json.Nodes;
using Governance.Catalogue;
using Governance.Manifests;
using Governance.People;
using Governance.Requests;
using Governance.Verdicts;

namespace MicroAppBot.Conversation.Wording;

/// <summary>What the cards about a request say, to whom.</summary>
public static class RequestCards
{
    /// <summary>The approver's card: open while the reader can still decide, else its outcome.</summary>
    /// <param name="reason">What the approver had typed, kept when a click could not be done.</param>
    /// <param name="reasonError">What is wrong with it.</param>
    public static JsonObject Approval(Request request, Addressee reader, string? reason = null, string? reasonError = null)
    {
        var file = request.File;
        var seats = request.AllSeats;
        var mine = RequestDecider.SeatFor(request, reader.Person.Id, reader.Facts);
        var open = request is Request.AwaitingApproval && mine is not null;
        var (icon, verdict) = Addressee.Verdict(file.Report);
        var data = new JsonObject
        {
            ["ids"] = Ids(request),
            ["who"] = reader.NameAndPlace(file.RequesterId),
            ["wants"] = Wants(file.Kind),
            ["what"] = file.Manifest.App.Title ?? file.Manifest.App.Name,
            ["risk"] = reader.Risk(file.Report.Risk),
            ["approving"] = Approving(request, seats, reader),
            ["refusing"] = "Rejecting ends it. Asking for changes sends it back, and the answers are kept.",
            ["lapses"] = request is Request.AwaitingApproval awaiting ? $"If nobody answers, it lapses {reader.OnDay(awaiting.LapsesAt)}." : "",
            ["facts"] = Facts(file, reader),
            ["policy"] = new JsonObject { ["icon"] = icon, ["words"] = verdict, ["findings"] = reader.Findings(file.Report.Findings, false) },
            ["because"] = Because(request, reader, mine),
            ["seats"] = SeatRows(request, reader),
            ["open"] = open,
            ["needsReason"] = mine is { Waives.Count: > 0 },
        };
        if (file.Manifest.App.Purpose is { Length: > 0 } purpose) data["purpose"] = purpose;
        if (file.Justification is { Length: > 0 } justification) data["facts"]!.AsArray().Insert(0, Addressee.Fact("Their reason", justification));
        if (reason is { Length: > 0 }) data["reason"] = reason;
        if (reasonError is not null) data["reasonError"] = reasonError;
        if ((file.LastAsked ?? file.Before) is { } before && ManifestDifference.Between(before, file.Manifest, reader.Catalogue) is { Count: > 0 } changes)
        {
            data["changes"] = new JsonObject
            {
                ["since"] = file.LastAsked is not null ? "since it was last asked" : "compared with what is in force",
                ["list"] = new JsonArray([.. changes.Select(c => (JsonNode)new JsonObject { ["field"] = c.Label, ["before"] = People(c.Before, reader), ["after"] = People(c.After, reader) })]),
            };
        }
        if (open && Delegates(request, mine!, reader) is { Count: > 0 } delegates) data["delegates"] = delegates;
        if (!open) data["outcome"] = Outcome(request, reader);
        return data;
    }

    /// <summary>The card where several people read along: it says who is asked, and has nobody's buttons.</summary>
    public static JsonObject OnBoard(Request request, Addressee reader)
    {
        var data = Approval(request, reader);
        if (request is Request.AwaitingApproval awaiting)
        {
            data["outcome"] = new JsonObject { ["icon"] = "⏳", ["words"] = $"{Waits(awaiting, reader)} Whoever is asked sees their own buttons here.", ["tone"] = "accent" };
        }
        return data;
    }

    /// <summary>The requester's own card.</summary>
    public static JsonObject Status(Request request, Addressee reader)
    {
        var file = request.File;
        var (icon, words, tone) = State(request, reader);
        var data = new JsonObject
        {
            ["ids"] = Ids(request),
            ["title"] = file.Manifest.App.Title ?? file.Manifest.App.Name,
            ["kind"] = KindTitle(file.Kind),
            ["state"] = new JsonObject { ["icon"] = icon, ["words"] = words, ["tone"] = tone },
            ["next"] = Next(request, reader),
            ["can"] = new JsonObject
            {
                ["withdraw"] = request.IsOpen,
                ["edit"] = reader.Person.Id == file.RequesterId && file.Kind == RequestKind.Create && request is not (Request.Granted or Request.Superseded),
                ["showApp"] = request is Request.Granted || file.Kind != RequestKind.Create,
            },
        };
        if (request.AllSeats is { Count: > 0 }) data["seats"] = SeatRows(request, reader);
        if (Said(request) is var (by, said)) data["said"] = new JsonObject { ["by"] = reader.FullName(by), ["words"] = said };
        if (request is Request.Stopped) data["findings"] = reader.Findings(file.Report.Findings, false);
        data["facts"] = new JsonArray(Addressee.Fact("Risk", $"{Addressee.Label(file.Report.Risk.Tier)}, {file.Report.Risk.Score} of 100"), Addressee.Fact("Asked", reader.Moment(file.SubmittedAt)));
        return data;
    }

    /// <summary>What became of a request, in a line under the requester's card: that one is drawn again with all its buttons, so here is only the next step.</summary>
    public static JsonObject News(Request request, Addressee reader)
    {
        var file = request.File;
        var mine = reader.Person.Id == file.RequesterId;
        var canEdit = mine && file.Kind == RequestKind.Create;
        var said = Said(request) is var (by, words) ? $"{reader.FullName(by)} {(request is Request.Rejected ? "says no" : "asks for a change")}: “{words.TrimEnd('.', ' ')}”." : "";
        var (icon, tone, text, act) = request switch
        {
            Request.ChangesRequested => ("✏️", "warning", $"{said} {(canEdit ? "Nothing you said is lost." : "")}", canEdit ? "Change my answers" : null),
            Request.Rejected => ("❌", "attention", $"{said} {(canEdit ? "You can ask again with other answers." : "")}", null),
            Request.Lapsed => ("⌛", "warning", $"Nobody answered in time, so it lapsed. {(canEdit ? "You can ask again with the same answers." : "You can ask again.")}", canEdit ? "Ask again" : null),
            Request.Stopped => ("⛔", "attention", $"It was signed, but a rule that is new since then stops it: {string.Join(' ', file.Report.Findings.Where(f => f.Level == FindingLevel.Hard).Select(f => f.Message).Take(1))}", canEdit ? "Change my answers" : null),
            Request.Withdrawn => ("↩️", "default", State(request, reader).Words, null),
            _ => ("⏳", "default", Waits(request), null),
        };
        var data = new JsonObject
        {
            ["ids"] = Ids(request),
            ["title"] = file.Manifest.App.Title ?? file.Manifest.App.Name,
            ["icon"] = icon,
            ["tone"] = tone,
            ["text"] = text.Trim(),
            ["act"] = new JsonObject { ["title"] = act ?? "Show the request", ["verb"] = act is null ? "request.show" : "intake.edit" },
        };
        return data;

        string Waits(Request r) => r is Request.AwaitingApproval a ? $"{RequestCards.Waits(a, reader)} You may want to talk to them." : "It moved on.";
    }

    /// <summary>To somebody who was asked: their card is drawn again and shows how it ended; this says so at the end of their chat.</summary>
    public static JsonObject NoLongerWanted(Request request, Addressee reader) => new()
    {
        ["ids"] = Ids(request),
        ["title"] = request.File.Manifest.App.Title ?? request.File.Manifest.App.Name,
        ["icon"] = "👌",
        ["text"] = $"{(request is Request.AwaitingApproval ? "It was changed, and your signature is not needed any more." : State(request, reader).Words)} Nothing is left for you to do.",
        ["act"] = new JsonObject { ["title"] = "Show the request", ["verb"] = "request.show" },
    };

    /// <summary>One row of "what waits for me".</summary>
    public static JsonObject WaitingRow(Request request, Addressee reader) => new()
    {
        ["id"] = request.File.Id,
        ["version"] = request.File.Round,
        ["title"] = request.File.Manifest.App.Title ?? request.File.Manifest.App.Name,
        ["who"] = $"{reader.NameAndPlace(request.File.RequesterId)} {Wants(request.File.Kind)} it",
        ["risk"] = new JsonObject { ["label"] = Addressee.Label(request.File.Report.Risk.Tier), ["tone"] = Addressee.Tone(request.File.Report.Risk.Tier) },
        ["due"] = request is Request.AwaitingApproval awaiting ? $"lapses {reader.OnDay(awaiting.LapsesAt)}" : "",
    };

    public static JsonArray SeatRows(Request request, Addressee reader) => new([.. request.AllSeats.Select(seat =>
    {
        var refused = ReferenceEquals(seat, RefusedSeat(request, reader));
        var row = new JsonObject
        {
            ["icon"] = refused ? "❌" : seat.Signature is not null ? "✅" : request is Request.AwaitingApproval ? "⏳" : "↩️",
            ["role"] = Role.Title(seat.Role),
            ["who"] = refused ? reader.FullName(((Request.Rejected)request).ById) : seat.Signature is { } signed ? reader.FullName(signed.PersonId) : seat.AskedId is { } asked ? reader.FullName(asked) : "Nobody holds this role yet",
        };
        if (seat.Signature is { } signature) row["note"] = $"approved on {reader.Moment(signature.At)}{(signature.Reason is { Length: > 0 } why ? $": {why}" : "")}";
        return (JsonNode)row;
    })]);

    /// <summary>The seat of whoever rejected it: theirs, or one of their role that they took.</summary>
    private static Seat? RefusedSeat(Request request, Addressee reader) => request is not Request.Rejected rejected ? null
        : rejected.Seats.FirstOrDefault(s => s.Signature is null && s.AskedId == rejected.ById)
        ?? rejected.Seats.FirstOrDefault(s => s.Signature is null && reader.Facts.People.TryGetValue(rejected.ById, out var person) && person.Has(s.Role));

    public static string KindTitle(RequestKind kind) => kind switch
    {
        RequestKind.Create => "New app",
        RequestKind.Change => "Change",
        RequestKind.Renew => "Renewal",
        RequestKind.RaiseCap => "Higher cap",
        RequestKind.Restore => "Restore",
        RequestKind.Archive => "Archive",
        RequestKind.Transfer => "Hand-over",
        _ => "Resume",
    };

    private static JsonObject Ids(Request request) => new() { ["request"] = request.File.Id, ["app"] = request.File.AppId, ["version"] = request.File.Round };

    private static string Wants(RequestKind kind) => kind switch
    {
        RequestKind.Create => "wants to create",
        RequestKind.Change => "wants to change",
        RequestKind.Renew => "wants to renew",
        RequestKind.RaiseCap => "wants a higher cap for",
        RequestKind.Restore => "wants to restore",
        RequestKind.Archive => "wants to archive",
        RequestKind.Transfer => "wants to hand over",
        _ => "wants to resume",
    };

    private static string Approving(Request request, IReadOnlyList<Seat> seats, Addressee reader)
    {
        var mine = RequestDecider.SeatFor(request, reader.Person.Id, reader.Facts);
        var others = seats.Where(s => s.Signature is null && s != mine).Select(s => Role.InASentence(s.Role)).ToList();
        var effect = request.File.Kind switch
        {
            RequestKind.Create => "it goes live at once",
            RequestKind.Renew => "it is renewed at once",
            RequestKind.RaiseCap => "the new cap counts at once",
            RequestKind.Restore => "it is back at once",
            _ => "it is done at once",
        };
        return others.Count == 0
            ? $"If you approve, {effect}: yours is the last signature."
            : $"If you approve, {effect} when {InWords.List(others)} {(others.Count == 1 ? "has" : "have")} signed too.";
    }

    private static string Because(Request request, Addressee reader, Seat? mine) => mine switch
    {
        null => "You got this card because you were asked to sign.",
        { EscalatedFrom.Count: > 0 } when mine.AskedId == reader.Person.Id =>
            $"You are asked as {Role.InASentence(mine.Role)}, because {reader.FullName(mine.EscalatedFrom[^1])} has not answered.",
        _ when mine.AskedId != reader.Person.Id => $"You can sign as {Role.InASentence(mine.Role)} in place of {reader.Name(mine.AskedId)}.",
        _ => $"You are asked because you are {AsYouAre(mine.Role)}{WhyWords(mine)}.",
    };

    private static string AsYouAre(string role) => role == Role.InfraOps ? "responsible for infrastructure operations" : Role.InASentence(role);

    private static string WhyWords(Seat mine) => mine.Waives switch
    {
        [] => "",
        [Seat.KindsCorrected] => ". It is said to hold less sensitive data than people were asked about before; your signature confirms that, so please say why it is right",
        _ => ". Your signature allows an exception, so please say why",
    };

    private static JsonArray Facts(RequestFile file, Addressee reader)
    {
        var m = file.Manifest;
        var facts = new JsonArray(
            Addressee.Fact("Kind of app", reader.Catalogue.Template(m.App.Template)?.Title ?? m.App.Template),
            Addressee.Fact("Owner", OwnerWords(m, reader)),
            Addressee.Fact("Data", $"{Title(m.App.DataClass)}: {ManifestWords.Kinds(m)}"),
            Addressee.Fact("Connects to", ManifestWords.Connections(m, reader.Catalogue)),
            Addressee.Fact("Reaches", m.Network.AllowedDestinations.Count == 0 ? "nowhere outside the app" : string.Join(", ", m.Network.AllowedDestinations)),
            Addressee.Fact("Runs in", ManifestWords.Place(m, reader.Catalogue)),
            Addressee.Fact("Used by", ManifestWords.Users(m)),
            Addressee.Fact("Lives for", m.Lifecycle.TtlDays is { } days ? InWords.Count(days, "day") : "not said"),
            Addressee.Fact("Monthly cap", m.Cost.CapUsd is { } cap ? InWords.Usd(cap) : "not said"));
        return facts;
    }

    private static string OwnerWords(Manifest m, Addressee reader)
    {
        var owner = m.App.Owner is { } id ? reader.FullName(id) : "nobody";
        return m.App.CoOwner is { } co ? $"{owner}, with {reader.FullName(co)}" : owner;
    }

    /// <summary>Colleagues to whom the reader may hand their seat; none where somebody else is the one who is asked.</summary>
    private static JsonArray Delegates(Request request, Seat mine, Addressee reader) => request is Request.AwaitingApproval awaiting && mine.AskedId == reader.Person.Id
        ? new([.. RequestDecider.MayTake(awaiting, mine, reader.Facts)
            .Select(id => (JsonNode)new JsonObject { ["title"] = reader.NameAndPlace(id), ["value"] = id })])
        : [];

    private static JsonObject Outcome(Request request, Addressee reader)
    {
        if (request is Request.AwaitingApproval awaiting)
        {
            var signed = awaiting.Seats.FirstOrDefault(s => s.Signature?.PersonId == reader.Person.Id);
            return signed is not null
                ? new JsonObject { ["icon"] = "✅", ["words"] = $"You approved this on {reader.Moment(signed.Signature!.At)}. {Waits(awaiting, reader)}", ["tone"] = "good" }
                : new JsonObject { ["icon"] = "↪️", ["words"] = $"This is with {InWords.List([.. awaiting.Seats.Where(s => s.Signature is null).Select(s => reader.Name(s.AskedId)).Distinct()])} now. Nothing is left for you to do.", ["tone"] = "default" };
        }
        var (icon, words, tone) = State(request, reader);
        var outcome = new JsonObject { ["icon"] = icon, ["words"] = words, ["tone"] = tone };
        if (Said(request) is var (_, said)) outcome["said"] = said;
        return outcome;
    }

    private static (string Icon, string Words, string Tone) State(Request request, Addressee reader) => request switch
    {
        Request.Stopped { Seats.Count: 0 } => ("⛔", "Stopped by a rule. Nobody was asked.", "attention"),
        Request.Stopped => ("⛔", "Stopped by a rule: nobody can sign it as it is.", "attention"),
        Request.AwaitingApproval a => ("⏳", Waits(a, reader), "accent"),
        Request.ChangesRequested c => ("✏️", $"{Sentence(reader.Name(c.ById))} asked for changes on {reader.Moment(c.At)}.", "warning"),
        Request.Granted { Seats.Count: 0 } g => ("✅", $"Approved at once on {reader.Moment(g.At)}: nobody had to be asked.", "good"),
        Request.Granted g => ("✅", $"Approved on {reader.Moment(g.At)} by {InWords.List([.. g.Seats.Select(s => s.Signature?.PersonId).OfType<string>().Distinct().Select(reader.Name)])}.", "good"),
        Request.Rejected r => ("❌", $"{Sentence(reader.Name(r.ById))} rejected this on {reader.Moment(r.At)}.", "attention"),
        Request.Withdrawn w => ("↩️", $"Taken back by {reader.Name(w.ById)} on {reader.Moment(w.At)}.", "default"),
        Request.Lapsed l => ("⌛", $"Lapsed on {reader.Moment(l.At)}: its time had run out.", "warning"),
        Request.Superseded s => ("↩️", $"A newer request took its place on {reader.Moment(s.At)}.", "default"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Waits(Request.AwaitingApproval awaiting, Addressee reader)
    {
        var open = awaiting.Seats.Where(s => s.Signature is null).ToList();
        var names = open.Where(s => s.AskedId is not null).Select(s => reader.Name(s.AskedId)).Distinct().ToList();
        return names.Count == 0 ? $"Waiting for {InWords.List([.. open.Select(s => Role.InASentence(s.Role))])}." : $"Waiting for {InWords.List(names)}.";
    }

    private static string Next(Request request, Addressee reader) => request switch
    {
        Request.Stopped { File.Kind: RequestKind.Create } => "Change the answers that are named below and submit again, or take it back.",
        Request.Stopped { File.Kind: RequestKind.Restore } => "It stays archived, and nothing is lost. What is archived cannot be changed: please ask a governance admin, or ask for a new app that fits.",
        Request.Stopped => "It stays as it is. Open the app and change what is named below, then ask again.",
        Request.AwaitingApproval a => $"I tell you as soon as somebody answers. Unanswered, it lapses {reader.OnDay(a.LapsesAt)}.",
        Request.ChangesRequested c => $"Edit your answers and submit again: nothing you said is lost. It stays open until {reader.Day(c.LapsesAt)}.",
        Request.Granted => request.File.Kind == RequestKind.Create ? "A message of its own says when it is live." : "It is being carried out.",
        Request.Rejected => "You can talk to them, and ask again with other answers whenever you like.",
        Request.Lapsed => "You can ask again with the same answers.",
        _ => "Nothing more to do.",
    };

    private static (string By, string Words)? Said(Request request) => request switch
    {
        Request.Rejected r => (r.ById, r.Reason),
        Request.ChangesRequested c => (c.ById, c.What),
        _ => null,
    };

    private static string People(string value, Addressee reader) => reader.Facts.People.TryGetValue(value, out var person) ? person.Name : value;

    private static string Sentence(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static string Title(DataClass dataClass) => dataClass.ToString();
}
