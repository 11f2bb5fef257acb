using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.Manifests;
using Governance.People;
using Governance.Requests;
using Governance.Verdicts;

namespace MicroAppBot.Conversation.Wording;

/// <summary>What the cards about a live app say, to whom.</summary>
public static class AppCards
{
    /// <summary>Reasons that people pick when they renew; typing their own always works too.</summary>
    private static readonly string[] RenewalReasons = ["Still used every week", "The project goes on", "Needed until we have a replacement"];

    public static JsonObject Detail(MicroApp app, Addressee reader)
    {
        var file = app.File;
        var (icon, words, tone) = State(app, reader);
        var (verdictIcon, verdict) = Addressee.Verdict(file.Report);
        var can = new JsonObject
        {
            // What is not there yet needs no renewal
            ["renew"] = app is not MicroApp.Provisioning && CanAsk(app, RequestKind.Renew, reader),
            ["archive"] = CanAsk(app, RequestKind.Archive, reader),
            ["restore"] = CanAsk(app, RequestKind.Restore, reader),
            ["raiseCap"] = CanAsk(app, RequestKind.RaiseCap, reader),
            ["change"] = app is MicroApp.Active && CanAsk(app, RequestKind.Change, reader),
        };
        var data = new JsonObject
        {
            ["ids"] = Ids(app),
            ["title"] = Title(app),
            ["state"] = new JsonObject { ["icon"] = icon, ["words"] = words, ["tone"] = tone },
            ["spend"] = Spend(file, reader),
            ["facts"] = Facts(file, reader),
            ["policy"] = new JsonObject { ["icon"] = verdictIcon, ["words"] = verdict },
            ["can"] = can,
            ["renewNeedsWords"] = NeedsWords(file, reader),
            ["why"] = $"why {file.Name}",
        };
        if (file.Manifest.App.Purpose is { Length: > 0 } purpose) data["purpose"] = purpose;
        if (file.Manifest.Cost.CapUsd is { } cap) data["capNow"] = cap;
        if (Because(app, reader) is { } said) data["said"] = said;
        return data;
    }

    public static JsonObject Live(MicroApp app, Addressee reader) => new()
    {
        ["ids"] = Ids(app),
        ["title"] = Title(app),
        ["lead"] = LiveFor(app.File.Manifest.App, reader),
        ["facts"] = Facts(app.File, reader),
        ["next"] = $"It runs until {reader.Day(app.File.ExpiresAt)}. I remind you before that, and one click renews it.",
        ["canArchive"] = CanAsk(app, RequestKind.Archive, reader),
    };

    /// <summary>A card of an app that was sent before something happened to it: the app as it is now, and what happened.</summary>
    public static JsonObject Redrawn(MicroApp app, Addressee reader, string? because, string? by)
    {
        var who = by is null ? "" : by == reader.Person.Id ? "You" : reader.FullName(by);
        var runs = $"It runs until {reader.Day(app.File.ExpiresAt)}.";
        var words = because switch
        {
            "renewed" => $"{who} renewed it. {runs}",
            "restored" => $"{who} brought it back. {runs}",
            "archived" => $"{who} archived it. Nothing is deleted.",
            "expired" => "It reached its end date and is switched off. Nothing is deleted.",
            "cap-raised" => $"{who} raised its cap to {InWords.Usd(app.File.Manifest.Cost.CapUsd ?? 0)} a month.",
            "suspended" => "It was paused.",
            "resumed" => "It is running again.",
            "changed" => $"{who} changed it.",
            _ => null,
        };
        return words is null ? Detail(app, reader) : Visit.Noted(Detail(app, reader), "default", words);
    }

    // Somebody who did not ask for it reads this as the first thing they ever hear of the app
    private static string LiveFor(AppSection app, Addressee reader) =>
        (app.Audience is not null ? $"It is there for {ManifestWords.Users(app)}." : "It is there for those who need it.")
        + (app.CoOwner == reader.Person.Id && app.Owner is { } owner ? $" {reader.FullName(owner)} looks after it, and you do when {reader.FullName(owner)} is away." : "");

