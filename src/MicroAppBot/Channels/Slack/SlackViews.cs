using System.Text.Json.Nodes;
using Governance.People;
using MicroAppBot.Cards.BlockKit;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>Forms and windows as Slack takes them, and how they are opened in time.</summary>
internal sealed partial class SlackViews(SlackApi api, SlackCards cards, ICardPen pen, TimeProvider time, ILogger<SlackViews> log)
{
    /// <summary>A trigger is good for three seconds; what takes longer than this begins with a view that says so.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(800);

    public static JsonObject Loading => Words("One moment…", "I am looking at it.");

    public static JsonObject Done => Words("Done", "You find it in our chat.");

    public JsonObject Draw(Message.Card card) => pen.DrawFor(SlackEndpoint.ChannelName, card.Name, card.Data);

    /// <summary>A card as a form or a window; it is kept, for what comes back.</summary>
    public async Task<JsonObject> OfAsync(Person person, SlackPlace place, string name, JsonObject drawn, string? on, bool isWindow)
    {
        var id = await cards.KeepAsync(person, place.Own, name, drawn);
        return BlockKit.Modal(drawn, id, "", new SlackNote(id, on, isWindow).ToJson()).View;
    }

    /// <summary>The first message of a reply as a form or a window.</summary>
    public async Task<JsonObject> OfAsync(Person person, SlackPlace place, Message message, string? on, bool isWindow) => message switch
    {
        Message.Card card => await OfAsync(person, place, card.Name, Draw(card), on, isWindow),
        Message.Line line => Words("MicroAppBot", line.Words),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A few words, and nothing to press.</summary>
    public static JsonObject Words(string title, string words) => new()
    {
        ["type"] = "modal",
        ["title"] = Plain(title),
        ["close"] = Plain("Close"),
        ["blocks"] = new JsonArray(new JsonObject { ["type"] = "section", ["text"] = Plain(words.Length > 2900 ? words[..2900] + "…" : words) }),
    };

    /// <summary>Opens what <paramref name="make"/> makes; where that takes long, a view that says so comes first and then turns into it.</summary>
    /// <param name="isUpper">On top of the form that is open.</param>
    /// <returns>False where Slack did not open it, mostly because the press was too long ago.</returns>
    public async Task<bool> OpenAsync(SlackPlace place, string? trigger, Func<Task<JsonObject?>> make, bool isUpper = false)
    {
        if (trigger is null) return false;
        var method = isUpper ? "views.push" : "views.open";
        var making = make();
        if (await Task.WhenAny(making, Task.Delay(Patience, time)) == making)
        {
            return await making is not { } made || (await CallAsync(place, method, new JsonObject { ["trigger_id"] = trigger, ["view"] = made })).Ok;
        }
        var opened = await CallAsync(place, method, new JsonObject { ["trigger_id"] = trigger, ["view"] = Loading });
        JsonObject? view;
        try
        {
            view = await making;
        }
        catch (Exception) when (opened.Ok)
        {
            await UpdateAsync(place, opened.Body["view"] as JsonObject, Words("That did not work", "Something went wrong on my side, and nothing was changed. Please try it again in a moment."));
            throw;
        }
        return opened.Ok && await UpdateAsync(place, opened.Body["view"] as JsonObject, view ?? Done);
    }

    /// <summary>Shows something else in a view. Where it has changed since, what it shows now is newer, and stays.</summary>
    public async Task<bool> UpdateAsync(SlackPlace place, JsonObject? open, JsonObject view)
    {
        if (SlackJson.Text(open, "id") is not { } id) return false;
        var args = new JsonObject { ["view_id"] = id, ["view"] = view };
        if (SlackJson.Text(open, "hash") is { } hash) args["hash"] = hash;
        return (await CallAsync(place, "views.update", args)).Ok;
    }

    private async Task<SlackAnswer> CallAsync(SlackPlace place, string method, JsonObject args)
    {
        var answer = await api.CallAsync(place.InstalledIn, method, args, CancellationToken.None);
        if (!answer.Ok) NotShown(answer.ToString());
        return answer;
    }

    private static JsonObject Plain(string words) => new() { ["type"] = "plain_text", ["text"] = words, ["emoji"] = true };

    [LoggerMessage(Level = LogLevel.Information, Message = "A form could not be shown: {Why}")]
    private partial void NotShown(string why);
}
