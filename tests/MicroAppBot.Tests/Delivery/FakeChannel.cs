using System.Collections.Concurrent;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Delivery;

/// <summary>A channel that behaves like the real ones do: it takes messages, and sometimes it does not, or does not say so.</summary>
internal sealed class FakeChannel(string name) : IChannel
{
    private readonly ConcurrentQueue<Func<Task<SendOutcome?>>> _next = new();
    private static readonly SendOutcome Unheard = new SendOutcome.Sent("unheard");
    private int _ids;

    public string Name => name;

    public bool NeedsDrawnCards { get; set; }

    /// <summary>What reached people, in order: to whom, our id, what was said.</summary>
    public ConcurrentQueue<(string To, string Id, string Text)> Arrived { get; } = new();

    public ConcurrentQueue<(string ChannelMessageId, string Id, string Text)> Updated { get; } = new();

    public HashSet<string> Blocked { get; } = [];

    /// <summary>Addresses that are gone.</summary>
    public HashSet<string> Closed { get; } = [];

    /// <summary>Where the messages that arrived went, in order.</summary>
    public ConcurrentQueue<string> At { get; } = new();

    public HashSet<string> CanOpenWith { get; } = [];

    public bool GivesIds { get; set; } = true;

    /// <summary>While true nothing gets through, and nothing arrives.</summary>
    public Func<bool> Down { get; set; } = () => false;

    public int Tries { get; private set; }

    /// <summary>How the next tries end; after these, and for null, they arrive.</summary>
    public void Then(params SendOutcome[] outcomes)
    {
        foreach (var outcome in outcomes) _next.Enqueue(() => Task.FromResult<SendOutcome?>(outcome));
    }

    /// <summary>The next message arrives, but its answer never does.</summary>
    public void ThenArriveWithoutAnswer() => _next.Enqueue(() => Task.FromResult<SendOutcome?>(Unheard));

    public void ThenWaitFor(Task gate) => _next.Enqueue(async () =>
    {
        await gate;
        return null;
    });

    public Contact? ColdContact(Person person) => CanOpenWith.Contains(person.Id) ? new Contact(person.Id, name, "cold") : null;

    public async Task<SendOutcome> SendAsync(Contact to, ChannelMessage message, CancellationToken cancel)
    {
        Tries++;
        if (Blocked.Contains(to.PersonId)) return new SendOutcome.Gone("blocked");
        if (Down()) return new SendOutcome.TryAgain(null, "503");
        if (Closed.Contains(to.Address)) return new SendOutcome.Gone("not there any more");
        var outcome = _next.TryDequeue(out var next) ? await next() : null;
        if (outcome is not (null or SendOutcome.Sent)) return outcome;
        Arrived.Enqueue((to.PersonId, message.Id, message.Text));
        At.Enqueue(to.Address);
        if (ReferenceEquals(outcome, Unheard)) await Task.Delay(Timeout.Infinite, cancel);
        return new SendOutcome.Sent(GivesIds ? $"{name}-{Interlocked.Increment(ref _ids)}" : "", to.Address == "cold" ? "opened" : null);
    }

    public async Task<SendOutcome> UpdateAsync(Contact to, string channelMessageId, ChannelMessage message, CancellationToken cancel)
    {
        var outcome = _next.TryDequeue(out var next) ? await next() : null;
        if (outcome is not (null or SendOutcome.Sent)) return outcome;
        Updated.Enqueue((channelMessageId, message.Id, message.Text));
        return new SendOutcome.Sent(channelMessageId);
    }
}