    public static JsonObject Row(MicroApp app, Addressee reader)
    {
        var (icon, _, _) = State(app, reader);
        var row = new JsonObject { ["id"] = app.File.Id, ["title"] = Title(app), ["icon"] = icon, ["state"] = StateWord(app) };
        if (app.IsLive)
        {
            row["days"] = DaysLeft(app.File, reader);
            row["spend"] = SpendWords(app.File, reader);
        }
        else if (app is MicroApp.Archived archived)
        {
            row["days"] = reader.Now > archived.RestorableUntil ? "can no longer be restored" : $"can be restored until {reader.Day(archived.RestorableUntil)}";
        }
        return row;
    }

    public static JsonObject Reminder(MicroApp app, Addressee reader, string? justification = null, string? error = null)
    {
        var days = app.File.RemindersSent.DefaultIfEmpty(7).Min();
        var last = days <= reader.Facts.Numbers.Lifecycle.ReminderDays.DefaultIfEmpty(0).Min();
        var owner = reader.Person.Id == app.File.Manifest.App.Owner;
        var ends = $"{Title(app)} ends {reader.OnDay(app.File.ExpiresAt)}.";
        var data = new JsonObject
        {
            ["ids"] = Ids(app),
            ["title"] = Title(app),
            ["lead"] = last
                ? owner ? $"Last call: {ends}" : $"{ends} {reader.FullName(app.File.Manifest.App.Owner ?? "")} owns it and has not renewed it yet."
                : ends,
            ["tone"] = last ? "attention" : days <= 3 ? "warning" : "accent",
            ["last"] = last,
            ["facts"] = new JsonArray(
                Addressee.Fact("Used by", ManifestWords.Users(app.File.Manifest)),
                Addressee.Fact("Spent this month", SpendWords(app.File, reader)),
                Addressee.Fact("Owner", reader.NameAndPlace(app.File.Manifest.App.Owner ?? ""))),
            ["after"] = $"If nobody renews it, it is switched off then. Nothing is deleted: you can bring it back for {InWords.Count(reader.Facts.Numbers.Lifecycle.RestoreWithinDays, "day")}.",
            ["picks"] = new JsonArray([.. RenewalReasons.Select(r => (JsonNode)new JsonObject { ["title"] = r, ["value"] = r })]),
            ["needsWords"] = NeedsWords(app.File, reader),
            ["canRenew"] = CanAsk(app, RequestKind.Renew, reader),
            ["canArchive"] = CanAsk(app, RequestKind.Archive, reader),
        };
        if (justification is { Length: > 0 }) data["justification"] = justification;
        if (error is not null) data["error"] = error;
        return data;
    }

    public static JsonObject Archived(MicroApp app, Addressee reader)
    {
        var archived = app as MicroApp.Archived;
        return new JsonObject
        {
            ["ids"] = Ids(app),
            ["title"] = Title(app),
            ["lead"] = archived is null
                ? $"{Title(app)} is back: {StateWord(app).ToLowerInvariant()}."
                : archived.Reason == ArchiveReason.Expired
                    ? $"{Title(app)} reached its end date {reader.OnDay(archived.At)} and is switched off. Nothing is deleted."
                    : $"{Title(app)} was archived {reader.OnDay(archived.At)}. Nothing is deleted.",
            ["facts"] = new JsonArray(Addressee.Fact("Owner", reader.NameAndPlace(app.File.Manifest.App.Owner ?? ""))),
            ["until"] = archived is null ? "" : BringBack(archived, reader),
            ["canRestore"] = CanAsk(app, RequestKind.Restore, reader),
        };
    }

    public static JsonObject CostAlert(MicroApp app, Addressee reader, string? level, string? justification = null, string? error = null)
    {
        var file = app.File;
        var cap = file.Manifest.Cost.CapUsd ?? 0;
        var forecast = level == "forecast";
        var data = new JsonObject
        {
            ["ids"] = Ids(app),
            ["title"] = Title(app),
            ["lead"] = forecast
                ? $"{Title(app)} is on its way above its cap of {InWords.Usd(cap)} this month."
                : $"{Title(app)} has spent {SpendWords(file, reader)} this month.",
            ["tone"] = level is "100" ? "attention" : forecast || level == "80" ? "warning" : "accent",
            ["spend"] = Spend(file, reader),
            ["facts"] = new JsonArray(Addressee.Fact("Owner", reader.NameAndPlace(file.Manifest.App.Owner ?? ""))),
            ["after"] = file.Spend.SuspendsAt is { } at && app.IsLive
                ? $"The cap is spent. Unless it is raised before, it is paused on {reader.Moment(at)}."
                : file.Manifest.App.Template is { } t && reader.Catalogue.Template(t)?.HardCap == true
                ? "Its cap is a hard one: it is paused as soon as the cap is spent, or when the forecast passes it."
                : "It is paused when the cap is spent. A higher cap takes one click.",
            ["canArchive"] = CanAsk(app, RequestKind.Archive, reader),
        };
        if (IsThisMonth(file, reader) && file.Spend.ReportedForecastUsd is { } reported) data["forecast"] = $"Forecast for the month: {InWords.Usd(decimal.Round(reported, 2))}";
        if (CanAsk(app, RequestKind.RaiseCap, reader)) data["raise"] = new JsonObject { ["suggested"] = SuggestedCap(file, reader) };
        if (justification is { Length: > 0 }) data["justification"] = justification;
        if (error is not null) data["error"] = error;
        return data;
    }

