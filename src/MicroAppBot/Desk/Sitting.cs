using System.Text.Json;
using Governance.Apps;
using Governance.Notices;
using Governance.People;
using Governance.Requests;
using Governance.Verdicts;
using AppDecision = Governance.Requests.Decision<Governance.Apps.AppEvent>;
using RequestDecision = Governance.Requests.Decision<Governance.Requests.RequestEvent>;

namespace MicroAppBot.Desk;

/// <summary>
/// One try at one turn, or at one step of a sweep: what was loaded, what was decided on it, and what has to be told.
/// Nothing is written before the desk commits all of it at once; on a conflict a new sitting starts afresh.
/// </summary>
public sealed class Sitting
{
    private readonly IStore _store;
    private readonly Dictionary<string, Loaded<Request, RequestEvent>> _requests = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Loaded<MicroApp, AppEvent>> _apps = new(StringComparer.Ordinal);
    private readonly List<Notice> _notices = [];
    private readonly List<OutboxBody.Publish> _effects = [];
    private readonly CancellationToken _cancel;

    internal Sitting(IStore store, Turn? turn, Facts facts, StoredConversation? conversation, CancellationToken cancel)
    {
        _store = store;
        Turn = turn;
        Facts = facts;
        Stored = conversation;
        Conversation = conversation?.Json;
        _cancel = cancel;
    }

    /// <summary>The turn; null in a sweep.</summary>
    public Turn? Turn { get; }

    public Facts Facts { get; }

    public DateTimeOffset Now => Facts.Now;

    /// <summary>Who spoke.</summary>
    /// <exception cref="InvalidOperationException">In a sweep nobody spoke.</exception>
    public Person Person => Turn?.Person ?? throw new InvalidOperationException("Nobody speaks in a sweep.");

    /// <summary>The conversation's state as JSON; null at first. Set it to have it kept with the commit.</summary>
    public string? Conversation { get; set; }

    /// <summary>True when the outbox will be given something by this sitting's own writes.</summary>
    public bool ChangesAnything => _requests.Values.Any(r => r.Events.Count > 0) || _apps.Values.Any(a => a.Events.Count > 0);

    /// <summary>Whose things this sitting changes: owners, and who is waited for, before and after.</summary>
    internal IEnumerable<string> PeopleConcerned =>
        _requests.Values.Where(r => r.Events.Count > 0).SelectMany(r => Concerned(Streams.Keys(r.State!, Facts), r.Before))
            .Concat(_apps.Values.Where(a => a.Events.Count > 0).SelectMany(a => Concerned(Streams.Keys(a.State!, Facts), a.Before))).Distinct(StringComparer.Ordinal);

    internal StoredConversation? Stored { get; }

    /// <summary>Of the rulebook that everything in this sitting is decided by.</summary>
    internal string Revision { get; init; } = "";

    /// <summary><see cref="IPolicies.Trace"/> of that rulebook.</summary>
    public Func<Governance.Manifests.Manifest, IReadOnlyList<string>> Trace { get; internal init; } = _ => [];

    internal IReadOnlyList<Notice> Notices => _notices;

    internal IReadOnlyList<OutboxBody.Publish> Effects => _effects;

    public string NewId() => Guid.CreateVersion7(Now).ToString();

    public async ValueTask<Request?> RequestAsync(string id) => (await LoadRequestAsync(id)).State;

    public async ValueTask<MicroApp?> AppAsync(string id) => (await LoadAppAsync(id)).State;

    /// <summary>Requests that answer the query, as they stand in this sitting; the query's kind is set here.</summary>
    public async ValueTask<IReadOnlyList<Request>> RequestsAsync(SnapshotQuery query)
    {
        var found = await _store.FindAsync(query with { Kind = Streams.RequestWord }, _cancel);
        return [.. found.Select(s => Remember(_requests, s)).OfType<Request>()];
    }

    /// <summary>Apps that answer the query, as they stand in this sitting; the query's kind is set here.</summary>
    public async ValueTask<IReadOnlyList<MicroApp>> AppsAsync(SnapshotQuery query)
    {
        var found = await _store.FindAsync(query with { Kind = Streams.AppWord }, _cancel);
        return [.. found.Select(s => Remember(_apps, s)).OfType<MicroApp>()];
    }

    /// <summary>Whether an open request or an app other than this one has the name.</summary>
    public async ValueTask<bool> IsNameTakenAsync(string name, string exceptAppId) =>
        (await _store.FindAsync(new SnapshotQuery(IsOpen: true, Name: name), _cancel)).Any(s => s.Keys.AppId != exceptAppId);

    /// <summary>Decides a command on a request and takes up what follows from it: the app's events, notices, effects.</summary>
    /// <returns>What was decided; a refusal changes nothing.</returns>
    public async ValueTask<RequestDecision> AskAsync(string requestId, RequestCommand command)
    {
        var file = await LoadRequestAsync(requestId);
        // What concerns an app that is there goes by what is in force in it
        var facts = await FactsAboutAsync(file.State?.File.AppId ?? (command as RequestCommand.Submit)?.AppId);
        var decision = command is RequestCommand.Submit { Kind: not RequestKind.Create } about && file.State is null
            ? AppDecider.Submit(await AppAsync(about.AppId), about, facts)
            : RequestDecider.Decide(file.State, command, facts);
        if (decision is not RequestDecision.Happened happened) return decision;
        if (command is RequestCommand.Submit submit && happened.Events.Count > 0)
        {
            // What the same app is asked for twice, is asked for by the newer request only; a refused one takes nobody's place
            var older = await RequestsAsync(new SnapshotQuery(IsOpen: true, AppId: submit.AppId));
            foreach (var request in older.Where(r => r.File.Kind == submit.Kind && r.File.Id != submit.RequestId))
            {
                await AskAsync(request.File.Id, new RequestCommand.Supersede(submit.RequestId));
            }
        }
        foreach (var each in happened.Events)
        {
            file.Add(each, RequestDecider.Evolve(file.State, each));
            _notices.AddRange(NoticesOf.Request(each, file.State!, Facts));
            if (file.State is Request.Granted granted) await GrantAsync(granted);
        }
        return decision;
    }

