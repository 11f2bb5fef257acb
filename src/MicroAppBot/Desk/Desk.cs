using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.People;
using Governance.Requests;

namespace MicroAppBot.Desk;

/// <summary>
/// Load, decide, commit. The only writer of requests, apps and conversations. On a conflict it loads and decides
/// again, so that two people who click at once both get a true answer.
/// </summary>
public sealed partial class Desk(IStore store, IPolicies policies, IDirectory directory, GovernanceClock clock, TimeProvider system, IOutbox outbox, ILogger<Desk> log, PeopleBell? bell = null, IEnumerable<IBoards>? boards = null)
{
    /// <summary>More than this in a row means that something other than another writer is wrong.</summary>
    private const int Tries = 8;

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _atTheDesk = new(StringComparer.Ordinal);

    /// <summary>Handles a turn in one commit.</summary>
    /// <param name="handle">Decides in the sitting and says the reply. May be called again after a conflict, so it must not act outside the sitting.</param>
    /// <param name="again">Says what is true now, for a turn that was handled before; it must not ask for anything.</param>
    /// <returns>The reply, when the turn wants it directly; otherwise it is in the outbox.</returns>
    public async Task<Reply> HandleAsync(
        Turn turn, Func<Sitting, ValueTask<Reply>> handle, Func<Sitting, ValueTask<Reply>> again, CancellationToken cancel)
    {
        // One person's turns go one after the other here; across nodes the store's compare-and-set holds
        var seat = _atTheDesk.GetOrAdd(turn.Person.Id, _ => new SemaphoreSlim(1));
        await seat.WaitAsync(cancel);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var stored = await store.ConversationAsync(turn.Person.Id, cancel);
                var sitting = SittingFor(turn, turn.Person, stored, cancel);
                if (stored is not null && stored.Handled.Any(h => h.TurnId == turn.Id))
                {
                    TurnAgain(turn.Id);
                    return turn.AnswerDirectly || turn.ReturnsReply ? await again(sitting) : Reply.Silence;
                }
                var reply = await handle(sitting);
                var result = await store.CommitAsync(CommitOf(sitting, turn, reply), cancel);
                if (result == CommitResult.Done)
                {
                    outbox.Wake();
                    bell?.Ring(sitting.PeopleConcerned.Append(turn.Person.Id));
                    return turn.AnswerDirectly || turn.ReturnsReply ? reply : Reply.Silence;
                }
                if (attempt == Tries) throw new TimeoutException($"The turn {turn.Id} met {Tries} conflicts in a row.");
                DecidingAgain(turn.Id, result, attempt);
            }
        }
        finally
        {
            seat.Release();
        }
    }

    /// <summary>Decides in a sitting without a turn: the clock, the platform, a cost report.</summary>
    /// <param name="decide">May be called again after a conflict.</param>
    /// <returns>What <paramref name="decide"/> said in the try that was written.</returns>
    public async Task<T> ActAsync<T>(Func<Sitting, ValueTask<T>> decide, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var sitting = SittingFor(null, null, null, cancel);
            var answer = await decide(sitting);
            if (!sitting.ChangesAnything) return answer;
            var result = await store.CommitAsync(CommitOf(sitting, null, Reply.Silence), cancel);
            if (result == CommitResult.Done)
            {
                outbox.Wake();
                bell?.Ring(sitting.PeopleConcerned);
                return answer;
            }
            if (attempt == Tries) throw new TimeoutException($"A step of the clock or the platform met {Tries} conflicts in a row.");
        }
    }

    /// <summary>Says something to people outside of any turn or decision. It is in the outbox, durably, when this returns.</summary>
    public async Task SayAsync(IEnumerable<string> toIds, string card, JsonObject data, CancellationToken cancel)
    {
        List<NewMessage> messages =
        [
            .. toIds.Distinct(StringComparer.Ordinal).Select(id => new NewMessage(
                Guid.CreateVersion7(clock.GetUtcNow()).ToString(), id, null, new OutboxBody.Say(card, (JsonObject)data.DeepClone(), null, null), system.GetUtcNow())),
        ];
        if (messages.Count == 0) return;
        await store.CommitAsync(new Commit([], null, messages), cancel);
        outbox.Wake();
    }

    /// <summary>Does what is due at the governance clock's now. Costs what is due; run twice or late it acts once.</summary>
    /// <returns>How many requests and apps were acted on.</returns>
    public async Task<int> SweepAsync(CancellationToken cancel)
    {
        const int Page = 200;
        var acted = 0;
        var seen = new HashSet<(string, long)>();
        while (true)
        {
            // What was seen and is still due stands first again: the page grows by it, so that it hides nothing behind it
            var due = await store.FindAsync(new SnapshotQuery(DueBy: clock.GetUtcNow(), Limit: Page + seen.Count), cancel);
            var fresh = due.Where(d => seen.Add((d.StreamId, d.Version))).ToList();
            if (fresh.Count == 0) return acted;
            foreach (var snapshot in fresh)
            {
                if (await TickOrGoOnAsync(snapshot, cancel)) acted++;
            }
        }
    }

    /// <summary>
    /// Reckons anew when everything that is open has to be looked at: deadlines are numbers of the rulebook, and these may have changed. Costs
    /// what exists, so it is for that moment only. States and events stay as they are.
    /// </summary>
    /// <returns>How many are due at another moment than before.</returns>
    public async Task<int> ReckonAsync(CancellationToken cancel)
    {
        const int Page = 500;
        var moved = 0;
        for (string? after = null; await store.FindAsync(new SnapshotQuery(IsOpen: true, After: after, Limit: Page), cancel) is { Count: > 0 } page; after = page[^1].StreamId)
        {
            var facts = FactsFor(null, policies.InForce);
            foreach (var snapshot in page)
            {
                var keys = snapshot.Keys.Kind == Streams.RequestWord ? Streams.Keys(DeskJson.Read<Request>(snapshot.Json), facts) : Streams.Keys(DeskJson.Read<MicroApp>(snapshot.Json), facts);
                if (keys.DueAt == snapshot.Keys.DueAt) continue;
                // Whoever is faster has reckoned by the new numbers already
                var result = await store.CommitAsync(new Commit([new StreamWrite(snapshot.StreamId, snapshot.Version, [], snapshot.Json, snapshot.Keys with { DueAt = keys.DueAt })], null, []), cancel);
                if (result == CommitResult.Done) moved++;
            }
        }
        return moved;
    }

    /// <summary>A read-only sitting, for cards that show what is true now.</summary>
    /// <param name="reader">Who will read them, where it is somebody: a guest is a person too, and may do with their app what its card offers.</param>
    public Sitting Look(CancellationToken cancel, Person? reader = null) => SittingFor(null, reader, null, cancel);

    /// <summary>One that cannot be looked after must not keep the clock from all others.</summary>
    private async Task<bool> TickOrGoOnAsync(StoredSnapshot snapshot, CancellationToken cancel)
    {
        try
        {
            if (await TickAsync(snapshot, cancel)) return true;
            NothingDue(snapshot.StreamId, snapshot.Keys.DueAt);
        }
        catch (Exception fault) when (!cancel.IsCancellationRequested)
        {
            CouldNotTick(snapshot.StreamId, fault);
        }
        return false;
    }

    private Task<bool> TickAsync(StoredSnapshot snapshot, CancellationToken cancel) => ActAsync(async sitting =>
    {
        var id = snapshot.StreamId[(snapshot.Keys.Kind.Length + 1)..];
        return snapshot.Keys.Kind == Streams.RequestWord
            ? await sitting.AskAsync(id, new RequestCommand.Tick()) is Decision<RequestEvent>.Happened { Events.Count: > 0 }
            : await sitting.AskAppAsync(id, new AppCommand.Tick()) is Decision<AppEvent>.Happened { Events.Count: > 0 };
    }, cancel);

    private Sitting SittingFor(Turn? turn, Person? person, StoredConversation? stored, CancellationToken cancel)
    {
        var rules = policies.InForce;
        return new Sitting(store, turn, FactsFor(person, rules), stored, cancel) { Revision = rules.Revision, Trace = rules.Trace };
    }

    private Facts FactsFor(Person? person, IPolicies rules)
    {
        var people = directory.People;
        // Somebody the directory does not know is still a person here: without roles, and with a name for the cards. And who
        // comes by an account that nobody vouches for, comes without the roles that the directory has for them.
        if (person is not null && (person.Outside is not null || !people.ContainsKey(person.Id)))
        {
            people = new Dictionary<string, Person>(people, StringComparer.Ordinal) { [person.Id] = person };
        }
        return new Facts(clock.GetUtcNow(), people, rules.Numbers, rules.Judge, rules.Catalogue);
    }

    private Commit CommitOf(Sitting sitting, Turn? turn, Reply reply)
    {
        var streams = sitting.Writes(happened => DeskJson.Write(new EventRecord(
            turn?.Person.Id, turn?.Account, turn?.Id, sitting.Revision, sitting.Now, EventNode(happened))));
        var messages = new List<NewMessage>();
        void Add(string to, string? channel, OutboxBody body, string? id = null) => messages.Add(new NewMessage(id ?? sitting.NewId(), to, channel, body, system.GetUtcNow()));

        if (turn is { AnswerDirectly: false })
        {
            var pressed = reply.Replaces && turn.Said is Said.Press press ? press.CardId : null;
            foreach (var (index, message) in reply.Messages.Index())
            {
                var at = turn.OthersReadAlong && !message.ForAll ? null : turn.AnswerAt;
                Add(turn.Person.Id, turn.Account.Channel, OutboxBody.Of(message, at, index == 0 ? pressed : null), index == 0 ? turn.AnswerId : null);
            }
        }
        foreach (var effect in sitting.Effects) Add(OutboxMessage.Catalogue, null, effect);
        List<Governance.Notices.Notice> notices = [.. Distinct(sitting.Notices)];
        foreach (var notice in notices.Concat(BoardNotices.Of(notices, boards ?? []))) Add(notice.ToId, null, new OutboxBody.Tell(notice));

        ConversationWrite? conversation = null;
        if (turn is not null)
        {
            conversation = new ConversationWrite(turn.Person.Id, sitting.Stored?.Version ?? 0, sitting.Conversation ?? "{}", new HandledTurn(turn.Id, null));
        }
        return new Commit(streams, conversation, messages, turn?.Contact, turn?.Transcript, (turn?.Said as Said.Press)?.CardId);
    }

    /// <summary>Two events of one sitting may want the same cards drawn again, or tell the same person the same: once is enough, and the last one knows most.</summary>
    private static IEnumerable<Governance.Notices.Notice> Distinct(IReadOnlyList<Governance.Notices.Notice> notices) =>
        notices.Select((notice, index) => (notice, index))
            .GroupBy(n => (n.notice.ToId, n.notice.Kind, n.notice.RequestId, n.notice.AppId))
            .Select(same => same.Last())
            .OrderBy(n => n.index)
            .Select(n => n.notice);

    private static JsonNode EventNode(object happened) => happened switch
    {
        RequestEvent e => JsonSerializer.SerializeToNode(e, DeskJson.Options)!,
        AppEvent e => JsonSerializer.SerializeToNode(e, DeskJson.Options)!,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Turn {TurnId} came again and is not done again.")]
    private partial void TurnAgain(string turnId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Turn {TurnId} met {Result} at try {Attempt} and is decided again.")]
    private partial void DecidingAgain(string turnId, CommitResult result, int attempt);

    [LoggerMessage(Level = LogLevel.Error, Message = "{StreamId} is due and could not be acted on; the next sweep tries again.")]
    private partial void CouldNotTick(string streamId, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{StreamId} said that it was due at {DueAt}, but there was nothing to do.")]
    private partial void NothingDue(string streamId, DateTimeOffset? dueAt);
}
