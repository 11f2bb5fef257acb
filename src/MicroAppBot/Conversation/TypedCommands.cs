using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.Manifests;
using Governance.People;
using Governance.Requests;
using MicroAppBot.Conversation.Understanding;
using MicroAppBot.Conversation.Wording;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>Typed commands, and free text that means the same.</summary>
public static class TypedCommands
{
    /// <summary>The answer to a command; null where the words are none of those that exist so far.</summary>
    public static async ValueTask<Reply?> AnswerAsync(Visit visit, Reading reading) => reading.Intent switch
    {
        Intents.Help => await WelcomeAsync(visit, help: true),
        Intents.Greeting => await WelcomeAsync(visit, help: false),
        Intents.MyApps => await MyAppsAsync(visit, null),
        Intents.Status => await StatusAsync(visit, reading),
        Intents.Approvals or Intents.Approve or Intents.Reject => await ApprovalsAsync(visit),
        Intents.Templates => Visit.ShowBeside("template-list", GeneralCards.Templates(visit.To)),
        Intents.Policy => Policy(visit),
        Intents.Show or Intents.Cost => await WithAppAsync(visit, reading, app => ValueTask.FromResult(AppTalk.ShowBeside(visit, app)), look: true),
        Intents.Renew => await WithAppAsync(visit, reading, app => RenewAsync(visit, app)),
        Intents.Archive => await WithAppAsync(visit, reading, app => ArchiveAsync(visit, app)),
        Intents.Restore => await WithAppAsync(visit, reading, app => AppTalk.RestoreAsync(visit, app)),
        Intents.Why => await WhyAsync(visit, reading),
        Intents.Withdraw => await WithdrawAsync(visit),
        Intents.Transfer => NotYet(visit, await HandOverAsync(visit, reading), "Until then, ask a governance admin to do it for you."),
        Intents.Elevate => NotYet(visit, "give extra access for a few hours", "Until then, please ask your security team."),
        Intents.Review => NotYet(visit, "run the quarterly review", "Nothing is due from you."),
        Intents.Quarantine => NotYet(visit, "put an app into quarantine", "If it is urgent, call your security team now."),
        Intents.Kpis => NotYet(visit, "show the figures of the whole company", "Say \"my apps\" for yours."),
        _ => null,
    };

    public static async ValueTask<Reply> WelcomeAsync(Visit visit, bool help)
    {
        var waiting = await visit.Sitting.RequestsAsync(new SnapshotQuery(IsOpen: true, Waiting: visit.PersonId));
        var apps = await visit.Sitting.AppsAsync(new SnapshotQuery(Owner: visit.PersonId, Limit: 1));
        visit.Talk = visit.Talk with { Greeted = true };
        return Visit.ShowBeside("welcome", GeneralCards.Welcome(visit.To, waiting.Count(r => RequestDecider.SeatFor(r, visit.PersonId, visit.Sitting.Facts) is not null), apps.Count > 0, help));
    }

    private static async ValueTask<Reply> MyAppsAsync(Visit visit, string? lead)
    {
        var apps = await OwnPage.AppsAsync(visit.Sitting, visit.PersonId);
        return AppList(visit, apps, apps.Count == 0 ? null : lead);
    }

    private static Reply AppList(Visit visit, IReadOnlyList<MicroApp> apps, string? lead) => Visit.ShowBeside("app-list", ListCards.Apps(apps, visit.To, lead));

