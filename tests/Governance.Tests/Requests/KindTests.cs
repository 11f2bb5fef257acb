using Governance.Manifests;
using Governance.Requests;
using Governance.Verdicts;

namespace Governance.Tests.Requests;

/// <summary>Requests about an app that is there: who may ask for what, and who signs.</summary>
public class KindTests
{
    [Theory]
    [InlineData(RequestKind.Renew, "ada jonas miriam")]
    [InlineData(RequestKind.Restore, "ada jonas miriam")]
    [InlineData(RequestKind.RaiseCap, "ada jonas")]
    [InlineData(RequestKind.Archive, "ada jonas")]
    [InlineData(RequestKind.Change, "ada jonas")]
    [InlineData(RequestKind.Transfer, "ada jonas")]
    [InlineData(RequestKind.Resume, "ada jonas")]
    public void Only_those_may_ask_whose_app_it_is(RequestKind kind, string may)
    {
        foreach (var person in World.People.Keys)
        {
            var decision = Ask(kind, World.Low, byId: person);
            Assert.Equal(may.Split(' ').Contains(person), decision is not Decision<RequestEvent>.Refused { Code: "not-yours" });
        }
    }

    [Fact]
    public void The_app_of_an_owner_who_left_is_the_co_owners_and_then_their_managers()
    {
        var people = World.Without("ada");

        Assert.IsType<Decision<RequestEvent>.Happened>(Ask(RequestKind.Archive, World.Low, byId: "jonas", people: people));
        Assert.IsType<Decision<RequestEvent>.Happened>(Ask(RequestKind.Archive, World.Low, byId: "miriam", people: people));
        Assert.Contains("Only Jonas can archive it", Refusal(Ask(RequestKind.Archive, World.Low, byId: "grace", people: people)).Words, StringComparison.Ordinal);
        Assert.Contains("governance team", Refusal(Ask(RequestKind.Archive, World.Low, byId: "grace", people: World.Without("ada", "jonas"))).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("  ", true)]
    [InlineData("...", true)]
    [InlineData("Still used every week.", false)]
    public void A_renewal_wants_a_justification(string? said, bool refused) =>
        Assert.Equal(refused, Ask(RequestKind.Renew, World.Low, why: said) is Decision<RequestEvent>.Refused { Code: "words-wanted" });

    [Fact]
    public void A_renewal_of_what_was_granted_is_one_click_and_high_needs_security()
    {
        Assert.Empty(Roles(Ask(RequestKind.Renew, World.Low)));
        Assert.Empty(Roles(Ask(RequestKind.Renew, World.Medium)));
        Assert.Equal(["security"], Roles(Ask(RequestKind.Renew, World.High)));
    }

    [Fact]
    public void A_renewal_under_another_report_is_judged_as_a_change()
    {
        Assert.Equal(["business-owner", "security"], Roles(Ask(RequestKind.Renew, World.Medium, reportBefore: World.Report([], RiskTier.Low, "r0"))));
        Assert.Equal(["security", "compliance", "infra-ops"], Roles(Ask(RequestKind.Renew, World.High, reportBefore: World.Report([], RiskTier.Low, "r0"))));
        Assert.Empty(Roles(Ask(RequestKind.Renew, World.Medium, reportBefore: World.Judge(World.Medium) with { Revision = "r0" })));
    }

    [Fact]
    public void A_renewal_of_another_manifest_is_judged_as_a_change()
    {
        var other = World.Medium with { App = World.Medium.App with { Purpose = "Something else entirely" } };

        Assert.Equal(["business-owner", "security"], Roles(Ask(RequestKind.Renew, World.Medium, manifest: other)));
    }

    [Fact]
    public void A_waiver_ends_with_its_term_so_a_renewal_asks_for_it_again()
    {
        var dear = World.Low with { Cost = World.Low.Cost with { CapUsd = 600 } };

        var seats = Seats(Ask(RequestKind.Renew, dear));

        Assert.Equal(["cost.cap"], Assert.Single(seats).Waives);
    }

    [Fact]
    public void A_renewal_that_a_rule_forbids_by_now_is_stopped() =>
        Assert.IsType<Request.Stopped>(State(Ask(RequestKind.Renew, World.Low, rules: World.Stricter)));

    [Fact]
    public void An_app_can_always_be_archived_at_once_also_against_the_rules() =>
        Assert.IsType<Request.Granted>(State(Ask(RequestKind.Archive, World.High, rules: World.Stricter)));

    [Fact]
    public void A_raise_asks_the_business_owner_and_above_the_limit_for_an_exception()
    {
        Assert.Equal("miriam", Assert.Single(Seats(Ask(RequestKind.RaiseCap, World.Low, manifest: Cap(World.Low, 200)))).AskedId);
        Assert.Equal(["cost.cap"], Assert.Single(Seats(Ask(RequestKind.RaiseCap, World.Low, manifest: Cap(World.Low, 600)))).Waives);
        Assert.Equal(["cost.cap"], Assert.Single(Seats(Ask(RequestKind.RaiseCap, Cap(World.Low, 600), manifest: Cap(World.Low, 800)))).Waives);
    }

    [Fact]
    public void A_running_waiver_is_not_asked_for_again_by_a_raise()
    {
        var longLived = World.Low with { Lifecycle = new LifecycleSection(60) };

        Assert.Equal(["business-owner"], Roles(Ask(RequestKind.RaiseCap, longLived, manifest: Cap(longLived, 200))));
    }

    [Fact]
    public void A_raise_raises_and_does_nothing_else()
    {
        Assert.Equal("not-a-raise", Refusal(Ask(RequestKind.RaiseCap, World.Low, manifest: Cap(World.Low, 50))).Code);
        Assert.Equal("not-a-raise", Refusal(Ask(RequestKind.RaiseCap, World.Low, manifest: Cap(World.Low, 10))).Code);
        Assert.Equal("not-as-in-force", Refusal(Ask(RequestKind.RaiseCap, World.Low, manifest: Cap(World.Medium, 200))).Code);
    }

    [Theory]
    [InlineData(RequestKind.Archive)]
    [InlineData(RequestKind.Restore)]
    [InlineData(RequestKind.Resume)]
    public void What_switches_an_app_does_not_change_it(RequestKind kind) =>
        Assert.Equal("not-as-in-force", Refusal(Ask(kind, World.Low, manifest: World.High)).Code);

    [Fact]
    public void A_handover_names_people_who_are_there_and_neither_old_nor_new_owner_signs()
    {
        var toMiriam = World.Medium with { App = World.Medium.App with { Owner = "miriam" } };

        Assert.Equal("unknown-person", Refusal(Ask(RequestKind.Transfer, World.Medium, manifest: World.Medium with { App = World.Medium.App with { Owner = "zoe" } })).Code);
        Assert.NotEqual("miriam", Assert.Single(Seats(Ask(RequestKind.Transfer, World.Medium, manifest: toMiriam))).AskedId);
    }

    [Fact]
    public void A_request_about_no_app_is_refused() =>
        Assert.Equal("no-such-app", new Story().Refused(new RequestCommand.Submit("r-1", RequestKind.Renew, "app-1", "ada", World.Low, null, "Because.")));

    private static Manifest Cap(Manifest manifest, decimal usd) => manifest with { Cost = manifest.Cost with { CapUsd = usd } };

    private static Decision<RequestEvent> Ask(
        RequestKind kind, Manifest inForce, string byId = "ada", Manifest? manifest = null, string? why = "Still needed.", PolicyReport? reportBefore = null,
        Func<Manifest, PolicyReport>? rules = null, IReadOnlyDictionary<string, Governance.People.Person>? people = null) =>
        RequestDecider.Decide(null,
            new RequestCommand.Submit("r-1", kind, "app-1", byId, manifest ?? (kind == RequestKind.RaiseCap ? Cap(inForce, 200) : inForce), inForce, why, reportBefore ?? World.Judge(inForce)),
            World.FactsAt(World.Monday, rules, people));

    private static Request State(Decision<RequestEvent> decision) =>
        Assert.IsType<Decision<RequestEvent>.Happened>(decision).Events.Aggregate((Request?)null, RequestDecider.Evolve)!;

    private static IReadOnlyList<Seat> Seats(Decision<RequestEvent> decision) => State(decision).AllSeats;

    private static IEnumerable<string> Roles(Decision<RequestEvent> decision) => Seats(decision).Select(s => s.Role);

    private static Decision<RequestEvent>.Refused Refusal(Decision<RequestEvent> decision) => Assert.IsType<Decision<RequestEvent>.Refused>(decision);
}
