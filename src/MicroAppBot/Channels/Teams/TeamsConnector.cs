using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Teams;

/// <summary>The Bot Connector's REST API, one call at a time; what its answers mean for a message is <see cref="TeamsChannel"/>'s business.</summary>
internal sealed class TeamsConnector(IHttpClientFactory clients, TeamsToken tokens, TeamsPace pace, TeamsSettings settings, TimeProvider time)
{
    public const string HttpClientName = "teams-connector";

    /// <summary>As channels write cards: names and emoji stay what they are, which halves the size of some cards.</summary>
    public static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int MostAnswered = 64 * 1024;

    /// <summary>A short queue is waited out here; a longer one is Delivery's to come back to, so that it keeps no lane busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    /// <summary>POSTs a new message. Not to be repeated lightly: there is no idempotency key.</summary>
    public Task<ConnectorAnswer> SendAsync(string serviceUrl, string conversationId, JsonObject activity, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, serviceUrl, $"v3/conversations/{Uri.EscapeDataString(conversationId)}/activities", activity, conversationId, cancel);

    /// <summary>PUTs a message in the place of one that was sent.</summary>
    public Task<ConnectorAnswer> UpdateAsync(string serviceUrl, string conversationId, string activityId, JsonObject activity, CancellationToken cancel) =>
        CallAsync(HttpMethod.Put, serviceUrl, $"v3/conversations/{Uri.EscapeDataString(conversationId)}/activities/{Uri.EscapeDataString(activityId)}", activity, conversationId, cancel);

    /// <summary>Opens the personal chat with somebody, or finds the one there is; or begins a thread in a channel.</summary>
    public Task<ConnectorAnswer> OpenAsync(string serviceUrl, JsonObject parameters, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, serviceUrl, "v3/conversations", parameters, null, cancel);

    /// <summary>Reads what Teams knows of one member of a conversation.</summary>
    public Task<ConnectorAnswer> MemberAsync(string serviceUrl, string conversationId, string userId, CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, serviceUrl, $"v3/conversations/{Uri.EscapeDataString(conversationId)}/members/{Uri.EscapeDataString(userId)}", null, conversationId, cancel);

    private async Task<ConnectorAnswer> CallAsync(HttpMethod method, string serviceUrl, string path, JsonObject? body, string? conversation, CancellationToken cancel)
    {
        if (!settings.MayCall(serviceUrl)) return ConnectorAnswer.NotAllowed;
        if (await pace.TurnAsync(conversation, isQuestion: body is null, Patience, cancel) is { } wait) return ConnectorAnswer.Paced(wait);
        var url = new Uri(serviceUrl.TrimEnd('/') + "/" + path);
        AuthenticationHeaderValue? refused = null;
        while (true)
        {
            using var request = new HttpRequestMessage(method, url);
            var watched = body is null ? null : new WatchedContent(JsonSerializer.SerializeToUtf8Bytes(body, Json));
            request.Content = watched;
            try
            {
                request.Headers.Authorization = await tokens.HeaderAsync(refused, cancel);
                using var response = await clients.CreateClient(HttpClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
                if (response.StatusCode == HttpStatusCode.Unauthorized && refused is null && request.Headers.Authorization is { } used)
                {
                    refused = used;
                    continue;
                }
                var text = await BodyAsync(response, cancel);
                return new ConnectorAnswer(ConnectorReach.Answered, response.StatusCode, RetryAfter(response), Read(text), "");
            }
            catch (TeamsTokenUnavailable fault)
            {
                return new ConnectorAnswer(ConnectorReach.NoToken, default, null, null, fault.Message);
            }
            // A caller who has waited long enough learns that nothing left; only what went out is of unknown outcome
            catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException && (!cancel.IsCancellationRequested || watched is { WentOut: false }))
            {
                var reach = watched is { WentOut: true } ? ConnectorReach.Silent : ConnectorReach.Unreached;
                return new ConnectorAnswer(reach, default, null, null, fault is OperationCanceledException ? "no answer in time" : "connection failed");
            }
        }
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[MostAnswered];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static JsonElement? Read(string text)
    {
        if (text.Length == 0) return null;
        try
        {
            using var document = TeamsBody.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // A proxy's HTML: the status says enough
            return null;
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } until } => until - time.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>Knows whether any of it was handed to the connection: before that, nothing can have arrived.</summary>
    private sealed class WatchedContent : HttpContent
    {
        private readonly byte[] _bytes;

        public WatchedContent(byte[] bytes)
        {
            _bytes = bytes;
            Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
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

internal enum ConnectorReach
{
    /// <summary>There is a status.</summary>
    Answered,
    /// <summary>Nothing left this machine.</summary>
    Unreached,
    /// <summary>It went out, and no answer came.</summary>
    Silent,
    /// <summary>There is no token to send it with.</summary>
    NoToken,
    /// <summary>The address is none that we may talk to.</summary>
    NotAllowed,
    /// <summary>Nothing left: so much was sent to that conversation, or in all, that Teams would have refused it.</summary>
    Paced,
}

/// <param name="Why">Where nothing was answered.</param>
internal sealed record ConnectorAnswer(ConnectorReach Reach, HttpStatusCode Status, TimeSpan? RetryAfter, JsonElement? Body, string Why)
{
    public static readonly ConnectorAnswer NotAllowed = new(ConnectorReach.NotAllowed, default, null, null, "the address is not one of Teams");

    public static ConnectorAnswer Paced(TimeSpan wait) => new(ConnectorReach.Paced, default, wait, null, "enough was sent there for the moment");

    public bool IsSuccess => Reach == ConnectorReach.Answered && (int)Status is >= 200 and < 300;

    public string? Id => Body.Text("id") is { Length: > 0 } id ? id : null;

    /// <summary>The connector's own word for what went wrong, from either form of its error bodies; empty when it gave none.</summary>
    public string ErrorCode
    {
        get
        {
            if (Body.Member("error").Text("code") is { } code) return code;
            if (Body.Text("message") is not ['{', ..] inner) return Body.Text("errorCode") ?? "";
            try
            {
                using var document = TeamsBody.Parse(inner);
                JsonElement? told = document.RootElement;
                return told.Text("subCode") ?? told.Text("errorSubCode") ?? told.Text("code") ?? "";
            }
            catch (JsonException)
            {
                return Body.Text("errorCode") ?? "";
            }
        }
    }

    /// <summary>For the log and the list of what bounced: the status and the connector's word, nothing of the message.</summary>
    public override string ToString() => Reach == ConnectorReach.Answered ? $"Teams answered {(int)Status} {ErrorCode}".TrimEnd() : $"Teams: {Why}";
}
