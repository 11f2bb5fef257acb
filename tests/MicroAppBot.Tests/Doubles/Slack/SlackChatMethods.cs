using System.Text;
using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary><c>chat.*</c> and what is read back of channels, as Slack does it.</summary>
internal sealed class SlackChatMethods(SlackWorld state, string botId)
{
    private const int MostText = 40_000;
    private const int MostTextInUpdate = 4_000;
    private const int MostMetadata = 8_000;

    /// <summary>When set, no message may be changed any more that is older than this.</summary>
    public bool ClosesEditing { get; set; }

    public WebApiAnswer Post(JsonObject args, string team, string bot)
    {
        var (channel, error) = Place(args.Str("channel"), team, bot, mayOpen: true);
        if (channel is null) return WebApiAnswer.No(error!);
        if (args.Str("thread_ts") is { } thread && state.Post(channel.Id, thread) is null) return WebApiAnswer.No("cannot_reply_to_message");
        if (Message(args, MostText, out var message) is { } refused) return refused;
        var ts = state.NextTs();
        var post = new SlackPost(team, channel.Id, ts, bot, message, args.Str("thread_ts"), null, true, []);
        return WebApiAnswer.Ok(new JsonObject { ["channel"] = channel.Id, ["ts"] = ts, ["message"] = post.ToJson(botId) }, () => state.Add(post));
    }

    public WebApiAnswer Ephemeral(JsonObject args, string team, string bot)
    {
        var (channel, error) = Place(args.Str("channel"), team, bot, mayOpen: false);
        if (channel is null) return WebApiAnswer.No(error!);
        if (!channel.Members.Contains(args.Str("user"))) return WebApiAnswer.No("user_not_in_channel");
        if (Message(args, MostText, out var message) is { } refused) return refused;
        var ts = state.NextTs();
        var post = new SlackPost(team, channel.Id, ts, bot, message, args.Str("thread_ts"), args.Str("user"), true, []);
        return WebApiAnswer.Ok(new JsonObject { ["message_ts"] = ts }, () => state.Add(post));
    }

    public WebApiAnswer Update(JsonObject args, string team, string bot)
    {
        // A channel's name or a person's id will not do here
        if (state.Channel(args.Str("channel")) is not { } channel || channel.TeamId != team) return WebApiAnswer.No("channel_not_found");
        if (channel.IsArchived) return WebApiAnswer.No("is_inactive");
        if (state.Post(channel.Id, args.Str("ts") ?? "") is not { OnlyFor: null } post) return WebApiAnswer.No("message_not_found");
        if (!post.FromBot || post.Author != bot) return WebApiAnswer.No("cant_update_message");
        if (ClosesEditing) return WebApiAnswer.No("edit_window_closed");
        if ((args.Str("text")?.Length ?? 0) > MostTextInUpdate) return WebApiAnswer.No("msg_too_long");
        if (Message(args, MostText, out var message) is { } refused) return refused;
        // What is not given stays as it was
        if (args["blocks"] is null && post.Message["blocks"] is { } blocks) message["blocks"] = blocks.DeepClone();
        if (args["metadata"] is null && post.Message["metadata"] is { } metadata) message["metadata"] = metadata.DeepClone();
        return WebApiAnswer.Ok(
            new JsonObject { ["channel"] = channel.Id, ["ts"] = post.Ts, ["text"] = message.Str("text"), ["message"] = (post with { Message = message }).ToJson(botId) },
            () => state.Draw(channel.Id, post.Ts, message));
    }

    public WebApiAnswer Delete(JsonObject args, string team, string bot)
    {
        if (state.Channel(args.Str("channel")) is not { } channel || channel.TeamId != team) return WebApiAnswer.No("channel_not_found");
        if (state.Post(channel.Id, args.Str("ts") ?? "") is not { OnlyFor: null } post) return WebApiAnswer.No("message_not_found");
        if (post.Author != bot) return WebApiAnswer.No("cant_delete_message");
        return WebApiAnswer.Ok(new JsonObject { ["channel"] = channel.Id, ["ts"] = post.Ts }, () => state.Remove(channel.Id, post.Ts));
    }

