using Governance.Intake;
using Governance.Manifests;
using Governance.People;
using Governance.Requests;
using MicroAppBot.Conversation.Understanding;
using MicroAppBot.Conversation.Wording;
using MicroAppBot.Desk;
using Message = MicroAppBot.Desk.Message;

namespace MicroAppBot.Conversation;

/// <summary>The way from a sentence to a filed request: ask what is missing, show the summary, file it.</summary>
public static partial class IntakeTalk
{
    /// <summary>What a button can bring back whole.</summary>
    private const int MostRepeated = 1000;

    /// <summary>In the place of a slot: several answers at once.</summary>
    public const string WholeForm = "all";

    /// <summary>Opens a draft from what was understood.</summary>
    public static async ValueTask<Reply> StartAsync(Visit visit, Reading reading)
    {
        var form = Drafts.From(reading, visit.Sitting.NewId(), visit.Intake);
        visit.Talk = visit.Talk.Closed() with { Form = form, Later = [.. reading.AlsoSaid.Where(said => said.Length <= MostRepeated).Take(5)] };
        var kept = visit.Talk.Later.Count == 0 ? null : $"One thing at a time: I keep {InWords.List([.. visit.Talk.Later.Select(said => $"“{GeneralCards.Short(said)}”")])} for afterwards.";
        var understood = Drafts.Understood(form, visit.Intake);
        if (kept is null) return await NextAsync(visit, understood);
        return Questions.Next(form, visit.Intake) is null ? await SummaryAsync(visit, null, ("default", kept)) : await NextAsync(visit, $"{understood} {kept}".Trim());
    }

    /// <summary>Opens a draft from a template that was picked.</summary>
    public static async ValueTask<Reply> StartFromTemplateAsync(Visit visit, string template)
    {
        var empty = new IntakeForm { AppId = visit.Sitting.NewId(), BuilderId = visit.PersonId };
        var form = Answers.Put(empty, Slot.Template, template, visit.Intake).Form;
        // A regulated template says where its data is at home
        if (visit.Intake.Catalogue.Template(form.Template)?.Limits.Residency is { } home) form = Answers.Put(form, Slot.Region, home, visit.Intake).Form;
        visit.Talk = visit.Talk.Closed() with { Form = form };
        return await NextAsync(visit, Drafts.Understood(form, visit.Intake));
    }

    /// <summary>The next question, or the summary when nothing is missing.</summary>
    public static async ValueTask<Reply> NextAsync(Visit visit, string? understood = null, string? lead = null)
    {
        if (Questions.Next(visit.Talk.Form!, visit.Intake) is not { } question) return await SummaryAsync(visit, lead);
        visit.Talk = visit.Talk with { Asking = question };
        return Ask(visit, understood);
    }

    /// <summary>The question that is open, with what was typed and could not be taken.</summary>
    public static Reply Ask(
        Visit visit, string? understood = null, IReadOnlyDictionary<string, string>? typed = null, IReadOnlyDictionary<string, string>? errors = null, (string Tone, string Words)? note = null)
    {
        var talk = visit.Talk;
        var number = 1 + talk.Past.Count(p => p.Asking is { Id: not "edit" });
        var data = IntakeCards.Question(talk.Asking!, talk.Form!, visit.Intake, number, talk.Past.Count > 0, understood, typed, errors);
        if (note is var (tone, words)) Visit.Noted(data, tone, words);
        return visit.Show("question", data);
    }

    /// <summary>The draft before it is filed: every answer, what policy says, who would be asked.</summary>
    public static async ValueTask<Reply> SummaryAsync(Visit visit, string? lead = null, (string Tone, string Words)? note = null)
    {
        // What was complete when it was kept may not be any more: a template can leave the catalogue meanwhile
        if (Questions.Next(visit.Talk.Form!, visit.Intake) is not null) return await NextAsync(visit);
        await NameItAsync(visit);
        visit.Talk = visit.Talk with { Asking = null };
        var form = visit.Talk.Form!;
        var manifest = Drafting.Finish(form, visit.Intake);
        var preview = await PreviewAsync(visit, manifest);
        if (preview is null) return await ClosedMeanwhileAsync(visit);
        var usually = preview.AllSeats.Count > 0 ? await History.UsuallyAsync(visit, preview.File.Report.Risk.Tier) : null;
        var data = IntakeCards.Summary(form, visit.Intake, manifest, preview, visit.To, usually, lead);
        if (visit.Talk.Changes is not null && preview.AllSeats.Count == 0)
        {
            data["submit"] = "Change it";
            if (preview is not Request.Stopped) data["route"] = "Nobody needs to be asked. It changes a moment after you click.";
        }
        if (note is var (tone, words)) Visit.Noted(data, tone, words);
        return visit.Show("summary", data);
    }

