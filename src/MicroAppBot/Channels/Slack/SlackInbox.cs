using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>
/// Keeps an event as it came, where it could not be a turn within Slack's three seconds (a model is asked first): Slack is told
/// that it was heard, and does not send it again. It is heard again by the outbox only where a crash came in between.
/// </summary>
internal sealed partial class SlackInbox(SlackEvents events, IStore store, GovernanceClock clock, ILogger<SlackInbox> log) : IHears
{
    /// <summary>Longer than any turn takes.</summary>
    private static readonly TimeSpan HeardAgainAfter = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, bool> _kept = new(StringComparer.Ordinal);

    public string Channel => SlackEndpoint.ChannelName;

    public Task HearAsync(JsonObject what, CancellationToken cancel) => events.TakeAsync(what);

    /// <summary>On the disk when it returns; forgotten when the work is done after all.</summary>
    /// <exception cref="SlackNotTaken">It could not be kept.</exception>
    public async Task KeepAsync(JsonObject payload, Task work)
    {
        var id = SlackTalk.TurnId("inbox", SlackJson.Text(payload, "team_id"), SlackJson.Text(payload, "event_id") ?? payload.ToJsonString());
        if (_kept.TryAdd(id, true))
        {
            try
            {
                await store.CommitAsync(new Commit([], null, [new NewMessage(id, id, Channel, new OutboxBody.Hear(Channel, payload.DeepClone().AsObject()), clock.GetUtcNow() + HeardAgainAfter)]));
                KeptAsItCame(id);
            }
            catch (Exception fault)
            {
                _kept.TryRemove(id, out _);
                throw new SlackNotTaken(fault);
            }
        }
        _ = ForgetAsync(id, work);
    }

    private async Task ForgetAsync(string id, Task work)
    {
        try
        {
            await work;
            await store.MarkAsync(new DeliveryMark(id, DeliveryState.Sent));
        }
        catch (Exception fault)
        {
            // It stays in the outbox, and is heard again when its time comes
            StillToBeHeard(id, fault.Message);
        }
        finally
        {
            _kept.TryRemove(id, out _);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "An event takes longer than Slack waits: it is kept as {Id}.")]
    private partial void KeptAsItCame(string id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The event kept as {Id} is still to be heard: {Why}")]
    private partial void StillToBeHeard(string id, string why);
}
