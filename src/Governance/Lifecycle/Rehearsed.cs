using System.Text;
using Governance.Apps;
using Governance.Manifests;
using Governance.Requests;
using Governance.Verdicts;

namespace Governance.Lifecycle;

/// <summary>What would become of an app or a request, the gravest first. Only the gravest is said of it.</summary>
public enum RehearsalOutcome
{
    /// <summary>The other rules have no answer for it: nothing could be approved for it.</summary>
    NotJudged,
    /// <summary>Allowed now, and not then.</summary>
    Stopped,
    /// <summary>Roles would have to sign that do not have to now.</summary>
    MoreSignatures,
    OtherTier,
    FewerSignatures,
    /// <summary>Not allowed now (or not judged), and allowed then.</summary>
    Freed,
    Same,
}

/// <summary>An app or a request under both sets of rules.</summary>
/// <param name="What"><c>app</c> or <c>request</c>.</param>
/// <param name="Now">By the rules in force; null where they have no answer for it.</param>
/// <param name="Then">By the other rules; null where they have no answer for it.</param>
/// <param name="NewRoles">Roles that would have to sign and do not have to now: for an app when it is changed (or renewed with another report), for a request as it stands.</param>
/// <param name="GoneRoles">The other way round.</param>
public sealed record Rehearsed(
    string What, string Id, string AppId, RequestKind Kind, Manifest Manifest, PolicyReport? Now, PolicyReport? Then, IReadOnlyList<string> NewRoles, IReadOnlyList<string> GoneRoles)
{
    /// <summary>Why the other rules have no answer.</summary>
    public string? WhyMute { get; init; }

    /// <summary>Signatures that an open request has, and what becomes of each.</summary>
    public IReadOnlyList<SignatureRehearsed> Signatures { get; init; } = [];

    /// <summary>Time that the app was given for new rules.</summary>
    public IReadOnlyList<Grace> Graces { get; init; } = [];

    public RehearsalOutcome Outcome => (Now, Then) switch
    {
        (_, null) => RehearsalOutcome.NotJudged,
        (not { Allow: false }, { Allow: false }) => RehearsalOutcome.Stopped,
        (not { Allow: true }, { Allow: true }) => RehearsalOutcome.Freed,
        _ when NewRoles.Count > 0 => RehearsalOutcome.MoreSignatures,
        _ when ChangesTier => RehearsalOutcome.OtherTier,
        _ when GoneRoles.Count > 0 => RehearsalOutcome.FewerSignatures,
        _ => RehearsalOutcome.Same,
    };

    public bool ChangesTier => Now is not null && Then is not null && Now.Risk.Tier != Then.Risk.Tier;

    public string Title => Wording.TitleOf(Manifest);

    /// <summary>What would stand in the way then and does not now.</summary>
    public IReadOnlyList<Finding> NewFaults => NewAt(FindingLevel.Hard);

    /// <summary>What would lift the tier or ask for people then and does not now, in the rules' words: exceptions to sign for, else the reasons of the risk.</summary>
    public IReadOnlyList<string> NewReasons => NewAt(FindingLevel.Override).Select(f => f.Message) is var exceptions && exceptions.Any()
        ? [.. exceptions.Distinct(StringComparer.Ordinal)]
        // A reason that was there already may lead to another tier now: then it is the strongest one that does
        : ChangesTier && Then!.Risk.Factors is [var leading, ..] ? [leading.Why] : [];

    /// <summary>Rules that somebody signed an exception to and that would allow none any more.</summary>
    public IReadOnlyList<string> LostExceptions => [.. NewFaults.Select(f => f.Rule).Where(rule => Now?.At(FindingLevel.Override).Any(old => old.Rule == rule) == true).Distinct(StringComparer.Ordinal)];

    /// <summary>Time it has already for everything that would stand in its way; null where some of it has none.</summary>
    public DateTimeOffset? CoveredUntil(DateTimeOffset now) => NewFaults is not { Count: > 0 } faults ? null
        : faults.Select(f => Graces.Where(g => g.IsOpen(now) && g.Rules.Contains(f.Rule, StringComparer.Ordinal)).Select(g => (DateTimeOffset?)g.Until).Max()).Aggregate((a, b) => a is null || b is null ? null : a < b ? a : b);

    internal static Rehearsed Of(MicroApp app, Rulebook now, Rulebook then) =>
        Of("app", app.File.Id, app.File.Id, RequestKind.Change, app.File.Manifest, now, then) with { Graces = app.File.Graces ?? [] };

    internal static Rehearsed Of(Request request, Rulebook now, Rulebook then)
    {
        var file = request.File;
        var rehearsed = Of("request", file.Id, file.AppId, file.Kind, file.Manifest, now, then);
        return rehearsed with { Signatures = SignatureRehearsed.Of(request, rehearsed.Then, then.Numbers) };
    }

    private static Rehearsed Of(string what, string id, string appId, RequestKind kind, Manifest manifest, Rulebook now, Rulebook then)
    {
        var (before, _) = Asked(now, manifest, now.Judge);
        var (after, why) = Asked(then, manifest, m => JudgedBy(m, then));
        var had = before is null ? [] : RolesOf(now, kind, before);
        // What cannot be judged asks for nobody
        var wanted = after is null ? had : RolesOf(then, kind, after);
        return new Rehearsed(what, id, appId, kind, manifest, before, after, [.. wanted.Where(role => !had.Contains(role))], [.. had.Where(role => !wanted.Contains(role))]) { WhyMute = why };
    }

    private static (PolicyReport? Report, string? Why) Asked(Rulebook book, Manifest manifest, Func<Manifest, PolicyReport> judge)
    {
        try
        {
            return (judge(manifest), null);
        }
        catch (Exception mute) when (book.WhyMute(mute) is { } why)
        {
            return (null, why);
        }
    }

    private static List<string> RolesOf(Rulebook book, RequestKind kind, PolicyReport report) => [.. book.Numbers.SeatsFor(kind.Word(), report).Select(s => s.Role)];

    private IReadOnlyList<Finding> NewAt(FindingLevel level) => [.. (Then?.At(level) ?? []).Where(f => Now?.At(level).Any(old => old.Rule == f.Rule && old.Field == f.Field) != true)];

    /// <summary>Where the other catalogue has no longer what the manifest names, it would be no manifest at all.</summary>
    private static PolicyReport JudgedBy(Manifest manifest, Rulebook then)
    {
        if (ManifestReader.Read(Encoding.UTF8.GetBytes(manifest.ToJson().ToJsonString()), then.Catalogue) is not ManifestReading.Faulty faulty) return then.Judge(manifest);
        var findings = faulty.Faults.Select(f => new Finding("manifest", FindingLevel.Hard, f.Message, f.Nearest is null ? "Choose another one." : $"Choose another one, such as {f.Nearest}.", f.Pointer)).ToList();
        return new PolicyReport(false, findings, new Risk(RiskTier.High, 100, []), [], "");
    }
}

