using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Slack;

/// <summary>How a connection of Socket Mode ended.</summary>
internal enum SlackLineEnd
{
    /// <summary>Slack is about to close it: the next one is opened first.</summary>
    Refresh,
    /// <summary>Socket Mode was switched off for the app.</summary>
    SwitchedOff,
    /// <summary>The app has more connections than Slack lets it have.</summary>
    TooMany,
    /// <summary>It broke.</summary>
    Lost,
}

/// <summary>
/// One connection of Socket Mode: what it brings is handed in, and acknowledged when it is on the disk. What could not be kept is
/// not acknowledged, and Slack brings an event again.
/// </summary>
internal sealed partial class SlackLine : IAsyncDisposable
{
    private const int LargestFrame = 4 * 1024 * 1024;
    private const int MostAtOnce = 64;

    /// <summary>Slack's own patience is three seconds; what takes longer is not worth waiting for at the end.</summary>
    private static readonly TimeSpan LastAcks = TimeSpan.FromSeconds(5);

    private readonly WebSocket _socket;
    private readonly TakesSlack _takes;
    private readonly ILogger _log;
    private readonly Task _reading;
    private readonly TaskCompletionSource _hello = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SlackLineEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<Task, bool> _underWay = new();
    private readonly SemaphoreSlim _room = new(MostAtOnce);
    private readonly SemaphoreSlim _sending = new(1);

    public SlackLine(WebSocket socket, TakesSlack takes, ILogger log)
    {
        (_socket, _takes, _log) = (socket, takes, log);
        _reading = ReadAsync();
    }

    /// <summary>Slack is ready; cancelled when it never was.</summary>
    public Task SaidHello => _hello.Task;

    /// <summary>After a <see cref="SlackLineEnd.Refresh"/> it goes on bringing and taking until it is closed.</summary>
    public Task<SlackLineEnd> Ended => _ended.Task;

    public async ValueTask DisposeAsync() => await CloseAsync();

    /// <summary>Acknowledges what is under way, and closes. Never throws.</summary>
    public async Task CloseAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(LastAcks);
            await Task.WhenAll(_underWay.Keys).WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Reading goes on meanwhile: what Slack has sent by then is still taken
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _sending.WaitAsync(patience.Token);
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
                _sending.Release();
                await _reading.WaitAsync(patience.Token);
            }
            await Task.WhenAll(_underWay.Keys).WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            // It is gone either way
        }
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var frame = new MemoryStream();
        var chunk = new byte[16 * 1024];
        try
        {
            while (true)
            {
                var read = await _socket.ReceiveAsync(chunk.AsMemory(), CancellationToken.None);
                if (read.MessageType == WebSocketMessageType.Close) break;
                frame.Write(chunk, 0, read.Count);
                if (frame.Length > LargestFrame) break;
                if (!read.EndOfMessage) continue;
                if (SlackJson.Object(frame.GetBuffer().AsSpan(0, (int)frame.Length)) is { } told) await TakeAsync(told);
                frame.SetLength(0);
            }
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Said by how it ended
        }
        _hello.TrySetCanceled();
        _ended.TrySetResult(SlackLineEnd.Lost);
    }

    private async Task TakeAsync(JsonObject told)
    {
        switch (SlackJson.Text(told, "type"))
        {
            case "hello":
                _hello.TrySetResult();
                return;
            case "disconnect":
                _ended.TrySetResult(SlackJson.Text(told, "reason") switch
                {
                    "link_disabled" => SlackLineEnd.SwitchedOff,
                    "too_many_websockets" => SlackLineEnd.TooMany,
                    _ => SlackLineEnd.Refresh,
                });
                return;
            case { } kind when SlackJson.Text(told, "envelope_id") is { } id:
                await _room.WaitAsync();
                var work = Task.Run(() => HandleAsync(id, kind, told));
                _underWay[work] = true;
                _ = work.ContinueWith(done => _underWay.TryRemove(done, out _), TaskScheduler.Default);
                return;
        }
    }

    private async Task HandleAsync(string id, string kind, JsonObject told)
    {
        try
        {
            var payload = told["payload"] as JsonObject ?? [];
            told.Remove("payload");
            var retry = told["retry_attempt"] is JsonValue value && value.TryGetValue<int>(out var count) && count > 0 ? count : (int?)null;
            var ack = await _takes(new SlackEnvelope(kind, payload, retry, SlackJson.Text(told, "retry_reason")), CancellationToken.None);
            var answer = new JsonObject { ["envelope_id"] = id };
            if (ack.Body is not null && SlackJson.Is(told, "accepts_response_payload")) answer["payload"] = ack.Body.DeepClone();
            await SendAsync(JsonSerializer.SerializeToUtf8Bytes(answer, SlackJson.Options));
        }
        catch (Exception fault)
        {
            NotTaken(kind, fault);
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task SendAsync(byte[] frame)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What came through the socket ({Kind}) was not acknowledged: Slack brings events again; whoever clicked is told that it did not work.")]
    private partial void NotTaken(string kind, Exception fault);
}
