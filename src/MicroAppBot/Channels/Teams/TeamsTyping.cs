using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Teams;

/// <summary>Shows that the bot is writing, where an answer takes longer than a person would wait in silence. Best effort: nothing depends on it.</summary>
internal sealed class TeamsTyping(TeamsConnector connector, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    /// <summary>Teams shows it for about this long, and wants no more of them (Activity protocol, A6001).</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(3);

    /// <summary>Does the work, and shows meanwhile that it is being done.</summary>
    public async Task WhileAsync(TeamsActivity activity, Func<Task> work)
    {
        using var done = new CancellationTokenSource();
        var doing = work();
        var showing = doing.IsCompleted ? Task.CompletedTask : ShowAsync(activity, done.Token);
        try
        {
            await doing;
        }
        finally
        {
            await done.CancelAsync();
            await showing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ShowAsync(TeamsActivity activity, CancellationToken done)
    {
        await Task.Delay(First, time, done);
        while (true)
        {
            var typing = new JsonObject { ["type"] = "typing", ["conversation"] = new JsonObject { ["id"] = activity.ConversationId } };
            if (activity.RecipientId.Length > 0) typing["from"] = new JsonObject { ["id"] = activity.RecipientId };
            await connector.SendAsync(activity.ServiceUrl, activity.ConversationId, typing, done);
            await Task.Delay(Again, time, done);
        }
    }
}
