using System.Text.Json.Nodes;
using MicroAppBot.Cards.BlockKit;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>
/// Modals. One that was opened from a message asks for what its button needs, and goes on as long as the next question follows;
/// what becomes of it stands in the message. One that stands for itself (a shortcut, the Home tab) is a window: it shows the answers too.
/// </summary>
internal sealed class SlackForms(SlackTalk talk, SlackCards cards, SlackViews views, SlackWhispers whispers, TimeProvider time)
{
    public const string TooLate = "That took a moment too long to open. Please press it once more.";

    private static readonly JsonObject Closes = new() { ["response_action"] = "clear" };

    /// <summary>Opens a form that a button needs.</summary>
    /// <param name="on">The message whose place the answer takes.</param>
    /// <returns>False where Slack did not open it.</returns>
    public Task<bool> OpenAsync(SlackPlace place, SlackSender who, SlackPress press, string name, JsonObject form, string? on, bool isWindow) =>
        views.OpenAsync(place, press.TriggerId, async () => await views.OfAsync(who.Person, place, name, form, on, isWindow), isUpper: press.IsInForm);

    /// <summary>A form was sent off.</summary>
    /// <returns>What the form does now: stays with what is wrong, goes on, or closes (null).</returns>
    public async Task<JsonObject?> SubmitAsync(JsonObject payload, SlackHurry hurry)
    {
        if (payload["view"] is not JsonObject view) return null;
        if (SlackPlace.OfInteraction(payload) is not { } place) return Update(Unknown);
        var who = await talk.WhoAsync(place);
        if (await FormAsync(view, who) is not var (note, kept, form) || BlockKit.ActionOf(form, SlackJson.Text(view, "callback_id") ?? "") is not { } action) return Update(Unknown);
        var inputs = BlockKit.Inputs(form, view["state"]?["values"] as JsonObject ?? []);
        if (BlockKit.Faults(form, inputs) is { Count: > 0 } faults) return Errors(faults);

        var data = action.Data.DeepClone().AsObject();
        foreach (var (id, value) in inputs) data[id] = value?.DeepClone();
        var turn = SlackTalk.TurnId("form", place.UserId, SlackJson.Text(payload, "trigger_id") ?? SlackJson.Text(view, "id"), SlackJson.Text(view, "hash"));
        var (reply, on) = await TakeAsync(place, who, turn, action.Verb, data, note.On);
        var next = await NextAsync(place, who, note with { On = on }, view, action.Verb, reply);
        if (hurry.IsInTime()) return next;
        // Meanwhile the form says that it takes a moment
        var shown = SlackJson.Text(next, "response_action") == "errors" ? await views.OfAsync(who.Person, place, kept.CardName, form, note.On, note.IsWindow) : next?["view"]?.DeepClone() as JsonObject;
        await views.UpdateAsync(place, new JsonObject { ["id"] = SlackJson.Text(view, "id") }, shown ?? SlackViews.Done);
        return null;
    }

    /// <summary>A button in a form or a window was pressed.</summary>
    public async Task PressAsync(SlackPress press)
    {
        var (place, view) = (press.Place, press.View!);
        var who = await talk.WhoAsync(place);
        if (await FormAsync(view, who) is not var (note, kept, form))
        {
            await views.UpdateAsync(place, view, Unknown);
            return;
        }
        var action = BlockKit.ActionOf(form, press.ActionId);
        if (action is { OpensForm: true, FormCard: { } more })
        {
            await OpenAsync(place, who, press, kept.CardName, more, note.On, note.IsWindow);
            return;
        }
        var (reply, on) = await TakeAsync(place, who, press.TurnId, action?.Verb ?? press.Verb, (action?.Data ?? press.Value).DeepClone().AsObject(), note.On);
        var shown = reply.Messages is [var first, ..] ? await views.OfAsync(who.Person, place, first, on, note.IsWindow) : SlackViews.Done;
        await views.UpdateAsync(place, view, shown);
    }

    /// <summary>What a list to search in offers for the words typed so far.</summary>
    public async Task<JsonObject> SuggestAsync(JsonObject payload)
    {
        var options = new JsonArray();
        if (SlackPlace.OfInteraction(payload) is { } place && payload["view"] is JsonObject view && await FormAsync(view, await talk.WhoAsync(place)) is var (_, _, form))
        {
            options = BlockKit.Suggestions(form, SlackJson.Text(payload, "block_id") ?? "", SlackJson.Text(payload, "value") ?? "");
        }
        return new JsonObject { ["options"] = options };
    }

