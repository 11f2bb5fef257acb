using System.Globalization;
using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.Notices;
using Governance.People;
using Governance.Requests;
using Governance.Verdicts;
using MicroAppBot.Conversation.Wording;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>Finds the card and the words for a notice, from what is true when it is sent.</summary>
public sealed class NoticePresenter(Desk.Desk desk, IRulebookProposal? proposal = null) : INoticePresenter, IDigestPresenter
{
    public async ValueTask<Presented?> PresentAsync(Notice notice, Person reader, CancellationToken cancel)
    {
        var sitting = desk.Look(cancel, reader);
        var to = new Addressee(reader, sitting.Facts, sitting.Facts.Catalogue);
        var request = notice.RequestId is { } requestId ? await sitting.RequestAsync(requestId) : null;
        var app = notice.AppId is { } appId ? await sitting.AppAsync(appId) : null;
        if (Board.Is(reader.Id)) return request is null ? null : OnBoard(request, to);
        var presented = notice.Kind switch
        {
            NoticeKind.ApprovalWanted => request is Request.AwaitingApproval wanted && Waits(wanted, notice, to) ? OfRequest(request, to) : null,
            NoticeKind.RequestCardsChanged => request is null ? null : OfRequest(request, to),
            NoticeKind.RequestProgress => request is null ? null : Progress(request, to, notice.Detail.GetValueOrDefault("because")),
            NoticeKind.ApprovalReminder or NoticeKind.ApprovalEscalated => request is Request.AwaitingApproval awaiting && Waits(awaiting, notice, to)
                ? Reminder(awaiting, to, notice.Kind == NoticeKind.ApprovalEscalated) : null,
            NoticeKind.ApprovalNoLongerWanted => request is null ? null : NoLongerWanted(request, to),
            NoticeKind.AppCardsChanged => app is null ? null : OfApp("app", AppCards.Redrawn(app, to, notice.Detail.GetValueOrDefault("because"), notice.Detail.GetValueOrDefault("by")), $"{AppCards.Title(app)}: {AppCards.StateWord(app)}.", app),
            NoticeKind.AppLive => app is MicroApp.Active ? OfApp("app-live", AppCards.Live(app, to), $"{AppCards.Title(app)} is live.", app) : null,
            NoticeKind.RenewalReminder => app is MicroApp.Active or MicroApp.Suspended ? RenewalReminder(app, notice, to) : null,
            NoticeKind.AppExpired => app is MicroApp.Archived ? OfApp("expired", AppCards.Archived(app, to), $"{AppCards.Title(app)} reached its end date and is switched off. You can bring it back.", app) : null,
            NoticeKind.AppArchived => app is MicroApp.Archived ? OfApp("expired", AppCards.Archived(app, to), $"{AppCards.Title(app)} was archived. You can bring it back.", app) : null,
            NoticeKind.CostAlert => app is not { IsLive: true } ? null : OfApp("cost-alert", AppCards.CostAlert(app, to, notice.Detail.GetValueOrDefault("level")), $"{AppCards.Title(app)} has spent {AppCards.SpendWords(app.File, to)} this month.", app),
            NoticeKind.AppSuspended => app is MicroApp.Suspended ? OfApp("suspended", AppCards.Suspended(app, to), $"{AppCards.Title(app)} is paused.", app) : null,
            NoticeKind.AppRenewed => app is not { IsLive: true } ? null : Line(app, to, $"{AppCards.Title(app)} was renewed. It runs until {to.Day(app.File.ExpiresAt)}.", "🔁"),
            NoticeKind.AppRestored => app is { IsLive: true } ? Line(app, to, $"{AppCards.Title(app)} is back. It runs until {to.Day(app.File.ExpiresAt)}.", "♻️") : null,
            NoticeKind.AppResumed => app is { IsLive: true } ? Line(app, to, $"{AppCards.Title(app)} is running again.", "▶️") : null,
            NoticeKind.CapRaised => app is null ? null : Line(app, to, $"The cap of {AppCards.Title(app)} is {InWords.Usd(app.File.Manifest.Cost.CapUsd ?? 0)} a month now.", "💶"),
            NoticeKind.NewRule => app is { IsLive: true } ? NewRule(app, notice, to) : null,
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (presented is not null && notice.Detail.TryGetValue(INoticePresenter.InsteadOf, out var missing))
        {
            Visit.Noted(presented.Data, "default", ForSomebodyElse(missing, to));
        }
        return presented;
    }

    public async ValueTask<Presented?> PresentAsync(IReadOnlyList<Notice> notices, Person reader, CancellationToken cancel)
    {
        var sitting = desk.Look(cancel, reader);
        var to = new Addressee(reader, sitting.Facts, sitting.Facts.Catalogue);
        var rows = new List<JsonObject>();
        foreach (var notice in notices)
        {
            if (notice.RequestId is { } requestId && await sitting.RequestAsync(requestId) is Request.AwaitingApproval request) rows.Add(DigestCards.Row(request, to));
            else if (notice.AppId is { } appId && await sitting.AppAsync(appId) is { } app)
            {
                if (notice.Kind != NoticeKind.NewRule) rows.Add(DigestCards.Row(app, to));
                else if (app.IsLive && NewRuleCards.Words(app, notice, to, Proposed(notice)) is var (_, text, icon, _)) rows.Add(DigestCards.Row(app, icon, text));
            }
        }
        if (rows.Count == 0) return null;
        var data = DigestCards.Digest(rows);
        if (notices[0].Detail.TryGetValue(INoticePresenter.InsteadOf, out var missing)) Visit.Noted(data, "default", ForSomebodyElse(missing, to));
        return new Presented("digest", data, (string)data["title"]!, null);
    }

    private static string ForSomebodyElse(string missing, Addressee to) => $"This is for {to.FullName(missing)}, whom I could not reach. You get it because you are their manager.";

    /// <summary>For all who read there; whoever is asked sees their own buttons instead.</summary>
    private static Presented OnBoard(Request request, Addressee to)
    {
        var asked = request is Request.AwaitingApproval awaiting ? awaiting.Seats.Where(s => s.Signature is null).Select(s => s.AskedId).OfType<string>().Distinct().ToList() : [];
        var title = request.File.Manifest.App.Title ?? request.File.Manifest.App.Name;
        return new Presented("approval", RequestCards.OnBoard(request, to), $"{to.FullName(request.File.RequesterId)} asks for approval of {title}.", RequestTalk.About(request), asked);
    }

    private static Presented OfRequest(Request request, Addressee to)
    {
        var (card, data) = RequestTalk.Drawn(request, to, null);
        var title = request.File.Manifest.App.Title ?? request.File.Manifest.App.Name;
        var summary = card == "approval" && RequestDecider.SeatFor(request, to.Person.Id, to.Facts) is not null ? $"{to.FullName(request.File.RequesterId)} asks for your approval of {title}." : $"News about the request for {title}.";
        return new Presented(card, data, summary, RequestTalk.About(request));
    }

    /// <summary>Good news in a line, since the requester's card is drawn again anyway; what needs an answer as a card with its buttons.</summary>
    private static Presented Progress(Request request, Addressee to, string? because)
    {
        if (because == "overtaken") return Overtaken(request, to);
        if (because is not ("approved" or "more-seats" or "granted"))
        {
            // The card the requester has is drawn again as well: the same card twice would say everything twice
            var news = RequestCards.News(request, to);
            return new Presented("notice", news, $"{news["title"]}: {news["text"]}", null);
        }
        var title = request.File.Manifest.App.Title ?? request.File.Manifest.App.Name;
        var signed = request.AllSeats.Where(s => s.Signature is not null).OrderBy(s => s.Signature!.At).Select(s => to.FullName(s.Signature!.PersonId)).ToList();
        var open = request.AllSeats.Where(s => s.Signature is null).Select(s => s.AskedId is { } id ? to.FullName(id) : Role.InASentence(s.Role)).ToList();
        var words = request is Request.Granted
            ? $"{InWords.List(signed)} approved it."
            : signed.Count == 0 ? $"It is with {InWords.List(open)} now." : $"{signed[^1]} approved it. {InWords.List(open)} {(open.Count == 1 ? "is" : "are")} still to answer.";
        return new Presented("notice", GeneralCards.Notice(title, words, "✅", "good"), $"{title}: {words}", null);
    }

    private static Presented NoLongerWanted(Request request, Addressee to)
    {
        var data = RequestCards.NoLongerWanted(request, to);
        return new Presented("notice", data, $"{data["title"]}: {data["text"]}", null);
    }

    private static Presented Overtaken(Request request, Addressee to)
    {
        var (card, data) = RequestTalk.Drawn(request, to, null);
        var words = "It was approved, but the app changed in the meantime and it does not fit any more, so nothing was done. Please ask again.";
        return new Presented(card, Visit.Noted(data, "warning", words), words, RequestTalk.About(request));
    }

    /// <summary>Somebody who took another's place is told as well: the one who waits for them may be their report.</summary>
    private static bool Waits(Request.AwaitingApproval awaiting, Notice notice, Addressee to) =>
        RequestDecider.SeatFor(awaiting, to.Person.Id, to.Facts) is not null || (notice.Detail.ContainsKey(INoticePresenter.InsteadOf) && awaiting.Seats.Any(s => s.Signature is null && s.AskedId == notice.ToId));

    private static Presented Reminder(Request.AwaitingApproval request, Addressee to, bool escalated)
    {
        var title = request.File.Manifest.App.Title ?? request.File.Manifest.App.Name;
        var waiting = OfficeHours.Between(request.File.SubmittedAt, to.Now, to.Person.Zone).TotalHours;
        var lead = $"{to.FullName(request.File.RequesterId)} has been waiting for {InWords.Count(Math.Max(1, (int)Math.Round(waiting)), "working hour")} for an answer on {title}.";
        var data = new JsonObject
        {
            ["ids"] = new JsonObject { ["request"] = request.File.Id, ["app"] = request.File.AppId, ["version"] = request.File.Round },
            ["title"] = title,
            ["lead"] = lead,
            ["risk"] = to.Risk(request.File.Report.Risk),
            ["due"] = $"If nobody answers, it lapses {to.OnDay(request.LapsesAt)}.",
            ["escalated"] = escalated,
        };
        return new Presented("approval-reminder", data, lead, RequestTalk.About(request));
    }

    /// <summary>Of a term that is over, or was renewed since, nobody is reminded.</summary>
    private static Presented? RenewalReminder(MicroApp app, Notice notice, Addressee to) =>
        app.File.ExpiresAt <= to.Now
        || (notice.Detail.GetValueOrDefault("expires_at") is { } meant && DateTimeOffset.Parse(meant, CultureInfo.InvariantCulture) != app.File.ExpiresAt)
        ? null
        : OfApp("renewal-reminder", AppCards.Reminder(app, to), $"{AppCards.Title(app)} ends {to.OnDay(app.File.ExpiresAt)}.", app);

    /// <summary>An app that was mended meanwhile, or is allowed by what is in force, is not stopped by anything.</summary>
    private Presented? NewRule(MicroApp app, Notice notice, Addressee to)
    {
        if (NewRuleCards.Words(app, notice, to, Proposed(notice)) is not var (title, text, icon, tone)) return null;
        (string, string)[] buttons = notice.Detail.GetValueOrDefault("because") == "met" ? [($"Show {app.File.Name}", $"show {app.File.Name}")]
            : [($"Show {app.File.Name}", $"show {app.File.Name}"), ("Why", $"why {app.File.Name}")];
        var data = GeneralCards.Notice(title, text, icon, tone, buttons);
        if (tone == "warning" && AppDecider.CanAsk(app, RequestKind.Change, to.Person.Id, to.Facts))
        {
            data["ids"] = AppCards.Ids(app);
            data["act"] = new JsonObject { ["title"] = "Change it", ["verb"] = "app.change" };
        }
        return new Presented("notice", data, text.Split('\n')[0], AppTalk.About(app));
    }

    /// <summary>The rules that a notice is about, where they are proposed and do not hold yet.</summary>
    private Func<Governance.Manifests.Manifest, PolicyReport>? Proposed(Notice notice) =>
        notice.Detail.TryGetValue("revision", out var revision) && proposal?.Read() is Proposal.Rules rules && rules.Revision == revision ? rules.Book.Judge : null;

    private static Presented OfApp(string card, JsonObject data, string summary, MicroApp app) => new(card, data, summary, AppTalk.About(app));

    private static Presented Line(MicroApp app, Addressee to, string words, string icon) =>
        new("notice", GeneralCards.Notice(AppCards.Title(app), words, icon, "good", ($"Show {app.File.Name}", $"show {app.File.Name}")), words, null);
}