    public static JsonObject Suspended(MicroApp app, Addressee reader, string? error = null)
    {
        var suspended = app as MicroApp.Suspended;
        var data = new JsonObject
        {
            ["ids"] = Ids(app),
            ["title"] = Title(app),
            ["lead"] = suspended is null ? $"{Title(app)} is running again." : $"{Title(app)} is paused: {Why(suspended.Reason)}",
            ["facts"] = new JsonArray(Addressee.Fact("Spent this month", SpendWords(app.File, reader)), Addressee.Fact("Owner", reader.NameAndPlace(app.File.Manifest.App.Owner ?? ""))),
            ["next"] = suspended is null ? "Nothing is left for you to do." : "Nothing is lost. Ask for a higher cap and it goes on, or archive it.",
            ["canArchive"] = CanAsk(app, RequestKind.Archive, reader),
        };
        if (suspended is not null && CanAsk(app, RequestKind.RaiseCap, reader)) data["raise"] = new JsonObject { ["suggested"] = SuggestedCap(app.File, reader) };
        if (error is not null) data["error"] = error;
        return data;
    }

    /// <summary>Why an app or a request is judged as it is.</summary>
    public static JsonObject WhyCard(string title, PolicyReport report, JsonObject ids, string route, Addressee reader, bool isApp, IReadOnlyList<string> rules) => new()
    {
        ["ids"] = ids,
        ["title"] = title,
        ["lead"] = Addressee.Verdict(report).Words + ".",
        ["risk"] = reader.Risk(report.Risk),
        ["findings"] = reader.Findings(report.Findings, false),
        ["factors"] = new JsonArray([.. report.Risk.Factors.Select(f => (JsonNode)new JsonObject { ["points"] = f.Points, ["why"] = f.Why })]),
        ["route"] = route,
        ["revision"] = report.Revision.Length > 12 ? report.Revision[..12] : report.Revision,
        ["rules"] = new JsonArray([.. rules.Select(line => (JsonNode)new JsonObject { ["words"] = line.Trim() })]),
        ["can"] = new JsonObject { ["showRequest"] = !isApp, ["showApp"] = isApp, ["readRules"] = rules.Count > 0 },
    };

    public static bool IsOwner(MicroApp app, Person person) => person.Id == app.File.Manifest.App.Owner || person.Id == app.File.Manifest.App.CoOwner;

    public static string Title(MicroApp app) => app.File.Manifest.App.Title ?? app.File.Name;

    /// <summary>The app and its term: a card of an earlier term is told from one of now, so that a second click renews nothing again.</summary>
    public static JsonObject Ids(MicroApp app) => new() { ["app"] = app.File.Id, ["version"] = Term(app) };

    /// <summary>The end of the term in minutes since 1970.</summary>
    public static int Term(MicroApp app) => (int)(app.File.ExpiresAt.ToUnixTimeSeconds() / 60);

    public static string SpendWords(AppFile file, Addressee reader) => file.Manifest.Cost.CapUsd is { } cap
        ? $"{InWords.Usd(SpentUsd(file, reader))[..^4]} of {InWords.Usd(cap)}"
        : InWords.Usd(SpentUsd(file, reader));

