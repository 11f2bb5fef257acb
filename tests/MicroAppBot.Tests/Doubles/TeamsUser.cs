using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Doubles;

/// <summary>
/// Somebody who uses the bot in Teams: types, presses buttons of cards they see, installs the app. Their client keeps to what
/// Teams does: activity ids, mentions, inputs merged into a button's data, an answer card in the place of the pressed one.
/// </summary>
/// <param name="bot">A client whose base address is the bot.</param>
/// <param name="aadObjectId">The object id of the directory; null for somebody without one.</param>
public sealed class TeamsUser(HttpClient bot, FakeConnector connector, string? aadObjectId, string name, string tenantId = "tenant-1", string botId = "28:bot")
{
    private static long _lastActivity = 1_800_000_000_000;

    /// <summary>What Teams calls this person towards this bot.</summary>
    public string UserId { get; } = "29:" + (aadObjectId ?? name);

    /// <summary>Under which the connector knows the chat: the object id, as the bot opens chats by it.</summary>
    public string Account => aadObjectId ?? UserId;

    public string Chat => connector.ChatWith(Account);

    /// <summary>A signed bot wants a token with each activity.</summary>
    public string? Token { get; set; }

    public IReadOnlyList<TeamsPost> Sees => connector.SeenBy(Account);

    public TeamsPost Last => Sees[^1];

    public Task<TeamsPost> SeesAsync(Func<TeamsPost, bool> fits) => connector.MessageForAsync(Account, fits);

    /// <summary>Waits for a card that has a button of this verb.</summary>
    public Task<TeamsPost> SeesButtonAsync(string verb) => SeesAsync(p => p.Card is { } card && ButtonIn(card, b => b["data"]?["verb"]?.GetValue<string>() == verb) is not null);

    public async Task<HttpStatusCode> SayAsync(string words, string? id = null)
    {
        var activity = Activity("message", id);
        activity["text"] = words;
        return (await PostAsync(activity)).Status;
    }

    /// <summary>Speaks in a group chat or a channel's thread, to the bot or to the others.</summary>
    public async Task<HttpStatusCode> SayInAsync(string conversation, string words, bool mention = true)
    {
        var activity = In(conversation, Activity("message"));
        activity["text"] = mention ? $"<at>MicroAppBot</at> {words}" : words;
        if (mention) activity["entities"]!.AsArray().Add(new JsonObject { ["type"] = "mention", ["text"] = "<at>MicroAppBot</at>", ["mentioned"] = new JsonObject { ["id"] = botId, ["name"] = "MicroAppBot" } });
        return (await PostAsync(activity)).Status;
    }

    /// <summary>An activity moved into a group chat or a channel's thread.</summary>
    public static JsonObject In(string conversation, JsonObject activity)
    {
        activity["conversation"]!["id"] = conversation;
        activity["conversation"]!["conversationType"] = conversation.Contains("@thread.tacv2", StringComparison.Ordinal) ? "channel" : "groupChat";
        activity["conversation"]!["isGroup"] = true;
        return activity;
    }

    /// <summary>The clients of people named by a card ask for their own view when it comes into view.</summary>
    /// <returns>Null where this person's clients do not ask.</returns>
    public async Task<TeamsAnswer?> ViewAsync(TeamsPost post)
    {
        if (post.Card?["refresh"] is not JsonObject refresh || (refresh["userIds"] is JsonArray ids && ids.All(i => (string?)i != UserId))) return null;
        return await ExecuteAsync(post.Id, refresh["action"]!.AsObject(), null, null, post.ConversationId);
    }

    /// <summary>Presses the button of this verb (or title) on a card: Action.Execute.</summary>
    /// <returns>The HTTP status, and the invoke's answer; a card in it stands in the place of the pressed one.</returns>
    public Task<TeamsAnswer> PressAsync(TeamsPost on, string verbOrTitle, JsonObject? inputs = null, string? id = null)
    {
        var button = ButtonIn(on.Card!, b => b["data"]?["verb"]?.GetValue<string>() == verbOrTitle || b["title"]?.GetValue<string>() == verbOrTitle)
            ?? throw new InvalidOperationException($"There is no button {verbOrTitle} on this card: {on.Words}");
        return ExecuteAsync(on.Id, button, inputs, id, on.ConversationId);
    }

