using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Teams;

/// <summary>The team channels and group chats that requests are posted to (<c>Channels:Teams:ApprovalsChannel</c>, <c>ApprovalsChannels:&lt;role&gt;</c>).</summary>
internal sealed class TeamsBoards(TeamsSettings settings) : IBoards
{
    public IReadOnlyList<string> All { get; } = [.. settings.Boards.Values.Distinct(StringComparer.Ordinal).Select(IdOf)];

    public IReadOnlyList<string> For(string role) =>
        (settings.Boards.GetValueOrDefault(role) ?? settings.Boards.GetValueOrDefault(TeamsSettings.EveryRole)) is { } place ? [IdOf(place)] : [];

    /// <summary>Whether something was posted as a thread of its own: in a team's channel, not in a group chat.</summary>
    public static bool HasThreads(string place) => place.Contains("@thread.tacv2", StringComparison.OrdinalIgnoreCase) || place.Contains("@thread.skype", StringComparison.OrdinalIgnoreCase);

    private static string IdOf(string place) => Board.Id(TeamsChannel.ChannelName, place);
}
