using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace MicroAppBot.Policies.Log;

/// <summary>
/// Sends decisions to another service the way OPA does: a gzipped JSON array per POST. What was not taken is sent again, later and
/// later; while the other side is away only so many wait.
/// </summary>
internal sealed partial class DecisionUpload : IDisposable
{
    /// <summary>What a batch holds at most before it is packed: small enough for the usual limits of a receiver.</summary>
    private const int MostBytes = 1024 * 1024;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LastTry = TimeSpan.FromSeconds(5);

    private readonly DecisionLogSettings _settings;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly HttpClient _http;
    private readonly LinkedList<string> _waiting = [];
    private int _mostAtOnce = int.MaxValue;
    private int _failures;
    private long _lost;

    public DecisionUpload(DecisionLogSettings settings, TimeProvider clock, ILogger log, HttpMessageHandler? network)
    {
        (_settings, _clock, _log) = (settings, clock, log);
        _http = new HttpClient(network ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(10) }, disposeHandler: network is null) { Timeout = TimeSpan.FromSeconds(30) };
        if (settings.Token is { Length: > 0 } token) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Why nothing gets through; null when it does.</summary>
    public string? Trouble { get; private set; }

    public void Add(string line)
    {
        lock (_waiting)
        {
            _waiting.AddLast(line);
            Shorten();
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var wait = TimeSpan.FromSeconds(_settings.SendEverySeconds);
            await Task.Delay(await SendAllAsync(stopping) ?? wait, _clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        using var last = new CancellationTokenSource(LastTry, _clock);
        await SendAllAsync(last.Token);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>How long to wait after a failure; null when all was sent.</summary>
    private async Task<TimeSpan?> SendAllAsync(CancellationToken cancel)
    {
        while (TakeBatch() is { Count: > 0 } batch)
        {
            var sent = false;
            try
            {
                using var content = Packed(batch);
                using var answer = await _http.PostAsync(_settings.Url, content, cancel);
                if (answer.StatusCode == HttpStatusCode.RequestEntityTooLarge)
                {
                    // One that is too large alone will never be taken, and must not hold up the others
                    sent = batch.Count == 1;
                    if (sent) TooLarge(_settings.Url!.Host);
                    else _mostAtOnce = Math.Max(1, batch.Count / 2);
                    continue;
                }
                if (!answer.IsSuccessStatusCode)
                {
                    var asked = answer.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - _clock.GetUtcNow() : null;
                    return Failed($"it answered {(int)answer.StatusCode}", asked);
                }
                sent = true;
                if (batch.Count == _mostAtOnce) _mostAtOnce *= 2;
                Sent();
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                if (cancel.IsCancellationRequested) return TimeSpan.Zero;
                return Failed(e is HttpRequestException ? e.Message : "it did not answer in time", null);
            }
            finally
            {
                if (!sent) PutBack(batch);
            }
        }
        return null;
    }

    private void Sent()
    {
        long lost;
        lock (_waiting) (lost, _lost) = (_lost, 0);
        if (lost > 0) Lost(lost);
        if (_failures > 0) WorksAgain();
        (_failures, Trouble) = (0, null);
    }

    private TimeSpan Failed(string why, TimeSpan? asked)
    {
        if (_failures++ == 0) CannotSend(_settings.Url!.Host, why);
        Trouble = $"decisions cannot be sent to {_settings.Url!.Host}: {why}";
        var wait = TimeSpan.FromSeconds(Math.Min(_settings.SendEverySeconds, 1) * Math.Pow(2, Math.Min(_failures - 1, 12)));
        wait = asked is { } longer && longer > wait ? longer : wait;
        return wait > LongestWait ? LongestWait : wait;
    }

    private List<string> TakeBatch()
    {
        var batch = new List<string>();
        var bytes = 0;
        lock (_waiting)
        {
            while (_waiting.First is { Value: var line })
            {
                bytes += line.Length;
                if (batch.Count > 0 && (bytes > MostBytes || batch.Count >= _mostAtOnce)) break;
                batch.Add(line);
                _waiting.RemoveFirst();
            }
        }
        return batch;
    }

    private void PutBack(List<string> batch)
    {
        lock (_waiting)
        {
            foreach (var line in Enumerable.Reverse(batch)) _waiting.AddFirst(line);
            Shorten();
        }
    }

    private void Shorten()
    {
        for (; _waiting.Count > _settings.MostWaiting; _lost++) _waiting.RemoveFirst();
    }

    private static ByteArrayContent Packed(List<string> batch)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true)) zip.Write(Encoding.UTF8.GetBytes($"[{string.Join(',', batch)}]"));
        return new ByteArrayContent(bytes.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json"), ContentEncoding = { "gzip" } } };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Decisions cannot be sent to {Host} ({Why}); they wait and are sent again.")]
    private partial void CannotSend(string host, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Decisions are sent again.")]
    private partial void WorksAgain();

    [LoggerMessage(Level = LogLevel.Error, Message = "A decision was not sent: {Host} does not take one of this size.")]
    private partial void TooLarge(string host);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Lost} decisions were not sent: too many waited while the other side was away.")]
    private partial void Lost(long lost);
}