    private static async ValueTask<Reply> StatusAsync(Visit visit, Reading reading)
    {
        if (reading.App is not null && await FindAsync(visit, reading.App, look: true) is [var named]) return AppTalk.ShowBeside(visit, named);
        var mine = await visit.Sitting.RequestsAsync(new SnapshotQuery(Owner: visit.PersonId));
        var open = mine.Where(r => r.IsOpen).OrderByDescending(r => r.File.SubmittedAt).ToList();
        if (open.Count == 1) return RequestTalk.ShowBeside(visit, open[0]);
        if (open.Count == 0)
        {
            if (visit.Talk.Form is not null) return visit.Notice("Nothing is waiting", "You have a draft that is not filed yet.", "✏️", null, ("Go on with it", "continue"));
            if (mine.OrderByDescending(r => r.File.SubmittedAt).FirstOrDefault() is { } last) return RequestTalk.ShowBeside(visit, last);
            return visit.Notice("Nothing is waiting", "You have not asked for anything yet. Tell me what you need, in your own words.", "💬");
        }
        return Visit.ShowBeside("approvals-list", ListCards.Asked(open, visit.To));
    }

    private static async ValueTask<Reply> ApprovalsAsync(Visit visit)
    {
        var waiting = await OwnPage.WaitingAsync(visit.Sitting, visit.PersonId);
        if (waiting.Count == 1) return RequestTalk.ShowBeside(visit, waiting[0]);
        return Visit.ShowBeside("approvals-list", ListCards.Waiting(waiting, visit.To));
    }

    private static async ValueTask<Reply> RenewAsync(Visit visit, MicroApp app)
    {
        var wantsWords = visit.Sitting.Facts.Numbers.Lifecycle.RenewalNeedsJustification.GetValueOrDefault(app.File.Report.Risk.Tier, true);
        return wantsWords && AppDecider.CanAsk(app, RequestKind.Renew, visit.PersonId, visit.Sitting.Facts)
            ? Visit.ShowBeside("renewal-reminder", AppCards.Reminder(app, visit.To), AppTalk.About(app))
            : await AppTalk.RenewAsync(visit, app, null);
    }

    private static async ValueTask<Reply> ArchiveAsync(Visit visit, MicroApp app) => AppDecider.CanAsk(app, RequestKind.Archive, visit.PersonId, visit.Sitting.Facts)
        ? Visit.ShowBeside("app", Visit.Noted(AppCards.Detail(app, visit.To), "warning",
            "Archive it? It is switched off and kept: nothing is deleted, and one click brings it back. Press Archive below."), AppTalk.About(app))
        // Asked all the same, for the words that say why not
        : await AppTalk.ArchiveAsync(visit, app);

    private static async ValueTask<Reply> WhyAsync(Visit visit, Reading reading)
    {
        if (await OpenRequestAsync(visit, reading.App) is { } request)
        {
            var requestId = request.File.Id;
            var title = request.File.Manifest.App.Title ?? request.File.Manifest.App.Name;
            return Visit.ShowBeside("why", AppCards.WhyCard(title, request.File.Report, new JsonObject { ["request"] = requestId, ["app"] = request.File.AppId }, RouteOf(request.AllSeats, visit.To), visit.To, isApp: false, RulesFor(visit, request.File.Manifest)));
        }
        return await WithAppAsync(visit, reading, async app =>
        {
            var seats = await visit.Sitting.RequestAsync(app.File.GrantedBy) is { } granted ? granted.AllSeats : [];
            var card = AppCards.WhyCard(AppCards.Title(app), app.File.Report, AppCards.Ids(app), RouteOf(seats, visit.To), visit.To, isApp: true, RulesFor(visit, app.File.Manifest));
            return Visit.ShowBeside("why", app.IsLive ? NewRuleCards.Since(card, app, await TodayAsync(visit, app), visit.To, visit.Proposal) : card);
        }, look: true);
    }

