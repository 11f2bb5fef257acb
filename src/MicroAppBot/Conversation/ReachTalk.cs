using System.Text.Json.Nodes;
using Governance.People;
using MicroAppBot.Conversation.Wording;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>The typed command <c>unreachable</c>: for a governance admin, who can do something about it.</summary>
public static class ReachTalk
{
    private const int RowsShown = 10;

    public static async ValueTask<Reply> AnswerAsync(Visit visit, IReach? reach)
    {
        if (!visit.Sitting.Person.Has(Role.GovernanceAdmin)) return visit.Notice("That is for the governance team", "Who can be reached, and who cannot, is shown to governance admins only.", "🔒");
        var missing = reach is null ? [] : await reach.UnreachedAsync(CancellationToken.None);
        if (missing.Count == 0) return visit.Notice("Everybody can be reached", "Nobody blocked or removed me, and everybody who may sign has an account I can write to.", "📬", "good");
        var rest = missing.Count - RowsShown;
        var data = GeneralCards.Notice(
            $"{InWords.Count(missing.Count, "person", "people")} cannot be reached",
            "What needs an answer goes to their manager meanwhile." + (rest > 0 ? $" These are the first {RowsShown}; /api/deliveries lists the other {rest} too." : ""), "📭", "warning");
        data["facts"] = new JsonArray([.. missing.Take(RowsShown).Select(m => (JsonNode)Addressee.Fact(m.Name, m.Why))]);
        return Visit.ShowBeside("notice", data);
    }
}
