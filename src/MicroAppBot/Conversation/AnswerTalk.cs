using System.Text.Json;
using Governance.Intake;
using MicroAppBot.Conversation.Understanding;
using MicroAppBot.Desk;
using Message = MicroAppBot.Desk.Message;

namespace MicroAppBot.Conversation;

/// <summary>Answers to the intake's questions, from a card's inputs or from typed words.</summary>
public static class AnswerTalk
{
    private const int MostEvidence = 60;

    /// <summary>A question's card was sent off: every input of it is taken, or all of them stay with what is wrong.</summary>
    public static async ValueTask<Reply> PressAsync(Visit visit, Said.Press press)
    {
        if (visit.Talk.Form is null) return await IntakeTalk.SubmitAsync(visit);
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        if (RequestTalk.Text(press, "slot") is { } suggested && Slot.All.Contains(suggested))
        {
            given[suggested] = RequestTalk.Text(press, "value") ?? "";
        }
        else
        {
            foreach (var slot in Slot.All.Where(press.Data.ContainsKey)) given[slot] = RequestTalk.Text(press, slot) ?? "";
        }
        // A question that was sent off without its inputs is asked again; an old card's inputs still count
        foreach (var slot in visit.Talk.Asking?.Slots ?? [])
        {
            if (given.Count == 0 || !given.ContainsKey(slot) && !press.Data.ContainsKey("slot") && given.Keys.Any(visit.Talk.Asking!.Slots.Contains)) given[slot] = "";
        }
        return given.Count == 0 ? await IntakeTalk.NextAsync(visit) : await TakeAsync(visit, given, typed: false);
    }

    /// <summary>Something was typed while a draft is open.</summary>
    public static async ValueTask<Reply> SayAsync(Visit visit, TypedAnswers typed, string words, Reading reading)
    {
        if (await ByCommandAsync(visit, reading.Intent) is { } moved) return moved;
        if (TypedAnswers.WantsToGoOn(words)) return visit.Talk.Asking is null ? await IntakeTalk.SummaryAsync(visit) : IntakeTalk.Ask(visit);
        if (TypedAnswers.WantsToSeeAll(words)) return await IntakeTalk.ShowAllAsync(visit);
        if (visit.Talk.Asking is null && TypedAnswers.WantsToSubmit(words)) return await IntakeTalk.SubmitAsync(visit);
        if (TypedAnswers.IsCommand(words) || reading is { Intent: Intents.Why, App: not null }) return await CommandAsync(visit, reading) ?? NotCaught(visit);

        if (visit.Talk.Asking is null && IsAnotherWish(words, reading)) return IntakeTalk.DraftIsOpen(visit);
        var understood = typed.Understand(words, visit);
        if (understood.Command is { } command && await ByCommandAsync(visit, command) is { } wished) return wished;
        var takesAway = visit.Talk.Asking is null && TypedAnswers.TakesAway(words);
        var saysLess = takesAway && understood.Values.ContainsKey(Governance.Intake.Slot.Data);
        if (understood.Values.Count > 0 && !saysLess) return await TakeAsync(visit, understood.Values, typed: true);
        if (takesAway) return await IntakeTalk.EditAsync(visit, Governance.Intake.Slot.Data, null, "To take something away, untick it here and save.");
        if (visit.Talk.Asking is null && reading.Intent == Intents.New) return IntakeTalk.DraftIsOpen(visit);
        if (reading.Intent != Intents.New && await CommandAsync(visit, reading) is { } answer) return answer;
        if (visit.Talk.Asking is not null && understood.Faults.Count > 0) return IntakeTalk.Ask(visit, errors: understood.Faults);
        return visit.Talk.Asking is not null ? NotCaught(visit) : await IntakeTalk.SummaryAsync(visit, null,
            ("default", "I did not catch what to change. You can say \"make it 14 days\" or \"the data is in the UK\", or use the button beside an answer."));
    }

    /// <summary>On the summary a few words change an answer; a whole sentence that says what kind of app, and of what, is about another app.</summary>
    private static bool IsAnotherWish(string words, Reading reading)
    {
        const int Sentence = 8;
        return reading is { Intent: Intents.New, Shape: not null } && reading.Kinds.Count + reading.Connectors.Count > 0
            && words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length >= Sentence;
    }

    private static Reply NotCaught(Visit visit) => IntakeTalk.Ask(visit, note: ("default", "I did not catch that. Pick below, or say it in other words."));

    private static async ValueTask<Reply?> ByCommandAsync(Visit visit, string intent) => intent switch
    {
        Intents.Cancel => IntakeTalk.Cancel(visit),
        Intents.Back => await IntakeTalk.BackAsync(visit),
        Intents.StartOver => IntakeTalk.StartOver(visit),
        _ => null,
    };

    /// <summary>A command in the middle of a draft is answered, and the draft waits.</summary>
    private static async ValueTask<Reply?> CommandAsync(Visit visit, Reading reading) => await TypedCommands.AnswerAsync(visit, reading) is { } answer
        ? answer with { Messages = [.. answer.Messages, new Message.Line("Your draft is kept. Say \"continue\" to go on with it.")] }
        : null;

    private static bool Same(IntakeForm one, IntakeForm other) =>
        JsonSerializer.Serialize(one with { Evidence = [] }) == JsonSerializer.Serialize(other with { Evidence = [] });

    /// <summary>Takes answers in the order of the slots; what does not pass stays in its input with what is wrong.</summary>
    private static async ValueTask<Reply> TakeAsync(Visit visit, IReadOnlyDictionary<string, string> given, bool typed)
    {
        var form = visit.Talk.Form!;
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        // Kinds and connectors first: what others may say depends on them
        foreach (var (slot, value) in given.OrderBy(g => g.Key is Slot.Data or Slot.Connectors ? 0 : 1).ThenBy(g => Slot.All.ToList().IndexOf(g.Key)))
        {
            var answered = Answers.Put(form, slot, value, visit.Intake);
            form = answered.Form;
            if (answered.Fault is { } fault) faults[slot] = fault;
            else form = form with { Evidence = [.. form.Evidence.TakeLast(MostEvidence - 1), $"{slot}: {value} ({(typed ? "typed" : "picked")})"] };
        }
        if (faults.Count > 0)
        {
            visit.Talk = visit.Talk with
            {
                // What passed is kept; what did not is asked again, also where it was said from the summary
                Form = form,
                Asking = visit.Talk.Asking is { } asking && faults.Keys.All(asking.Slots.Contains) ? asking : new Question("edit", [.. faults.Keys]),
            };
            return IntakeTalk.Ask(visit, typed: given, errors: faults);
        }
        var lead = visit.Talk.Asking is { Id: "edit" } || (typed && visit.Talk.Asking is null)
            ? Same(form, visit.Talk.Form!) ? "Nothing changed: that is how it stands already. To take something away, press Change beside it." : "Changed. Here is how it looks now."
            : null;
        visit.Talk = visit.Talk.Step(form);
        return await IntakeTalk.NextAsync(visit, typed ? Drafts.Understood(form, visit.Intake) : null, lead);
    }
}
