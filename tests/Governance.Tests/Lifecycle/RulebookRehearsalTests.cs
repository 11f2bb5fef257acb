using Governance.Apps;
using Governance.Lifecycle;
using Governance.Manifests;
using Governance.People;
using Governance.Requests;
using Governance.Tests.Apps;
using Governance.Tests.Catalogue;
using Governance.Tests.Requests;
using Governance.Verdicts;

namespace Governance.Tests.Lifecycle;

public class RulebookRehearsalTests
{
    private static readonly Rulebook Now = new(World.Judge, World.Numbers, SmallCatalogue.Create());

    [Fact]
    public void The_same_rules_change_nothing_for_anybody()
    {
        var rehearsal = RulebookRehearsal.Of([AppStory.Live().App!], [Waiting(World.Medium)], Now, Now);

        Assert.Equal(2, rehearsal.Unchanged);
        Assert.Equal([], rehearsal.Failing.Concat(rehearsal.OtherTier).Concat(rehearsal.MoreSignatures).Concat(rehearsal.Freed));
    }

    [Fact]
    public void It_says_who_would_fail_and_why_who_would_be_of_another_tier_and_who_would_have_to_sign()
    {
        var app = AppStory.Live().App!;
        var request = Waiting(World.Medium);
        var then = Now with { Judge = m => m.App.DataClass == Governance.Catalogue.DataClass.Confidential ? Raised(World.Judge(m)) : Forbidding(World.Judge(m)) };

        var rehearsal = RulebookRehearsal.Of([app], [request], Now, then);

        var failing = Assert.Single(rehearsal.Failing);
        Assert.Equal(("app", app.File.Id, "new.rule"), (failing.What, failing.Id, Assert.Single(failing.NewFaults).Rule));
        Assert.Equal(("request", RiskTier.High), (Assert.Single(rehearsal.OtherTier).What, rehearsal.OtherTier.Single().Then.Risk.Tier));
        Assert.Equal([Role.Compliance, Role.InfraOps], Assert.Single(rehearsal.MoreSignatures).NewRoles.Order());
        Assert.Equal(0, rehearsal.Unchanged);
    }

    [Fact]
    public void What_fails_already_fails_no_more_than_before_and_what_is_freed_is_said()
    {
        var app = AppStory.Live().App!;
        var strict = Now with { Judge = m => Forbidding(World.Judge(m)) };

        Assert.Empty(RulebookRehearsal.Of([app], [], strict, strict).Failing);
        Assert.Single(RulebookRehearsal.Of([app], [], strict, Now).Freed);
    }

    [Fact]
    public void Archived_apps_closed_requests_and_those_to_archive_are_not_judged()
    {
        var story = AppStory.Live();
        var closing = story.Files(RequestKind.Archive);
        story.Asks(RequestKind.Archive);

        Assert.DoesNotContain(RulebookRehearsal.Of([story.App!], [.. story.Requests.Values, closing], Now, Now).All, r => r.What == "app" || r.Kind == RequestKind.Archive);
    }

    [Fact]
    public void An_app_whose_template_would_be_gone_would_fail()
    {
        var smaller = SmallCatalogue.Create();
        smaller = new Governance.Catalogue.ServiceCatalogue(smaller.Templates.Values.Where(t => t.Id != World.Low.App.Template), smaller.Connectors.Values, smaller.Roles.Values, smaller.Environments.Values);

        var failing = Assert.Single(RulebookRehearsal.Of([AppStory.Live().App!], [], Now, Now with { Catalogue = smaller }).Failing);

        Assert.Contains(failing.NewFaults, f => f.Field == "/app/template");
    }

    private static Request Waiting(Manifest manifest)
    {
        var submit = new RequestCommand.Submit("r-9", RequestKind.Create, "app-9", "ada", manifest, null, "Needed.");
        return Assert.IsType<Decision<RequestEvent>.Happened>(RequestDecider.Decide(null, submit, World.FactsAt(World.Monday))).Events.Aggregate((Request?)null, RequestDecider.Evolve)!;
    }

    private static PolicyReport Forbidding(PolicyReport report) => report with { Allow = false, Findings = [.. report.Findings, new Finding("new.rule", FindingLevel.Hard, "No.", "Another way.", "/app")] };

    private static PolicyReport Raised(PolicyReport report) => report with { Risk = report.Risk with { Tier = RiskTier.High }, Approvals = [new(Role.Security, 1), new(Role.Compliance, 1), new(Role.InfraOps, 1)] };
}
