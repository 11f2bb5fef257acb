using Governance.Notices;
using Governance.Requests;
using Governance.Tests.Requests;
using Governance.Verdicts;

namespace Governance.Tests.Notices;

public class NoticesOfRequestTests
{
    [Fact]
    public void A_submission_gives_a_card_to_whoever_is_asked_and_to_nobody_else() =>
        Assert.Equal(["ApprovalWanted to miriam (asked)", "ApprovalWanted to sam (asked)"], Told(Ready(World.Medium), 0));

    [Fact]
    public void What_is_granted_or_stopped_at_once_is_the_answer_to_the_click()
    {
        Assert.Empty(Told(Ready(World.Low), 0));
        Assert.Empty(Told(Ready(World.Forbidden), 0));
    }

    [Fact]
    public void One_approval_of_two_is_told_to_the_requester_and_every_card_is_drawn_again()
    {
        var story = Ready(World.Medium);

        Assert.Equal(
            ["RequestProgress to ada (approved)", "RequestCardsChanged to ada", "RequestCardsChanged to miriam", "RequestCardsChanged to sam"],
            After(story, () => story.Approve("miriam")));
    }

    [Fact]
    public void The_last_approval_is_told_once_as_the_grant()
    {
        var story = Ready(World.Medium);
        story.Approve("miriam");

        Assert.Equal(["RequestProgress to ada (granted)"], After(story, () => story.Approve("sam")).Where(t => !t.StartsWith("RequestCardsChanged", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_owner_hears_what_became_of_a_request_on_their_behalf()
    {
        var story = Ready(World.Medium, byId: "noor");

        Assert.Contains("RequestProgress to ada (approved)", After(story, () => story.Approve("miriam")));
        Assert.Contains("RequestProgress to noor (granted)", After(story, () => story.Approve("sam")));
    }

    [Fact]
    public void A_rejection_lets_the_others_go()
    {
        var story = Ready(World.High);

        var told = After(story, () => story.Happens(new RequestCommand.Reject("cleo", "No.")));

        Assert.Contains("RequestProgress to ada (rejected)", told);
        Assert.Equal(["ApprovalNoLongerWanted to iris (rejected)", "ApprovalNoLongerWanted to sam (rejected)"], told.Where(t => t.StartsWith("ApprovalNo", StringComparison.Ordinal)).Order());
        Assert.Contains("RequestCardsChanged to cleo", told);
    }

    [Theory]
    [InlineData("withdrawn")]
    [InlineData("lapsed")]
    [InlineData("superseded")]
    public void Whoever_was_asked_hears_that_no_answer_is_needed_any_more(string how)
    {
        var story = Ready(World.Medium);
        story.Approve("sam");

        var told = After(story, () => how switch
        {
            "withdrawn" => story.Happens(new RequestCommand.Withdraw("ada")),
            "lapsed" => story.Tick(((Request.AwaitingApproval)story.Request!).LapsesAt),
            _ => story.Happens(new RequestCommand.Supersede("r-2")),
        });

        Assert.Contains($"ApprovalNoLongerWanted to miriam ({how})", told);
        Assert.DoesNotContain(told, t => t.StartsWith("ApprovalNoLongerWanted to sam", StringComparison.Ordinal));
        Assert.Contains("RequestCardsChanged to sam", told);
        Assert.Equal(how == "lapsed", told.Contains("RequestProgress to ada (lapsed)"));
    }

    [Fact]
    public void A_change_gives_new_cards_and_lets_those_go_who_are_not_asked_any_more()
    {
        var story = Ready(World.High);

        var told = After(story, () => story.Happens(new RequestCommand.Resubmit("ada", World.Medium, null)));

        Assert.Contains("ApprovalWanted to miriam (changed)", told);
        Assert.Contains("ApprovalWanted to sam (changed)", told);
        Assert.Contains("ApprovalNoLongerWanted to cleo (changed)", told);
        Assert.Contains("ApprovalNoLongerWanted to iris (changed)", told);
        Assert.DoesNotContain(told, t => t.StartsWith("RequestProgress", StringComparison.Ordinal));
    }

    [Fact]
    public void A_handover_gives_the_card_on()
    {
        var story = Ready(World.Medium);

        Assert.Equal(
            ["ApprovalWanted to dana (handed-over)", "RequestCardsChanged to ada", "RequestCardsChanged to miriam", "RequestCardsChanged to sam"],
            After(story, () => story.Happens(new RequestCommand.Delegate("sam", "dana"))));
    }

    [Fact]
    public void Reminder_and_escalation_tell_those_concerned()
    {
        var story = Ready(World.Medium);
        story.Approve("miriam");

        Assert.Equal(["ApprovalReminder to sam"], After(story, () => story.Tick(World.Monday.AddDays(1))));
        var told = After(story, () => story.Tick(World.Monday.AddDays(2)));
        Assert.Contains("ApprovalWanted to dana (escalated)", told);
        Assert.Contains("ApprovalEscalated to sam", told);
    }

    [Fact]
    public void Where_nobody_else_can_be_asked_the_requester_hears_it()
    {
        var story = new Story { People = World.Without("dana", "helen", "grace") };
        story.Happens(new RequestCommand.Submit("r-1", RequestKind.Create, "app-1", "ada", World.Medium, null, null));
        story.Approve("miriam");

        Assert.Contains("RequestProgress to ada (nobody-else)", After(story, () => story.Tick(World.Monday.AddDays(2))));
    }

    [Fact]
    public void A_rule_at_the_last_signature_is_told_to_the_requester()
    {
        var stopped = Ready(World.Medium);
        stopped.Approve("miriam");
        stopped.Rules = World.Stricter;
        Assert.Contains("RequestProgress to ada (stopped)", After(stopped, () => stopped.Approve("sam")));

        var more = Ready(World.Medium);
        more.Approve("miriam");
        more.Now += TimeSpan.FromMinutes(1);
        more.Rules = _ => World.Report([new("residency.cross-border", FindingLevel.Override, "Crosses.", "Stay.", "/data/residency")], RiskTier.Medium, "r2");
        var told = After(more, () => more.Approve("sam"));
        Assert.Contains("RequestProgress to ada (more-seats)", told);
        Assert.Single(told, t => t.StartsWith("ApprovalWanted", StringComparison.Ordinal) && t.EndsWith("(new-rule)", StringComparison.Ordinal));
    }

    /// <summary>With Sam for security, Cleo for compliance and Iris for infrastructure, whatever the lot says.</summary>
    private static Story Ready(Governance.Manifests.Manifest manifest, string byId = "ada")
    {
        for (var i = 0; ; i++)
        {
            var story = Story.Of(manifest, byId, $"r-{i}");
            var asked = story.Request!.AllSeats.Select(s => s.AskedId).ToList();
            if (asked.All(a => a is "sam" or "miriam" or "cleo" or "iris")) return story;
        }
    }

    private static List<string> After(Story story, Func<string> act)
    {
        var from = story.Events.Count;
        act();
        return Told(story, from);
    }

    private static List<string> Told(Story story, int from)
    {
        Request? state = null;
        var told = new List<string>();
        for (var i = 0; i < story.Events.Count; i++)
        {
            state = RequestDecider.Evolve(state, story.Events[i]);
            if (i < from) continue;
            told.AddRange(NoticesOf.Request(story.Events[i], state, story.Facts).Select(n => $"{n.Kind} to {n.ToId}" + (n.Detail.TryGetValue("because", out var because) ? $" ({because})" : "")));
        }
        return told;
    }
}