    /// <summary><c>conversations.history</c>: newest first; <c>conversations.replies</c>: the parent, then oldest first.</summary>
    public WebApiAnswer Read(JsonObject args, string team, string bot, string? thread)
    {
        var (channel, error) = Place(args.Str("channel"), team, bot, mayOpen: false);
        if (channel is null) return WebApiAnswer.No(error!);
        if (thread is not null && state.Post(channel.Id, thread) is null) return WebApiAnswer.No("thread_not_found");
        var (oldest, latest) = (args["oldest"]?.ToString(), args["latest"]?.ToString());
        var limit = args["limit"] is { } asked && int.TryParse(asked.ToString(), out var count) ? count : 100;
        var withMetadata = args.Is("include_all_metadata") || args.Str("include_all_metadata") == "true";
        var found = state.Posts.Where(p => p.Channel == channel.Id && p.OnlyFor is null && (thread is null ? p.ThreadTs is null : p.Ts == thread || p.ThreadTs == thread))
            .Where(p => (oldest is null || Time(p.Ts) > Time(oldest)) && (latest is null || Time(p.Ts) < Time(latest))).ToList();
        if (thread is null) found.Reverse();
        var messages = found.Take(limit).Select(p =>
        {
            var json = p.ToJson(botId);
            if (!withMetadata) json.Remove("metadata");
            return (JsonNode)json;
        });
        return WebApiAnswer.Ok(new JsonObject { ["messages"] = new JsonArray([.. messages]), ["has_more"] = found.Count > limit });
    }

    /// <summary>Text, blocks and metadata, when Slack takes them.</summary>
    public static WebApiAnswer? Message(JsonObject args, int mostText, out JsonObject message)
    {
        message = [];
        var text = args.Str("text") ?? "";
        var blocks = args["blocks"] is null ? [] : LooseJson.Opened(args["blocks"]) as JsonArray;
        if (blocks is null || blocks.Any(b => b is not JsonObject)) return WebApiAnswer.No("invalid_blocks_format");
        if (text.Length == 0 && blocks.Count == 0) return WebApiAnswer.No("no_text");
        if (SlackRules.Message(blocks) is { Count: > 0 } faults) return WebApiAnswer.No("invalid_blocks", faults);
        if (SlackRules.IsTooLong(blocks)) return WebApiAnswer.No("msg_blocks_too_long");
        message = new JsonObject { ["text"] = text.Length > mostText ? text[..mostText] : text };
        if (blocks.Count > 0) message["blocks"] = WithIds(blocks);
        if (args["metadata"] is not { } given) return null;
        if (LooseJson.Opened(given) is not JsonObject metadata) return WebApiAnswer.No("invalid_metadata_format");
        if (metadata.Str("event_type") is null || metadata.Obj("event_payload") is null) return WebApiAnswer.No("invalid_metadata_schema");
        if (Encoding.UTF8.GetByteCount(metadata.ToJsonString()) > MostMetadata) return WebApiAnswer.No("metadata_too_large");
        message["metadata"] = metadata.DeepClone();
        return null;
    }

    /// <summary>Slack gives every block an id.</summary>
    public static JsonArray WithIds(JsonArray blocks)
    {
        var copy = (JsonArray)blocks.DeepClone();
        foreach (var (index, block) in copy.Objects().Index()) block["block_id"] ??= $"auto{index}";
        return copy;
    }

    private (SlackRoom? Channel, string? Error) Place(string? id, string team, string bot, bool mayOpen)
    {
        var channel = state.Channel(id);
        // A person's id as the channel means the chat with the app
        if (channel is null && mayOpen && state.Account(id) is { } account && account.TeamId == team) channel = state.Direct(team, account.Id, bot);
        if (channel is null || channel.TeamId != team) return (null, "channel_not_found");
        if (channel.IsArchived) return (null, "is_archived");
        if (!channel.Members.Contains(bot)) return (null, "not_in_channel");
        // Who is deactivated still has their chat: it is posted there, and nobody reads it (python-slack-sdk 1156)
        if (channel.IsDirect && state.Account(channel.Members[0]) is { HidesMessages: true }) return (null, "messages_tab_disabled");
        return (channel, null);
    }

    private static decimal Time(string ts) => decimal.TryParse(ts, System.Globalization.CultureInfo.InvariantCulture, out var time) ? time : 0;
}