    /// <summary>The whole draft to read, beside the summary; the question that is open where it is not complete yet.</summary>
    public static async ValueTask<Reply> ShowAllAsync(Visit visit)
    {
        if (Questions.Next(visit.Talk.Form!, visit.Intake) is not null) return await NextAsync(visit);
        await NameItAsync(visit);
        var form = visit.Talk.Form!;
        var manifest = Drafting.Finish(form, visit.Intake);
        return Visit.ShowBeside("answers", IntakeCards.Whole(form, visit.Intake, manifest, visit.Sitting.Facts.Judge(manifest), visit.To));
    }

    /// <summary>Files the draft, or hands in the changed manifest of the request that is edited.</summary>
    /// <param name="shown">Hash of the manifest that the pressed card shows; null where nothing was shown (typed words).</param>
    public static async ValueTask<Reply> SubmitAsync(Visit visit, string? shown = null)
    {
        if (visit.Talk.Form is null) return await NothingOpenAsync(visit);
        if (Questions.Next(visit.Talk.Form, visit.Intake) is not null) return await NextAsync(visit);
        await NameItAsync(visit);
        var form = visit.Talk.Form;
        var manifest = Drafting.Finish(form, visit.Intake);
        if (shown is not null && shown != ManifestHash.Of(manifest))
        {
            return await SummaryAsync(visit, null, ("warning", "This changed since that card was drawn. Here it is as it is now; please look and press again."));
        }
        if (!await ChangeTalk.IsDifferentAsync(visit, manifest)) return await SummaryAsync(visit, null, ("default", "Nothing is different yet. Change an answer first, or say \"cancel\" to leave it as it is."));
        if (await visit.Sitting.IsNameTakenAsync(manifest.App.Name, form.AppId))
        {
            visit.Talk = visit.Talk.Step(form) with { Asking = new Question("edit", [Slot.Name]) };
            return Ask(visit, errors: new Dictionary<string, string> { [Slot.Name] = $"There is an app called {manifest.App.Name} already. Please pick another short name." });
        }
        var id = visit.Talk.EditsRequest ?? FilesAs(visit);
        RequestCommand command = visit.Talk is { EditsRequest: null, Changes: not null } ? ChangeTalk.Command(visit, id, manifest)
            : visit.Talk.EditsRequest is null
            ? new RequestCommand.Submit(id, RequestKind.Create, form.AppId, visit.PersonId, manifest, null, form.Justification, Evidence: form.Evidence, Earlier: await EarlierAsync(visit, manifest))
            : new RequestCommand.Resubmit(visit.PersonId, manifest, form.Justification);
        if (await visit.Sitting.AskAsync(id, command) is Decision<RequestEvent>.Refused refused)
        {
            return await SummaryAsync(visit, null, ("warning", refused.Words));
        }
        var request = (await visit.Sitting.RequestAsync(id))!;
        visit.Talk = visit.Talk with { LastRequest = id };
        if (request is Request.Stopped)
        {
            // The answers stay open: the summary says what would fit
            visit.Talk = visit.Talk with { EditsRequest = id };
            return await SummaryAsync(visit);
        }
        var later = visit.Talk.Later;
        visit.Talk = visit.Talk.Closed() with { Later = [] };
        var reply = RequestTalk.Show(visit, request);
        return later.Count == 0 ? reply : reply with
        {
            Messages = [.. reply.Messages, new Message.Card("notice", GeneralCards.Notice("You also asked for something else", "Shall we go on with it?", "💬", null, [.. later.Select(said => (GeneralCards.Short(said), said))]))],
        };
    }

    /// <summary>Opens an answer for editing; without a slot the summary of the request named is opened again.</summary>
    public static async ValueTask<Reply> EditAsync(Visit visit, string? slot, string? requestId, string? note = null)
    {
        if (requestId is not null && (visit.Talk.Form is null || visit.Talk.EditsRequest != requestId))
        {
            if (await visit.Sitting.RequestAsync(requestId) is not { } request || request.File.RequesterId != visit.PersonId || request.File.Kind != RequestKind.Create)
            {
                return visit.Notice("There is nothing to edit here", "Only the person who asked can change the answers of a new app.", "🔒", "warning");
            }
            if (request is Request.Granted) return RequestTalk.Show(visit, request, ("default", "This is approved already, so its answers stand. Say \"my apps\" to see it."));
            if (visit.Talk.Form is not null) return DraftIsOpen(visit);
            // What is over is asked anew, with the same answers and a new id
            var appId = request.IsOpen ? request.File.AppId : visit.Sitting.NewId();
            var form = Drafting.Reopen(appId, request.File.Manifest, request.File.Justification, visit.Intake.Catalogue) with { BuilderId = visit.PersonId };
            visit.Talk = visit.Talk.Closed() with { Form = form, EditsRequest = request.IsOpen ? requestId : null, Follows = request.IsOpen ? null : requestId };
        }
        if (visit.Talk.Form is not { } open) return await NothingOpenAsync(visit);
        if (slot == Slot.Name && visit.Talk.Changes is not null) return await SummaryAsync(visit, null, ("default", "The short name stays as it is: addresses and access hang on it. You can change the name above it."));
        if (slot == WholeForm)
        {
            visit.Talk = visit.Talk.Step(open) with { Asking = new Question("edit", SlotsOf(open)) };
            return Ask(visit);
        }
        if (slot is null || !Slot.All.Contains(slot))
        {
            return requestId is null && visit.Talk.Asking is null ? await SummaryAsync(visit, null, ("default", "Pick the answer that you want to change, then press the button below it.")) : await NextAsync(visit);
        }
        visit.Talk = visit.Talk.Step(open) with { Asking = new Question("edit", [slot]) };
        return Ask(visit, note: note is null ? null : ("default", note));
    }