    /// <summary>The open request that is meant, of their own or waiting for them: the one of that name where no app has it, and without a name the last one or the only one there can be.</summary>
    private static async ValueTask<Request?> OpenRequestAsync(Visit visit, string? named)
    {
        if (named is null && visit.Talk.LastRequest is { } last && await visit.Sitting.RequestAsync(last) is { IsOpen: true } request) return request;
        if ((await FindAsync(visit, named, look: true)).Count > 0) return null;
        var waiting = await OwnPage.WaitingAsync(visit.Sitting, visit.PersonId);
        if (named is null) return waiting is [var only] ? only : null;
        IReadOnlyList<Request> open = [.. await visit.Sitting.RequestsAsync(new SnapshotQuery(IsOpen: true, Owner: visit.PersonId)), .. waiting];
        return open.Where(r => Names(r).Any(n => n.Equals(named, StringComparison.OrdinalIgnoreCase))).DistinctBy(r => r.File.Id).ToList() is [var exact] ? exact
            : open.Where(r => Names(r).Any(n => n.Contains(named, StringComparison.OrdinalIgnoreCase))).DistinctBy(r => r.File.Id).ToList() is [var one] ? one : null;

        static IEnumerable<string> Names(Request r) => new[] { r.File.Manifest.App.Name, r.File.Manifest.App.Title }.OfType<string>();
    }

    /// <summary>What the rules of today say of an app, the time that it has counted in; null where they give no answer.</summary>
    private static async ValueTask<Governance.Verdicts.PolicyReport?> TodayAsync(Visit visit, MicroApp app)
    {
        try
        {
            return (await visit.Sitting.FactsAboutAsync(app.File.Id)).Judge(app.File.Manifest);
        }
        catch (CouldNotJudgeException)
        {
            return null;
        }
    }

    /// <summary>For whoever signs for a role, or owns the rules: they read them. A builder is told in words alone.</summary>
    private static IReadOnlyList<string> RulesFor(Visit visit, Manifest manifest) => visit.Sitting.Person.Roles.Count > 0 ? visit.Sitting.Trace(manifest) : [];

    private static string RouteOf(IReadOnlyList<Seat> seats, Addressee to) => seats.Count == 0
        ? "It was approved at once: nobody had to be asked."
        : $"It needs {InWords.List([.. seats.Select(s => Role.InASentence(s.Role))])}. Signed by: {InWords.List([.. seats.Select(s => s.Signature?.PersonId).OfType<string>().Select(to.FullName).DefaultIfEmpty("nobody yet")])}.";

    private static async ValueTask<Reply> WithdrawAsync(Visit visit)
    {
        var open = (await visit.Sitting.RequestsAsync(new SnapshotQuery(IsOpen: true, Owner: visit.PersonId))).OrderByDescending(r => r.File.SubmittedAt).ToList();
        return open.Count == 0
            ? visit.Notice("Nothing to take back", "You have no open request.", "👌")
            : RequestTalk.Show(visit, open.FirstOrDefault(r => r.File.Id == visit.Talk.LastRequest) ?? open[0], ("warning", "Take it back? Press Withdraw below."));
    }

    private static Reply Policy(Visit visit)
    {
        var limits = visit.Sitting.Facts.Numbers.Limits;
        return visit.Notice("The rules in short",
            "What an app shows decides how well it is protected. Everyday documents, work contacts and totals are fine at once. Customer names, contracts and budgets need a business owner and a security reviewer. "
            + "Salaries, health and ID numbers need three people and a place approved for them. Passwords never belong into an app. "
            + $"An app lives {InWords.Count(visit.Sitting.Facts.Catalogue.Templates.Values.Max(t => t.Defaults.TtlDays), "day")} and can be renewed; a monthly cap above {InWords.Usd(limits.CapUsd)} is signed for.",
            "📋", null, ("What can I start from?", "templates"));
    }

    /// <summary>"hand Lunch over to jonas": what was asked for, so that nobody wonders whether it was understood.</summary>
    private static async ValueTask<string> HandOverAsync(Visit visit, Reading reading)
    {
        var app = reading.App is { } name ? await FindAsync(visit, name, look: false) is [var found] ? AppCards.Title(found) : GeneralCards.Short(name) : "an app";
        return $"hand {app} over{(reading.NewOwner is { } owner ? $" to {GeneralCards.Short(owner)}" : "")}";
    }

    private static Reply NotYet(Visit visit, string what, string until) => visit.Notice("Not yet", $"I cannot {what} yet. {until}", "🚧");

