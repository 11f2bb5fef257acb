using System.Collections.Concurrent;
using Governance.People;
using MicroAppBot.Content;
using MicroAppBot.Conversation.Understanding;
using MicroAppBot.Conversation.Wording;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>A turn in, a reply out: which question or command is meant, and what follows from it.</summary>
public sealed partial class Converser(Desk.Desk desk, ContentFolder content, Reader reader, TypedAnswers typed, Merging merging, IProposer proposer, ILogger<Converser> log, IReach? reach = null, IRulebookProposal? proposal = null) : ITurns
{
    /// <summary>Longer than anybody explains an app; what is beyond is not read.</summary>
    private const int MostRead = 4000;

    /// <summary>What a button can bring back whole; words cut short would ask for something else.</summary>
    private const int MostRepeated = 900;

    /// <summary>With one of these behind it, "why" begins a question and not a name.</summary>
    private static readonly HashSet<string> QuestionWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "am", "are", "can", "can't", "cannot", "could", "couldn't", "did", "didn't", "do", "does", "doesn't", "don't", "has", "have", "i", "is", "isn't", "must", "not", "should", "was", "wasn't", "were", "will", "won't", "would",
    };

    /// <summary>What the governance admins heard of these rules: other rules have a conversation of their own.</summary>
    private readonly ConcurrentDictionary<string, byte> _told = new(StringComparer.Ordinal);

    public async Task<Reply> TakeAsync(Turn turn, CancellationToken cancel)
    {
        // Reading, and asking a model, happen before anything is loaded: a second try after a conflict reads nothing again
        var heard = await HearAsync(turn.Said, cancel);
        try
        {
            var done = heard.Reading?.Intent switch
            {
                Intents.Grace => await GraceInParts.GiveAsync(desk, proposal, turn.Person, heard.Reading.App, cancel),
                Intents.TakeGraceBack => await GraceInParts.TakeBackAsync(desk, turn.Person, heard.Reading.App, cancel),
                _ => [],
            };
            return await desk.HandleAsync(turn, sitting => AnswerAsync(sitting, heard with { Done = done }), AgainAsync, cancel);
        }
        catch (CouldNotJudgeException mute)
        {
            CouldNotJudge(turn.Id, mute);
            if (mute.IsAboutOne) await TellAdminsAsync(mute, cancel);
            ValueTask<Reply> Sorry(Sitting _) => ValueTask.FromResult(CannotJudge(heard.Words));
            return await desk.HandleAsync(turn, Sorry, Sorry, cancel);
        }
    }

    /// <summary>Fails closed: nothing is decided, and what was written can be said again with one click.</summary>
    private static Reply CannotJudge(string words) => Visit.ShowBeside("notice", GeneralCards.Notice(
        "I cannot check the rules right now", "So nothing was decided and nothing was sent to anybody. Everything you told me before is kept. Please do this once more in a few minutes; if it stays like this, tell a governance admin.", "⏳", "warning",
        words.Length is > 0 and <= MostRepeated ? [("Try again", words)] : []));

    /// <summary>Whoever can mend the rules hears of it at once and not from the people it stops: one place of the rules once, as long as they are the same.</summary>
    private async Task TellAdminsAsync(CouldNotJudgeException mute, CancellationToken cancel)
    {
        if (!_told.TryAdd(mute.Message, 0)) return;
        var now = desk.Look(cancel);
        await desk.SayAsync(now.Facts.People.Values.Where(p => p.Has(Role.GovernanceAdmin)).Select(p => p.Id), "notice", GeneralCards.Notice("The rules gave no answer",
            $"Somebody asked for something that the rules in force (revision {now.Revision[..Math.Min(12, now.Revision.Length)]}) could not decide. Nothing was approved and nothing is lost, "
            + $"but it stays like this until the rules are mended:\n\n{mute.Message}\n\nAs soon as that is mended I go by it by myself.", "⚠️", "warning"), cancel);
    }

    private async Task<Heard> HearAsync(Said said, CancellationToken cancel)
    {
        var words = said switch
        {
            Said.Text text => text.Words,
            Said.Press { Verb: "say" or "intake.start" } press => RequestTalk.Text(press, "text"),
            _ => null,
        };
        if (string.IsNullOrWhiteSpace(words)) return new Heard("", null);
        words = InWords.Cut(words, MostRead);
        var reading = reader.Read(words);
        // The button that offers to take words as a wish says them with this in front; and so does whoever knows the command
        if (reading.Intent is Intents.Unknown or Intents.Other && words.TrimStart().StartsWith("new ", StringComparison.OrdinalIgnoreCase)) reading = reading with { Intent = Intents.New };
        if (reading.Intent is Intents.New or Intents.Unknown or Intents.Other)
        {
            reading = merging.Merge(reading, await proposer.ProposeAsync(words, cancel));
        }
        return new Heard(words, reading);
    }

    private async ValueTask<Reply> AnswerAsync(Sitting sitting, Heard heard)
    {
        var visit = new Visit(sitting, content.Catalogue) { Proposal = proposal };
        var reply = sitting.Turn!.Said switch
        {
            Said.Arrived => visit.Talk.Greeted ? Reply.Silence : await TypedCommands.WelcomeAsync(visit, help: false),
            Said.Text => await SaidAsync(visit, heard),
            Said.Press press => await PressedAsync(visit, press, heard),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        visit.Keep();
        if (sitting.Turn.OthersReadAlong) reply = ReadAlong.Of(reply, sitting.Person, heard.Reading?.Intent == Intents.Policy, sitting.Turn.Account.Channel);
        // One row of a card with several things on it: the card stays for the others
        return sitting.Turn.Said is Said.Press pressed && RequestTalk.Text(pressed, "beside") is not null ? reply with { Replaces = false } : reply;
    }

    private async ValueTask<Reply> PressedAsync(Visit visit, Said.Press press, Heard heard) => IsOfAnotherDraft(visit, press) ? await IntakeTalk.AnotherDraftAsync(visit) : press.Verb switch
    {
        "say" => await SaidAsync(visit, heard),
        "intake.start" => await StartAsync(visit, press, heard),
        "intake.answer" => await AnswerTalk.PressAsync(visit, press),
        "intake.edit" => await IntakeTalk.EditAsync(visit, RequestTalk.Text(press, "slot"), RequestTalk.Text(press, "request")),
        // What its card showed in a form that none of our cards has: nothing is filed, the summary is shown
        "intake.submit" => await IntakeTalk.SubmitAsync(visit, RequestTalk.Text(press, "shown") ?? (press.Data.ContainsKey("shown") ? "" : null)),
        "intake.back" => await IntakeTalk.BackAsync(visit),
        "intake.cancel" => IntakeTalk.Cancel(visit),
        "request.approve" or "request.reject" or "request.ask-changes" or "request.delegate" or "request.withdraw" or "request.show" => await RequestTalk.PressAsync(visit, press),
        "app.show" or "app.change" or "app.renew" or "app.archive" or "app.restore" or "app.raise-cap" => await AppTalk.PressAsync(visit, press),
        _ => UnknownVerb(visit, press.Verb),
    };

    /// <summary>A card of a draft that is gone, while another one is open: what it says is not what would be done.</summary>
    private static bool IsOfAnotherDraft(Visit visit, Said.Press press) =>
        press.Verb.StartsWith("intake.", StringComparison.Ordinal) && visit.Talk.Form is { } open
        && RequestTalk.Text(press, "draft") is { } draft && draft != open.AppId;

    private async ValueTask<Reply> StartAsync(Visit visit, Said.Press press, Heard heard)
    {
        if (visit.Talk.Form is not null) return IntakeTalk.DraftIsOpen(visit);
        if (RequestTalk.Text(press, "template") is { } template) return await IntakeTalk.StartFromTemplateAsync(visit, template);
        return await IntakeTalk.StartAsync(visit, heard.Reading ?? reader.Read("new"));
    }

    private async ValueTask<Reply> SaidAsync(Visit visit, Heard heard)
    {
        if (heard.Reading is not { } reading) return await TypedCommands.WelcomeAsync(visit, help: false);
        if (visit.Talk is { Form: null, Dropped: not null } && TypedAnswers.WantsItBack(heard.Words)) return await IntakeTalk.TakeBackAsync(visit);
        reading = await AboutTheirAppAsync(visit, heard.Words, reading) ?? AsksWhy(heard.Words, reading) ?? reading;
        if (reading.Intent == Intents.Unreachable) return await ReachTalk.AnswerAsync(visit, reach);
        if (reading.Intent == Intents.Simulate) return await SimulationTalk.ShowAsync(visit, proposal, reading.App);
        if (reading.Intent == Intents.Grace) return await SimulationTalk.GiveAsync(visit, proposal, reading.App, heard.Done);
        if (reading.Intent == Intents.GraceCampaigns) return await GraceTalk.ShowAsync(visit, proposal);
        if (reading.Intent == Intents.TakeGraceBack) return await GraceTalk.TakeBackAsync(visit, proposal, reading.App, heard.Done);
        if (visit.Talk.Form is not null) return await AnswerTalk.SayAsync(visit, typed, heard.Words, reading);
        return reading.Intent switch
        {
            Intents.New => await IntakeTalk.StartAsync(visit, reading),
            Intents.Cancel => IntakeTalk.Cancel(visit),
            Intents.Back => await IntakeTalk.BackAsync(visit),
            Intents.StartOver => IntakeTalk.StartOver(visit),
            _ => await TypedCommands.AnswerAsync(visit, reading) ?? NotUnderstood(visit, heard.Words),
        };
    }

    /// <summary>"why campaigns last month", "hand lunch over to jonas": read again with the names of the apps that the person may open, where one of them is said; null where none is.</summary>
    private async ValueTask<Reading?> AboutTheirAppAsync(Visit visit, string words, Reading reading)
    {
        var apps = await TypedCommands.OpenToAsync(visit, reader.Command(words, []) is not null || reading.Intent is Intents.Show or Intents.Cost or Intents.Why or Intents.Status || StartsLikeALook(words));
        var named = apps.SelectMany(a => new[] { a.File.Name, AppCards.Title(a) }).Where(n => words.Contains(n, StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (named.Count == 0) return null;
        if (reader.Command(words, named) is { } command) return command;
        // A wish for something new may well name an app there is: "a page like lunch, for sales"
        var again = reader.Read(words, named);
        return again.App is not null && Intents.AboutAnApp.Contains(again.Intent) && (reading.Intent is not Intents.New || again.Intent is Intents.Transfer or Intents.Archive or Intents.Renew or Intents.Restore) ? again : null;
    }

    /// <summary>"why campaign budgets", of something that is no app of theirs: never a wish for a new one.</summary>
    private Reading? AsksWhy(string words, Reading reading)
    {
        const int LongestName = 8;
        if (reading.Intent is not (Intents.New or Intents.Unknown or Intents.Other) || !words.TrimStart().StartsWith("why ", StringComparison.OrdinalIgnoreCase)) return null;
        var about = words.Trim()[4..].Trim(' ', '?', '.', '!', '"', '“', '”', '\'');
        var said = about.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return said.Length is 0 or > LongestName || QuestionWords.Contains(said[0]) ? null : reader.Read("why") with { Text = words, App = about, MustAsk = [] };
    }

    private static bool StartsLikeALook(string words) => ((string[])["show ", "why ", "cost ", "status "]).Any(c => words.TrimStart().StartsWith(c, StringComparison.OrdinalIgnoreCase));

    private static Reply NotUnderstood(Visit visit, string words) => Visit.ShowBeside("did-not-understand", GeneralCards.DidNotUnderstand(
        words, words.Length <= MostRepeated ? ($"Ask for a new app: \"{GeneralCards.Short(words)}\"", $"new {words}") : null, "I am not sure what you mean. Is it one of these?"));

    private Reply UnknownVerb(Visit visit, string verb)
    {
        DoesNotKnow(verb.Length > 60 ? verb[..60] : verb);
        return visit.Notice("I cannot do that", "This button is from another version of me. Say \"help\" to see what I can do.", "🤷");
    }

    /// <summary>A turn that was handled already: what is true now, and nothing is asked for.</summary>
    private async ValueTask<Reply> AgainAsync(Sitting sitting)
    {
        var visit = new Visit(sitting, content.Catalogue) { Proposal = proposal };
        if (sitting.Turn!.Said is not Said.Press press) return Reply.Silence;
        // A list stays where a row of it was opened; a card that was decided on turns into the outcome
        if (press.Verb.StartsWith("request.", StringComparison.Ordinal)) return (await RequestTalk.PressAsync(visit, press with { Verb = "request.show" })) with { Replaces = press.Verb != "request.show" };
        if (press.Verb.StartsWith("app.", StringComparison.Ordinal)) return (await AppTalk.PressAsync(visit, press with { Verb = "app.show" })) with { Replaces = press.Verb != "app.show" };
        if (visit.Talk.Form is not null && press.Verb.StartsWith("intake.", StringComparison.Ordinal))
        {
            return visit.Talk.Asking is null ? await IntakeTalk.SummaryAsync(visit) : IntakeTalk.Ask(visit);
        }
        return visit.Talk.LastRequest is { } id && press.Verb.StartsWith("intake.", StringComparison.Ordinal) && await sitting.RequestAsync(id) is { } request
            ? RequestTalk.Show(visit, request)
            : Reply.Silence;
    }

    private sealed record Heard(string Words, Reading? Reading)
    {
        /// <summary>Ids of apps that were dealt with before the turn, because one commit cannot hold them all.</summary>
        public IReadOnlyList<string> Done { get; init; } = [];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Turn {TurnId} could not be judged and was decided by nobody.")]
    private partial void CouldNotJudge(string turnId, Exception why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A card asked for the verb {Verb}, which this version does not know.")]
    private partial void DoesNotKnow(string verb);
}
