using System.Globalization;

namespace Governance.Verdicts;

/// <summary>
/// Time that an app which is there already is given for rules that are new: until <paramref name="Until"/> their hard findings only speak, for
/// this app alone. Afterwards they count for it as for everybody.
/// </summary>
/// <param name="Rules">Ids of the rules.</param>
public sealed record Grace(IReadOnlyList<string> Rules, DateTimeOffset Until)
{
    /// <summary>Longer than this is no time to mend something but another rule.</summary>
    public const int LongestDays = 90;

    /// <summary>What the policies say of an app that has these graces.</summary>
    public static PolicyReport Applied(PolicyReport report, IReadOnlyList<Grace>? graces, DateTimeOffset now)
    {
        var open = graces?.Where(g => g.Until > now).ToList();
        if (open is not { Count: > 0 } || report.Allow) return report;
        var findings = report.Findings.Select(f => f.Level == FindingLevel.Hard && open.FirstOrDefault(g => g.Rules.Contains(f.Rule, StringComparer.Ordinal)) is { } grace
            ? f with { Level = FindingLevel.Advise, Message = $"{f.Message} For this app that counts from {grace.Until.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)} on." }
            : f).OrderByDescending(f => f.Level).ToList();
        return report with { Findings = findings, Allow = findings.All(f => f.Level != FindingLevel.Hard) };
    }
}
