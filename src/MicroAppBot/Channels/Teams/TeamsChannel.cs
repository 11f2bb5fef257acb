using System.Net;
using System.Text.Json.Nodes;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Teams;

/// <summary>Sends to Teams, and draws sent cards again. One call is one try: whether to try again is Delivery's decision.</summary>
internal sealed class TeamsChannel(TeamsConnector connector, TeamsPlace place, TeamsSettings settings, TeamsViewers? viewers = null) : IChannel
{
    public const string ChannelName = "teams";

    /// <summary>Somebody has to mend the settings first; there is no hurry.</summary>
    private static readonly TimeSpan UntilMended = TimeSpan.FromMinutes(5);

    public string Name => ChannelName;

    /// <summary>A chat can be opened with anybody of the organisation the app is installed for, by the directory's object id.</summary>
    public Contact? ColdContact(Person person) => settings.IsOn && person.Accounts.Teams is { Length: > 0 } account && place.Now is { } here
        ? (account.StartsWith("29:", StringComparison.Ordinal) ? here with { UserId = account } : here with { AadObjectId = account }).ToContact(person.Id)
        : null;

    public Contact? BoardContact(string recipientId) => Board.PlaceOn(ChannelName, recipientId) is { } board && settings.IsOn && place.Now is { } here
        ? (TeamsBoards.HasThreads(board) ? here with { ChannelId = board } : here with { ConversationId = board }).ToContact(recipientId)
        : null;

    public async Task<SendOutcome> SendAsync(Contact to, ChannelMessage message, CancellationToken cancel)
    {
        if (TeamsAddress.Read(to.Address) is not { } address) return new SendOutcome.Gone("The address is none of Teams.");
        if (address is { ChannelId: { } channel, ConversationId: null }) return await BeginThreadAsync(address, channel, message, cancel);
        var opened = address.ConversationId is null;
        while (true)
        {
            if (address.ConversationId is null)
            {
                var (open, why) = await OpenAsync(address, cancel);
                if (open is null) return why!;
                address = open;
            }
            // A line that is too long for one message comes as several, in order
            var parts = message.Card is null ? TeamsMessage.Parts(message.Text) : [message.Text];
            foreach (var part in parts.SkipLast(1))
            {
                var before = await connector.SendAsync(address.ServiceUrl, address.ConversationId!, TeamsMessage.New(message with { Text = part }, address), cancel);
                if (!before.IsSuccess && (before is not { Status: HttpStatusCode.NotFound } || opened)) return OutcomeOf(before, mayDouble: true);
            }
            var answer = await connector.SendAsync(address.ServiceUrl, address.ConversationId!, TeamsMessage.New(message with { Text = parts[^1] }, address, await ViewersAsync(message, address, address.ConversationId!, cancel)), cancel);
            if (answer.IsSuccess) return new SendOutcome.Sent(answer.Id, opened ? address.ToJson() : null);
            // Somebody removed the chat's history: the conversation is gone, the person is not
            if (answer is not { Status: HttpStatusCode.NotFound } || opened) return OutcomeOf(answer, mayDouble: true);
            address = address with { ConversationId = null };
            opened = true;
        }
    }

    public async Task<SendOutcome> UpdateAsync(Contact to, string channelMessageId, ChannelMessage message, CancellationToken cancel)
    {
        if (TeamsAddress.Read(to.Address) is not { ConversationId: { } conversation } address) return new SendOutcome.Refused("There is no conversation in which this was sent.");
        var answer = await connector.UpdateAsync(address.ServiceUrl, conversation, channelMessageId, TeamsMessage.Again(message, address, channelMessageId, await ViewersAsync(message, address, conversation, cancel)), cancel);
        if (answer.IsSuccess) return new SendOutcome.Sent(channelMessageId);
        // The person deleted the message or the chat: there is nothing to draw on, and nobody is gone
        return answer is { Status: HttpStatusCode.NotFound } ? new SendOutcome.Refused($"The message is not there any more ({answer}).") : OutcomeOf(answer, mayDouble: false);
    }

