using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Journeys;

/// <summary>Somebody who is played in the console, over its HTTP API.</summary>
internal sealed class ConsolePerson(string id, HttpClient bot) : IPerson
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static long _lastId;
    private int _turns;

    public string Id => id;

    public int Turns => _turns;

    public IReadOnlyList<Seen> Inbox
    {
        get
        {
            var lines = new List<JsonNode>();
            for (var more = true; more;)
            {
                var after = lines.Count == 0 ? 0 : lines.Max(l => (long)l["sequence"]!);
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/console/transcript?as={id}&after={after}");
                using var answer = bot.Send(request);
                using var reader = new StreamReader(answer.Content.ReadAsStream());
                var page = JsonNode.Parse(reader.ReadToEnd())!;
                lines.AddRange(page["lines"]!.AsArray().Select(l => l!));
                more = (bool)page["more"]!;
            }
            // A line written again after it was read comes once more, as it is now
            return [.. lines.GroupBy(l => (string)l["id"]!).Select(same => same.MaxBy(l => (long)l["sequence"]!)!)
                .Where(l => !(bool)l["from_person"]!).OrderBy(l => (long)l["position"]!).Select(Look)];
        }
    }

    public async Task<Seen> SayAsync(string words)
    {
        Interlocked.Increment(ref _turns);
        var before = Inbox.Select(s => s.MessageId).ToHashSet();
        using var answer = await bot.PostAsJsonAsync("/console/say", new JsonObject { ["as"] = id, ["id"] = NewId(), ["text"] = words });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return await SeesAsync(() => Inbox.FirstOrDefault(s => !before.Contains(s.MessageId) && !s.CameByItself), $"an answer to \"{words}\"");
    }

    public async Task<Seen> PressAsync(Seen on, string verbOrTitle, JsonObject? inputs = null)
    {
        Interlocked.Increment(ref _turns);
        var button = on.Button(verbOrTitle) ?? throw new InvalidOperationException($"There is no button {verbOrTitle} on this card:\n{on}");
        var data = (JsonObject)button["data"]!.DeepClone();
        foreach (var (key, value) in on.WithDefaults(inputs)) data[key] = value?.DeepClone();
        using var answer = await bot.PostAsJsonAsync("/console/press", new JsonObject { ["as"] = id, ["id"] = NewId(), ["verb"] = data["verb"]?.DeepClone(), ["data"] = data, ["card"] = on.MessageId });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        var shown = JsonNode.Parse(text)!["messages"]!.AsArray()[0]!;
        return new Seen((string)shown["id"]!, (string)shown["id"]!, shown["card"]?.DeepClone() as JsonObject, shown["card"] is null ? (string?)shown["text"] : null, 1);
    }

    public Task<Seen> SeesAsync(Func<Seen, bool> fits, string what) => SeesAsync(() => Inbox.LastOrDefault(fits), what);

    private async Task<Seen> SeesAsync(Func<Seen?> look, string what)
    {
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            if (look() is { } seen) return seen;
            if (late.IsCancellationRequested) throw new TimeoutException($"{id} never saw {what}. There is:\n{string.Join("\n--\n", Inbox.Select(s => s.Words))}");
            await Task.Delay(20);
        }
    }

    private static Seen Look(JsonNode line) => new(
        (string)line["id"]!, (string)line["id"]!, line["card"]?.DeepClone() as JsonObject, line["card"] is null ? (string?)line["text"] : null, (long)line["sequence"]! == (long)line["position"]! ? 0 : 1);

    private static string NewId() => $"journey-{Interlocked.Increment(ref _lastId)}";
}
