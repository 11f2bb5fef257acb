using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>Which person a Slack account belongs to, and whether somebody else's workspace vouches for it.</summary>
internal sealed class SlackIdentity
{
    /// <param name="teamId">The acting user's own workspace (<c>user.team_id</c>), which may be another than the installation's.</param>
    public ValueTask<SlackSender> SenderAsync(string teamId, string userId, CancellationToken cancel) => throw new NotImplementedException();
}

/// <summary>Who did something in Slack.</summary>
/// <param name="IsStranger">A guest, or somebody of another workspace: recognised, and may sign for nothing.</param>
internal sealed record SlackSender(Person Person, ChannelAccount Account, bool IsStranger);
