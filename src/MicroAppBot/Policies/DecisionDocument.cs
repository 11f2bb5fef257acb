using System.Text.Json;
using Governance.Verdicts;

namespace MicroAppBot.Policies;

/// <summary>The decision document as an evaluator answered it.</summary>
internal static class DecisionDocument
{
    /// <exception cref="JsonException">It is none, or it contradicts itself: then nothing in it is believed.</exception>
    public static PolicyReport Read(ReadOnlySpan<byte> utf8)
    {
        var report = PolicyReport.Parse(utf8);
        if (report.Allow == report.At(FindingLevel.Hard).Any()) throw new JsonException($"allow is {(report.Allow ? "true" : "false")}, and that does not fit its findings.");
        if (report.Approvals.Any(a => a.Count < 1)) throw new JsonException("it asks for nobody to sign.");
        return report;
    }
}
