using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MicroAppBot.Tests.Doubles;

/// <summary>
/// A Bot Connector as Teams has one, on a free port of this machine: it opens chats, gives ids, keeps messages and their updates,
/// refuses what Teams refuses and with its error bodies, and has its bad days when told to. Safe for many threads.
/// </summary>
public sealed class FakeConnector : IAsyncDisposable
{
    /// <summary>About what Teams takes, as UTF-16.</summary>
    private const int MostBytes = 100 * 1024;

    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<TeamsPost> _posts = [];
    private readonly ConcurrentQueue<BadDay> _badDays = new();
    private readonly ConcurrentDictionary<string, BadDay> _badDaysOf = new();
    private readonly HashSet<string> _forgotten = new(StringComparer.Ordinal);
    private readonly HashSet<string> _blocked = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _notInstalled = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _chats = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, JsonObject> _members = new(StringComparer.OrdinalIgnoreCase);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _called = new(0);
    private long _lastId = 1_700_000_000_000;

    private readonly TimeProvider _time;

    private FakeConnector(WebApplication app, TimeProvider time) => (_app, _time) = (app, time);

    /// <summary>For <c>activity.serviceUrl</c>; with a path, as the real ones have.</summary>
    public string ServiceUrl { get; private set; } = "";

    /// <summary>When set, every call needs <c>Authorization: Bearer</c> with a token that it accepts.</summary>
    public Func<string, bool>? TakesToken { get; set; }

    /// <summary>When set, more than Teams lets through gets 429: 7 in a second, 8 in two, 60 in thirty to one chat, and 30 calls a second in all.</summary>
    public bool Throttles { get; set; }

    /// <summary>How often it was shown that the bot is writing.</summary>
    public int Typing { get; private set; }

    /// <summary>How many calls got 429 for being too many.</summary>
    public int TooMany { get; private set; }

    /// <summary>Every call: method and path with its percent-encoding, in order.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Every <c>POST v3/conversations</c> body, in order.</summary>
    public ConcurrentQueue<JsonObject> Openings { get; } = new();

    /// <summary>All messages there are, each as it looks now, in order of arrival.</summary>
    public IReadOnlyList<TeamsPost> Posts
    {
        get { lock (_gate) return [.. _posts]; }
    }