    private static async ValueTask<Reply> WithAppAsync(Visit visit, Reading reading, Func<MicroApp, ValueTask<Reply>> then, bool look = false)
    {
        var found = await FindAsync(visit, reading.App, look);
        if (found is [var app])
        {
            visit.Talk = visit.Talk with { LastApp = app.File.Id };
            return await then(app);
        }
        if (reading.App is { } name)
        {
            return found.Count > 1
                ? AppList(visit, found, $"Which one do you mean by \"{GeneralCards.Short(name)}\"?")
                : await NoSuchAppAsync(visit, name);
        }
        return await MyAppsAsync(visit, "Which app do you mean? Open it here.");
    }

    // The same words whether there is none of that name or it is somebody else's: who owns what is nobody's business
    private static async ValueTask<Reply> NoSuchAppAsync(Visit visit, string name)
    {
        var apps = await OwnPage.AppsAsync(visit.Sitting, visit.PersonId);
        return apps.Count > 0
            ? AppList(visit, apps, $"I do not know an app of yours called \"{GeneralCards.Short(name)}\". These are yours:")
            : visit.Notice("I do not know that app", $"You have no app called \"{GeneralCards.Short(name)}\". If it is a colleague's, please ask them.", "🔎", null, ("Start a new app", "new"));
    }

    /// <summary>The apps whose names mean something to this person: their own, and to look at also those of others, where they hold a role.</summary>
    public static async ValueTask<IReadOnlyList<MicroApp>> OpenToAsync(Visit visit, bool look)
    {
        const int MostLookedAt = 2000;
        var mine = await visit.Sitting.AppsAsync(new SnapshotQuery(Owner: visit.PersonId));
        if (!look || visit.Sitting.Person.Roles.Count == 0) return mine;
        return [.. mine, .. (await visit.Sitting.AppsAsync(new SnapshotQuery(Limit: MostLookedAt))).Where(a => !AppCards.IsOwner(a, visit.Sitting.Person))];
    }

    /// <summary>The person's apps that fit the words; without words the one shown last, or the only one.</summary>
    /// <param name="look">Only to be looked at: then also what the person signed or is asked to sign, and for a governance admin any app.</param>
    private static async ValueTask<IReadOnlyList<MicroApp>> FindAsync(Visit visit, string? words, bool look)
    {
        var mine = await visit.Sitting.AppsAsync(new SnapshotQuery(Owner: visit.PersonId));
        if (string.IsNullOrWhiteSpace(words))
        {
            var last = mine.Where(a => a.File.Id == visit.Talk.LastApp).ToList();
            return last.Count == 1 ? last : mine;
        }
        var wanted = words.Trim();
        if (Fitting(mine, wanted) is var own && (own.Count > 0 || !look)) return own;
        var others = new List<MicroApp>();
        foreach (var app in Fitting(await OpenToAsync(visit, look), wanted))
        {
            if (await MayLookAsync(visit, app)) others.Add(app);
        }
        return others;
    }

    private static IReadOnlyList<MicroApp> Fitting(IReadOnlyList<MicroApp> apps, string wanted)
    {
        var exact = apps.Where(a => string.Equals(a.File.Name, wanted, StringComparison.OrdinalIgnoreCase) || string.Equals(AppCards.Title(a), wanted, StringComparison.OrdinalIgnoreCase)).ToList();
        return exact.Count > 0 ? exact
            : [.. apps.Where(a => a.File.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase) || AppCards.Title(a).Contains(wanted, StringComparison.OrdinalIgnoreCase))];
    }

    private static async ValueTask<bool> MayLookAsync(Visit visit, MicroApp app)
    {
        var me = visit.Sitting.Person;
        if (me.Has(Role.GovernanceAdmin)) return true;
        var requests = await visit.Sitting.RequestsAsync(new SnapshotQuery(AppId: app.File.Id));
        return requests.SelectMany(r => r.AllSeats).Any(s => s.AskedId == me.Id || s.Signature?.PersonId == me.Id);
    }
}