    /// <summary>What the summary lets change, on one card.</summary>
    private static IReadOnlyList<string> SlotsOf(IntakeForm form) =>
    [
        Slot.Title, Slot.Purpose, Slot.Data, Slot.Connectors, .. form.Connectors?.Contains("external-webhook") == true ? [Slot.Destination] : Array.Empty<string>(),
        Slot.Audience, Slot.CoOwner, Slot.TtlDays, Slot.CostCapUsd,
    ];

    public static async ValueTask<Reply> BackAsync(Visit visit)
    {
        if (visit.Talk.Form is null) return await NothingOpenAsync(visit);
        if (visit.Talk.Past is not [.., var last])
        {
            return visit.Talk.Asking is null
                ? await SummaryAsync(visit, null, ("default", "This is the first step. You can change any answer here."))
                : Ask(visit, note: ("default", "This is the first step. Say \"cancel\" to leave it."));
        }
        var left = visit.Talk.Form;
        visit.Talk = visit.Talk with { Form = last.Form, Asking = last.Asking, Past = [.. visit.Talk.Past.SkipLast(1)] };
        if (last.Asking is null) return await SummaryAsync(visit);
        // Taken back as an answer, and still there to be changed rather than typed again
        var answered = last.Asking.Slots
            .Select(slot => (slot, value: IntakeFields.Field(slot, left, visit.Intake)["value"]?.ToString()))
            .Where(a => !string.IsNullOrEmpty(a.value))
            .ToDictionary(a => a.slot, a => a.value!, StringComparer.Ordinal);
        return Ask(visit, typed: answered);
    }

    public static Reply Cancel(Visit visit)
    {
        if (visit.Talk.Form is null) return visit.Notice("Nothing to cancel", "There is no draft open. Tell me what you need whenever you like.", "👌");
        var (edited, changes) = (visit.Talk.EditsRequest is not null, visit.Talk.Changes is not null);
        var (words, later) = (Dropping(visit), visit.Talk.Later);
        visit.Talk = visit.Talk.Drop();
        return visit.Show("notice", GeneralCards.Notice("Cancelled", edited ? "Your request stays as it was." : changes ? "The app stays as it is." : $"{words} Nothing was filed.", "👌", null,
            [("Take it back", "take it back"), .. later.Select(said => (GeneralCards.Short(said), said)), ("Start something new", "new")]));
    }

    public static Reply StartOver(Visit visit)
    {
        if (visit.Talk.Form is null) return visit.Show("welcome", GeneralCards.Welcome(visit.To, 0, false, help: false));
        var edited = visit.Talk.EditsRequest is not null;
        var words = edited ? "Your changes are dropped; the request stays as it was." : Dropping(visit);
        visit.Talk = visit.Talk.Drop();
        return visit.Show("notice", GeneralCards.Notice("Starting over", $"{words} Tell me in your own words what you need.", "🌱", null, ("Take it back", "take it back"), ("Start something new", "new")));
    }

    /// <summary>The draft that was dropped last, in the place where it stood. Once: what is dropped again is dropped.</summary>
    public static async ValueTask<Reply> TakeBackAsync(Visit visit)
    {
        var dropped = visit.Talk.Dropped!;
        visit.Talk = dropped with { LastApp = visit.Talk.LastApp, LastRequest = visit.Talk.LastRequest, Dropped = null };
        return visit.Talk.Asking is null ? await SummaryAsync(visit, null, ("good", "Here it is again, as you left it.")) : Ask(visit, note: ("good", "Here it is again, as you left it."));
    }

    private static string Dropping(Visit visit)
    {
        var form = visit.Talk.Form!;
        var also = visit.Talk.Later.Count == 0 ? "" : $" and what I kept for afterwards ({InWords.List([.. visit.Talk.Later.Select(said => $"“{GeneralCards.Short(said)}”")])})";
        return $"I dropped the draft “{Drafting.TitleOf(form, visit.Intake)}”{also}.";
    }