    /// <param name="time">The clock by which it counts; the system's where null.</param>
    public static async Task<FakeConnector> StartAsync(TimeProvider? time = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Limits.MaxRequestBodySize = 10_000_000).UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var connector = new FakeConnector(app, time ?? TimeProvider.System);
        app.Run(connector.AnswerAsync);
        await app.StartAsync();
        connector.ServiceUrl = app.Urls.Single() + "/amer/";
        return connector;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _called.Dispose();
    }

    /// <summary>The chat with somebody, as if it had been opened before (by the app's installation).</summary>
    /// <param name="user">Their <c>29:…</c> or object id.</param>
    public string ChatWith(string user)
    {
        lock (_gate)
        {
            if (_chats.TryGetValue(user, out var chat)) return chat;
            // Colons, slashes and semicolons stand in real ids too, so that who forgets to encode them is found out
            return _chats[user] = $"a:1/{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(user))};x=1";
        }
    }

    /// <summary>A group chat or a thread that people have with each other; the bot is in it.</summary>
    public string Group(string conversation)
    {
        lock (_gate) return _chats[conversation] = conversation;
    }

    /// <summary>What somebody sees in their chat, in order, as it looks now.</summary>
    public IReadOnlyList<TeamsPost> SeenBy(string user)
    {
        var chat = ChatWith(user);
        return [.. Posts.Where(p => p.ConversationId == chat)];
    }

    /// <summary>Waits until something is true of the messages.</summary>
    public async Task<T> UntilAsync<T>(Func<IReadOnlyList<TeamsPost>, T?> found, TimeSpan? patience = null)
        where T : class
    {
        using var until = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(20));
        while (true)
        {
            Task changed;
            lock (_gate) changed = _changed.Task;
            if (found(Posts) is { } result) return result;
            await changed.WaitAsync(until.Token);
        }
    }

    /// <summary>Waits for somebody's message that fits, the latest first.</summary>
    public Task<TeamsPost> MessageForAsync(string user, Func<TeamsPost, bool> fits, TimeSpan? patience = null) =>
        UntilAsync(_ => SeenBy(user).LastOrDefault(fits), patience);

    /// <summary>Waits until so many calls have come in.</summary>
    public async Task CalledAsync(int calls)
    {
        using var until = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Calls.Count < calls) await _called.WaitAsync(until.Token);
    }

    /// <summary>The next calls end like this, one each, in this order.</summary>
    public void Then(params ReadOnlySpan<BadDay> days)
    {
        foreach (var day in days) _badDays.Enqueue(day);
    }

    /// <summary>All calls about one chat end like this until <paramref name="day"/> is null again.</summary>
    public void Always(string chat, BadDay? day)
    {
        if (day is null) _badDaysOf.TryRemove(chat, out _);
        else _badDaysOf[chat] = day;
    }

    /// <summary>"Remove chat history": the conversation is not found any more until it is opened again, under a new id.</summary>
    public void Forget(string user)
    {
        lock (_gate)
        {
            _forgotten.Add(ChatWith(user));
            _chats[user] = ChatWith(user) + "&again";
        }
    }

    public void Block(string user)
    {
        lock (_gate) _blocked.Add(ChatWith(user));
    }

    public void Uninstall(string user)
    {
        lock (_gate)
        {
            _notInstalled.Add(user);
            _blocked.Add(ChatWith(user));
        }
    }

    /// <summary>Somebody deletes a message of the bot.</summary>
    public void Delete(string activityId)
    {
        lock (_gate) _posts.RemoveAll(p => p.Id == activityId);
    }

    /// <summary>What <c>GET …/members/{id}</c> says.</summary>
    public void Member(string user, string? email, string? role = null, string? principal = null) => _members[user] = new JsonObject
    {
        ["id"] = user,
        ["email"] = email,
        ["userPrincipalName"] = principal ?? email,
        ["userRole"] = role ?? "user",
    };

    private async Task AnswerAsync(HttpContext http)
    {
        var target = http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        Calls.Enqueue($"{http.Request.Method} {target}");
        _called.Release();
        var parts = target.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        using var reader = new StreamReader(http.Request.Body);
        var text = await reader.ReadToEndAsync();

        if (TakesToken is { } takes && !takes(http.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal)))
        {
            await SayAsync(http, 401, Error("BotNotRegistered", "Authorization has been denied for this request."));
            return;
        }
        var answer = Answer(http.Request.Method, parts, text, out var chat);
        if (!_badDays.TryDequeue(out var day)) _badDaysOf.TryGetValue(chat, out day);
        if (day is null or { AfterDelivery: true }) answer = Commit(answer);
        if (day is null)
        {
            await SayAsync(http, answer.Status, answer.Body, answer.RetryAfter);
            return;
        }
        if (day.Hangs)
        {
            // Until the caller has had enough
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }
        if (day.Drops)
        {
            http.Abort();
            return;
        }
        await SayAsync(http, day.Status ?? answer.Status, day.Body, day.RetryAfter);
    }

    private Planned Answer(string method, string[] parts, string text, out string chat)
    {
        chat = "";
        if (parts is not ["amer", "v3", "conversations", .. var rest]) return Refuse(404, "NotFound", "No such path.");
        JsonObject? body = null;
        if (text.Length > 0)
        {
            try
            {
                body = JsonNode.Parse(text) as JsonObject;
            }
            catch (JsonException)
            {
                return Refuse(400, "BadSyntax", "Body is not JSON.");
            }
        }
        if (Encoding.Unicode.GetByteCount(text) > MostBytes) return Refuse(413, "MessageSizeTooBig", "Message size too large.");
        switch (method, rest)
        {
            case ("POST", []) when body is not null:
                return Open(body);
            case ("POST", [var conversation, "activities"]) when body is not null:
                chat = conversation;
                return Post(conversation, body);
            case ("PUT", [var conversation, "activities", var activity]) when body is not null:
                chat = conversation;
                return Put(conversation, activity, body);
            case ("GET", [var conversation, "members", var user]):
                chat = conversation;
                return _members.TryGetValue(user, out var member)
                    ? new Planned(200, member.ToJsonString(), null)
                    : Refuse(404, "MemberNotFoundInConversation", "The user is not part of the conversation.");
            default:
                return Refuse(400, "BadSyntax", "There is nothing like that here.");
        }
    }

    private Planned Open(JsonObject body)
    {
        Openings.Enqueue((JsonObject)body.DeepClone());
        if (body["isGroup"]?.GetValue<bool>() is true)
        {
            // A thread of a channel, begun by its first message
            if (body["channelData"]?["channel"]?["id"]?.GetValue<string>() is not { Length: > 0 } channel || body["activity"] is not JsonObject first) return Refuse(400, "BadSyntax", "Incorrect conversation creation parameters");
            lock (_gate)
            {
                if (_notInstalled.Contains(channel)) return Refuse(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.");
                var id = Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
                var thread = $"{channel};messageid={id}";
                _chats[thread] = thread;
                return new Planned(201, new JsonObject { ["id"] = thread, ["activityId"] = id }.ToJsonString(), () => _posts.Add(new TeamsPost(id, thread, (JsonObject)first.DeepClone(), [])));
            }
        }
        if (body["members"] is not JsonArray { Count: 1 } members || members[0]?["id"]?.GetValue<string>() is not { Length: > 0 } user)
        {
            // What the real one says when the object id stands in aadObjectId instead
            return Refuse(400, "BadSyntax", "Bad format of conversation ID");
        }
        lock (_gate)
        {
            if (_notInstalled.Contains(user)) return Refuse(403, "BotNotInConversationRoster", "The bot is not part of the conversation roster.");
            return new Planned(201, new JsonObject { ["id"] = ChatWith(user) }.ToJsonString(), null);
        }
    }

    private Planned Post(string conversation, JsonObject activity)
    {
        lock (_gate)
        {
            if (Unreachable(conversation) is { } why) return why;
            if (activity["type"]?.GetValue<string>() is not ("message" or "typing")) return Refuse(400, "BadArgument", "Activity type is missing.");
            if ((string?)activity["type"] == "typing")
            {
                Typing++;
                return new Planned(201, "", null);
            }
            if (activity["text"] is null && activity["attachments"] is null) return Refuse(400, "BadArgument", "Activity must have text or attachments.");
            var id = Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
            // Teams makes two messages of a text with a card and names neither
            var split = activity["text"] is not null && activity["attachments"] is JsonArray { Count: > 0 };
            return new Planned(201, split ? "" : new JsonObject { ["id"] = id }.ToJsonString(), () => _posts.Add(new TeamsPost(id, conversation, (JsonObject)activity.DeepClone(), [])));
        }
    }

    private Planned Put(string conversation, string id, JsonObject activity)
    {
        lock (_gate)
        {
            if (Unreachable(conversation) is { } why) return why;
            if (_posts.All(p => p.Id != id || p.ConversationId != conversation)) return Refuse(404, "ActivityNotFoundInConversation", "The activity is not in the conversation.");
            return new Planned(200, new JsonObject { ["id"] = id }.ToJsonString(), () =>
            {
                var at = _posts.FindIndex(p => p.Id == id);
                if (at >= 0) _posts[at] = _posts[at] with { Activity = (JsonObject)activity.DeepClone(), Before = [.. _posts[at].Before, _posts[at].Activity] };
            });
        }
    }

    private Planned? Unreachable(string conversation)
    {
        if (_forgotten.Contains(conversation) || !_chats.ContainsValue(conversation)) return Refuse(404, "ConversationNotFound", "Conversation not found.");
        if (_blocked.Contains(conversation))
        {
            return new Planned(403, """{"errorCode":209,"message":"{\r\n  \"subCode\": \"MessageWritesBlocked\",\r\n  \"details\": \"Thread is not writable.\"\r\n}"}""", null);
        }
        if (!Throttles) return null;
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var own = _sent.TryGetValue(conversation, out var known) ? known : _sent[conversation] = [];
        (int Calls, int Seconds)[] limits = [(7, 1), (8, 2), (60, 30)];
        if (limits.Any(l => own.Count(at => now - at < l.Seconds * 1000) >= l.Calls) || _all.Count(at => now - at < 1000) >= 30)
        {
            TooMany++;
            return Refuse(429, "Throttled", "Too many requests.") with { RetryAfter = "1" };
        }
        own.Add(now);
        _all.Add(now);
        return null;
    }

    private readonly Dictionary<string, List<long>> _sent = new(StringComparer.Ordinal);
    private readonly List<long> _all = [];

    private Planned Commit(Planned answer)
    {
        if (answer.Effect is not { } effect) return answer;
        lock (_gate)
        {
            effect();
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        return answer;
    }

    private static Planned Refuse(int status, string code, string words) => new(status, Error(code, words), null);

    private static string Error(string code, string words) =>
        new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = words } }.ToJsonString();

    private static async Task SayAsync(HttpContext http, int status, string body, string? retryAfter = null)
    {
        http.Response.StatusCode = status;
        if (retryAfter is not null) http.Response.Headers.RetryAfter = retryAfter;
        if (body.Length == 0) return;
        http.Response.ContentType = body[0] == '<' ? "text/html" : "application/json";
        await http.Response.WriteAsync(body);
    }

    private sealed record Planned(int Status, string Body, Action? Effect, string? RetryAfter = null);
}

