using Governance.Apps;
using Governance.Catalogue;
using Governance.Manifests;
using Governance.Requests;
using Governance.Verdicts;

namespace Governance.Lifecycle;

/// <summary>One set of rules, with the numbers and the catalogue that belong to it.</summary>
public sealed record Rulebook(Func<Manifest, PolicyReport> Judge, PolicyNumbers Numbers, ServiceCatalogue Catalogue)
{
    /// <summary>What an exception of <see cref="Judge"/> says where these rules have no answer for one manifest; null where it is about something else, and then it goes on up.</summary>
    public Func<Exception, string?> WhyMute { get; init; } = _ => null;
}

/// <summary>What other rules would do to everything that is there, before they are put in force: every live app and every open request is judged by both.</summary>
/// <param name="Archived">Archived apps, which are not judged: they are when somebody brings them back.</param>
public sealed record RulebookRehearsal(IReadOnlyList<Rehearsed> All, int Archived = 0)
{
    public static RulebookRehearsal Of(IEnumerable<MicroApp> apps, IEnumerable<Request> requests, Rulebook now, Rulebook then)
    {
        var known = apps.ToList();
        return new(
        [
            .. known.Where(a => a.IsLive).OrderBy(a => a.File.Name, StringComparer.Ordinal).Select(a => Rehearsed.Of(a, now, then)),
            // What is to be switched off is not judged
            .. requests.Where(r => r.IsOpen && r.File.Kind != RequestKind.Archive).OrderBy(r => r.File.Manifest.App.Name, StringComparer.Ordinal).Select(r => Rehearsed.Of(r, now, then)),
        ], known.Count(a => !a.IsLive));
    }

    /// <summary>Each of them stands under exactly one outcome, so these add up to all.</summary>
    public IEnumerable<Rehearsed> With(RehearsalOutcome outcome) => All.Where(r => r.Outcome == outcome);

    /// <summary>Allowed now, and not then.</summary>
    public IEnumerable<Rehearsed> Failing => With(RehearsalOutcome.Stopped);

    /// <summary>Not allowed now, and allowed then.</summary>
    public IEnumerable<Rehearsed> Freed => With(RehearsalOutcome.Freed);

    /// <summary>Whatever else changes for them.</summary>
    public IEnumerable<Rehearsed> OtherTier => All.Where(r => r.ChangesTier);

    /// <summary>Needs signatures of roles that it needs none of now.</summary>
    public IEnumerable<Rehearsed> MoreSignatures => With(RehearsalOutcome.MoreSignatures);

    public int Unchanged => With(RehearsalOutcome.Same).Count();
}
