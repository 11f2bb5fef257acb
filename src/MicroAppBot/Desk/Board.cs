using Governance.Notices;

namespace MicroAppBot.Desk;

/// <summary>
/// A place where several people see what waits for a role (a team's channel): a recipient like a person is one, with an id of its
/// own. What it shows is for all who read there; buttons are each person's own.
/// </summary>
public static class Board
{
    private const string Prefix = "board:";

    /// <param name="channel">The channel's name, such as <c>teams</c>.</param>
    /// <param name="place">What that channel calls the place.</param>
    public static string Id(string channel, string place) => $"{Prefix}{channel}:{place}";

    public static bool Is(string recipientId) => recipientId.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>What the channel calls the place; null where it is another channel's, or no board at all.</summary>
    public static string? PlaceOn(string channel, string recipientId) =>
        recipientId.StartsWith($"{Prefix}{channel}:", StringComparison.Ordinal) ? recipientId[(Prefix.Length + channel.Length + 1)..] : null;
}

/// <summary>Where requests are posted beside the cards of those who are asked.</summary>
public interface IBoards
{
    /// <summary>Ids of all boards there are.</summary>
    IReadOnlyList<string> All { get; }

    /// <summary>Ids of the boards that show what waits for this role.</summary>
    IReadOnlyList<string> For(string role);
}

/// <summary>Which boards hear of what.</summary>
internal static class BoardNotices
{
    /// <summary>A request that waits for a role is posted on its boards, once; whatever changes one is drawn again where it was posted.</summary>
    public static IEnumerable<Notice> Of(IReadOnlyList<Notice> notices, IEnumerable<IBoards> boards)
    {
        var all = boards.ToList();
        if (all.Sum(b => b.All.Count) == 0) yield break;
        foreach (var request in notices.Where(n => n.RequestId is not null).GroupBy(n => n.RequestId!))
        {
            var posted = new HashSet<string>(StringComparer.Ordinal);
            foreach (var wanted in request.Where(n => n.Kind == NoticeKind.ApprovalWanted))
            {
                foreach (var board in all.SelectMany(b => b.For(wanted.Detail.GetValueOrDefault("role") ?? "")).Where(posted.Add)) yield return wanted with { ToId = board };
            }
            if (request.FirstOrDefault(n => n.Kind == NoticeKind.RequestCardsChanged) is not { } changed) continue;
            foreach (var board in all.SelectMany(b => b.All).Where(posted.Add)) yield return changed with { ToId = board };
        }
    }
}