    /// <summary>A button of a draft that is gone was pressed while another one is open: the open one, as it stands.</summary>
    public static async ValueTask<Reply> AnotherDraftAsync(Visit visit)
    {
        var note = ("warning", "That card is of a draft that is not open any more. This is the one that is.");
        return visit.Talk.Asking is null ? await SummaryAsync(visit, null, note) : Ask(visit, note: note);
    }

    /// <summary>A draft is open and something new is asked for: neither is thrown away without a word.</summary>
    public static Reply DraftIsOpen(Visit visit) => visit.Notice(
        "You have a draft open",
        $"\"{Drafting.TitleOf(visit.Talk.Form!, visit.Intake)}\" is not filed yet. Go on with it, or drop it and start afresh?", "✏️", null,
        ("Go on with it", "continue"), ("Drop it and start afresh", "start over"));

    /// <summary>The name proposed from the title gets a number when somebody has it; a name that was chosen is left alone.</summary>
    private static async ValueTask NameItAsync(Visit visit)
    {
        await ChangeTalk.KeepNameAsync(visit);
        var form = visit.Talk.Form!;
        if (form.Name is not null) return;
        var proposed = Drafting.NameOf(form, visit.Intake);
        for (var number = 2; number < 100 && await visit.Sitting.IsNameTakenAsync(proposed, form.AppId); number++)
        {
            var suffix = $"-{number}";
            var stem = Drafting.NameOf(form, visit.Intake);
            proposed = stem[..Math.Min(stem.Length, AppName.LongestLabel - suffix.Length)].TrimEnd('-') + suffix;
        }
        if (proposed != Drafting.NameOf(form, visit.Intake)) visit.Talk = visit.Talk with { Form = form with { Name = proposed, Title = Drafting.TitleOf(form, visit.Intake) } };
    }

    /// <summary>The request as it would stand after submitting; null when the request that is edited is not open any more.</summary>
    private static async ValueTask<Request?> PreviewAsync(Visit visit, Manifest manifest)
    {
        var form = visit.Talk.Form!;
        var existing = visit.Talk.EditsRequest is { } id ? await visit.Sitting.RequestAsync(id) : null;
        RequestCommand command = existing is null
            ? new RequestCommand.Submit(FilesAs(visit), RequestKind.Create, form.AppId, visit.PersonId, manifest, null, form.Justification, Earlier: await EarlierAsync(visit, manifest))
            : new RequestCommand.Resubmit(visit.PersonId, manifest, form.Justification);
        var decision = existing is null && visit.Talk.Changes is { } changed ? await ChangeTalk.AskedAsync(visit, changed, manifest, FilesAs(visit)) : RequestDecider.Decide(existing, command, await visit.Sitting.FactsAboutAsync(form.AppId));
        if (decision is not Decision<RequestEvent>.Happened happened) return null;
        return happened.Events.Aggregate(existing, RequestDecider.Evolve);
    }

    /// <summary>Taking a request back and asking anew is no way round what people were asked about: it is remembered by the app's name and by the draft.</summary>
    private static async ValueTask<IReadOnlyList<Request>> EarlierAsync(Visit visit, Manifest manifest) =>
    [
        .. (await visit.Sitting.RequestsAsync(new SnapshotQuery(IsOpen: false, Owner: visit.PersonId)))
            .Where(r => r.File.Kind == RequestKind.Create && (r.File.Manifest.App.Name == manifest.App.Name || r.File.Id == visit.Talk.Follows)),
    ];

    private static string FilesAs(Visit visit)
    {
        var id = visit.Talk.FilesAs ?? visit.Sitting.NewId();
        visit.Talk = visit.Talk with { FilesAs = id };
        return id;
    }

    private static async ValueTask<Reply> ClosedMeanwhileAsync(Visit visit)
    {
        var id = visit.Talk.EditsRequest;
        visit.Talk = visit.Talk.Closed();
        return id is not null && await visit.Sitting.RequestAsync(id) is { } request
            ? RequestTalk.Show(visit, request, ("warning", "This request was closed in the meantime. Here is how it stands."))
            : await NothingOpenAsync(visit);
    }

    /// <summary>A button of a draft that is filed or gone: the truth instead.</summary>
    private static async ValueTask<Reply> NothingOpenAsync(Visit visit)
    {
        if (visit.Talk.LastRequest is { } id && await visit.Sitting.RequestAsync(id) is { } request)
        {
            return RequestTalk.Show(visit, request, ("default", "That draft is filed. Here is how it stands."));
        }
        return visit.Notice("That draft is not open any more", "Tell me what you need and we start afresh.", "💬", null, ("Start something new", "new"));
    }
}