/// <summary>How a call can end otherwise than well.</summary>
/// <param name="Status">Null for the status it would have had.</param>
/// <param name="AfterDelivery">True where the message arrives all the same.</param>
/// <param name="SlackError">The error in the body, where Slack is the one who has the day.</param>
public sealed record BadDay(int? Status, string Body = "", string? RetryAfter = null, bool AfterDelivery = false, bool Hangs = false, bool Drops = false, string? SlackError = null)
{
    /// <summary>Slack says that it is too much, and for how long.</summary>
    public static BadDay SlackThrottled(int seconds) => OfSlack("ratelimited") with { Status = 429, RetryAfter = seconds.ToString(CultureInfo.InvariantCulture) };

    /// <summary>Slack answers 200 with an error; <c>fatal_error</c> may come after all was done.</summary>
    public static BadDay OfSlack(string error, bool afterDelivery = false) =>
        new(200, new JsonObject { ["ok"] = false, ["error"] = error }.ToJsonString(), AfterDelivery: afterDelivery, SlackError: error);

    public static BadDay Throttled(int seconds) => new(429, """{"error":{"code":"Throttled","message":"Too many requests."}}""", seconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>It arrives, and Teams gives no id back.</summary>
    public static readonly BadDay EmptyBody = new((int?)null, AfterDelivery: true);

    public static readonly BadDay DeliveredThenBadGateway = new(502, "<html>Bad Gateway</html>", AfterDelivery: true);

    public static readonly BadDay DeliveredThenSilence = new((int?)null, AfterDelivery: true, Hangs: true);

    public static readonly BadDay Silence = new((int?)null, Hangs: true);

    public static readonly BadDay ConnectionDropped = new((int?)null, Drops: true);

    public static BadDay Answering(int status, string code = "", string? retryAfter = null) =>
        new(status, code.Length == 0 ? "" : new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = "As told." } }.ToJsonString(), retryAfter);
}

/// <summary>A message in a chat, as it looks now.</summary>
/// <param name="Before">What it looked like before each update, oldest first.</param>
public sealed record TeamsPost(string Id, string ConversationId, JsonObject Activity, IReadOnlyList<JsonObject> Before)
{
    public string? Text => Activity["text"]?.GetValue<string>();

    public JsonObject? Card => Activity["attachments"]?[0]?["content"] as JsonObject;

    /// <summary>The bot's own id of it.</summary>
    public string? OurId => Activity["channelData"]?["microappbot"]?["id"]?.GetValue<string>();

    /// <summary>Everything a person could read in it, for looking for words.</summary>
    public string Words => Text ?? Card?.ToJsonString(Reading) ?? "";

    private static readonly JsonSerializerOptions Reading = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
