using System.Text;
using Governance.Apps;
using Governance.Catalogue;
using Governance.Manifests;
using Governance.Requests;
using Governance.Verdicts;

namespace Governance.Lifecycle;

/// <summary>One set of rules, with the numbers and the catalogue that belong to it.</summary>
public sealed record Rulebook(Func<Manifest, PolicyReport> Judge, PolicyNumbers Numbers, ServiceCatalogue Catalogue);

/// <summary>What other rules would do to everything that is there, before they are put in force: every live app and every open request is judged by both.</summary>
public sealed record RulebookRehearsal(IReadOnlyList<Rehearsed> All)
{
    public static RulebookRehearsal Of(IEnumerable<MicroApp> apps, IEnumerable<Request> requests, Rulebook now, Rulebook then) => new(
    [
        .. apps.Where(a => a.IsLive).OrderBy(a => a.File.Name, StringComparer.Ordinal)
            .Select(a => Rehearsed.Of("app", a.File.Id, a.File.Id, RequestKind.Change, a.File.Manifest, now, then)),
        // What is to be switched off is not judged
        .. requests.Where(r => r.IsOpen && r.File.Kind != RequestKind.Archive).OrderBy(r => r.File.Manifest.App.Name, StringComparer.Ordinal)
            .Select(r => Rehearsed.Of("request", r.File.Id, r.File.AppId, r.File.Kind, r.File.Manifest, now, then)),
    ]);

    /// <summary>Allowed now, and not then.</summary>
    public IEnumerable<Rehearsed> Failing => All.Where(r => r.Fails);

    /// <summary>Not allowed now, and allowed then.</summary>
    public IEnumerable<Rehearsed> Freed => All.Where(r => !r.Now.Allow && r.Then.Allow);

    public IEnumerable<Rehearsed> OtherTier => All.Where(r => r.Now.Risk.Tier != r.Then.Risk.Tier);

    /// <summary>Needs signatures of roles that it needs none of now.</summary>
    public IEnumerable<Rehearsed> MoreSignatures => All.Where(r => !r.Fails && r.NewRoles.Count > 0);

    public int Unchanged => All.Count(r => !r.Changes);
}

/// <summary>An app or a request under both sets of rules.</summary>
/// <param name="What"><c>app</c> or <c>request</c>.</param>
/// <param name="NewRoles">Roles that would have to sign and do not have to now: for an app when it is changed (or renewed with another report), for a request as it stands.</param>
public sealed record Rehearsed(string What, string Id, string AppId, RequestKind Kind, Manifest Manifest, PolicyReport Now, PolicyReport Then, IReadOnlyList<string> NewRoles)
{
    /// <summary>Allowed now, and not then.</summary>
    public bool Fails => Now.Allow && !Then.Allow;

    public bool Changes => Now.Allow != Then.Allow || Now.Risk.Tier != Then.Risk.Tier || NewRoles.Count > 0;

    public string Title => Wording.TitleOf(Manifest);

    /// <summary>What would stand in the way then and does not now.</summary>
    public IReadOnlyList<Finding> NewFaults => [.. Then.At(FindingLevel.Hard).Where(f => !Now.At(FindingLevel.Hard).Any(old => old.Rule == f.Rule && old.Field == f.Field))];

    internal static Rehearsed Of(string what, string id, string appId, RequestKind kind, Manifest manifest, Rulebook now, Rulebook then)
    {
        var (before, after) = (now.Judge(manifest), JudgedBy(manifest, then));
        var had = now.Numbers.SeatsFor(kind.Word(), before).Select(s => s.Role).ToHashSet(StringComparer.Ordinal);
        return new Rehearsed(what, id, appId, kind, manifest, before, after, [.. then.Numbers.SeatsFor(kind.Word(), after).Select(s => s.Role).Where(role => !had.Contains(role))]);
    }

    /// <summary>Where the other catalogue has no longer what the manifest names, it would be no manifest at all.</summary>
    private static PolicyReport JudgedBy(Manifest manifest, Rulebook then)
    {
        if (ManifestReader.Read(Encoding.UTF8.GetBytes(manifest.ToJson().ToJsonString()), then.Catalogue) is not ManifestReading.Faulty faulty) return then.Judge(manifest);
        var findings = faulty.Faults.Select(f => new Finding("manifest", FindingLevel.Hard, f.Message, f.Nearest is null ? "Choose another one." : $"Choose another one, such as {f.Nearest}.", f.Pointer)).ToList();
        return new PolicyReport(false, findings, new Risk(RiskTier.High, 100, []), [], "");
    }
}
