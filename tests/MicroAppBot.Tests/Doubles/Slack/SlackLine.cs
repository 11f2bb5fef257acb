using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>What Slack tells the bot of.</summary>
internal enum SlackNews
{
    Event,
    Command,
    Interaction,
}

/// <summary>The way by which Slack reaches the bot: signed requests, or a socket that the bot opened.</summary>
internal interface ISlackLine
{
    /// <summary>Delivers once.</summary>
    /// <param name="patience">After this the answer counts for nothing.</param>
    /// <param name="retry">The number of this retry, and why; null for the first try.</param>
    Task<SlackHeard> DeliverAsync(SlackNews news, JsonObject payload, TimeSpan patience, (int Number, string Reason)? retry = null);
}

/// <summary>Requests with a signature, as they come from Slack's servers.</summary>
internal sealed class SlackHttpLine(HttpClient bot, Func<string> secret, TimeProvider time) : ISlackLine
{
    public async Task<SlackHeard> DeliverAsync(SlackNews news, JsonObject payload, TimeSpan patience, (int Number, string Reason)? retry = null)
    {
        var (path, body, type) = news switch
        {
            SlackNews.Event => ("/slack/events", payload.ToJsonString(), "application/json"),
            SlackNews.Interaction => ("/slack/interactions", "payload=" + Uri.EscapeDataString(payload.ToJsonString()), "application/x-www-form-urlencoded"),
            _ => ("/slack/commands", string.Join('&', payload.Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value?.ToString() ?? "")}")), "application/x-www-form-urlencoded"),
        };
        using var request = Signed(path, body, type, secret(), time.GetUtcNow());
        if (retry is var (number, reason))
        {
            request.Headers.Add("X-Slack-Retry-Num", number.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("X-Slack-Retry-Reason", reason);
        }
        using var late = new CancellationTokenSource(patience);
        try
        {
            using var answer = await bot.SendAsync(request, late.Token);
            var text = await answer.Content.ReadAsStringAsync(late.Token);
            NoRetry = answer.Headers.TryGetValues("X-Slack-No-Retry", out var no) && no.Contains("1");
            return new SlackHeard((int)answer.StatusCode, text);
        }
        catch (OperationCanceledException)
        {
            return new SlackHeard(0, "", TimedOut: true);
        }
        catch (HttpRequestException)
        {
            return new SlackHeard(0, "");
        }
    }

    /// <summary>The last answer asked not to be told again.</summary>
    public bool NoRetry { get; private set; }

    /// <summary>A request as Slack signs it.</summary>
    public static HttpRequestMessage Signed(string path, string body, string type, string secret, DateTimeOffset at)
    {
        var stamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var bytes = Encoding.UTF8.GetBytes(body);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        request.Headers.Add("X-Slack-Request-Timestamp", stamp);
        request.Headers.Add("X-Slack-Signature", Signature(bytes, stamp, secret));
        request.Headers.UserAgent.ParseAdd("Slackbot/1.0");
        return request;
    }

    public static string Signature(ReadOnlySpan<byte> body, string stamp, string secret) =>
        "v0=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes($"v0:{stamp}:"), .. body]));
}
