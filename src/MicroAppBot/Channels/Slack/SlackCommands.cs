using System.Text.Json.Nodes;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary><c>/microapp my apps</c>: any typed command, answered where it was typed and to that person only.</summary>
internal sealed partial class SlackCommands(SlackTalk talk, SlackWhispers whispers, IDirectory directory, ILogger<SlackCommands> log)
{
    public const string Failed = "Something went wrong on my side, and nothing was changed. Please try it again in a moment.";

    /// <summary>What is said while it takes longer than Slack waits; the answer takes its place.</summary>
    public static JsonObject OneMoment => new() { ["response_type"] = "ephemeral", ["text"] = "One moment…" };

    /// <returns>The answer, or null where it went another way.</returns>
    public async Task<JsonObject?> TakeAsync(JsonObject form, SlackHurry hurry)
    {
        if (SlackPlace.OfCommand(form) is not { } place) return null;
        var url = SlackJson.Text(form, "response_url");
        try
        {
            var who = await talk.WhoAsync(place);
            var words = SlackWords.Read(SlackJson.Text(form, "text"), [], directory);
            var reply = await talk.TakeAsync(place, who, SlackTalk.TurnId("command", place.UserId, SlackJson.Text(form, "trigger_id") ?? url), new Said.Text(words), SlackAnswering.Here);
            var bodies = new List<JsonObject>();
            foreach (var message in reply.Messages) bodies.AddRange(await whispers.BodiesAsync(place, who, message));
            var isInTime = hurry.IsInTime();
            _ = FollowAsync(place, who, url, isInTime ? bodies.Skip(1) : bodies, replaces: !isInTime, reply);
            return isInTime ? bodies.FirstOrDefault() : null;
        }
        catch (Exception fault)
        {
            NotAnswered(fault);
            var words = new JsonObject { ["response_type"] = "ephemeral", ["text"] = Failed };
            if (hurry.IsInTime()) return words;
            await whispers.RespondAsync(url, place, [words], replaces: true);
            return null;
        }
    }

    private async Task FollowAsync(SlackPlace place, SlackSender who, string? url, IEnumerable<JsonObject> bodies, bool replaces, Reply reply)
    {
        if (bodies.ToList() is not { Count: > 0 } rest || await whispers.RespondAsync(url, place, rest, replaces)) return;
        try
        {
            // Of what was shown in time the beginning stands there; what came late was not shown at all
            await whispers.SendAsync(who, replaces ? reply.Messages : reply.Messages.Skip(1));
        }
        catch (Exception fault)
        {
            NotAnswered(fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A command could not be answered.")]
    private partial void NotAnswered(Exception fault);
}
