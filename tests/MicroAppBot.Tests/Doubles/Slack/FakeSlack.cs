using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>
/// Slack on a free port of this machine: the Web API, response URLs and Socket Mode, with people who look at it. It keeps to Slack's
/// limits, answers with Slack's errors, tells the bot of what people do (signed or by socket), tells it again when it was not heard,
/// and has its bad days when told to. Safe for many threads.
/// </summary>
internal sealed class FakeSlack : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<BadDay>> _badDays = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, BadDay> _badDaysOf = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SlackUser> _users = new(StringComparer.Ordinal);

    private FakeSlack(WebApplication app, TimeProvider time)
    {
        _app = app;
        Time = new SlackClock(time);
        State = new SlackWorld(Time);
        Installations = new SlackInstallations(Time);
        Socket = new SlackSocketLine(AppId, Time);
        Api = new SlackWebApi(this);
        Telling = new SlackTelling(this);
        BotToken = Installations.Install(TeamId);
        State.Add(new SlackAccount(BotUserId, "MicroAppBot", null, TeamId) { IsBot = true });
    }

    public const string TeamId = "T0MICROAPP";

    public const string AppId = "A0MICROAPP";

    public const string BotId = "B0MICROAPP";

    public const string BotUserId = "U0MICROAPP";

    public const string AppToken = "xapp-1-of-the-tests";

    /// <summary>The address of everything, without a slash at the end.</summary>
    public string Root { get; private set; } = "";

    /// <summary>For the bot's base URL of the Web API.</summary>
    public string ApiUrl => Root + "/api/";

    /// <summary>Signs what goes to the bot.</summary>
    public string SigningSecret { get; set; } = "the-signing-secret-of-the-tests";

    /// <summary>A token of <see cref="TeamId"/> that does not end.</summary>
    public string BotToken { get; }

    public SlackClock Time { get; }

    public SlackWorld State { get; }

    public SlackInstallations Installations { get; }

    public SlackSocketLine Socket { get; }

    public SlackWebApi Api { get; }

    public SlackTelling Telling { get; }

    /// <summary>How Slack reaches the bot.</summary>
    public ISlackLine Line { get; set; } = null!;

    /// <summary>Within which an acknowledgement counts: three seconds. A machine that does seven things at once is given more.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Every call of the Web API, in order.</summary>
    public ConcurrentQueue<SlackCall> Calls { get; } = new();

    /// <summary>All messages there are, each as it looks now, in order of arrival.</summary>
    public IReadOnlyList<SlackPost> Posts => State.Posts;

    /// <summary>When set, nobody answers at this address.</summary>
    public bool IsDown { get; set; }

    public static async Task<FakeSlack> StartAsync(TimeProvider? time = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.Limits.MaxRequestBodySize = 10_000_000).UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var slack = new FakeSlack(app, time ?? TimeProvider.System);
        app.UseWebSockets();
        app.Run(slack.AnswerAsync);
        await app.StartAsync();
        slack.Root = app.Urls.Single();
        return slack;
    }

    public async ValueTask DisposeAsync()
    {
        Socket.Cut();
        await _app.DisposeAsync();
    }

    /// <summary>From now on nobody listens at this address; what was there can still be looked at.</summary>
    public Task StopAsync()
    {
        Socket.Cut();
        return _app.StopAsync();
    }

    /// <summary>From now on Slack tells the bot by signed requests.</summary>
    /// <param name="bot">A client whose base address is the bot.</param>
    public void TellOverHttp(HttpClient bot) => Line = new SlackHttpLine(bot, () => SigningSecret, Time.Real);

    /// <summary>From now on Slack tells the bot over the sockets that it opens.</summary>
    public void TellOverSocket() => Line = Socket;

    /// <summary>Somebody in front of their client.</summary>
    public SlackUser User(string id, string name, string? email = null, string teamId = TeamId) => _users.GetOrAdd(id, _ =>
    {
        if (State.Account(id) is null) State.Add(new SlackAccount(id, name, email, teamId));
        return new SlackUser(this, id);
    });

    /// <summary>Changes what Slack knows of somebody; who is deactivated loses their client too.</summary>
    public void Change(string user, Func<SlackAccount, SlackAccount> change) => State.Add(change(State.Account(user)!));

    /// <summary>A channel with people, and with the bot in it.</summary>
    public SlackRoom Channel(string name, IEnumerable<string> members, bool withBot = true, bool isShared = false)
    {
        var channel = new SlackRoom($"C{name.ToUpperInvariant()}", name, TeamId, [.. members, .. withBot ? [BotUserId] : Array.Empty<string>()], IsShared: isShared);
        State.Add(channel);
        return channel;
    }

    /// <summary>Waits until something is true of what there is.</summary>
    public async Task<T> UntilAsync<T>(Func<IReadOnlyList<SlackPost>, T?> found, TimeSpan? patience = null)
        where T : class
    {
        using var until = new CancellationTokenSource(patience ?? TimeSpan.FromSeconds(20));
        while (true)
        {
            var changed = State.Changed;
            if (found(Posts) is { } result) return result;
            await changed.WaitAsync(until.Token);
        }
    }

    /// <summary>Waits until so many calls of a method have come in.</summary>
    public Task CalledAsync(string method, int times, TimeSpan? patience = null) => UntilAsync(_ => Calls.Count(c => c.Method == method) >= times ? Calls : null, patience);

    /// <summary>The next calls of a method (<c>*</c>: of any) end like this, one each, in this order.</summary>
    public void Then(string method, params ReadOnlySpan<BadDay> days)
    {
        foreach (var day in days)
        {
            OnlyReal(method, day);
            _badDays.GetOrAdd(method, _ => new()).Enqueue(day);
        }
    }

    /// <summary>All calls of a method, or all about one channel, or all (<c>*</c>), end like this until <paramref name="day"/> is null again.</summary>
    public void Always(string methodOrChannel, BadDay? day)
    {
        if (day is null)
        {
            _badDaysOf.TryRemove(methodOrChannel, out _);
            return;
        }
        OnlyReal(methodOrChannel, day);
        _badDaysOf[methodOrChannel] = day;
    }

    /// <summary>An error that the real method never gives teaches the wrong thing.</summary>
    private static void OnlyReal(string method, BadDay day)
    {
        if (day.SlackError is { } error && SlackMethod.All.TryGetValue(method, out var known) && !known.MayAnswer(error)) throw new ArgumentException($"{method} never answers {error}.");
    }

    internal void Note(SlackCall call) => State.Change(() => Calls.Enqueue(call));

    private BadDay? Today(string method, string? channel)
    {
        if (_badDays.TryGetValue(method, out var days) && days.TryDequeue(out var day)) return day;
        if (_badDays.TryGetValue("*", out days) && days.TryDequeue(out day)) return day;
        return _badDaysOf.GetValueOrDefault(method) ?? (channel is null ? null : _badDaysOf.GetValueOrDefault(channel)) ?? _badDaysOf.GetValueOrDefault("*");
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (IsDown)
        {
            http.Abort();
            return;
        }
        var path = http.Request.Path.Value!;
        if (path.StartsWith("/link", StringComparison.Ordinal))
        {
            await Socket.AcceptAsync(http);
            return;
        }
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync();
        if (!path.StartsWith("/api/", StringComparison.Ordinal))
        {
            var (status, words) = Telling.TakeResponse(path, text);
            await SayAsync(http, status, words, null);
            return;
        }
        var method = path["/api/".Length..];
        var call = SlackWebApi.Read(http, text);
        var answer = Api.Answer(method, call);
        var day = Today(method, call.Arguments.Str("channel"));
        if (day is null or { AfterDelivery: true }) answer.Effect?.Invoke();
        Note(new SlackCall(method, call.Arguments, call.Token, day?.Status ?? answer.Status, day is null ? answer.Error : day.SlackError));
        if (day is null)
        {
            await SayAsync(http, answer.Status, answer.Body.ToJsonString(), answer.RetryAfter?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        else if (day.Hangs)
        {
            // Until the caller has had enough
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
        else if (day.Drops) http.Abort();
        else await SayAsync(http, day.Status ?? answer.Status, day.Body, day.RetryAfter);
    }

    private static async Task SayAsync(HttpContext http, int status, string body, string? retryAfter)
    {
        http.Response.StatusCode = status;
        if (retryAfter is not null) http.Response.Headers.RetryAfter = retryAfter;
        if (body.Length == 0) return;
        http.Response.ContentType = body[0] switch { '<' => "text/html", '{' => "application/json; charset=utf-8", _ => "text/plain" };
        await http.Response.WriteAsync(body);
    }
}

/// <summary>Slack's own clock: runs with the real one, and may be moved ahead of it.</summary>
internal sealed class SlackClock(TimeProvider real) : TimeProvider
{
    private long _ahead;

    public TimeProvider Real => real;

    public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public void Move(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}
