using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace MicroAppBot.Channels.Slack;

/// <summary>Opens the chat with somebody who never wrote: finds the workspace they are in, and the account that an e-mail belongs to.</summary>
internal sealed class SlackDoorbell(SlackApi api, SlackTokens tokens)
{
    private const int MostRemembered = 20_000;

    /// <summary>A message that still has to wait for its turn does not have the chat opened a second time.</summary>
    private readonly ConcurrentDictionary<string, SlackAddress> _opened = new(StringComparer.Ordinal);

    /// <param name="anew">The chat that was opened before is not there any more.</param>
    /// <returns>The address with its conversation; or what Slack said instead; or neither, when nobody is there.</returns>
    public async Task<(SlackAddress? Address, SlackAnswer? Why)> OpenAsync(SlackAddress address, bool anew, CancellationToken cancel)
    {
        var key = $"{address.TeamId} {address.UserId} {address.Email}";
        if (!anew && _opened.TryGetValue(key, out var known)) return (known with { ThreadTs = address.ThreadTs }, null);
        if (_opened.Count >= MostRemembered) _opened.Clear();
        IReadOnlyList<string> workspaces;
        try
        {
            workspaces = address.TeamId.Length > 0 ? [address.TeamId] : await tokens.IdsAsync(cancel);
        }
        catch (SlackTokenUnavailable fault)
        {
            return (null, SlackAnswer.Without(SlackReach.NoToken, "conversations.open", fault.Message));
        }
        SlackAnswer? waits = null;
        SlackAnswer? gone = null;
        foreach (var workspace in workspaces)
        {
            var (user, why) = address.UserId.Length > 0 ? (address.UserId, null) : await LookUpAsync(workspace, address.Email!, cancel);
            if (user is not null)
            {
                var answer = await api.CallAsync(workspace, "conversations.open", new JsonObject { ["users"] = user }, cancel);
                if (answer.Ok && SlackJson.Text(answer.Body["channel"], "id") is { } channel) return (_opened[key] = new SlackAddress(workspace, user, channel, address.ThreadTs), null);
                why = answer.Ok ? SlackAnswer.Without(SlackReach.Unreached, "conversations.open", "Slack opened a chat and did not say which") : answer;
            }
            if (why?.Fate is SlackFate.Gone or null) gone ??= why;
            else waits ??= why;
        }
        // As long as one workspace could not be asked, nobody knows that there is nobody
        return (null, waits ?? gone);
    }

    private async Task<(string? User, SlackAnswer? Why)> LookUpAsync(string workspace, string email, CancellationToken cancel)
    {
        var answer = await api.CallAsync(workspace, "users.lookupByEmail", new JsonObject { ["email"] = email }, cancel);
        if (!answer.Ok) return (null, answer);
        var user = answer.Body["user"];
        // What is said to one person is not said to a guest or a program that has their e-mail
        string[] others = ["deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger"];
        return (others.Any(flag => SlackJson.Is(user, flag)) ? null : SlackJson.Text(user, "id"), null);
    }
}
