using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Slack;

/// <summary>Bots have no "is typing" in Slack: where something takes longer than people wait without wondering, a short line says so until the answer is there.</summary>
internal sealed class SlackMoments(SlackApi api, TimeProvider time)
{
    private static readonly TimeSpan Unwondering = TimeSpan.FromSeconds(2);

    /// <returns>As soon as the work is done.</returns>
    public async Task<T> WhileAsync<T>(SlackPlace place, Task<T> work)
    {
        if (place.ChannelId is null || await Task.WhenAny(work, Task.Delay(Unwondering, time)) == work) return await work;
        var line = new JsonObject { ["channel"] = place.ChannelId, ["text"] = "One moment…" };
        if (place.ThreadTs is { } thread) line["thread_ts"] = thread;
        var said = api.CallAsync(place.InstalledIn, "chat.postMessage", line, CancellationToken.None);
        try
        {
            return await work;
        }
        finally
        {
            _ = TakeBackAsync(place, said);
        }
    }

    private async Task TakeBackAsync(SlackPlace place, Task<SlackAnswer> said)
    {
        if ((await said) is { Ok: true } there && SlackJson.Text(there.Body, "ts") is { } ts)
        {
            await api.CallAsync(place.InstalledIn, "chat.delete", new JsonObject { ["channel"] = place.ChannelId, ["ts"] = ts }, CancellationToken.None);
        }
    }
}
