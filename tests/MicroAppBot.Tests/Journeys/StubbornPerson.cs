using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using MicroAppBot.Tests.Doubles;

namespace MicroAppBot.Tests.Journeys;

/// <summary>
/// Somebody in Teams whose activities are sent again, the same ones, until they are acknowledged: what Teams does while the
/// bot is away. Nothing here knows of kills.
/// </summary>
internal sealed class StubbornPerson(string id, TeamsUser user, FakeConnector connector, Action acknowledged)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public string Id => id;

    /// <summary>Every activity that was answered with 2xx.</summary>
    public ConcurrentQueue<string> Acknowledged { get; } = new();

    public IReadOnlyList<Seen> Inbox => [.. user.Sees.Select(p => new Seen(p.Id, p.OurId, p.Card, p.Text, p.Before.Count))];

    public async Task SayAsync(string words)
    {
        var activity = user.Activity("message");
        activity["text"] = words;
        await InsistAsync(activity);
    }

    /// <returns>The card that stands in the place of the pressed one.</returns>
    public async Task<Seen> PressAsync(Seen on, string verbOrTitle, JsonObject? inputs = null)
    {
        var button = on.Button(verbOrTitle) ?? throw new InvalidOperationException($"{id}: there is no button {verbOrTitle} on this card:\n{on}");
        var data = button["data"]?.DeepClone() as JsonObject ?? [];
        foreach (var (key, value) in inputs ?? []) data[key] = value?.DeepClone();
        var activity = user.Activity("invoke");
        activity["name"] = "adaptiveCard/action";
        activity["replyToId"] = on.MessageId;
        activity["value"] = new JsonObject { ["action"] = new JsonObject { ["type"] = "Action.Execute", ["verb"] = data["verb"]?.DeepClone(), ["data"] = data }, ["trigger"] = "manual" };
        var answer = await InsistAsync(activity);
        return answer.Card is { } card ? new Seen(on.MessageId, on.OurId, card, null) : new Seen(on.MessageId, on.OurId, null, answer.Line);
    }

    public async Task<Seen> SeesAsync(Func<Seen, bool> fits, string what)
    {
        try
        {
            return await connector.UntilAsync(_ => Inbox.LastOrDefault(fits), Patience);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{id} never saw {what}. The last there is:\n{string.Join("\n--\n", Inbox.TakeLast(4))}");
        }
    }

    private async Task<TeamsAnswer> InsistAsync(JsonObject activity)
    {
        using var enough = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                var answer = await user.PostAsync(activity);
                if ((int)answer.Status is >= 200 and < 300 && answer.Code is null or 200)
                {
                    Acknowledged.Enqueue((string)activity["id"]!);
                    acknowledged();
                    return answer;
                }
                if (answer.Status != HttpStatusCode.ServiceUnavailable && answer.Code != 500) throw new InvalidOperationException($"{id}: {(int)answer.Status} {answer.Text}\n{activity}");
            }
            catch (HttpRequestException)
            {
                // Away; it comes back
            }
            await Task.Delay(15, enough.Token);
        }
    }
}