/// <summary>What would become of a signature that an open request has.</summary>
public enum SignatureFate
{
    Stays,
    /// <summary>There is more to sign for than this person did: their role is asked again.</summary>
    AskedAgain,
    /// <summary>Nobody of this role would have to sign.</summary>
    NotNeeded,
    /// <summary>The request would be stopped at the last signature. It stays while the manifest does; a changed one is signed anew.</summary>
    Waits,
}

/// <param name="PersonId">Who signed.</param>
public sealed record SignatureRehearsed(string PersonId, string Role, SignatureFate Fate)
{
    internal static IReadOnlyList<SignatureRehearsed> Of(Request request, PolicyReport? then, PolicyNumbers numbers)
    {
        var signed = request.AllSeats.Where(s => s.Signature is not null).ToList();
        if (signed.Count == 0) return [];
        if (then is not { Allow: true }) return [.. signed.Select(s => new SignatureRehearsed(s.Signature!.PersonId, s.Role, SignatureFate.Waits))];
        var wanted = SeatTable.Of(request.File with { Report = then }, numbers).ToList();
        return [.. signed.Select(s => new SignatureRehearsed(s.Signature!.PersonId, s.Role, FateOf(s)))];

        SignatureFate FateOf(Seat seat)
        {
            // One signature fills one seat, as when the seats are laid anew
            if (wanted.FindIndex(w => w.Role == seat.Role && w.Waives.All(seat.Waives.Contains)) is >= 0 and var place)
            {
                wanted.RemoveAt(place);
                return SignatureFate.Stays;
            }
            return wanted.Exists(w => w.Role == seat.Role) ? SignatureFate.AskedAgain : SignatureFate.NotNeeded;
        }
    }
}
