using Governance.Apps;
using Governance.Catalogue;
using Governance.Manifests;
using Governance.People;
using Governance.Requests;
using Governance.Verdicts;
using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Channels.Console;

/// <summary>Apps and requests in several states, as the desk keeps them.</summary>
internal static class ManyThings
{
    public static IEnumerable<StoredSnapshot> Snapshots(DateTimeOffset now) =>
    [
        App("a1", new MicroApp.Active(File("a1", "campaign-monitor", "Campaign Monitor", "ada.keller", "jonas.lindqvist", now.AddDays(19), now, 12.40m, 50m), now.AddDays(-11))),
        App("a2", new MicroApp.Active(File("a2", "team-lunch", "Team Lunch", "jonas.lindqvist", "ada.keller", now.AddDays(2.5), now, 43m, 50m), now.AddDays(-27)), now.AddDays(1.5)),
        App("a3", new MicroApp.Suspended(File("a3", "invoice-desk", "Invoice Desk", "tomas.novak", "grace.okafor", now.AddDays(12), now, 80m, 80m), now.AddDays(-18), SuspensionReason.CapSpent, now.AddDays(-1))),
        App("a4", new MicroApp.Archived(File("a4", "spring-poll", "Spring Poll", "lena.fischer", "ada.keller", now.AddDays(-3), now, 0m, 100m), now.AddDays(-17), ArchiveReason.Expired, now.AddDays(-3), now.AddDays(27))),
        Ask("r1", new Request.AwaitingApproval(
            RequestFile("r1", "customer-check-in", "Customer check-in", "ada.keller", RiskTier.Medium, now),
            [
                Seat(Role.BusinessOwner, "miriam.osei", now, signed: true),
                Seat(Role.Security, "dana.levi", now, signed: false),
            ],
            now.AddDays(14))),
        Ask("r2", new Request.Stopped(RequestFile("r2", "salary-overview", "Salary overview", "lena.fischer", RiskTier.High, now.AddHours(-4)), [], now.AddDays(14))),
    ];

    private static StoredSnapshot App(string id, MicroApp app, DateTimeOffset? due = null) =>
        new(Streams.OfApp(id), 1, DeskJson.Write(app), new SnapshotKeys("app", Streams.StateName(app), true, app.File.Name, [], [], id, due));

    private static StoredSnapshot Ask(string id, Request request) =>
        new(Streams.OfRequest(id), 1, DeskJson.Write(request), new SnapshotKeys("request", Streams.StateName(request), request.IsOpen, "", [], [], id, null));

    private static AppFile File(string id, string name, string title, string owner, string coOwner, DateTimeOffset expires, DateTimeOffset now, decimal spent, decimal cap) =>
        new(id, "r0", Manifest(name, title, owner, coOwner, cap), "hash", Report(RiskTier.Low), now.AddDays(-11), now.AddDays(-11), expires, [],
            new Spend(new DateOnly(now.UtcDateTime.Year, now.UtcDateTime.Month, 1), new Dictionary<int, decimal> { [1] = spent }, null, [], null));

    private static RequestFile RequestFile(string id, string name, string title, string requester, RiskTier tier, DateTimeOffset at) =>
        new(id, RequestKind.Create, $"app-of-{id}", requester, Manifest(name, title, requester, "jonas.lindqvist", 50m), "hash", null, Report(tier), null, at, 1);

    private static Seat Seat(string role, string person, DateTimeOffset now, bool signed) =>
        new(role, person, now, signed ? new Signature(person, "hash", now, null, null) : null, [], null, []);

    private static PolicyReport Report(RiskTier tier) => new(true, [], new Risk(tier, 40, []), [], "rev");

    private static Manifest Manifest(string name, string title, string owner, string coOwner, decimal cap) => new(
        new AppSection(name, title, "A purpose", "internal-dashboard", DataClass.Internal, "marketing", Audience.Team, owner, coOwner, "MKT-120"),
        new DataSection(["internal-documents"], ["eu"]), [], new NetworkSection([], true), "internal-eu",
        new Dictionary<string, string>(), new AccessSection([]), new LifecycleSection(30), new CostSection(cap, 12m));
}
