using System.Buffers;
using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Slack;

/// <summary>One POST to Slack and its answer: no token is looked up, no limit is kept, nothing is repeated here.</summary>
internal sealed class SlackWire(IHttpClientFactory clients, SlackSettings settings, TimeProvider time)
{
    public const string HttpClientName = "slack";

    /// <summary>A message comes back whole in the answer; fifty blocks are far below this.</summary>
    private const int MostAnswered = 1024 * 1024;

    /// <summary>The others answer a JSON body with <c>invalid_arguments</c>, as if nothing had been given.</summary>
    private static readonly FrozenSet<string> TakesJson = FrozenSet.Create(StringComparer.Ordinal,
        "chat.postMessage", "chat.update", "chat.postEphemeral", "chat.delete", "conversations.open", "conversations.history",
        "views.open", "views.update", "views.push", "views.publish", "auth.test", "apps.connections.open");

    private static readonly SearchValues<byte> WordBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_"u8);

    public Task<SlackAnswer> PostAsync(string method, JsonObject args, AuthenticationHeaderValue? authorization, CancellationToken cancel) =>
        SendAsync(method, new Uri(settings.Cloud.ApiUrl, method), TakesJson.Contains(method) ? JsonContent(args) : FormContent(args), authorization, cancel);

    /// <summary>Answers at a <c>response_url</c>. It is a secret, and it came from outside: only Slack's own host is called, and it is never named anywhere.</summary>
    public Task<SlackAnswer> RespondAsync(string responseUrl, JsonObject body, CancellationToken cancel) => settings.Cloud.MayRespond(responseUrl)
        ? SendAsync("response_url", new Uri(responseUrl), JsonContent(body), null, cancel)
        : Task.FromResult(SlackAnswer.Without(SlackReach.NotAllowed, "response_url", "the address is none of Slack's"));

    private async Task<SlackAnswer> SendAsync(string method, Uri url, WatchedContent content, AuthenticationHeaderValue? authorization, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.Authorization = authorization;
        try
        {
            using var response = await clients.CreateClient(HttpClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            return await ReadAsync(method, response, cancel);
        }
        // A caller who has waited long enough learns that nothing left; only what went out is of unknown outcome
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException && (!cancel.IsCancellationRequested || !content.WentOut))
        {
            return SlackAnswer.Without(content.WentOut ? SlackReach.Silent : SlackReach.Unreached, method, fault is OperationCanceledException ? "no answer in time" : "connection failed");
        }
    }

    private async Task<SlackAnswer> ReadAsync(string method, HttpResponseMessage response, CancellationToken cancel)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            var length = 0;
            while (await stream.ReadAsync(buffer.AsMemory(length), cancel) is var read and > 0)
            {
                length += read;
                if (length < buffer.Length) continue;
                if (length >= MostAnswered) break;
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
            return AnswerOf(method, response, buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private SlackAnswer AnswerOf(string method, HttpResponseMessage response, ReadOnlySpan<byte> text)
    {
        var body = SlackJson.Object(text) ?? [];
        var isSuccess = response.IsSuccessStatusCode;
        // A response_url answers "ok" as plain text
        var ok = isSuccess && (SlackJson.Is(body, "ok") || (method == "response_url" && text.Trim("\r\n "u8).SequenceEqual("ok"u8)));
        var error = ok ? null : SlackJson.Text(body, "error") ?? WordOf(method, text) ?? $"http_{(int)response.StatusCode}";
        return new SlackAnswer(ok, error, body, RetryAfter(response), SlackReach.Answered) { Method = method, Status = response.StatusCode };
    }

    /// <summary>A <c>response_url</c> says <c>used_url</c> or <c>expired_url</c> as plain text.</summary>
    private static string? WordOf(string method, ReadOnlySpan<byte> text) =>
        method == "response_url" && text.Length is > 0 and < 40 && text.IndexOfAnyExcept(WordBytes) < 0 ? System.Text.Encoding.ASCII.GetString(text) : null;

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var told = response.Headers.RetryAfter switch
        {
            { Delta: { } wait } => wait,
            { Date: { } until } => until - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        // A 429 without a number still asks to be left alone
        return told is { } after ? (after < TimeSpan.Zero ? TimeSpan.Zero : after) : response.StatusCode == HttpStatusCode.TooManyRequests ? TimeSpan.FromSeconds(1) : null;
    }

    private static WatchedContent JsonContent(JsonObject body) => new(JsonSerializer.SerializeToUtf8Bytes(body, SlackJson.Options), "application/json");

    /// <summary>What is more than a word goes in as JSON text, as Slack's forms have it.</summary>
    private static WatchedContent FormContent(JsonObject args)
    {
        var form = string.Join('&', args.Where(a => a.Value is not null).Select(a =>
            $"{Uri.EscapeDataString(a.Key)}={Uri.EscapeDataString(a.Value is JsonValue value && value.TryGetValue<string>(out var text) ? text : a.Value!.ToJsonString(SlackJson.Options))}"));
        return new WatchedContent(System.Text.Encoding.ASCII.GetBytes(form), "application/x-www-form-urlencoded");
    }

    /// <summary>Knows whether any of it was handed to the connection: before that, nothing can have arrived.</summary>
    private sealed class WatchedContent : HttpContent
    {
        private readonly byte[] _bytes;

        public WatchedContent(byte[] bytes, string mediaType)
        {
            _bytes = bytes;
            Headers.ContentType = new MediaTypeHeaderValue(mediaType, "utf-8");
        }

        public bool WentOut { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            WentOut = true;
            return stream.WriteAsync(_bytes).AsTask();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return true;
        }
    }
}
