using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Slack;

/// <summary>Slack's Web API, one call at a time; what its answers mean for a message is the channel's business.</summary>
internal sealed partial class SlackApi(SlackWire wire, SlackTokens tokens, SlackPace pace, ILogger<SlackApi> log)
{
    /// <summary>Waited for here; longer waits are the caller's to arrange.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Calls a method with the token of a workspace.</summary>
    /// <param name="teamId">The workspace, or the enterprise of an installation on a whole organisation.</param>
    /// <param name="method">Such as <c>chat.postMessage</c>.</param>
    /// <returns>Never throws for what Slack or the network does, except when it is cancelled after the request went out: then its outcome is unknown.</returns>
    public async Task<SlackAnswer> CallAsync(string teamId, string method, JsonObject args, CancellationToken cancel)
    {
        SlackInstall? install;
        try
        {
            install = await tokens.OfAsync(teamId, cancel);
            if (install is null) return SlackAnswer.Without(SlackReach.NotInstalled, method, "the app is not installed in that workspace");
            if (await pace.EnterAsync(install.Id, method, PlaceOf(args), Patience, cancel) is { } wait)
            {
                return SlackAnswer.Without(SlackReach.Held, method, "kept back, so that Slack's limit is not passed", wait);
            }
        }
        catch (SlackTokenUnavailable fault)
        {
            return SlackAnswer.Without(SlackReach.NoToken, method, fault.Message);
        }
        catch (OperationCanceledException)
        {
            return SlackAnswer.Without(SlackReach.Unreached, method, "there was no time left to send it");
        }
        var answer = await wire.PostAsync(method, args, SlackTokens.Bearer(install.Token), cancel);
        if (answer.Error == "token_expired")
        {
            try
            {
                if (await tokens.AnotherAsync(install, cancel) is { } renewed) answer = await wire.PostAsync(method, args, SlackTokens.Bearer(renewed.Token), cancel);
            }
            catch (SlackTokenUnavailable fault)
            {
                return SlackAnswer.Without(SlackReach.NoToken, method, fault.Message);
            }
        }
        if (answer is { Fate: SlackFate.TryAgain, RetryAfter: { } after }) pace.Pause(install.Id, method, after);
        if (answer.Fate is SlackFate.TokenDead) TokenDead(install.Id, answer.ToString());
        if (answer.Fate is SlackFate.Mend) ToBeMended(install.Id, answer.ToString());
        return answer;
    }

    /// <summary>Answers at a response_url, on Slack's own hosts only. The address is a secret: it is never logged.</summary>
    public Task<SlackAnswer> RespondAsync(string responseUrl, JsonObject body, CancellationToken cancel) => wire.RespondAsync(responseUrl, body, cancel);

    private static string PlaceOf(JsonObject args) => SlackJson.Text(args, "channel") ?? SlackJson.Text(args, "users") ?? SlackJson.Text(args, "user") ?? SlackJson.Text(args, "user_id") ?? "";

    [LoggerMessage(Level = LogLevel.Error, Message = "The token of workspace {Id} is not good any more ({Why}): nothing is sent there until it is. Install the app there again, or set Channels:Slack:BotToken anew.")]
    private partial void TokenDead(string id, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The app's settings in Slack do not allow what the bot has to do in workspace {Id} ({Why}). Compare them with docs/slack-app/manifest.yaml, and install the app again after a change of scopes.")]
    private partial void ToBeMended(string id, string why);
}
