using Governance.People;
using Governance.Requests;
using Governance.Verdicts;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>How long approvals usually take, from this installation's own history.</summary>
public static class History
{
    private const int Enough = 3;

    /// <summary>"It usually takes about 5 hours."; null where too few were decided to say.</summary>
    public static async ValueTask<string?> UsuallyAsync(Visit visit, RiskTier tier)
    {
        var closed = await visit.Sitting.RequestsAsync(new SnapshotQuery(IsOpen: false, Limit: 300));
        var hours = closed.OfType<Request.Granted>().Where(r => r.Seats.Count > 0 && r.File.Report.Risk.Tier == tier)
            .Select(r => OfficeHours.Between(r.File.SubmittedAt, r.At, visit.Sitting.Person.Zone).TotalHours).Order().ToList();
        return hours.Count < Enough ? null : hours[hours.Count / 2] switch
        {
            < 1 => "It usually takes less than an hour.",
            < 8 and var h => $"It usually takes about {InWords.Count((int)Math.Round(h), "hour")}.",
            var h => $"It usually takes about {InWords.Count((int)Math.Ceiling(h / 8), "working day")}.",
        };
    }
}
