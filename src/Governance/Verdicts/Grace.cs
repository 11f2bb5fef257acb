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

    /// <summary>Of the rules it was given for. What was given for the same revision is one campaign.</summary>
    public string? Revision { get; init; }

    /// <summary>Who gave it.</summary>
    public string? ById { get; init; }

    public DateTimeOffset? GivenAt { get; init; }

    /// <summary>What the rules have against the app.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Days before its end for which a reminder went out.</summary>
    public IReadOnlyList<int> Reminded { get; init; } = [];

    /// <summary>When the app was changed so that it fits. Then it needs no time any more, and the rules count for it.</summary>
    public DateTimeOffset? MetAt { get; init; }

    /// <summary>It has time left, and still needs it.</summary>
    public bool IsOpen(DateTimeOffset now) => MetAt is null && Until > now;

    /// <summary>Whether a report holds a hard finding of its rules.</summary>
    public bool StandsAgainst(PolicyReport report) => report.At(FindingLevel.Hard).Any(f => Rules.Contains(f.Rule, StringComparer.Ordinal));

    /// <summary>What the policies say of an app that has these graces.</summary>
    public static PolicyReport Applied(PolicyReport report, IReadOnlyList<Grace>? graces, DateTimeOffset now)
    {
        var open = graces?.Where(g => g.IsOpen(now)).ToList();
        if (open is not { Count: > 0 } || report.Allow) return report;
        var findings = report.Findings.Select(f => f.Level == FindingLevel.Hard && open.FirstOrDefault(g => g.Rules.Contains(f.Rule, StringComparer.Ordinal)) is { } grace
            ? f with { Level = FindingLevel.Advise, Message = $"{f.Message} For this app that counts from {grace.Until.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)} on." }
            : f).OrderByDescending(f => f.Level).ToList();
        return report with { Findings = findings, Allow = findings.All(f => f.Level != FindingLevel.Hard) };
    }
}
