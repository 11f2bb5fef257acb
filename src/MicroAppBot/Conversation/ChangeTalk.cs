using Governance.Apps;
using Governance.Intake;
using Governance.Manifests;
using Governance.Requests;
using MicroAppBot.Conversation.Wording;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>Changing an app that is there: its answers are opened again, and what comes of them is asked for as a change. Until then the app stays as it is.</summary>
public static class ChangeTalk
{
    /// <summary>The click on "Change".</summary>
    public static async ValueTask<Reply> OpenAsync(Visit visit, MicroApp app)
    {
        var title = AppCards.Title(app);
        if (visit.Talk.Form is not null) return visit.Talk.Changes == app.File.Id ? await IntakeTalk.SummaryAsync(visit) : IntakeTalk.DraftIsOpen(visit);
        if (await AskedAsync(visit, app.File.Id, app.File.Manifest, "") is Decision<RequestEvent>.Refused refused) return visit.Notice("Nothing was changed", refused.Words, "✋", "warning");
        var reason = (await visit.Sitting.RequestAsync(app.File.GrantedBy))?.File.Justification;
        var form = Drafting.Reopen(app.File.Id, app.File.Manifest, reason, visit.Intake.Catalogue);
        // What was made by a tool may hold what none of the questions is about; it would be lost without a word
        if (Questions.Next(form with { Justification = reason ?? title }, visit.Intake) is not null || ManifestHash.Of(Drafting.Finish(form, visit.Intake)) != app.File.ManifestHash)
            return visit.Notice("I cannot change this one here", $"{title} holds details that I have no question for. Please ask the governance team to change it; it stays as it is until then.", "✋", "warning");
        visit.Talk = visit.Talk.Closed() with { Form = form, Changes = app.File.Id, LastApp = app.File.Id };
        // What holds already the summary says by itself
        var coming = NewRuleCards.Coming(app, visit.Sitting.Now, visit.Proposal).Where(c => !visit.Sitting.Facts.Judge(app.File.Manifest).Findings.Any(f => f.Rule == c.Finding.Rule)).ToList();
        return await IntakeTalk.SummaryAsync(visit, $"This is {title} as it runs now. Change what you like and press the button at the end; until then it stays as it is.",
            coming.Count == 0 ? null : ("warning", $"A rule is about to change. {string.Join(" ", coming.Select(c => RuleWords.Plain($"{c.Finding.Message} {c.Finding.Fix}").Trim()))}"));
    }

    /// <summary>The command that files the draft of a change.</summary>
    public static RequestCommand.Submit Command(Visit visit, string id, Manifest manifest) =>
        new(id, RequestKind.Change, visit.Talk.Changes!, visit.PersonId, manifest, null, visit.Talk.Form!.Justification, Evidence: visit.Talk.Form.Evidence);

    /// <summary>What would be decided on it, without asking for it.</summary>
    public static async ValueTask<Decision<RequestEvent>> AskedAsync(Visit visit, string appId, Manifest manifest, string id) =>
        AppDecider.Submit(await visit.Sitting.AppAsync(appId), new RequestCommand.Submit(id, RequestKind.Change, appId, visit.PersonId, manifest, null, visit.Talk.Form?.Justification), await visit.Sitting.FactsAboutAsync(appId));

    /// <summary>The short name stays: folders, addresses and passwords hang on it.</summary>
    public static async ValueTask KeepNameAsync(Visit visit)
    {
        if (visit.Talk is { Changes: { } id, Form: { } form } && await visit.Sitting.AppAsync(id) is { } app && form.Name != app.File.Name) visit.Talk = visit.Talk with { Form = form with { Name = app.File.Name } };
    }

    /// <summary>Whether the draft says anything else than what is in force.</summary>
    public static async ValueTask<bool> IsDifferentAsync(Visit visit, Manifest manifest) =>
        visit.Talk.Changes is not { } id || await visit.Sitting.AppAsync(id) is not { } app || ManifestHash.Of(manifest) != app.File.ManifestHash;
}
