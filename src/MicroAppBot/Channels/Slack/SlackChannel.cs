using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>Sends to Slack, and draws sent messages again. One call is one try: whether to try again is Delivery's decision.</summary>
internal sealed partial class SlackChannel(SlackApi api, SlackDoorbell bell, SlackDrawings drawings, SlackSettings settings, TimeProvider time, ILogger<SlackChannel> log) : IChannel
{
    private const int MostRemembered = 5_000;

    /// <summary>Somebody has to mend the settings first; there is no hurry.</summary>
    private static readonly TimeSpan UntilMended = TimeSpan.FromMinutes(5);

    /// <summary>Messages of which the first part has arrived, and those of which nobody knows: looked up before they are sent again.</summary>
    private readonly ConcurrentDictionary<string, Begun> _begun = new(StringComparer.Ordinal);

    public string Name => SlackEndpoint.ChannelName;

    /// <summary>A click brings back an id and nothing of what its button holds.</summary>
    public bool NeedsDrawnCards => true;

    /// <summary>A chat can be opened with any member; who is not written down with an account is looked up by e-mail.</summary>
    public Contact? ColdContact(Person person) =>
        !settings.IsOn || person.Outside is not null || !person.IsInDirectory ? null
        : person.Accounts.Slack is { Length: > 0 } user ? new SlackAddress("", user, null).ToContact(person.Id)
        : person.Email.Length > 0 ? new SlackAddress("", "", null, Email: person.Email).ToContact(person.Id)
        : null;

    public async Task<SendOutcome> SendAsync(Contact to, ChannelMessage message, CancellationToken cancel)
    {
        if (SlackAddress.Read(to.Address) is not { } address) return new SendOutcome.Gone("The address is none of Slack.");
        var opened = address.ChannelId is null;
        if (opened)
        {
            var (open, why) = await bell.OpenAsync(address, anew: false, cancel);
            if (open is null) return why is { } failed ? OutcomeOf(failed) : new SendOutcome.Gone("There is nobody in Slack with this account or e-mail.");
            address = open;
        }
        var drawn = SlackMessage.Of(message);
        if (_begun.TryGetValue(message.Id, out var begun) && begun.Ts is null)
        {
            // It may have arrived: what Slack has says whether it did. As long as Slack cannot be asked, nothing is sent twice.
            var (there, notAsked) = await FoundAsync(address, message.Id, begun.At, cancel);
            if (notAsked is not null) return OutcomeOf(notAsked);
            begun = there is null ? null : Remember(message.Id, begun with { Ts = there });
        }
        if (begun is null)
        {
            var startedAt = time.GetUtcNow();
            var answer = await PostAsync(message.Id, startedAt, address.TeamId, drawn.Post(address), cancel);
            if (address is { UserId.Length: > 0, ThreadTs: null, ChannelId: ['D', ..] } && answer.Error == "channel_not_found")
            {
                // The chat is gone, the person perhaps not
                var (open, why) = await bell.OpenAsync(address with { ChannelId = null }, anew: true, cancel);
                if (open is null) return why is { } failed ? OutcomeOf(failed) : OutcomeOf(answer);
                (address, opened) = (open, true);
                answer = await PostAsync(message.Id, startedAt, address.TeamId, drawn.Post(address), cancel);
            }
            if (!answer.Ok) return OutcomeOf(answer, message.Id);
            begun = new Begun(startedAt, SlackJson.Text(answer.Body, "ts"), 0);
            if (begun.Ts is null) return new SendOutcome.Sent(null, opened ? address.ToJson() : null);
        }
        return await SendRestAsync(message.Id, address, drawn, begun, opened, cancel);
    }

    public async Task<SendOutcome> UpdateAsync(Contact to, string channelMessageId, ChannelMessage message, CancellationToken cancel)
    {
        if (SlackAddress.Read(to.Address) is not { ChannelId: not null } address) return new SendOutcome.Refused("There is no conversation in which this was sent.");
        using var drawing = drawings.Begin(message.Id, message.Card);
        var answer = await api.CallAsync(address.TeamId, "chat.update", SlackMessage.Of(message).Update(address, channelMessageId), cancel);
        if (answer.Ok)
        {
            drawing.Stands();
            return new SendOutcome.Sent(channelMessageId);
        }
        // Deleted by the person, or too old to be changed: there is nothing to draw on, and nobody is gone
        return answer.Error is "message_not_found" or "cant_update_message" or "edit_window_closed" or "is_inactive" or "channel_not_found"
            ? new SendOutcome.Refused($"The message is not there any more, or stays as it is ({answer}).")
            : OutcomeOf(answer, message.Id);
    }

