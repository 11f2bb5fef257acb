using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Turns.Load;

namespace Slack.Load;

/// <summary>A Slack that answers every call at once: what is measured is the bot.</summary>
internal sealed partial class LocalSlack : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private long _responses;
    private long _calls;

    public LocalSlack()
    {
        _listener.Start(512);
        _ = AcceptAsync();
    }

    public string Root => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Answers that came by <c>response_url</c>.</summary>
    public long Responses => Interlocked.Read(ref _responses);

    /// <summary>Calls of the Web API proper.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
            socket.NoDelay = true;
            _ = ServeAsync(new Wire(socket));
        }
    }

    private async Task ServeAsync(Wire wire)
    {
        using (wire)
        {
            try
            {
                while (await wire.ReadAsync(wantBody: true) is { } call)
                {
                    var (type, body) = AnswerTo(call.First, call.Body);
                    await wire.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
                }
            }
            catch (SocketException)
            {
                // The bot closed it
            }
        }
    }

    private (string Type, string Body) AnswerTo(string first, string body)
    {
        if (first.Contains(" /respond/", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _responses);
            return ("text/plain", "ok");
        }
        Interlocked.Increment(ref _calls);
        if (first.Contains("/auth.test ", StringComparison.Ordinal)) return ("application/json", """{"ok":true,"team_id":"T0LOAD","team":"Load","user_id":"U0BOT","bot_id":"B0BOT","app_id":"A0"}""");
        if (first.Contains("/users.info ", StringComparison.Ordinal))
        {
            var user = User().Match(body).Groups[1].Value;
            return ("application/json", $$"""{"ok":true,"user":{"id":"{{user}}","team_id":"T0LOAD","real_name":"Person {{user}}","tz":"Europe/Berlin","profile":{"email":"{{user}}@example.com"} } }""");
        }
        return ("application/json", """{"ok":true,"ts":"1700000000.000001","channel":{"id":"D0LOAD"} }""");
    }

    [GeneratedRegex("user=([A-Z0-9]+)")]
    private static partial Regex User();
}
