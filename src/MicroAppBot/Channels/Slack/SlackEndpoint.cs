using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Desk;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MicroAppBot.Channels.Slack;

/// <summary><c>POST /slack/events</c>, <c>/slack/interactions</c> and <c>/slack/commands</c>. What was said is on disk before it is answered.</summary>
public static class SlackEndpoint
{
    public const string EventsPath = "/slack/events";
    public const string InteractionsPath = "/slack/interactions";
    public const string CommandsPath = "/slack/commands";

    internal const string ChannelName = "slack";

    /// <summary>
    /// What Slack needs; to be added beside the store, the turns, the directory, the outbox, the card pen, the person's own page and the
    /// governance clock. Adds itself as an <see cref="IChannel"/> where it is on.
    /// </summary>
    /// <exception cref="SettingException">Slack is half set up; the message names the missing key.</exception>
    public static IServiceCollection AddSlack(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = SlackSettings.From(configuration);
        services.AddSlackOut(settings);
        services.TryAddSingleton<PeopleBell>();
        services.AddSingleton<SlackVerifier>()
            .AddSingleton<SlackTalk>()
            .AddSingleton<SlackCards>()
            .AddSingleton<SlackViews>()
            .AddSingleton<SlackWhispers>()
            .AddSingleton<SlackMoments>()
            .AddSingleton<SlackForms>()
            .AddSingleton<SlackShortcuts>()
            .AddSingleton<SlackHome>()
            .AddSingleton<SlackClicks>()
            .AddSingleton<SlackCommands>()
            .AddSingleton<SlackEvents>()
            .AddSingleton<SlackInbox>()
            .AddSingleton<SlackDoor>()
            .AddSingleton<SlackRequests>();
        if (!settings.IsOn) return services;
        return services.AddSingleton<IHears>(provider => provider.GetRequiredService<SlackInbox>()).AddHostedService(provider => provider.GetRequiredService<SlackHome>());
    }

    public static void MapSlack(this IEndpointRouteBuilder routes)
    {
        var post = routes.ServiceProvider.GetRequiredService<SlackRequests>();
        foreach (var path in (string[])[EventsPath, InteractionsPath, CommandsPath]) routes.MapPost(path, (Delegate)post.TakeAsync);
        routes.MapSlackInstall();
    }
}

/// <summary>One request from Slack: let in or not, read, handed in, answered.</summary>
internal sealed class SlackRequests(SlackVerifier verifier, SlackDoor door)
{
    private const string RetryNumHeader = "X-Slack-Retry-Num";
    private const string RetryReasonHeader = "X-Slack-Retry-Reason";

    public async Task<IResult> TakeAsync(HttpContext http)
    {
        var request = http.Request;
        if (await SlackBody.BytesAsync(request, http.RequestAborted) is not { } bytes) return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        // Slack looks at our certificate without a signature: whatever else stands in it, nothing is done
        if (SlackBody.IsCertificateCheck(request.ContentType, bytes)) return Results.Ok();
        if (!verifier.Vouches(request.Headers, bytes)) return Results.StatusCode(StatusCodes.Status401Unauthorized);
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

    private static IResult Json(JsonObject body) => Results.Bytes(JsonSerializer.SerializeToUtf8Bytes(body, SlackJson.Options), "application/json; charset=utf-8");
}
