using System.Diagnostics;
using Governance.Manifests;
using Governance.Verdicts;

namespace Governance.Apps;

public static partial class AppDecider
{
    public static MicroApp Evolve(MicroApp? app, AppEvent happened) => (app, happened) switch
    {
        (null, AppGranted e) => new MicroApp.Provisioning(new AppFile(e.AppId, e.RequestId, e.Manifest, e.ManifestHash, e.Report, e.At, e.At, e.ExpiresAt, [], Spend.None(e.At))),
        (null, _) => throw new UnreachableException($"An app begins with its grant, not with {happened.GetType().Name}."),
        (MicroApp.Provisioning a, AppWentLive e) => new MicroApp.Active(a.File, e.At),
        (_, AppChanged e) => app with { File = InForce(app.File, e.RequestId, e.Manifest, e.ManifestHash, e.Report) },
        (_, CapRaised e) => app with { File = InForce(app.File, e.RequestId, e.Manifest, e.ManifestHash, e.Report) },
        (_, AppRenewed e) => app with { File = NewTerm(InForce(app.File, e.RequestId, e.Manifest, e.ManifestHash, e.Report), e.At, e.ExpiresAt) },
        (MicroApp.Archived a, AppRestored e) => new MicroApp.Active(NewTerm(a.File with { GrantedBy = e.RequestId, Report = e.Report }, e.At, e.ExpiresAt), e.At),
        (_, RenewalReminderDue e) => app with { File = app.File with { RemindersSent = [.. app.File.RemindersSent, e.DaysBefore] } },
        (_, CostReported e) => app with { File = app.File with { Spend = app.File.Spend.With(e.Day, e.AmountUsd, e.ForecastUsd) } },
        (_, CostAlertRaised e) => app with { File = app.File with { Spend = app.File.Spend.Told(e.Crossed, e.SuspendsAt) } },
        (MicroApp.Active a, AppSuspended e) => new MicroApp.Suspended(a.File, a.LiveSince, e.Reason, e.At),
        (MicroApp.Suspended a, AppResumed) => new MicroApp.Active(a.File with { Spend = a.File.Spend with { SuspendsAt = null } }, a.LiveSince),
        (_, AppArchived e) => new MicroApp.Archived(app.File, LiveSince(app), e.Reason, e.At, e.RestorableUntil),
        (_, GrantOvertaken) => app,
        (_, GraceGiven e) => app with { File = app.File with { Graces = [.. app.File.Graces ?? [], new Grace(e.Rules, e.Until) { Revision = e.Revision, ById = e.ById, GivenAt = e.At, Findings = e.Findings }] } },
        (_, GraceEnded e) => WithGraces(app, graces => graces.Where(g => g.Until > e.At)),
        (_, GraceTakenBack e) => WithGraces(app, graces => graces.Where(g => g.Revision != e.Revision || g.MetAt is not null)),
        (_, GraceReminderDue e) => WithGraces(app, graces => graces.Select(g => g.Until == e.Until && g.MetAt is null ? g with { Reminded = [.. g.Reminded, e.DaysBefore] } : g)),
        (_, GraceMet e) => WithGraces(app, graces => graces.Select(g => g.MetAt is null && g.Rules.All(rule => e.Rules.Contains(rule, StringComparer.Ordinal)) ? g with { MetAt = e.At } : g)),
        _ => throw new UnreachableException($"{happened.GetType().Name} cannot follow in {app.GetType().Name}."),
    };

    private static MicroApp WithGraces(MicroApp app, Func<IReadOnlyList<Grace>, IEnumerable<Grace>> change) =>
        app with { File = app.File with { Graces = change(app.File.Graces ?? []).ToList() is { Count: > 0 } left ? left : null } };

    private static AppFile InForce(AppFile file, string requestId, Manifest manifest, string hash, PolicyReport report) => file with
    {
        GrantedBy = requestId,
        Manifest = manifest,
        ManifestHash = hash,
        Report = report,
        Spend = manifest.Cost.CapUsd == file.Manifest.Cost.CapUsd ? file.Spend : file.Spend.UnderAnotherCap(manifest.Cost.CapUsd),
    };

    private static AppFile NewTerm(AppFile file, DateTimeOffset from, DateTimeOffset until) => file with { TermFrom = from, ExpiresAt = until, RemindersSent = [] };

    private static DateTimeOffset LiveSince(MicroApp app) => app switch
    {
        MicroApp.Active active => active.LiveSince,
        MicroApp.Suspended suspended => suspended.LiveSince,
        MicroApp.Archived archived => archived.LiveSince,
        MicroApp.Provisioning provisioning => provisioning.File.GrantedAt,
        _ => throw new UnreachableException(),
    };
}
