using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>
/// Socket Mode: the bot asks for an address with its app token, connects, is greeted, and gets envelopes that it acknowledges.
/// Each envelope goes to one of its connections; at most ten may be open.
/// </summary>
internal sealed class SlackSocketLine(string appId, TimeProvider time) : ISlackLine
{
    private const int MostConnections = 10;
    private static readonly TimeSpan TicketLife = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _tickets = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<SlackHeard>> _waiting = new();
    private readonly List<Connection> _connections = [];
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;

    /// <summary>How many connections were greeted since the beginning.</summary>
    public int Greeted { get; private set; }

    /// <summary>Frames that were no acknowledgement of anything that was waited for.</summary>
    public ConcurrentQueue<string> Strange { get; } = new();

    /// <summary>Connections that take envelopes.</summary>
    public int Open
    {
        get { lock (_gate) return _connections.Count(c => !c.IsLeaving); }
    }

    /// <summary>A single-use address; it must be used within 30 seconds.</summary>
    public string NewAddress(string root)
    {
        var ticket = Guid.NewGuid().ToString("N");
        _tickets[ticket] = time.GetUtcNow() + TicketLife;
        return root.Replace("http://", "ws://", StringComparison.Ordinal) + $"/link/?ticket={ticket}&app_id={appId}";
    }

    public async Task AcceptAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest || !_tickets.TryRemove(http.Request.Query["ticket"].ToString(), out var until) || until < time.GetUtcNow())
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = TimeSpan.FromSeconds(5) });
        using var connection = new Connection(socket, http.Abort);
        int count;
        lock (_gate)
        {
            count = _connections.Count + 1;
            if (count <= MostConnections) _connections.Add(connection);
        }
        if (count > MostConnections)
        {
            await connection.SendAsync(Disconnecting("too_many_websockets"));
            await connection.CloseAsync();
            return;
        }
        try
        {
            await connection.SendAsync(new JsonObject
            {
                ["type"] = "hello",
                ["num_connections"] = count,
                ["connection_info"] = new JsonObject { ["app_id"] = appId },
                ["debug_info"] = new JsonObject { ["host"] = "applink-of-the-tests", ["build_number"] = 1, ["approximate_connection_time"] = 18060 },
            });
            lock (_gate) Greeted++;
            Tell();
            while (await connection.ReceiveAsync() is { } frame) Take(frame);
        }
        catch (Exception gone) when (gone is WebSocketException or IOException or OperationCanceledException or ConnectionAbortedException)
        {
            // The bot is away without a word
        }
        finally
        {
            lock (_gate) _connections.Remove(connection);
            Tell();
        }
    }

    /// <summary>Waits until so many connections take envelopes.</summary>
    public async Task ConnectedAsync(int connections = 1, TimeSpan? patience = null)
    {
        using var late = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(30));
        while (true)
        {
            Task changed;
            lock (_gate) changed = _changed.Task;
            if (Open >= connections) return;
            await changed.WaitAsync(late.Token);
        }
    }

    public async Task<SlackHeard> DeliverAsync(SlackNews news, JsonObject payload, TimeSpan patience, (int Number, string Reason)? retry = null)
    {
        Connection? connection;
        lock (_gate)
        {
            var open = _connections.Where(c => !c.IsLeaving).ToList();
            connection = open.Count == 0 ? null : open[_next++ % open.Count];
        }
        if (connection is null) return new SlackHeard(0, "");
        var id = Guid.NewGuid().ToString();
        var envelope = new JsonObject
        {
            ["envelope_id"] = id,
            ["type"] = news switch { SlackNews.Event => "events_api", SlackNews.Command => "slash_commands", _ => "interactive" },
            ["accepts_response_payload"] = news == SlackNews.Command || payload.Str("type") is "view_submission" or "block_suggestion",
            ["payload"] = payload.DeepClone(),
        };
        if (news == SlackNews.Event) (envelope["retry_attempt"], envelope["retry_reason"]) = (retry?.Number ?? 0, retry?.Reason ?? "");
        var waiting = _waiting[id] = new TaskCompletionSource<SlackHeard>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await connection.SendAsync(envelope);
            return await waiting.Task.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            return new SlackHeard(0, "", TimedOut: true);
        }
        catch (Exception gone) when (gone is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            return new SlackHeard(0, "");
        }
        finally
        {
            _waiting.TryRemove(id, out _);
        }
    }

    /// <summary>Slack asks every connection to be replaced: the old one takes nothing new, and is closed by Slack if the bot does not.</summary>
    /// <param name="reason"><c>warning</c>, <c>refresh_requested</c> or <c>link_disabled</c>.</param>
    public async Task DisconnectAsync(string reason, int connections = int.MaxValue)
    {
        List<Connection> leaving;
        lock (_gate)
        {
            leaving = [.. _connections.Where(c => !c.IsLeaving).Take(connections)];
            foreach (var one in leaving) one.IsLeaving = true;
        }
        foreach (var one in leaving) await one.SendAsync(Disconnecting(reason));
        Tell();
    }

    /// <summary>The network is cut: no close, no word.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            foreach (var one in _connections) one.Cut();
        }
    }

    /// <summary>Sends a frame as it is, to every connection.</summary>
    public async Task SendRawAsync(string frame)
    {
        List<Connection> all;
        lock (_gate) all = [.. _connections];
        foreach (var one in all) await one.SendAsync(frame);
    }

    private static JsonObject Disconnecting(string reason) => new() { ["type"] = "disconnect", ["reason"] = reason, ["debug_info"] = new JsonObject { ["host"] = "wss-of-the-tests" } };

    private void Take(string frame)
    {
        JsonObject? ack = null;
        try
        {
            ack = JsonNode.Parse(frame) as JsonObject;
        }
        catch (JsonException)
        {
        }
        if (ack.Str("envelope_id") is { } id && _waiting.TryGetValue(id, out var waiting)) waiting.TrySetResult(new SlackHeard(200, ack!["payload"]?.ToJsonString() ?? ""));
        else Strange.Enqueue(frame);
    }

    private void Tell()
    {
        lock (_gate)
        {
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private sealed class Connection(WebSocket socket, Action cut) : IDisposable
    {
        private readonly SemaphoreSlim _one = new(1);

        public volatile bool IsLeaving;

        public Task SendAsync(JsonObject frame) => SendAsync(frame.ToJsonString());

        public async Task SendAsync(string frame)
        {
            await _one.WaitAsync();
            try
            {
                await socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, true, CancellationToken.None);
            }
            finally
            {
                _one.Release();
            }
        }

        public async Task<string?> ReceiveAsync()
        {
            var buffer = new byte[64 * 1024];
            using var whole = new MemoryStream();
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer, CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await CloseAsync();
                    return null;
                }
                whole.Write(buffer, 0, part.Count);
                if (part.EndOfMessage) return Encoding.UTF8.GetString(whole.ToArray());
            }
        }

        public Task CloseAsync() => socket.State is WebSocketState.Open or WebSocketState.CloseReceived
            ? socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None)
            : Task.CompletedTask;

        public void Cut() => cut();

        public void Dispose() => _one.Dispose();
    }
}
