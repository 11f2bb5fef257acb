using System.Collections.Frozen;
using System.Net.WebSockets;

namespace MicroAppBot.Channels.Slack;

/// <summary>Where envelopes go that came through a socket: <see cref="SlackDoor.TakeAsync"/>.</summary>
internal delegate Task<SlackAck> TakesSlack(SlackEnvelope envelope, CancellationToken cancel);

/// <summary>Opens connections of Socket Mode. Each needs an address of its own, which is good for one use.</summary>
internal sealed partial class SlackLines(SlackSettings settings, SlackWire wire, TakesSlack takes, TimeProvider time, ILogger<SlackLines> log)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Asking again does not help before somebody has changed something.</summary>
    private static readonly FrozenSet<string> Ours = FrozenSet.Create(StringComparer.Ordinal,
        "not_authed", "invalid_auth", "account_inactive", "token_revoked", "user_removed_from_team", "team_disabled", "forbidden_team",
        "not_allowed_token_type", "missing_scope", "no_permission");

    /// <summary>A connection over which Slack has said hello.</summary>
    /// <exception cref="SlackNoLine">None could be opened now.</exception>
    public async Task<SlackLine> OpenAsync(CancellationToken cancel)
    {
        var answer = await wire.PostAsync("apps.connections.open", [], SlackTokens.Bearer(settings.AppToken!), cancel);
        if (!answer.Ok)
        {
            var isOurs = answer.Error is { } word && Ours.Contains(word);
            if (isOurs) ToBeMended(answer.ToString());
            throw new SlackNoLine(answer.ToString(), isOurs, answer.RetryAfter);
        }
        if (!Uri.TryCreate(SlackJson.Text(answer.Body, "url"), UriKind.Absolute, out var url) || !MayConnect(url)) throw new SlackNoLine("Slack gave no address that may be connected to.", false);

        var socket = new ClientWebSocket();
        // A link that is only half there is noticed within fifteen seconds
        (socket.Options.KeepAliveInterval, socket.Options.KeepAliveTimeout) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5));
        using var patience = new CancellationTokenSource(ConnectTimeout, time);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        SlackLine? line = null;
        try
        {
            await socket.ConnectAsync(url, until.Token);
            line = new SlackLine(socket, takes, log);
            await line.SaidHello.WaitAsync(until.Token);
            return line;
        }
        catch (Exception fault) when (fault is WebSocketException or HttpRequestException or OperationCanceledException)
        {
            if (line is not null) await line.CloseAsync();
            else socket.Dispose();
            cancel.ThrowIfCancellationRequested();
            // Never the address: it opens the app's connection to whoever has it
            throw new SlackNoLine(fault is OperationCanceledException ? "Slack did not say hello in time." : "The connection failed.", false);
        }
    }

    private bool MayConnect(Uri url) => url.Scheme == Uri.UriSchemeWss || (url.Scheme == Uri.UriSchemeWs && url.IsLoopback && settings.Cloud.ApiUrl.IsLoopback);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing comes in through Socket Mode: {Why}. Check Channels:Slack:AppToken (scope connections:write), and that Socket Mode is switched on for the app.")]
    private partial void ToBeMended(string why);
}

/// <summary>There is no connection now.</summary>
/// <param name="isOurs">Somebody has to change something in the settings first.</param>
/// <param name="wait">What Slack asked for.</param>
internal sealed class SlackNoLine(string why, bool isOurs, TimeSpan? wait = null) : Exception(why)
{
    public bool IsOurs => isOurs;

    public TimeSpan? Wait => wait;
}
