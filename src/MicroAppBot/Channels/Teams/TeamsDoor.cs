using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Teams;

/// <summary>One activity from the wire to its answer: who may come in, what it is, who handles it.</summary>
internal sealed partial class TeamsDoor(TeamsSettings settings, TeamsVerifier verifier, TeamsTalk talk, TeamsAnswers answers, TeamsRefresh refresh, TeamsDialogs dialogs, TeamsTyping typing, ILogger<TeamsDoor> log)
{
    private const int LongestConversationId = 500;
    private const string TeamsChannelId = "msteams";
    private const string NotVouchedFor = "This activity is not signed by the Bot Framework for this bot.";

    public async Task<IResult> TakeAsync(HttpContext http)
    {
        var cancel = http.RequestAborted;
        TeamsVoucher? voucher = null;
        if (settings.App is not null)
        {
            try
            {
                voucher = await verifier.ReadAsync(http.Request.Headers.Authorization, cancel);
            }
            catch (TeamsKeysUnavailable fault)
            {
                NoKeys(fault);
                return Fault("Signatures cannot be checked at the moment. Please send it again.", StatusCodes.Status503ServiceUnavailable);
            }
            if (voucher is null) return Unauthorized(NotVouchedFor);
        }
        else if ((settings.AllowsUnsigned ? UnsignedGuard.Refusal(http) : "Teams is not set up here (Channels:Teams:AppId).") is { } refusal)
        {
            return Unauthorized(refusal);
        }
        if (await TeamsBody.ReadAsync(http.Request, cancel) is not { } body) return Fault("That is too much at once.", StatusCodes.Status413PayloadTooLarge);
        JsonDocument json;
        try
        {
            json = TeamsBody.Parse(body);
        }
        catch (JsonException broken)
        {
            return Fault($"This is not JSON (line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}).");
        }
        using (json)
        {
            if (json.RootElement.ValueKind != JsonValueKind.Object) return Fault("An activity is a JSON object.");
            var activity = TeamsActivity.Read(json.RootElement, body);
            if (voucher is not null ? !verifier.Vouches(voucher, activity) : activity.ServiceUrl.Length > 0 && !settings.MayCall(activity.ServiceUrl))
            {
                return Unauthorized(voucher is not null ? NotVouchedFor : "The serviceUrl must be on this machine as long as activities are not signed.");
            }
            if (voucher is not null && activity.ChannelId != TeamsChannelId)
            {
                // Genuine, and of a channel where a sender may call themselves what they like (Web Chat, Direct Line)
                OtherChannel(activity.ChannelId);
                return activity.IsInvoke ? Results.StatusCode(StatusCodes.Status501NotImplemented) : Results.Ok();
            }
            try
            {
                return await HandleAsync(activity, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception fault)
            {
                Failed(activity.Type, fault);
                // A message comes again by itself when it was not taken; a click keeps its buttons
                const string Unavailable = "Something went wrong on my side, and nothing was changed by this click. Please try it again in a moment.";
                return activity.IsInvoke
                    ? Json(activity.Name.StartsWith("task/", StringComparison.Ordinal) ? TeamsWindow.Message(Unavailable) : TeamsInvoke.Error(500, "Unavailable", Unavailable))
                    : Fault("Something went wrong here. Please send it again.", StatusCodes.Status503ServiceUnavailable);
            }
        }
    }

    private async Task<IResult> HandleAsync(TeamsActivity activity, CancellationToken cancel)
    {
        switch (activity.Type.ToLowerInvariant())
        {
            case "message":
                if (Incomplete(activity) is { } incomplete) return incomplete;
                // What people say to each other is theirs, also where an administrator lets the bot read along
                if (!activity.IsPersonal && !activity.MentionsBot && activity.Value is null) return Results.Ok();
                await typing.WhileAsync(activity, () => talk.SayAsync(activity, activity.From!, cancel));
                return Results.Accepted();
            case "invoke":
                return activity.Name switch
                {
                    "adaptiveCard/action" => await ActAsync(activity, cancel),
                    "task/fetch" or "task/submit" => await TalkInWindowAsync(activity, cancel),
                    _ => Results.StatusCode(StatusCodes.Status501NotImplemented),
                };
            case "event":
                if (activity.Name == "application/vnd.microsoft.readReceipt" && activity.IsPersonal && activity.From is { } reader && Incomplete(activity) is null)
                {
                    await talk.ReadAsync(activity, reader, cancel);
                }
                return Results.Ok();
            case "conversationupdate":
                if (activity.MembersAdded.Any(IsBot)) return await GreetAsync(activity, activity.MembersAdded, greet: true, cancel);
                return activity.MembersRemoved.Any(IsBot) ? await PartAsync(activity, cancel) : Results.Ok();
            case "installationupdate":
                return activity.Action switch
                {
                    "add" => await GreetAsync(activity, [], greet: true, cancel),
                    "add-upgrade" => await GreetAsync(activity, [], greet: false, cancel),
                    "remove" => await PartAsync(activity, cancel),
                    _ => Results.Ok(),
                };
            default:
                // What is not for us is taken all the same: a bot that answers with errors is cut off
                return Results.Ok();
        }

        bool IsBot(TeamsSender member) => member.Id.Length > 0 && member.Id == activity.RecipientId;
    }

    private async Task<IResult> ActAsync(TeamsActivity activity, CancellationToken cancel)
    {
        if (activity.Value is not { } value) return Bad("BadRequest", "Missing value property");
        if (value.ValueKind != JsonValueKind.Object || ((JsonElement?)value).Member("action") is not { ValueKind: JsonValueKind.Object } action) return Bad("BadRequest", "Missing action property");
        var kind = ((JsonElement?)action).Text("type");
        if (kind != "Action.Execute") return Bad("NotSupported", $"The action '{kind}' is not supported.");
        if (Incomplete(activity) is { } incomplete) return incomplete;

        var data = ((JsonElement?)action).Member("data") is { ValueKind: JsonValueKind.Object } given ? TeamsBody.Object(given) : [];
        var verb = ((JsonElement?)action).Text("verb") ?? (data["verb"] is JsonValue named && named.TryGetValue<string>(out var inData) ? inData : null);
        if (verb == TeamsRefresh.Verb) return Json(await refresh.ShowAsync(activity, activity.From!, data, cancel));
        var press = await talk.PressAsync(activity, activity.From!, verb, data, cancel);
        return Json(await answers.ShowAsync(press));

        static IResult Bad(string code, string words) => Json(TeamsInvoke.Error(400, code, words), StatusCodes.Status400BadRequest);
    }

    private async Task<IResult> TalkInWindowAsync(TeamsActivity activity, CancellationToken cancel)
    {
        if (Incomplete(activity) is { } incomplete) return incomplete;
        if (activity.Name == "task/fetch") return Json(await dialogs.OpenAsync(activity, activity.From!, cancel));
        return await dialogs.SubmitAsync(activity, activity.From!, cancel) is { } next ? Json(next) : Results.Ok();
    }

    private async Task<IResult> GreetAsync(TeamsActivity activity, IReadOnlyList<TeamsSender> added, bool greet, CancellationToken cancel)
    {
        // In a team or a group nobody in particular arrived
        if (activity.IsPersonal && Person(activity, added) is { } person && Incomplete(activity) is null) await talk.ArriveAsync(activity, person, greet, cancel);
        return Results.Ok();
    }

    private async Task<IResult> PartAsync(TeamsActivity activity, CancellationToken cancel)
    {
        if (activity.IsPersonal && Person(activity, activity.MembersRemoved) is { } person && Incomplete(activity) is null) await talk.LeaveAsync(activity, person, cancel);
        return Results.Ok();
    }

    /// <summary>Who the personal chat is with: the sender, or the other member where the bot itself is named as the sender.</summary>
    private static TeamsSender? Person(TeamsActivity activity, IReadOnlyList<TeamsSender> members) =>
        activity.From is { } from && from.Id != activity.RecipientId ? from : members.FirstOrDefault(m => m.Id != activity.RecipientId);

    /// <summary>Without these nobody can be answered.</summary>
    private static IResult? Incomplete(TeamsActivity activity)
    {
        if (activity.From is null && (activity.IsInvoke || activity.MembersAdded.Count == 0)) return Fault("The activity does not say who it is from (from.id).");
        if (activity.ConversationId.Length == 0) return Fault("The activity names no conversation (conversation.id).");
        if (activity.ConversationId.Length > LongestConversationId) return Fault("The conversation's id is too long.");
        return activity.ServiceUrl.Length == 0 ? Fault("The activity does not say where to answer (serviceUrl).") : null;
    }

    private static IResult Json(JsonObject body, int status = StatusCodes.Status200OK) =>
        Results.Text(body.ToJsonString(TeamsConnector.Json), "application/json; charset=utf-8", statusCode: status);

    private static IResult Fault(string words, int status = StatusCodes.Status400BadRequest) => Json(new JsonObject { ["error"] = words }, status);

    private static IResult Unauthorized(string why) => Fault(why, StatusCodes.Status401Unauthorized);

    [LoggerMessage(Level = LogLevel.Error, Message = "An activity of type {Type} could not be handled.")]
    private partial void Failed(string type, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "No activity can be let in: the keys of the Bot Framework cannot be fetched. Check that Channels:Teams:MetadataUrl can be reached from here.")]
    private partial void NoKeys(Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An activity of the channel {Channel} was passed over: only Teams vouches for who somebody is. Remove that channel from the bot's registration.")]
    private partial void OtherChannel(string channel);
}
