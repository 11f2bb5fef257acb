using System.Globalization;
using System.Text;
using Governance.Catalogue;
using Governance.Manifests;
using Governance.People;
using Governance.Verdicts;

namespace MicroAppBot.Commands;

/// <summary>A policy report for a reader at a terminal: the verdict first, then what to change, why, and who is asked.</summary>
internal static class ReportText
{
    private const int Width = 96;

    public static string Of(Manifest manifest, PolicyReport report, ServiceCatalogue catalogue)
    {
        var text = new StringBuilder();
        Line(text, "", Clean($"{manifest.App.Title ?? manifest.App.Name} · {catalogue.Template(manifest.App.Template)?.Title ?? manifest.App.Template} in {manifest.Environment}"));
        text.Append('\n');
        Line(text, "", Verdict(report));
        Findings(text, report, FindingLevel.Hard, "To change before anything else can happen");
        Findings(text, report, FindingLevel.Override, "Possible, if the right person agrees");
        Findings(text, report, FindingLevel.Advise, "Worth knowing");
        Risk(text, report.Risk);
        if (report.Allow && report.Approvals.Count > 0)
        {
            text.Append("\nWho has to sign\n");
            foreach (var seat in report.Approvals)
                Line(text, "  ◻ ", seat.Count == 1 ? Role.Title(seat.Role) : $"{Role.Title(seat.Role)} ({seat.Count} people)");
        }

        text.Append(CultureInfo.InvariantCulture, $"\nPolicy revision {report.Revision[..Math.Min(12, report.Revision.Length)]}");
        return text.ToString();
    }

    /// <summary>Why a text is no manifest, with the place of each fault.</summary>
    public static string Of(IReadOnlyList<ManifestFault> faults)
    {
        var text = new StringBuilder();
        Line(text, "✘ ", $"This is not a valid manifest yet: {Counted(faults.Count, "thing")} to mend.");
        foreach (var fault in faults)
        {
            text.Append('\n');
            Line(text, "  • ", Clean(fault.Message));
            if (fault.Pointer.Length > 0)
                Line(text, "    at ", Clean(fault.Pointer));
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string Verdict(PolicyReport report)
    {
        var hard = report.At(FindingLevel.Hard).Count();
        if (!report.Allow)
            return $"✘ Not possible like this: {Counted(hard, "thing")} to change.";
        if (report.Approvals.Count == 0)
            return "✔ Approved at once. Nobody has to sign.";
        return $"◐ Allowed, once {InWords.List([.. report.Approvals.Select(seat => Role.InASentence(seat.Role))])} {(report.Approvals.Count == 1 ? "has" : "have")} signed.";
    }

    private static void Findings(StringBuilder text, PolicyReport report, FindingLevel level, string heading)
    {
        var findings = report.At(level).ToList();
        if (findings.Count == 0)
            return;
        text.Append('\n').Append(heading).Append('\n');
        foreach (var finding in findings)
        {
            Line(text, "  • ", Clean(finding.Message));
            Line(text, "    → ", Clean(finding.Fix));
            Line(text, "      ", Clean($"{finding.Rule} at {finding.Field}"));
        }
    }

    private static void Risk(StringBuilder text, Risk risk)
    {
        text.Append(CultureInfo.InvariantCulture, $"\nRisk: {risk.Tier.ToText()} ({risk.Score} of 100)\n");
        foreach (var factor in risk.Factors)
            Line(text, string.Create(CultureInfo.InvariantCulture, $"  {factor.Points,3}  "), Clean(factor.Why));
        if (risk.Factors.Count == 0)
            Line(text, "       ", "Nothing speaks for any.");
    }

    private static string Counted(int number, string thing) => number == 1 ? $"one {thing}" : string.Create(CultureInfo.InvariantCulture, $"{number} {thing}s");

    /// <summary>A sentence behind its mark, broken at spaces, with every further line under its beginning.</summary>
    private static void Line(StringBuilder text, string mark, string sentence)
    {
        var (indent, column) = (new string(' ', mark.Length), mark.Length);
        text.Append(mark);
        foreach (var word in sentence.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (column > mark.Length && column + 1 + word.Length > Width)
            {
                text.Append('\n').Append(indent);
                column = indent.Length;
            }
            else if (column > mark.Length)
            {
                text.Append(' ');
                column++;
            }

            text.Append(word);
            column += word.Length;
        }

        text.Append('\n');
    }

    // A manifest's words may hold line breaks or marks that turn the reading direction; a terminal would obey them
    private static string Clean(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? " " : rune.ToString()));
}
