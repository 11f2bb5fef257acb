using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Teams;

/// <summary>One activity from the wire to its answer: who may come in, what it is, who handles it.</summary>
internal sealed partial class TeamsDoor(TeamsSettings settings, TeamsTalk talk, TeamsAnswers answers, ILogger<TeamsDoor> log)
{
    private const int LongestConversationId = 500;

    public async Task<IResult> TakeAsync(HttpContext http)
    {
        var cancel = http.RequestAborted;
        if (Refusal(http) is { } refusal) return Unauthorized(refusal);
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
            if (Refusal(activity) is { } unfit) return Unauthorized(unfit);
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
                return activity.IsInvoke
                    ? Json(TeamsInvoke.Error(500, "Unavailable", "Something went wrong on my side, and nothing was changed by this click. Please try it again in a moment."))
                    : Fault("Something went wrong here. Please send it again.", StatusCodes.Status503ServiceUnavailable);
            }
        }
    }

    private string? Refusal(HttpContext http) => settings.AllowsUnsigned
        ? UnsignedGuard.Refusal(http)
        : "Teams is not set up here (Channels:Teams:AppId).";

    private string? Refusal(TeamsActivity activity) => activity.ServiceUrl.Length > 0 && !settings.MayCall(activity.ServiceUrl)
        ? "The serviceUrl is not an address that may be answered."
        : null;

    private async Task<IResult> HandleAsync(TeamsActivity activity, CancellationToken cancel)
    {
        switch (activity.Type.ToLowerInvariant())
        {
            case "message":
                if (Incomplete(activity) is { } incomplete) return incomplete;
                await talk.SayAsync(activity, activity.From!, cancel);
                return Results.Accepted();
            case "invoke":
                return activity.Name == "adaptiveCard/action" ? await ActAsync(activity, cancel) : Results.StatusCode(StatusCodes.Status501NotImplemented);
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
        var press = await talk.PressAsync(activity, activity.From!, ((JsonElement?)action).Text("verb"), data, cancel);
        return Json(await answers.ShowAsync(press));

        static IResult Bad(string code, string words) => Json(TeamsInvoke.Error(400, code, words), StatusCodes.Status400BadRequest);
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
        if (activity.From is null && activity.Type is not "conversationUpdate") return Fault("The activity does not say who it is from (from.id).");
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
}