    /// <summary>A window that asks what somebody needs, in their own words.</summary>
    public Task WishAsync(SlackPlace place, SlackSender who, string? trigger) => views.OpenAsync(place, trigger, async () =>
        await views.OfAsync(who.Person, place, new Message.Card("wish", []), on: null, isWindow: true));

    /// <summary>A window with the answer to what somebody said by opening it.</summary>
    public async Task WindowAsync(SlackPlace place, string? trigger, string turn, string verb, JsonObject data) => await views.OpenAsync(place, trigger, async () =>
    {
        var who = await talk.WhoAsync(place);
        var (reply, on) = await TakeAsync(place, who, turn, verb, data, null);
        return reply.Messages is [var first, ..] ? await views.OfAsync(who.Person, place, first, on, isWindow: true) : null;
    });

    /// <summary>Hands in what a form or a window says, and sees to it that the answer stands somewhere when it is closed.</summary>
    /// <returns>The reply, and the message that shows it too.</returns>
    private async Task<(Reply Reply, string? On)> TakeAsync(SlackPlace place, SlackSender who, string turn, string verb, JsonObject data, string? on)
    {
        var said = new Said.Press(verb, data, on);
        if (on is not null)
        {
            var at = SlackAddress.Read((await cards.FindAsync(on))?.Address ?? "") is { ChannelId: not null } there && (there.ThreadTs is not null || there.ChannelId[0] != 'D') ? there.ToJson() : null;
            return (await talk.TakeAsync(place, who, turn, said, new SlackAnswering(false, at, null, Returns: true)), on);
        }
        if (verb.StartsWith("intake.", StringComparison.Ordinal))
        {
            // A draft is nothing to be lost with a window: from now on it stands in the person's chat too
            var id = Guid.CreateVersion7(time.GetUtcNow()).ToString();
            return (await talk.TakeAsync(place, who, turn, said, new SlackAnswering(false, null, id, Returns: true)), id);
        }
        var reply = await talk.TakeAsync(place, who, turn, said, SlackAnswering.Here);
        await whispers.SendAsync(who, reply.Messages.Skip(1));
        return (reply, null);
    }

    private async Task<JsonObject?> NextAsync(SlackPlace place, SlackSender who, SlackNote note, JsonObject view, string verb, Reply reply)
    {
        if (reply.Messages is not [var first, ..]) return Close(view);
        if (first is Message.Card card && SlackFaults.In(card.Data, view) is { Count: > 0 } faults) return Errors(faults);
        var shown = await views.OfAsync(who.Person, place, first, note.On, note.IsWindow);
        var isUpper = SlackJson.Text(view, "previous_view_id") is not null;
        if (note.IsWindow && isUpper)
        {
            await views.UpdateAsync(place, new JsonObject { ["id"] = SlackJson.Text(view, "root_view_id") }, shown);
            return null;
        }
        var goesOn = note.IsWindow || (reply.Replaces && shown.ContainsKey("submit") && verb.StartsWith("intake.", StringComparison.Ordinal));
        return goesOn ? Update(shown) : Close(view);
    }

    private async Task<(SlackNote Note, SentCard Kept, JsonObject Form)?> FormAsync(JsonObject view, SlackSender who) =>
        SlackNote.Of(view) is { } note && await cards.FindAsync(note.Form) is { } kept && kept.PersonId == who.Person.Id && cards.DrawnOf(kept) is { } form ? (note, kept, form) : null;

    private static JsonObject Unknown => SlackViews.Words("I do not know this form", "It may be of another version of me, and nothing was changed by it. Write to me in our chat, and we go on from there.");

    private static JsonObject? Close(JsonObject view) => SlackJson.Text(view, "previous_view_id") is null ? null : Closes.DeepClone().AsObject();

    private static JsonObject Update(JsonObject view) => new() { ["response_action"] = "update", ["view"] = view };

    private static JsonObject Errors(IReadOnlyDictionary<string, string> faults) => new()
    {
        ["response_action"] = "errors",
        ["errors"] = new JsonObject(faults.Select(f => KeyValuePair.Create<string, JsonNode?>(f.Key, f.Value))),
    };
}
