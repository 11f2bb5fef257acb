using System.Text.Json.Nodes;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>What Slack sent, verified by whoever hands it in: over HTTP by its signature, over Socket Mode by the connection.</summary>
/// <param name="Kind"><see cref="Events"/>, <see cref="Interactive"/> or <see cref="SlashCommands"/>.</param>
/// <param name="Payload">The same over both ways.</param>
/// <param name="RetryNum">How often Slack has tried before; null or 0 the first time.</param>
internal sealed record SlackEnvelope(string Kind, JsonObject Payload, int? RetryNum = null, string? RetryReason = null)
{
    public const string Events = "events_api";
    public const string Interactive = "interactive";
    public const string SlashCommands = "slash_commands";
}

/// <summary>What Slack is answered at once.</summary>
/// <param name="Body">The response's body (a form's next view, a command's answer); null for an empty one.</param>
internal sealed record SlackAck(JsonObject? Body)
{
    public static readonly SlackAck Empty = new((JsonObject?)null);
}

/// <summary>One envelope from either way in to its acknowledgement, within Slack's three seconds whatever else happens.</summary>
internal sealed partial class SlackDoor(
    SlackEvents events, SlackClicks clicks, SlackForms forms, SlackShortcuts shortcuts, SlackCommands commands, SlackWhispers whispers, SlackInbox inbox, TimeProvider time, ILogger<SlackDoor> log)
{
    /// <summary>Slack waits for three seconds, of which the way there and back needs some.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.3);

    /// <summary>What was said is durable when this returns.</summary>
    /// <exception cref="SlackNotTaken">It could not be kept, and should be sent again.</exception>
    public async Task<SlackAck> TakeAsync(SlackEnvelope envelope, CancellationToken cancel)
    {
        if (envelope.RetryNum > 0) Retried(envelope.Kind, envelope.RetryNum.Value, envelope.RetryReason is { Length: <= 40 } reason ? reason : "");
        var hurry = new SlackHurry();
        var work = HandleAsync(envelope, hurry);
        if (await Task.WhenAny(work, Task.Delay(Patience, time, cancel)) != work && hurry.IsUp())
        {
            return await WithoutAsync(envelope, work);
        }
        return await work;
    }

    private async Task<SlackAck> HandleAsync(SlackEnvelope envelope, SlackHurry hurry)
    {
        // Whoever waits for the answer is to see the clock running from here on
        await Task.Yield();
        var payload = envelope.Payload;
        try
        {
            switch (envelope.Kind, SlackJson.Text(payload, "type"))
            {
                case (SlackEnvelope.Events, _):
                    await events.TakeAsync(payload);
                    break;
                case (SlackEnvelope.SlashCommands, _):
                    return new SlackAck(await commands.TakeAsync(payload, hurry));
                case (SlackEnvelope.Interactive, "block_actions"):
                    await PressedAsync(payload);
                    break;
                case (SlackEnvelope.Interactive, "view_submission"):
                    return new SlackAck(await forms.SubmitAsync(payload, hurry));
                case (SlackEnvelope.Interactive, "block_suggestion"):
                    return new SlackAck(await forms.SuggestAsync(payload));
                case (SlackEnvelope.Interactive, "shortcut" or "message_action"):
                    await shortcuts.TakeAsync(payload);
                    break;
            }
            // What is not for us (a closed form among it) is taken all the same: an app that answers with errors is cut off
            return SlackAck.Empty;
        }
        catch (Exception fault)
        {
            Failed(envelope.Kind, fault);
            throw new SlackNotTaken(fault);
        }
    }

    private async Task PressedAsync(JsonObject payload)
    {
        if (SlackPress.Read(payload) is not { } press) return;
        try
        {
            await clicks.TakeAsync(press);
        }
        catch (Exception fault) when (press.ResponseUrl is not null)
        {
            // Slack sends no click a second time: the person is told, and the buttons are still there
            Failed(SlackEnvelope.Interactive, fault);
            await whispers.SayAsync(press, SlackCommands.Failed);
        }
    }

    /// <summary>Time is up: what is under way goes on, and what Slack hears is true.</summary>
    private async Task<SlackAck> WithoutAsync(SlackEnvelope envelope, Task<SlackAck> work)
    {
        switch (envelope.Kind)
        {
            case SlackEnvelope.Events:
                // Not said to be heard before it is on the disk: if not as a turn yet, then as it came
                await inbox.KeepAsync(envelope.Payload, work);
                return SlackAck.Empty;
            case SlackEnvelope.SlashCommands:
                return new SlackAck(SlackCommands.OneMoment);
        }
        _ = work.ContinueWith(failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return SlackJson.Text(envelope.Payload, "type") switch
        {
            "view_submission" => new SlackAck(new JsonObject { ["response_action"] = "update", ["view"] = SlackViews.Loading }),
            "block_suggestion" => new SlackAck(new JsonObject { ["options"] = new JsonArray() }),
            _ => SlackAck.Empty,
        };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Slack sends {Kind} once more (try {Number}, {Reason}).")]
    private partial void Retried(string kind, int number, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "What Slack sent ({Kind}) could not be handled.")]
    private partial void Failed(string kind, Exception fault);
}

/// <summary>Nothing of it was kept: over HTTP it is answered 503, over Socket Mode not at all, so that Slack sends it again.</summary>
internal sealed class SlackNotTaken(Exception why) : Exception("What Slack sent could not be kept.", why);
