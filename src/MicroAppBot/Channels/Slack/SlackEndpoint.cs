using System.Globalization;
using System.Text.Json.Nodes;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary><c>POST /slack/events</c>, <c>/slack/interactions</c> and <c>/slack/commands</c>. What was said is on disk before it is answered.</summary>
public static class SlackEndpoint
{
    public const string EventsPath = "/slack/events";
    public const string InteractionsPath = "/slack/interactions";
    public const string CommandsPath = "/slack/commands";

    internal const string ChannelName = "slack";

    public static void MapSlack(this IEndpointRouteBuilder routes)
    {
        var post = routes.ServiceProvider.GetRequiredService<SlackPost>();
        foreach (var path in (string[])[EventsPath, InteractionsPath, CommandsPath]) routes.MapPost(path, (Delegate)post.TakeAsync);
    }
}

/// <summary>One request from Slack: let in or not, read, handed in, answered.</summary>
internal sealed class SlackPost(SlackVerifier verifier, SlackDoor door)
{
    private const string RetryNumHeader = "X-Slack-Retry-Num";
    private const string RetryReasonHeader = "X-Slack-Retry-Reason";

    public async Task<IResult> TakeAsync(HttpContext http)
    {
        var request = http.Request;
        if (await SlackBody.BytesAsync(request, http.RequestAborted) is not { } bytes) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        if (!verifier.Vouches(request.Headers, bytes))
        {
            return SlackBody.IsCertificateCheck(request.ContentType, bytes) ? Results.Ok() : Results.StatusCode(StatusCodes.Status401Unauthorized);
        }
        switch (SlackBody.Read(request.ContentType, bytes))
        {
            case SlackBody.Challenge challenge:
                return Json(new JsonObject { ["challenge"] = challenge.Value });
            case SlackBody.Said said:
                try
                {
                    var tries = int.TryParse(request.Headers[RetryNumHeader], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
                    // Slack hangs up after three seconds, and that must not undo what was said
                    var ack = await door.TakeAsync(new SlackEnvelope(said.Kind, said.Payload, tries, request.Headers[RetryReasonHeader]), CancellationToken.None);
                    return ack.Body is { } body ? Json(body) : Results.Ok();
                }
                catch (SlackNotTaken)
                {
                    return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
                }
            case SlackBody.Nothing:
                return Results.Ok();
            default:
                return Results.BadRequest();
        }
    }

    private static IResult Json(JsonObject body) => Results.Text(body.ToJsonString(SlackJson.Options), "application/json; charset=utf-8");
}
