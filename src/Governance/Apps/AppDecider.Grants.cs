using System.Diagnostics;
using Governance.Manifests;
using Governance.Requests;

namespace Governance.Apps;

public static partial class AppDecider
{
    /// <summary>
    /// What a granted request does to its app. Both streams go into one commit. A grant that no longer fits what is in
    /// force does nothing but say so.
    /// </summary>
    public static IReadOnlyList<AppEvent> EventsOf(Request.Granted request, MicroApp? app, Facts facts)
    {
        var file = request.File;
        if (app is null)
        {
            return file.Kind == RequestKind.Create
                ? [new AppGranted(file.AppId, file.Id, file.Manifest, file.ManifestHash, file.Report, NewExpiry(file.Manifest, facts), facts.Now)]
                : throw new UnreachableException($"A request to {file.Kind.Word()} was granted for an app that is not there.");
        }

        if (file.Kind == RequestKind.Create || IsSoAlready(file.Kind, app)) return [];
        var overtaken = file.Before is null || ManifestHash.Of(file.Before) != app.File.ManifestHash;
        return overtaken && file.Kind is not (RequestKind.Archive or RequestKind.Resume)
            ? [Overtaken(file, facts)]
            : WithGraceMet(app, app is MicroApp.Archived archived ? WhileArchived(file, archived, facts) : WhileLive(file, app, facts), facts);
    }

    private static bool IsSoAlready(RequestKind kind, MicroApp app) => kind switch
    {
        RequestKind.Archive => app is MicroApp.Archived,
        RequestKind.Restore => app.IsLive,
        RequestKind.Resume => app is MicroApp.Active or MicroApp.Provisioning,
        _ => false,
    };

    private static IReadOnlyList<AppEvent> WhileLive(RequestFile file, MicroApp app, Facts facts) => file.Kind switch
    {
        RequestKind.Change or RequestKind.Transfer => Resuming(app, new AppChanged(file.Id, file.RequesterId, file.Manifest, file.ManifestHash, file.Report, facts.Now), facts),
        RequestKind.RaiseCap => Resuming(app, new CapRaised(file.Id, file.RequesterId, file.Manifest, file.ManifestHash, file.Report, facts.Now), facts),
        RequestKind.Renew => Resuming(app, new AppRenewed(file.Id, file.RequesterId, file.Manifest, file.ManifestHash, file.Report, Later(app.File.ExpiresAt, NewExpiry(file.Manifest, facts)), facts.Now), facts),
        RequestKind.Archive => [new AppArchived(ArchiveReason.ByOwner, file.Id, file.RequesterId, facts.Now.AddDays(facts.Numbers.Lifecycle.RestoreWithinDays), facts.Now)],
        // The signatures took their time, and by now it may be overspent again
        RequestKind.Resume => CostWatch.Overspent(app.File, facts) is null ? [new AppResumed(file.Id, file.RequesterId, facts.Now)] : [Overtaken(file, facts)],
        _ => throw new UnreachableException(),
    };

    // A renewal whose signatures came after expiry brings the app back; people said yes to it
    private static IReadOnlyList<AppEvent> WhileArchived(RequestFile file, MicroApp.Archived app, Facts facts)
    {
        var restored = new AppRestored(file.Id, file.RequesterId, file.Report, NewExpiry(file.Manifest, facts), facts.Now);
        IReadOnlyList<AppEvent> back = file.Kind switch
        {
            RequestKind.Restore => [restored],
            RequestKind.Renew when facts.Now <= app.RestorableUntil => file.ManifestHash == app.File.ManifestHash
                ? [restored]
                : [restored, new AppChanged(file.Id, file.RequesterId, file.Manifest, file.ManifestHash, file.Report, facts.Now)],
            _ => [Overtaken(file, facts)],
        };
        // The archive is no way round a hard cap
        return [.. back, .. CostWatch.Suspension(back.Aggregate((MicroApp)app, Evolve), facts)];
    }

    /// <summary>An app that was suspended for its cost goes on once its manifest allows the cost.</summary>
    private static IReadOnlyList<AppEvent> Resuming(MicroApp app, AppEvent changed, Facts facts)
    {
        var (before, after) = (app.File.Manifest, Evolve(app, changed).File);
        return app is MicroApp.Suspended && facts.CapUsd(after.Manifest) > facts.CapUsd(before) && CostWatch.Overspent(after, facts) is null
            ? [changed, changed switch
                {
                    AppChanged e => new AppResumed(e.RequestId, e.ById, facts.Now),
                    CapRaised e => new AppResumed(e.RequestId, e.ById, facts.Now),
                    AppRenewed e => new AppResumed(e.RequestId, e.ById, facts.Now),
                    _ => throw new UnreachableException(),
                }]
            : [changed];
    }

    private static GrantOvertaken Overtaken(RequestFile file, Facts facts) => new(file.Id, file.Kind, file.RequesterId, facts.Now);

    // A term is counted from the grant: time is given for a need confirmed now, and cannot be piled up by renewing often
    private static DateTimeOffset NewExpiry(Manifest manifest, Facts facts) => facts.Now.AddDays(facts.TtlDays(manifest));

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