    /// <summary>Presses a button of a card that an invoke was answered with.</summary>
    public Task<TeamsAnswer> PressAsync(TeamsAnswer shown, string verbOrTitle, JsonObject? inputs = null) =>
        PressAsync(new TeamsPost(shown.CardMessageId, Chat, new JsonObject
        {
            ["attachments"] = new JsonArray(new JsonObject { ["content"] = shown.Card!.DeepClone() }),
        }, []), verbOrTitle, inputs);

    /// <param name="conversation">Where the card is; null for the personal chat.</param>
    public async Task<TeamsAnswer> ExecuteAsync(string cardMessageId, JsonObject button, JsonObject? inputs = null, string? id = null, string? conversation = null)
    {
        var activity = Activity("invoke", id);
        if (conversation is not null && conversation != Chat) In(conversation, activity);
        activity["name"] = "adaptiveCard/action";
        activity["replyToId"] = cardMessageId;
        var action = new JsonObject { ["type"] = "Action.Execute", ["title"] = button["title"]?.DeepClone(), ["verb"] = button["verb"]?.DeepClone(), ["data"] = Data(button, inputs) };
        activity["value"] = new JsonObject { ["action"] = action, ["trigger"] = "manual" };
        return await PostAsync(activity) with { CardMessageId = cardMessageId };
    }

    /// <summary>Presses the same button as an old client does: Action.Submit, a message without words.</summary>
    public async Task<HttpStatusCode> SubmitAsync(TeamsPost on, string verb, JsonObject? inputs = null, string? id = null)
    {
        var activity = Activity("message", id);
        activity["replyToId"] = on.Id;
        activity["value"] = Data(ButtonIn(on.Card!, b => b["data"]?["verb"]?.GetValue<string>() == verb)!, inputs);
        return (await PostAsync(activity)).Status;
    }

    /// <summary>Presses a button that opens a window, with what is typed into the card in the chat.</summary>
    public Task<TeamsAnswer> OpenAsync(TeamsPost on, string title, JsonObject? inputs = null)
    {
        var button = WindowButtonIn(on.Card, b => (string?)b["title"] == title && (string?)b["data"]?["msteams"]?["type"] == "task/fetch")
            ?? throw new InvalidOperationException($"Nothing opens a window by {title} on this card: {on.Words}");
        return InWindowAsync("task/fetch", on.Id, Data(button, inputs));
    }

    /// <summary>Presses a button in a window.</summary>
    public Task<TeamsAnswer> SubmitAsync(TeamsAnswer window, string verb, JsonObject? inputs = null) =>
        InWindowAsync("task/submit", window.CardMessageId, Data(WindowButtonIn(window.Window, b => (string?)b["data"]?["verb"] == verb)
            ?? throw new InvalidOperationException($"There is no button {verb} in this window: {window.Text}"), inputs));

    private async Task<TeamsAnswer> InWindowAsync(string name, string cardMessageId, JsonObject data)
    {
        var activity = Activity("invoke");
        activity["name"] = name;
        activity["replyToId"] = cardMessageId;
        activity["value"] = new JsonObject { ["data"] = data, ["context"] = new JsonObject { ["theme"] = "default" } };
        return await PostAsync(activity) with { CardMessageId = cardMessageId };
    }

    /// <summary>In a window, and to open one, buttons are Action.Submit.</summary>
    public static JsonObject? WindowButtonIn(JsonNode? node, Func<JsonObject, bool> fits) => node switch
    {
        JsonArray list => list.Select(item => WindowButtonIn(item, fits)).FirstOrDefault(found => found is not null),
        JsonObject part when part["type"]?.GetValue<string>() is "Action.Submit" && fits(part) => part,
        JsonObject part => part.Where(p => p.Key is not ("data" or "fallback")).Select(p => WindowButtonIn(p.Value, fits)).FirstOrDefault(found => found is not null),
        _ => null,
    };

    /// <summary>Installs the app: Teams tells of it twice.</summary>
    public async Task InstallAsync()
    {
        var update = Activity("conversationUpdate");
        update["membersAdded"] = new JsonArray(new JsonObject { ["id"] = botId }, new JsonObject { ["id"] = UserId, ["aadObjectId"] = aadObjectId });
        await PostAsync(update);
        var installation = Activity("installationUpdate");
        installation["action"] = "add";
        await PostAsync(installation);
    }

