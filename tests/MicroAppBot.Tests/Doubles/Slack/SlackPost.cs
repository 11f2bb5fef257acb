using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>A message in Slack as it looks now.</summary>
/// <param name="Message">Its <c>text</c>, <c>blocks</c> and <c>metadata</c>.</param>
/// <param name="OnlyFor">The one person who sees it (ephemeral), if it is one.</param>
/// <param name="Before">What it looked like before each update, oldest first.</param>
internal sealed record SlackPost(
    string TeamId, string Channel, string Ts, string Author, JsonObject Message, string? ThreadTs, string? OnlyFor, bool FromBot, IReadOnlyList<JsonObject> Before)
{
    public string Text => Message.Str("text") ?? "";

    public JsonArray Blocks => Message.Arr("blocks");

    /// <summary>The bot's own id of it: whatever the message's metadata calls <c>id</c>.</summary>
    public string? OurId => Message.Obj("metadata").Obj("event_payload").Str("id");

    /// <summary>Everything a person could read in it, for looking for words.</summary>
    public string Words => Blocks.Count > 0 ? Blocks.Readable() : Text;

    /// <summary>As <c>block_actions</c> and <c>conversations.history</c> show it.</summary>
    public JsonObject ToJson(string botId)
    {
        var json = new JsonObject { ["type"] = "message", ["user"] = Author, ["ts"] = Ts, ["team"] = TeamId, ["text"] = Text };
        if (FromBot) json["bot_id"] = botId;
        if (Blocks.Count > 0) json["blocks"] = Blocks.DeepClone();
        if (ThreadTs is not null) json["thread_ts"] = ThreadTs;
        if (Message["metadata"] is { } metadata) json["metadata"] = metadata.DeepClone();
        if (Before.Count > 0) json["edited"] = new JsonObject { ["user"] = Author, ["ts"] = Ts };
        return json;
    }
}

/// <summary>A modal or Home tab as it stands on somebody's screen.</summary>
internal sealed class SlackView(string id, string hash, JsonObject sent)
{
    public string Id => id;

    public string Hash { get; set; } = hash;

    /// <summary>As the bot sent it, with a block id where it gave none.</summary>
    public JsonObject Sent { get; set; } = sent;

    /// <summary>The view at the bottom of its stack.</summary>
    public required string RootId { get; init; }

    public string? PreviousId { get; init; }

    public string TeamId { get; init; } = "";

    /// <summary>How often the bot drew it again.</summary>
    public int Changes { get; set; }

    /// <summary>What was typed and chosen: by block id and action id, as <c>state.values</c> has it.</summary>
    public Dictionary<(string Block, string Action), JsonObject> Entered { get; } = [];

    /// <summary>What stands in red under inputs, by block id.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; set; } = new Dictionary<string, string>();

    public JsonArray Blocks => Sent.Arr("blocks");

    public string Title => Sent.Obj("title").Str("text") ?? "";

    public string? CallbackId => Sent.Str("callback_id");

    public string Words => Sent.Readable();
}

/// <summary>Somebody with an account.</summary>
/// <param name="TeamId">Their home workspace: of somebody from another company (Slack Connect) it is that company's.</param>
internal sealed record SlackAccount(string Id, string Name, string? Email, string TeamId)
{
    public bool IsDeleted { get; init; }

    public bool IsBot { get; init; }

    /// <summary>A guest of the workspace.</summary>
    public bool IsRestricted { get; init; }

    /// <summary>Of another company, in a shared channel: what is known of them is little.</summary>
    public bool IsStranger { get; init; }

    /// <summary>The person hid the app's Messages tab, or an administrator did.</summary>
    public bool HidesMessages { get; init; }

    public JsonObject ToJson(bool withEmail)
    {
        var profile = new JsonObject { ["real_name"] = Name, ["display_name"] = Name.ToLowerInvariant().Replace(' ', '.'), ["team"] = TeamId };
        if (withEmail && !IsStranger && Email is not null) profile["email"] = Email;
        return new JsonObject
        {
            ["id"] = Id,
            ["team_id"] = TeamId,
            ["name"] = Name.ToLowerInvariant().Replace(' ', '.'),
            ["real_name"] = Name,
            ["deleted"] = IsDeleted,
            ["is_bot"] = IsBot,
            ["is_app_user"] = false,
            ["is_restricted"] = IsRestricted,
            ["is_ultra_restricted"] = false,
            ["is_stranger"] = IsStranger,
            ["tz"] = "Europe/Amsterdam",
            ["tz_offset"] = 3600,
            ["locale"] = "en-US",
            ["updated"] = 1502138686,
            ["profile"] = profile,
        };
    }
}

/// <param name="Members">Who is in it; the bot by its user id.</param>
/// <param name="IsShared">Shared with another company (Slack Connect).</param>
internal sealed record SlackRoom(string Id, string Name, string TeamId, IReadOnlyList<string> Members, bool IsDirect = false, bool IsShared = false, bool IsArchived = false);

/// <summary>One call of the Web API.</summary>
/// <param name="Error">What was answered; null for <c>ok</c>.</param>
internal sealed record SlackCall(string Method, JsonObject Arguments, string? Token, int Status, string? Error);

/// <summary>How the bot answered to something that Slack told it.</summary>
/// <param name="Status">0 where no answer came in time or at all.</param>
/// <param name="Body">The HTTP body, or the payload of a Socket Mode acknowledgement.</param>
internal sealed record SlackHeard(int Status, string Body, bool TimedOut = false)
{
    public bool IsOk => Status is >= 200 and < 300;

    public JsonObject? Json => Body.Length > 0 && Body[0] == '{' ? JsonNode.Parse(Body) as JsonObject : null;
}
