using Governance.Catalogue;
using Governance.Manifests;
using Governance.People;
using Governance.Verdicts;

namespace Governance.Requests;

/// <summary>Which roles must sign a request: the table of <c>policies/data.json</c>, and the waivers that its findings need.</summary>
internal static class SeatTable
{
    /// <summary>A role and the findings its signature waives; a role that must sign twice comes twice.</summary>
    internal sealed record Wanted(string Role, IReadOnlyList<string> Waives);

    public static IReadOnlyList<Wanted> Of(RequestFile file, PolicyNumbers numbers)
    {
        var required = numbers.SeatsFor(file.Kind.Word(), file.Report);
        if (file.Kind == RequestKind.Renew && RenewsSomethingElse(file))
        {
            required = [.. required.Concat(numbers.SeatsFor(RequestKind.Change.Word(), file.Report)).GroupBy(r => r.Role, StringComparer.Ordinal).Select(same => same.MaxBy(r => r.Count)!)];
        }

        var waivers = Unwaived(file)
            .Where(finding => numbers.WaivedBy.ContainsKey(finding.Rule))
            .GroupBy(finding => numbers.WaivedBy[finding.Rule], finding => finding.Rule, StringComparer.Ordinal)
            .ToDictionary(role => role.Key, role => role.Distinct(StringComparer.Ordinal).ToList(), StringComparer.Ordinal);
        if (CorrectsKindsDown(file))
        {
            // Design §3.10: the class is lowered only by correcting the kinds, which a reviewer confirms with a reason
            waivers[Role.Security] = [.. waivers.GetValueOrDefault(Role.Security, []), Seat.KindsCorrected];
        }
        return
        [
            .. required.SelectMany(r => Enumerable.Range(0, r.Count).Select(i => new Wanted(r.Role, i == 0 ? waivers.GetValueOrDefault(r.Role, []) : []))),
            .. waivers.Where(w => required.All(r => r.Role != w.Key)).Select(w => new Wanted(w.Key, w.Value)),
        ];
    }

    /// <summary>Fewer or other kinds of data than people were asked about, or than are in force, and less protection because of that.</summary>
    private static bool CorrectsKindsDown(RequestFile file)
    {
        var before = file.Before is null ? DataClass.Public : NeededClass.OfKinds(file.Before.Data.Kinds);
        var now = NeededClass.OfKinds(file.Manifest.Data.Kinds);
        return file.Kind != RequestKind.Archive && (now < file.HighestAsked || now < before) && file.Manifest.App.DataClass < (file.HighestAsked > before ? file.HighestAsked : before);
    }

    /// <summary>A renewal is a formality only while the app, and what the policies say of it, are what was granted.</summary>
    private static bool RenewsSomethingElse(RequestFile file) =>
        file.Before is null || ManifestHash.Of(file.Before) != file.ManifestHash
        || file.ReportBefore is null || !file.ReportBefore.SaysTheSameAs(file.Report);

    private static IEnumerable<Finding> Unwaived(RequestFile file) => file.Kind switch
    {
        // Switching something off needs nobody's pardon
        RequestKind.Archive => [],
        // The waiver given at the last grant still runs; only what is new counts, and a higher cap is new also where the old one was waived
        RequestKind.RaiseCap or RequestKind.Transfer or RequestKind.Resume => file.Report.At(FindingLevel.Override).Where(finding =>
            file.ReportBefore is null
            || !file.ReportBefore.At(FindingLevel.Override).Any(old => old.Rule == finding.Rule && old.Field == finding.Field)
            || (file.Kind == RequestKind.RaiseCap && finding.Field.StartsWith("/cost", StringComparison.Ordinal))),
        // A waiver ends with the term it was given for
        _ => file.Report.At(FindingLevel.Override),
    };
}