    public static string StateWord(MicroApp app) => app switch
    {
        MicroApp.Provisioning => "Being set up",
        MicroApp.Active => "Live",
        MicroApp.Suspended => "Paused",
        MicroApp.Archived => "Archived",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static (string Icon, string Words, string Tone) State(MicroApp app, Addressee reader) => app switch
    {
        MicroApp.Provisioning => ("⚙️", "Approved and being set up. It is not live yet.", "accent"),
        MicroApp.Active => ("🟢", $"Live until {reader.Day(app.File.ExpiresAt)}", "good"),
        MicroApp.Suspended s => ("⏸️", $"Paused since {reader.Moment(s.At)}", "warning"),
        MicroApp.Archived a => ("🗄️", $"Archived on {reader.Moment(a.At)}", "default"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string? Because(MicroApp app, Addressee reader) => app switch
    {
        MicroApp.Suspended s => Sentence(Why(s.Reason)),
        MicroApp.Archived { Reason: ArchiveReason.Expired } a => $"It reached its end date. {BringBack(a, reader)}",
        MicroApp.Archived a => $"Its owner archived it. {BringBack(a, reader)}",
        _ => null,
    };

    private static string BringBack(MicroApp.Archived app, Addressee reader) => reader.Now > app.RestorableUntil
        ? "It can no longer be brought back."
        : $"{(CanAsk(app, RequestKind.Restore, reader) ? "You" : "Its owner")} can bring it back until {reader.Day(app.RestorableUntil)}.";

    private static bool CanAsk(MicroApp app, RequestKind kind, Addressee reader) => AppDecider.CanAsk(app, kind, reader.Person.Id, reader.Facts);

    private static string Why(SuspensionReason reason) => reason == SuspensionReason.CapSpent
        ? "its cap for this month is spent."
        : "its forecast for this month passes its hard cap.";

    private static JsonArray Facts(AppFile file, Addressee reader)
    {
        var m = file.Manifest;
        var facts = new JsonArray(
            Addressee.Fact("Short name", file.Name),
            Addressee.Fact("Owner", m.App.CoOwner is { } co ? $"{reader.FullName(m.App.Owner ?? "")}, with {reader.FullName(co)}" : reader.FullName(m.App.Owner ?? "")),
            Addressee.Fact("Data", $"{m.App.DataClass}: {ManifestWords.Kinds(m)}"),
            Addressee.Fact("Connects to", ManifestWords.Connections(m, reader.Catalogue)),
            Addressee.Fact("Runs in", ManifestWords.Place(m, reader.Catalogue)));
        if (m.Cost.CapUsd is { } cap) facts.Add(Addressee.Fact("Monthly cap", InWords.Usd(cap)));
        return facts;
    }

    /// <summary>In the month that it is now; figures of a month that is over are history.</summary>
    private static decimal SpentUsd(AppFile file, Addressee reader) => IsThisMonth(file, reader) ? decimal.Round(file.Spend.TotalUsd, 2) : 0;

    private static bool IsThisMonth(AppFile file, Addressee reader) => file.Spend.Month == Governance.Apps.Spend.MonthOf(reader.Now);

    private static JsonObject Spend(AppFile file, Addressee reader)
    {
        var cap = file.Manifest.Cost.CapUsd ?? 0;
        var share = cap <= 0 ? 0 : (int)Math.Clamp(decimal.Round(SpentUsd(file, reader) / cap * 100), 0, 100);
        return new JsonObject { ["words"] = $"{SpendWords(file, reader)} this month", ["share"] = share, ["tone"] = share >= 100 ? "attention" : share >= 80 ? "warning" : "good" };
    }

    private static decimal SuggestedCap(AppFile file, Addressee reader)
    {
        var cap = file.Manifest.Cost.CapUsd ?? 50;
        var need = Math.Max(cap * 1.5m, Math.Max(IsThisMonth(file, reader) ? file.Spend.ReportedForecastUsd ?? 0 : 0, SpentUsd(file, reader)) * 1.2m);
        return Math.Max(Math.Ceiling(need / 10) * 10, cap + 10);
    }

    private static bool NeedsWords(AppFile file, Addressee reader) =>
        reader.Facts.Numbers.Lifecycle.RenewalNeedsJustification.GetValueOrDefault(file.Report.Risk.Tier, true);

    private static string DaysLeft(AppFile file, Addressee reader)
    {
        var days = (int)Math.Ceiling((file.ExpiresAt - reader.Now).TotalDays);
        return days <= 0 ? "ends today" : $"{InWords.Count(days, "day")} left";
    }

    private static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