    /// <summary>What did not fit into the message stands in its thread. Should that have to wait, the message itself is not sent a second time.</summary>
    private async Task<SendOutcome> SendRestAsync(string id, SlackAddress address, SlackMessage drawn, Begun begun, bool opened, CancellationToken cancel)
    {
        for (var part = begun.Parts; part < drawn.Rest.Count; part++)
        {
            Remember(id, begun with { Parts = part });
            var answer = await api.CallAsync(address.TeamId, "chat.postMessage", drawn.PostRest(address, begun.Ts!, part), cancel);
            if (answer.Fate is SlackFate.TryAgain or SlackFate.TokenDead or SlackFate.Mend) return OutcomeOf(answer, id);
            // The message stands; a part of its thread that cannot be had, or may be there, does not bring all of it again
            if (!answer.Ok) PartMissing(id, part + 1, answer.ToString());
        }
        _begun.TryRemove(id, out _);
        return new SendOutcome.Sent(begun.Ts, opened ? address.ToJson() : null);
    }

    private async Task<SlackAnswer> PostAsync(string id, DateTimeOffset startedAt, string teamId, JsonObject args, CancellationToken cancel)
    {
        // Known before it goes out: should the caller's time run out, nobody is there to write it down
        Remember(id, new Begun(startedAt, null, 0));
        var answer = await api.CallAsync(teamId, "chat.postMessage", args, cancel);
        if (answer.Fate != SlackFate.Unknown) _begun.TryRemove(id, out _);
        return answer;
    }

    /// <summary>The timestamp of the message that carries our id; null when it is not there, or nobody may ever look it up.</summary>
    private async Task<(string? Ts, SlackAnswer? NotAsked)> FoundAsync(SlackAddress address, string id, DateTimeOffset sentAt, CancellationToken cancel)
    {
        var args = new JsonObject
        {
            ["channel"] = address.ChannelId,
            ["oldest"] = (sentAt - TimeSpan.FromSeconds(5)).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["limit"] = 50,
            ["include_all_metadata"] = true,
        };
        if (address.ThreadTs is { } thread) args["ts"] = thread;
        var answer = await api.CallAsync(address.TeamId, address.ThreadTs is null ? "conversations.history" : "conversations.replies", args, cancel);
        if (!answer.Ok) return (null, answer.Fate is SlackFate.TryAgain or SlackFate.TokenDead ? answer : null);
        var there = (answer.Body["messages"] as JsonArray)?.FirstOrDefault(m => SlackMessage.IdIn(m) == id);
        return (SlackJson.Text(there, "ts"), null);
    }

    private Begun Remember(string id, Begun begun)
    {
        if (_begun.Count >= MostRemembered) _begun.Clear();
        return _begun[id] = begun;
    }

    private SendOutcome OutcomeOf(SlackAnswer answer, string? messageId = null)
    {
        var why = answer.ToString();
        switch (answer.Fate)
        {
            case SlackFate.TryAgain:
                // What we keep back ourselves, or one workspace asks for, is nothing to the others
                return new SendOutcome.TryAgain(answer.RetryAfter, why) { OnlyThis = true };
            case SlackFate.TokenDead or SlackFate.Mend:
                return new SendOutcome.TryAgain(UntilMended, why) { OnlyThis = true };
            case SlackFate.Unknown:
                return new SendOutcome.Unknown(why);
            case SlackFate.Gone:
                return new SendOutcome.Gone(why);
            default:
                NotTaken(messageId ?? "", why);
                return new SendOutcome.Refused(why);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Slack does not take message {MessageId}: {Why}")]
    private partial void NotTaken(string messageId, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Part {Part} of the thread of message {MessageId} is not there, or nobody knows: {Why}")]
    private partial void PartMissing(string messageId, int part, string why);

    /// <param name="At">When it was sent.</param>
    /// <param name="Ts">Slack's id of it; null as long as nobody knows whether it arrived.</param>
    /// <param name="Parts">How many parts of its thread are there.</param>
    private sealed record Begun(DateTimeOffset At, string? Ts, int Parts);
}