    public async Task RemoveAppAsync()
    {
        var installation = Activity("installationUpdate");
        installation["action"] = "remove";
        await PostAsync(installation);
    }

    /// <summary>An activity from this person as Teams sends it, to be changed at will.</summary>
    public JsonObject Activity(string type, string? id = null) => new()
    {
        ["type"] = type,
        ["id"] = id ?? (type == "invoke" ? "f:" : "") + Interlocked.Increment(ref _lastActivity),
        ["timestamp"] = "2026-06-01T08:00:00.000Z",
        ["channelId"] = "msteams",
        ["serviceUrl"] = connector.ServiceUrl,
        ["from"] = new JsonObject { ["id"] = UserId, ["name"] = name, ["aadObjectId"] = aadObjectId },
        ["recipient"] = new JsonObject { ["id"] = botId, ["name"] = "MicroAppBot" },
        ["conversation"] = new JsonObject { ["id"] = Chat, ["conversationType"] = "personal", ["tenantId"] = tenantId },
        ["channelData"] = new JsonObject { ["tenant"] = new JsonObject { ["id"] = tenantId } },
        ["locale"] = "en-US",
        ["entities"] = new JsonArray(new JsonObject { ["type"] = "clientInfo", ["platform"] = "Windows", ["country"] = "DE" }),
    };

    public async Task<TeamsAnswer> PostAsync(JsonObject activity)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/messages") { Content = new StringContent(activity.ToJsonString(), Encoding.UTF8, "application/json") };
        if (Token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var response = await bot.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new TeamsAnswer(response.StatusCode, text.Length > 0 && text[0] == '{' ? JsonNode.Parse(text) as JsonObject : null, text);
    }

    /// <summary>The first button that fits, wherever on the card it is.</summary>
    public static JsonObject? ButtonIn(JsonNode? node, Func<JsonObject, bool> fits) => node switch
    {
        JsonArray list => list.Select(item => ButtonIn(item, fits)).FirstOrDefault(found => found is not null),
        JsonObject part when part["type"]?.GetValue<string>() is "Action.Execute" && fits(part) => part,
        JsonObject part => part.Where(p => p.Key is not ("data" or "fallback")).Select(p => ButtonIn(p.Value, fits)).FirstOrDefault(found => found is not null),
        _ => null,
    };

    private static JsonObject Data(JsonObject button, JsonObject? inputs)
    {
        var data = button["data"]?.DeepClone() as JsonObject ?? [];
        foreach (var (key, value) in inputs ?? []) data[key] = value?.DeepClone();
        return data;
    }
}

/// <summary>What the bot answered.</summary>
/// <param name="Body">The JSON, if any.</param>
public sealed record TeamsAnswer(HttpStatusCode Status, JsonObject? Body, string Text)
{
    /// <summary>The message the pressed button stands on.</summary>
    public string CardMessageId { get; init; } = "";

    public int? Code => Body?["statusCode"]?.GetValue<int>();

    public string? Type => Body?["type"]?.GetValue<string>();

    /// <summary>The card in the window; null where it shows a line or closes.</summary>
    public JsonObject? Window => (string?)Body?["task"]?["type"] == "continue" ? Body["task"]!["value"]!["card"]!["content"] as JsonObject : null;

    /// <summary>The line in the window.</summary>
    public string? WindowLine => (string?)Body?["task"]?["type"] == "message" ? (string?)Body["task"]!["value"] : null;

    /// <summary>The card that takes the place of the pressed one; null for a line or an error.</summary>
    public JsonObject? Card => Type == "application/vnd.microsoft.card.adaptive" ? Body!["value"] as JsonObject : null;

    /// <summary>The line under the card; null for a card or an error.</summary>
    public string? Line => Type == "application/vnd.microsoft.activity.message" ? Body!["value"]?.GetValue<string>() : null;

    /// <summary>The error's words.</summary>
    public string? Error => Body?["error"]?.GetValue<string>() ?? Body?["value"]?["message"]?.GetValue<string>();
}
