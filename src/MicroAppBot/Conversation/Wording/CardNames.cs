using MicroAppBot.Content;

namespace MicroAppBot.Conversation.Wording;

/// <summary>The cards that the conversation shows. One that is not there is found when the bot starts, not when somebody needs it.</summary>
public static class CardNames
{
    public static IReadOnlyList<string> All { get; } =
    [
        "answers", "app", "app-list", "app-live", "approval", "approval-reminder", "approvals-list", "cost-alert", "did-not-understand", "digest", "expired",
        "notice", "question", "renewal-reminder", "request-status", "simulation", "summary", "suspended", "template-list", "welcome", "why",
    ];

    /// <summary>The cards that have no file.</summary>
    public static IEnumerable<ContentFault> Missing(IEnumerable<ContentFile> cards)
    {
        var there = cards.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        return All.Select(name => $"cards/{name}.json").Where(file => !there.Contains(file)).Select(file => new ContentFault(file, 0, "This card is missing, and people are shown it."));
    }
}