    /// <summary>An app that was given time for a new rule is judged with it.</summary>
    public async ValueTask<Facts> FactsAboutAsync(string? appId) =>
        appId is not null && (await AppAsync(appId))?.File.Graces is { } graces ? Facts with { Judge = manifest => Grace.Applied(Facts.Judge(manifest), graces, Now) } : Facts;

    /// <summary>Decides a command on an app and takes up what follows from it.</summary>
    public async ValueTask<AppDecision> AskAppAsync(string appId, AppCommand command)
    {
        var file = await LoadAppAsync(appId);
        var decision = AppDecider.Decide(file.State, command, Facts);
        if (decision is AppDecision.Happened happened) TakeUp(appId, file, happened.Events);
        return decision;
    }

    private async ValueTask GrantAsync(Request.Granted granted)
    {
        var app = await LoadAppAsync(granted.File.AppId);
        TakeUp(granted.File.AppId, app, AppDecider.EventsOf(granted, app.State, Facts));
    }

    private void TakeUp(string appId, Loaded<MicroApp, AppEvent> app, IReadOnlyList<AppEvent> events)
    {
        foreach (var each in events)
        {
            app.Add(each, AppDecider.Evolve(app.State, each));
            _notices.AddRange(NoticesOf.App(each, app.State!, Facts));
        }
        // The catalogue holds what is in force and whether it is on: what else happened to an app does not concern it
        if (events.Any(e => e is AppGranted or AppChanged or AppRenewed or CapRaised or AppArchived or AppRestored or AppSuspended or AppResumed))
        {
            _effects.RemoveAll(e => e.AppId == appId);
            _effects.Add(new OutboxBody.Publish(appId, app.Version + app.Events.Count));
        }
    }

    internal IReadOnlyList<StreamWrite> Writes(Func<object, string> record) =>
    [
        .. _requests.Where(r => r.Value.Events.Count > 0).Select(r => new StreamWrite(Streams.OfRequest(r.Key), r.Value.Version,
            [.. r.Value.Events.Select(e => record(e))], DeskJson.Write(r.Value.State!), Streams.Keys(r.Value.State!, Facts))),
        .. _apps.Where(a => a.Value.Events.Count > 0).Select(a => new StreamWrite(Streams.OfApp(a.Key), a.Value.Version,
            [.. a.Value.Events.Select(e => record(e))], DeskJson.Write(a.Value.State!), Streams.Keys(a.Value.State!, Facts))),
    ];

    private async ValueTask<Loaded<Request, RequestEvent>> LoadRequestAsync(string id)
    {
        if (_requests.TryGetValue(id, out var loaded)) return loaded;
        if (await _store.SnapshotAsync(Streams.OfRequest(id), _cancel) is { } snapshot)
        {
            Remember(_requests, snapshot);
            return _requests[id];
        }
        return _requests[id] = new Loaded<Request, RequestEvent>(null, 0);
    }

    private async ValueTask<Loaded<MicroApp, AppEvent>> LoadAppAsync(string id)
    {
        if (_apps.TryGetValue(id, out var loaded)) return loaded;
        if (await _store.SnapshotAsync(Streams.OfApp(id), _cancel) is { } snapshot)
        {
            Remember(_apps, snapshot);
            return _apps[id];
        }
        return _apps[id] = new Loaded<MicroApp, AppEvent>(null, 0);
    }

    private static TState? Remember<TState, TEvent>(Dictionary<string, Loaded<TState, TEvent>> known, StoredSnapshot snapshot) where TState : class
    {
        var id = snapshot.StreamId[(snapshot.StreamId.IndexOf('-', StringComparison.Ordinal) + 1)..];
        if (!known.TryGetValue(id, out var loaded))
        {
            known[id] = loaded = new Loaded<TState, TEvent>(JsonSerializer.Deserialize<TState>(snapshot.Json, DeskJson.Options), snapshot.Version, snapshot.Keys);
        }
        return loaded.State;
    }

    private static IEnumerable<string> Concerned(SnapshotKeys now, SnapshotKeys? before) => now.Owners.Concat(now.Waiting).Concat(before?.Owners ?? []).Concat(before?.Waiting ?? []);

    private sealed class Loaded<TState, TEvent>(TState? state, long version, SnapshotKeys? before = null) where TState : class
    {
        /// <summary>Of the stream as it lay in the store.</summary>
        public SnapshotKeys? Before => before;

        public TState? State { get; private set; } = state;

        /// <summary>Of the stream as it lies in the store.</summary>
        public long Version { get; } = version;

        public List<TEvent> Events { get; } = [];

        public void Add(TEvent happened, TState after)
        {
            Events.Add(happened);
            State = after;
        }
    }
}