    private async Task<SendOutcome> BeginThreadAsync(TeamsAddress address, string channel, ChannelMessage message, CancellationToken cancel)
    {
        var data = new JsonObject { ["channel"] = new JsonObject { ["id"] = channel } };
        if (address.TenantId is { } tenant) data["tenant"] = new JsonObject { ["id"] = tenant };
        var parameters = new JsonObject
        {
            ["isGroup"] = true,
            ["channelData"] = data,
            ["activity"] = TeamsMessage.New(message, address, await ViewersAsync(message, address, channel, cancel)),
        };
        if (address.BotId is { } bot) parameters["bot"] = new JsonObject { ["id"] = bot };
        var answer = await connector.OpenAsync(address.ServiceUrl, parameters, cancel);
        if (!answer.IsSuccess) return OutcomeOf(answer, mayDouble: true);
        // Where it is not said which thread it became, it cannot be drawn again
        return new SendOutcome.Sent(answer.Id is null ? null : answer.Body.Text("activityId"), answer.Id is { } thread ? (address with { ConversationId = thread }).ToJson() : null);
    }

    private async ValueTask<IReadOnlyList<string>?> ViewersAsync(ChannelMessage message, TeamsAddress address, string conversation, CancellationToken cancel) =>
        message.Viewers is null || viewers is null ? null : await viewers.IdsAsync(message.Viewers, address.ServiceUrl, conversation, cancel);

    private async Task<(TeamsAddress? Address, SendOutcome? Why)> OpenAsync(TeamsAddress address, CancellationToken cancel)
    {
        if ((address.AadObjectId ?? address.UserId) is not { Length: > 0 } who) return (null, new SendOutcome.Gone("The address names nobody."));
        var answer = await connector.OpenAsync(address.ServiceUrl, Parameters(address, who), cancel);
        if (!answer.IsSuccess)
        {
            // Opening is idempotent: it may be done again, whatever became of it. A person it cannot be opened with is not there.
            return (null, answer is { Status: HttpStatusCode.BadRequest or HttpStatusCode.NotFound }
                ? new SendOutcome.Gone($"No chat could be opened ({answer}).")
                : OutcomeOf(answer, mayDouble: false));
        }
        if (answer.Id is not { } conversation) return (null, new SendOutcome.TryAgain(null, "Teams opened a chat and did not say which."));
        var service = answer.Body.Text("serviceUrl") is { } told && settings.MayCall(told) ? told : address.ServiceUrl;
        return (address with { ConversationId = conversation, ServiceUrl = service }, null);
    }

    private static JsonObject Parameters(TeamsAddress address, string who)
    {
        // The object id goes into id: in aadObjectId the connector answers 400 (msteams-docs issue 14079)
        var parameters = new JsonObject { ["isGroup"] = false, ["members"] = new JsonArray(new JsonObject { ["id"] = who }) };
        if (address.BotId is { } bot) parameters["bot"] = new JsonObject { ["id"] = bot };
        if (address.TenantId is { } tenant)
        {
            parameters["tenantId"] = tenant;
            parameters["channelData"] = new JsonObject { ["tenant"] = new JsonObject { ["id"] = tenant } };
        }
        return parameters;
    }

    /// <param name="mayDouble">True where doing it again could show it twice.</param>
    private static SendOutcome OutcomeOf(ConnectorAnswer answer, bool mayDouble)
    {
        var why = answer.ToString();
        switch (answer.Reach)
        {
            case ConnectorReach.NotAllowed: return new SendOutcome.Gone(why);
            case ConnectorReach.NoToken: return new SendOutcome.TryAgain(UntilMended, answer.Why);
            case ConnectorReach.Unreached: return new SendOutcome.TryAgain(null, why);
            case ConnectorReach.Silent: return MayHaveArrived();
            case ConnectorReach.Paced: return new SendOutcome.TryAgain(answer.RetryAfter, why) { OnlyThis = true };
        }
        return answer.Status switch
        {
            // Counted by conversation (msteams-docs, rate-limit): the others go on
            HttpStatusCode.TooManyRequests => new SendOutcome.TryAgain(answer.RetryAfter, why) { OnlyThis = true },
            HttpStatusCode.PreconditionFailed or HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict => Again(answer.RetryAfter),
            // A gateway that says when to come again did not pass it on; one that does not may have ("BadGateway but delivered")
            HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout when answer.RetryAfter is not null => Again(answer.RetryAfter),
            >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout => MayHaveArrived(),
            HttpStatusCode.Unauthorized => Again(UntilMended),
            HttpStatusCode.Forbidden when answer.ErrorCode is "InvalidBotApiHost" => Again(UntilMended),
            HttpStatusCode.Forbidden or HttpStatusCode.NotFound => new SendOutcome.Gone(why),
            _ => new SendOutcome.Refused(why),
        };

        SendOutcome Again(TimeSpan? after) => new SendOutcome.TryAgain(after, why);
        SendOutcome MayHaveArrived() => mayDouble ? new SendOutcome.Unknown(why) : new SendOutcome.TryAgain(answer.RetryAfter, why);
    }
}
