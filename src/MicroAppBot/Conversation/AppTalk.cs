using System.Globalization;
using Governance.Apps;
using Governance.Manifests;
using Governance.People;
using Governance.Requests;
using MicroAppBot.Conversation.Wording;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>Clicks and typed commands about a live app: show, renew, archive, restore, a higher cap. Each change is a request.</summary>
public static class AppTalk
{
    public static async ValueTask<Reply> PressAsync(Visit visit, Said.Press press)
    {
        if (RequestTalk.Text(press, "app") is not { } id || await visit.Sitting.AppAsync(id) is not { } app)
        {
            return visit.Notice("I cannot find that app", "It may be gone. Say \"my apps\" to see yours.", "🔎");
        }
        if (!MaySee(visit, app)) return visit.Notice("That app is somebody else's", "Only its owner and co-owner can open it here.", "🔒", "warning");
        visit.Talk = visit.Talk with { LastApp = id };
        var words = RequestTalk.Text(press, "justification") ?? RequestTalk.Text(press, "pick");
        return press.Verb switch
        {
            "app.show" => ShowBeside(visit, app),
            "app.change" => await ChangeTalk.OpenAsync(visit, app),
            "app.renew" when app is MicroApp.Active && RequestTalk.Number(press, "version") is { } term && term != AppCards.Term(app) =>
                visit.Show("app", Visit.Noted(AppCards.Detail(app, visit.To), "default", $"This is renewed already: it runs until {visit.To.Day(app.File.ExpiresAt)}."), About(app)),
            // A card that did not ask for a reason yet is no fault of whoever pressed it
            "app.renew" when words is null && !press.Data.ContainsKey("justification") && !press.Data.ContainsKey("pick") => await AskWhyAsync(visit, app),
            "app.renew" => await RenewAsync(visit, app, words),
            "app.archive" => await AskAsync(visit, app, RequestKind.Archive, app.File.Manifest, words),
            "app.restore" => await AskAsync(visit, app, RequestKind.Restore, app.File.Manifest, words),
            "app.raise-cap" => await RaiseCapAsync(visit, app, RequestTalk.Text(press, "costCapUsd"), words),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public static Reply ShowBeside(Visit visit, MicroApp app)
    {
        visit.Talk = visit.Talk with { LastApp = app.File.Id };
        return Visit.ShowBeside("app", AppCards.Detail(app, visit.To), About(app));
    }

    public static async ValueTask<Reply> RenewAsync(Visit visit, MicroApp app, string? words) =>
        await AskAsync(visit, app, RequestKind.Renew, app.File.Manifest, words);

    /// <summary>Renews, or asks what it is still needed for where that has to be said.</summary>
    public static async ValueTask<Reply> AskWhyAsync(Visit visit, MicroApp app)
    {
        var wantsWords = visit.Sitting.Facts.Numbers.Lifecycle.RenewalNeedsJustification.GetValueOrDefault(app.File.Report.Risk.Tier, true);
        return wantsWords && AppDecider.CanAsk(app, RequestKind.Renew, visit.PersonId, visit.Sitting.Facts)
            ? visit.Show("renewal-reminder", AppCards.Reminder(app, visit.To), About(app))
            : await RenewAsync(visit, app, null);
    }

    public static async ValueTask<Reply> ArchiveAsync(Visit visit, MicroApp app) => await AskAsync(visit, app, RequestKind.Archive, app.File.Manifest, null);

    public static async ValueTask<Reply> RestoreAsync(Visit visit, MicroApp app) => await AskAsync(visit, app, RequestKind.Restore, app.File.Manifest, null);

    public static CardSubject About(MicroApp app) => new(Streams.AppWord, app.File.Id);

    private static async ValueTask<Reply> RaiseCapAsync(Visit visit, MicroApp app, string? typed, string? words)
    {
        if (!decimal.TryParse(typed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cap) || cap is < 0 or > 1_000_000)
        {
            return visit.Show("cost-alert", Visit.Noted(AppCards.CostAlert(app, visit.To, null, words), "warning", "Please give the new cap as an amount in USD a month, such as 80."), About(app));
        }
        var manifest = app.File.Manifest with { Cost = app.File.Manifest.Cost with { CapUsd = cap } };
        return await AskAsync(visit, app, RequestKind.RaiseCap, manifest, words);
    }

    private static async ValueTask<Reply> AskAsync(Visit visit, MicroApp app, RequestKind kind, Manifest manifest, string? words)
    {
        // The same asked for twice, while people still sign for it, is one request
        var open = await visit.Sitting.RequestsAsync(new SnapshotQuery(IsOpen: true, AppId: app.File.Id));
        if (open.FirstOrDefault(r => r.File.Kind == kind && r.File.RequesterId == visit.PersonId && r.File.Manifest == manifest) is { } asked)
        {
            return RequestTalk.Show(visit, asked, ("default", "You asked for this already. Here is how it stands."));
        }
        var requestId = visit.Sitting.NewId();
        var decision = await visit.Sitting.AskAsync(requestId, new RequestCommand.Submit(requestId, kind, app.File.Id, visit.PersonId, manifest, app.File.Manifest, words));
        var now = (await visit.Sitting.AppAsync(app.File.Id))!;
        if (decision is Decision<RequestEvent>.Refused refused) return Refused(visit, now, kind, words, refused);
        var request = (await visit.Sitting.RequestAsync(requestId))!;
        visit.Talk = visit.Talk with { LastRequest = requestId };
        return request is Request.Granted
            ? visit.Show("app", Visit.Noted(AppCards.Detail(now, visit.To), "good", Done(kind, now, visit.To)), About(now))
            : RequestTalk.Show(visit, request);
    }

    /// <summary>The card that was clicked, as it is now, with what is in the way; typed words are kept.</summary>
    private static Reply Refused(Visit visit, MicroApp app, RequestKind kind, string? words, Decision<RequestEvent>.Refused refused)
    {
        var wordsMissing = refused.Code is RefusalCode.WordsWanted or RefusalCode.TooLong;
        return kind switch
        {
            RequestKind.Renew when wordsMissing => visit.Show("renewal-reminder", AppCards.Reminder(app, visit.To, words, refused.Words), About(app)),
            RequestKind.RaiseCap when wordsMissing => visit.Show("cost-alert", AppCards.CostAlert(app, visit.To, null, words, refused.Words), About(app)),
            _ => visit.Show("app", Visit.Noted(AppCards.Detail(app, visit.To), "warning", refused.Words), About(app)),
        };
    }

    private static string Done(RequestKind kind, MicroApp app, Addressee to) => kind switch
    {
        RequestKind.Renew => $"Renewed. It now runs until {to.Day(app.File.ExpiresAt)}.",
        RequestKind.Archive => "Archived. Nothing is deleted, and you can bring it back.",
        RequestKind.Restore => $"Welcome back. It is being switched on again and runs until {to.Day(app.File.ExpiresAt)}.",
        RequestKind.RaiseCap => $"Done. The cap is {InWords.Usd(app.File.Manifest.Cost.CapUsd ?? 0)} a month now.",
        _ => "Done.",
    };

    private static bool MaySee(Visit visit, MicroApp app)
    {
        var me = visit.Sitting.Person;
        // Somebody who approves, or manages the owner, has to be able to look before they answer
        return AppCards.IsOwner(app, me) || me.Roles.Count > 0
            || (app.File.Manifest.App.Owner is { } owner && visit.Sitting.Facts.People.TryGetValue(owner, out var person) && person.Manager == me.Id);
    }
}
