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
        Assert.Equal(("request", RiskTier.High), (Assert.Single(rehearsal.OtherTier).What, rehearsal.OtherTier.Single().Then!.Risk.Tier));
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

    [Fact]
    public void What_the_other_rules_have_no_answer_for_passes_nowhere_and_everything_else_is_judged()
    {
        var app = AppStory.Live().App!;
        var request = Waiting(World.Medium);
        var then = Now with { Judge = m => m == app.File.Manifest ? throw new ArithmeticException("Divided by nothing.") : World.Judge(m), WhyMute = e => e is ArithmeticException ? e.Message : null };

        var rehearsal = RulebookRehearsal.Of([app], [request], Now, then);

        var mute = Assert.Single(rehearsal.With(RehearsalOutcome.NotJudged));
        Assert.Equal((app.File.Id, "Divided by nothing."), (mute.Id, mute.WhyMute));
        Assert.Equal(1, rehearsal.Unchanged);
        Assert.Single(RulebookRehearsal.Of([app], [], then, Now).Freed);
        Assert.Throws<ArithmeticException>(() => RulebookRehearsal.Of([app], [], Now, then with { WhyMute = _ => null }));
    }

    [Fact]
    public void Each_of_them_stands_under_one_outcome_and_archived_ones_are_counted()
    {
        var (live, gone) = (AppStory.Live(), AppStory.Live());
        gone.Asks(RequestKind.Archive);
        var then = Now with { Judge = m => m.App.DataClass == Governance.Catalogue.DataClass.Confidential ? Raised(World.Judge(m)) : Forbidding(World.Judge(m)) };

        var rehearsal = RulebookRehearsal.Of([live.App!, gone.App!], [Waiting(World.Medium), Waiting(World.Low with { App = World.Low.App with { Owner = null } })], Now, then);

        Assert.Equal(1, rehearsal.Archived);
        Assert.Equal(rehearsal.All.Count, Enum.GetValues<RehearsalOutcome>().Sum(o => rehearsal.With(o).Count()));
    }

    [Theory]
    [InlineData("security|security signs|tier unchanged", "Stays")]
    [InlineData("security|nobody signs", "NotNeeded")]
    [InlineData("security|an exception is to be signed", "AskedAgain")]
    [InlineData("security|it would be stopped", "Waits")]
    public void What_becomes_of_a_signature_is_said(string given, string fate)
    {
        var signed = Signed(Waiting(World.Medium), Role.Security);
        var then = Now with
        {
            Judge = m => given.Split('|')[1] switch
            {
                "nobody signs" => World.Judge(m) with { Approvals = [] },
                "an exception is to be signed" => World.Judge(m) with { Findings = [new Finding("lifecycle.ttl", FindingLevel.Override, "Too long.", "Shorter.", "/lifecycle/ttl_days")] },
                "it would be stopped" => Forbidding(World.Judge(m)),
                _ => World.Judge(m),
            },
        };

        var rehearsed = Assert.Single(RulebookRehearsal.Of([], [signed], Now, then).All);

        Assert.Equal((Role.Security, fate), (Assert.Single(rehearsed.Signatures).Role, rehearsed.Signatures[0].Fate.ToString()));
    }

    [Fact]
    public void Who_signs_less_an_exception_that_is_lost_and_reasons_in_the_rules_words_are_said()
    {
        var request = Waiting(World.Medium);
        var fewer = Now with { Judge = m => World.Judge(m) with { Approvals = [new(Role.Security, 1)] } };
        Assert.Equal([Role.BusinessOwner], Assert.Single(RulebookRehearsal.Of([], [request], Now, fewer).With(RehearsalOutcome.FewerSignatures)).GoneRoles);

        var app = AppStory.Live().App!;
        var excepted = Now with { Judge = m => World.Judge(m) with { Findings = [new Finding("new.rule", FindingLevel.Override, "Ask first.", "Or not.", "/app")] } };
        Assert.Equal(["new.rule"], Assert.Single(RulebookRehearsal.Of([app], [], excepted, Now with { Judge = m => Forbidding(World.Judge(m)) }).Failing).LostExceptions);
        var raised = Now with { Judge = m => World.Judge(m) with { Risk = new Risk(RiskTier.Medium, 40, [new RiskFactor("class.internal", 40, "It holds internal data.")]), Approvals = [new(Role.Security, 1)] } };
        Assert.Equal(["It holds internal data."], Assert.Single(RulebookRehearsal.Of([app], [], Now, raised).MoreSignatures).NewReasons);
    }

    [Fact]
    public void Time_that_was_given_covers_only_what_it_was_given_for()
    {
        var story = AppStory.Live();
        var strict = Now with { Judge = m => Forbidding(World.Judge(m)) };
        story.When(new AppCommand.GiveGrace([new Finding("new.rule", FindingLevel.Hard, "No.", "Another way.", "/app")], story.Now.AddDays(20), "helen", "r2"));

        var failing = Assert.Single(RulebookRehearsal.Of([story.App!], [], Now, strict).Failing);
        Assert.Equal(story.Now.AddDays(20), failing.CoveredUntil(story.Now));
        Assert.Null(failing.CoveredUntil(story.Now.AddDays(20)));
        var more = strict with { Judge = m => Forbidding(World.Judge(m)) with { Findings = [new Finding("new.rule", FindingLevel.Hard, "No.", "", "/app"), new Finding("other.rule", FindingLevel.Hard, "No.", "", "/app")] } };
        Assert.Null(Assert.Single(RulebookRehearsal.Of([story.App!], [], Now, more).Failing).CoveredUntil(story.Now));
    }

    private static Request Signed(Request request, string role)
    {
        var seat = ((Request.AwaitingApproval)request).Seats.First(s => s.Role == role);
        return Assert.IsType<Decision<RequestEvent>.Happened>(RequestDecider.Decide(request, new RequestCommand.Approve(seat.AskedId!, "Fine.", null), World.FactsAt(World.Monday))).Events.Aggregate(request, RequestDecider.Evolve);
    }

    private static Request Waiting(Manifest manifest)
    {
        var submit = new RequestCommand.Submit("r-9", RequestKind.Create, "app-9", "ada", manifest, null, "Needed.");
        return Assert.IsType<Decision<RequestEvent>.Happened>(RequestDecider.Decide(null, submit, World.FactsAt(World.Monday))).Events.Aggregate((Request?)null, RequestDecider.Evolve)!;
    }

    private static PolicyReport Forbidding(PolicyReport report) => report with { Allow = false, Findings = [.. report.Findings, new Finding("new.rule", FindingLevel.Hard, "No.", "Another way.", "/app")] };

    private static PolicyReport Raised(PolicyReport report) => report with { Risk = report.Risk with { Tier = RiskTier.High }, Approvals = [new(Role.Security, 1), new(Role.Compliance, 1), new(Role.InfraOps, 1)] };
}
