using Governance.Manifests;
using Governance.Requests;
using Governance.Verdicts;

namespace Governance.Tests.Requests;

public class ApprovalTests
{
    [Fact]
    public void The_last_signature_grants()
    {
        var story = Story.Of(World.Medium);

        Assert.Equal("ApprovalGiven", story.Approve(story.Asked("business-owner")));
        Assert.Equal("ApprovalGiven RequestGranted", story.Approve(story.Asked("security")));
        Assert.All(Assert.IsType<Request.Granted>(story.Request).Seats, seat => Assert.Equal(ManifestHash.Of(World.Medium), seat.Signature!.ManifestHash));
    }

    [Theory]
    [InlineData("miriam", "co-owner")]
    [InlineData("miriam", "owner")]
    [InlineData("miriam", "requester")]
    public void An_owner_cannot_approve_their_own_app(string person, string as_)
    {
        var app = World.Medium.App;
        var manifest = World.Medium with { App = as_ switch { "co-owner" => app with { CoOwner = person }, "owner" => app with { Owner = person }, _ => app } };
        var story = Story.Of(manifest, byId: as_ == "requester" ? person : "ada");

        Assert.NotEqual(person, story.Asked("business-owner"));
        Assert.Equal("own-request", story.Refused(new RequestCommand.Approve(person, null, null)));
        Assert.Equal("own-request", story.Refused(new RequestCommand.Reject(person, "No.")));
    }

    [Fact]
    public void Another_holder_of_the_role_may_claim_the_seat()
    {
        var story = Story.Of(World.Medium);
        var other = story.Asked("security") == "sam" ? "dana" : "sam";

        Assert.Equal("ApprovalGiven", story.Approve(other));
        Assert.Equal(other, story.Seat("security").Signature!.PersonId);
    }

    [Fact]
    public void One_person_fills_one_seat()
    {
        var story = new Story { People = World.People.ToDictionary(p => p.Key, p => p.Key == "sam" ? p.Value with { Roles = ["security", "business-owner"] } : p.Value) };
        story.Happens(new RequestCommand.Submit("r-1", RequestKind.Create, "app-1", "ada", World.Medium, null, null));
        story.Happens(new RequestCommand.Approve("sam", null, null));

        Assert.Single(story.Request!.AllSeats, s => s.Signature?.PersonId == "sam");
        Assert.Equal("", story.Approve("sam"));
        Assert.Single(story.Request.AllSeats, s => s.Signature?.PersonId == "sam");
    }

    [Fact]
    public void Who_has_no_seat_is_told_whom_it_waits_for()
    {
        var story = Story.Of(World.Medium);

        var refused = story.Refusal(new RequestCommand.Approve("cleo", null, null));

        Assert.Equal("not-your-seat", refused.Code);
        Assert.Contains("Miriam (Business owner)", refused.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_approval_twice_is_one()
    {
        var story = Story.Of(World.Medium);
        var security = story.Asked("security");
        story.Approve(security);

        Assert.Equal("", story.Approve(security));
    }

    [Fact]
    public void Who_comes_after_the_decision_hears_by_whom_and_when_in_their_own_zone()
    {
        var story = Story.Of(World.Medium);
        var security = story.Asked("security");
        story.Approve(security);
        story.Now += TimeSpan.FromMinutes(5);
        story.Approve("miriam");
        story.Now += TimeSpan.FromHours(1);

        Assert.Contains("Miriam gave the last approval for Where2Eat today at 10:05", story.Refusal(new RequestCommand.Approve("helen", null, null)).Words, StringComparison.Ordinal);
        Assert.Contains("Miriam gave the last approval for Where2Eat today at 04:05", story.Refusal(new RequestCommand.Approve("grace", null, null)).Words, StringComparison.Ordinal);
        Assert.Contains("you gave the last approval", story.Refusal(new RequestCommand.Reject("miriam", "No.")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_end_of_a_request_is_told_in_whole_sentences()
    {
        var withdrawn = Story.Of(World.Medium, byId: "noor");
        withdrawn.Happens(new RequestCommand.Withdraw("ada"));
        Assert.Equal("Ada took back the request for Where2Eat today at 10:00, so there is nothing left to decide.", Late(withdrawn));

        var lapsed = Story.Of(World.Medium);
        lapsed.Tick(World.Monday.AddDays(14));
        Assert.Equal("The request for Where2Eat lapsed today at 10:00, because its time had run out; Ada can ask again.", Late(lapsed));

        var superseded = Story.Of(World.Medium);
        superseded.Happens(new RequestCommand.Supersede("r-2"));
        Assert.Equal("Ada put a newer request for Where2Eat in place of this one today at 10:00, so this one needs nothing more.", Late(superseded));

        var rejected = Story.Of(World.Medium);
        rejected.Happens(new RequestCommand.Reject("miriam", "We have one already."));
        Assert.Equal("Already decided: Miriam rejected Where2Eat today at 10:00. The reason: “We have one already.”", Late(rejected));

        Assert.Equal("Already decided: Where2Eat was granted at once, today at 10:00; nobody had to sign.", Late(Story.Of(World.Low)));

        static string Late(Story story) => story.Refusal(new RequestCommand.Approve("cleo", null, null)).Words;
    }

    [Fact]
    public void One_rejection_with_a_reason_ends_it()
    {
        var story = Story.Of(World.High);
        story.Approve(story.Asked("security"));
        var compliance = story.Asked("compliance");

        Assert.Equal("words-wanted", story.Refused(new RequestCommand.Reject(compliance, null)));
        Assert.Equal("words-wanted", story.Refused(new RequestCommand.Reject(compliance, " … 👎 ")));
        Assert.Equal("too-long", story.Refused(new RequestCommand.Reject(compliance, new string('x', 10_000))));
        Assert.Equal("RequestRejected", story.Happens(new RequestCommand.Reject(compliance, " 理由 ")));

        var rejected = Assert.IsType<Request.Rejected>(story.Request);
        Assert.Equal((compliance, "理由"), (rejected.ById, rejected.Reason));
        Assert.Equal("", story.Happens(new RequestCommand.Reject(compliance, "again")));
    }

    [Fact]
    public void Who_has_signed_cannot_reject_any_more()
    {
        var story = Story.Of(World.Medium);
        story.Approve("miriam");

        Assert.Equal("already-signed", story.Refused(new RequestCommand.Reject("miriam", "On second thoughts.")));
        Assert.Equal("already-signed", story.Refused(new RequestCommand.AskChanges("miriam", "On second thoughts.")));
        Assert.Equal("already-signed", story.Refused(new RequestCommand.Delegate("miriam", "helen")));
    }

    [Fact]
    public void Asking_for_changes_needs_words_and_gives_it_back_with_the_full_time()
    {
        var story = Story.Of(World.Medium);
        story.Now += TimeSpan.FromDays(2);

        Assert.Equal("words-wanted", story.Refused(new RequestCommand.AskChanges("miriam", "")));
        Assert.Equal("ChangesAsked", story.Happens(new RequestCommand.AskChanges("miriam", "Please use masked contacts.")));

        var changes = Assert.IsType<Request.ChangesRequested>(story.Request);
        Assert.Equal(World.Monday.AddDays(16), changes.LapsesAt);
        Assert.Equal("", story.Happens(new RequestCommand.AskChanges("miriam", "Please use masked contacts.")));
        Assert.Contains("You asked for changes", story.Refusal(new RequestCommand.Approve("miriam", null, null)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_needs_a_reason_and_ends_with_the_term()
    {
        var story = Story.Of(World.Low with { Cost = World.Low.Cost with { CapUsd = 600 } });

        Assert.Equal("words-wanted", story.Refused(new RequestCommand.Approve("miriam", null, null)));
        Assert.Equal("ApprovalGiven", story.Approve("miriam", "The campaign needs it."));

        var signature = story.Seat("business-owner").Signature!;
        Assert.Equal("The campaign needs it.", signature.Reason);
        Assert.Equal(story.Now.AddDays(30), signature.WaiverUntil);
        Assert.Equal("ApprovalGiven RequestGranted", story.Approve(story.Asked("security")));
        Assert.Null(story.Seat("security").Signature!.WaiverUntil);
    }

    [Theory]
    [InlineData(-1, "waiver-date")]
    [InlineData(0, "waiver-date")]
    [InlineData(91, "waiver-date")]
    [InlineData(14, null)]
    [InlineData(90, null)]
    public void An_exception_ends_on_a_day_to_come_and_not_too_far(int days, string? code)
    {
        var story = Story.Of(World.Low with { Cost = World.Low.Cost with { CapUsd = 600 } });
        var approve = new RequestCommand.Approve("miriam", "Needed.", story.Now.AddDays(days));

        if (code is not null) Assert.Equal(code, story.Refused(approve));
        else Assert.Equal("ApprovalGiven", story.Happens(approve));
    }

    [Fact]
    public void A_rule_that_came_since_stops_it_at_the_last_signature_and_loses_no_signature()
    {
        var story = Story.Of(World.Medium);
        var security = story.Asked("security");
        story.Approve("miriam");
        story.Rules = World.Stricter;

        Assert.Equal("ApprovalGiven RequestStopped", story.Approve(security));
        Assert.Equal("r2", Assert.IsType<Request.Stopped>(story.Request).File.Report.Revision);

        story.Rules = World.Judge;
        Assert.Equal("RequestResubmitted RequestGranted", story.Happens(new RequestCommand.Resubmit("ada", World.Medium, null)));
    }

    [Fact]
    public void A_rule_that_came_since_may_ask_one_more_person_and_the_signatures_stay()
    {
        var story = Story.Of(World.Medium);
        story.Approve("miriam");
        story.Rules = manifest => World.Report([new("residency.cross-border", FindingLevel.Override, "Crosses a border.", "Stay.", "/data/residency")], RiskTier.Medium, "r2");

        Assert.Equal("ApprovalGiven SeatsAsked", story.Approve(story.Asked("security")));

        Assert.Equal(["miriam"], story.Request!.AllSeats.Where(s => s.Role == "business-owner").Select(s => s.Signature!.PersonId));
        Assert.NotNull(story.Seat("security").Signature);
        Assert.Equal(["residency.cross-border"], story.Seat("compliance").Waives);
        Assert.Equal("ApprovalGiven RequestGranted", story.Approve(story.Asked("compliance"), "Fine within the group."));
    }

    [Fact]
    public void A_signature_without_a_reason_waives_no_finding_that_came_later()
    {
        var story = Story.Of(World.Medium);
        story.Approve("miriam");
        story.Rules = manifest => World.Report([new("cost.cap", FindingLevel.Override, "Too dear.", "Lower it.", "/cost/cap_usd")], RiskTier.Medium, "r2");

        Assert.Equal("ApprovalGiven SeatsAsked", story.Approve(story.Asked("security")));

        Assert.Equal(("miriam", (Signature?)null), (story.Asked("business-owner"), story.Seat("business-owner").Signature));
        Assert.Equal("ApprovalGiven RequestGranted", story.Approve("miriam", "It earns more than that."));
    }

    [Fact]
    public void A_card_of_an_earlier_round_decides_nothing()
    {
        var story = Story.Of(World.Medium);
        story.Happens(new RequestCommand.Resubmit("ada", World.Medium with { Environment = "internal-us" }, null));

        Assert.Equal("changed-since", story.Refused(new RequestCommand.Approve("miriam", null, null, Round: 1)));
        Assert.Equal("changed-since", story.Refused(new RequestCommand.Reject("miriam", "No.", Round: 1)));
        Assert.Equal("changed-since", story.Refused(new RequestCommand.AskChanges("miriam", "No.", Round: 1)));
        Assert.Equal("ApprovalGiven", story.Happens(new RequestCommand.Approve("miriam", null, null, Round: 2)));
    }

    [Fact]
    public void A_seat_is_handed_to_another_holder_of_the_role_only()
    {
        var story = Story.Of(World.Medium);
        var (asked, other) = story.Asked("security") == "sam" ? ("sam", "dana") : ("dana", "sam");

        Assert.Equal("cannot-take-seat", story.Refused(new RequestCommand.Delegate(asked, "cleo")));
        Assert.Equal("cannot-take-seat", story.Refused(new RequestCommand.Delegate(asked, asked)));
        Assert.Equal("cannot-take-seat", story.Refused(new RequestCommand.Delegate(asked, "gone")));
        Assert.Equal("not-your-seat", story.Refused(new RequestCommand.Delegate(other, asked)));
        Assert.Equal("SeatHandedOver", story.Happens(new RequestCommand.Delegate(asked, other)));
        Assert.Equal("", story.Happens(new RequestCommand.Delegate(asked, other)));
        Assert.Equal((other, asked), (story.Asked("security"), Assert.Single(story.Seat("security").EscalatedFrom)));
    }

    [Fact]
    public void A_seat_is_never_handed_to_the_owner_or_to_somebody_with_another_seat()
    {
        var both = World.People.ToDictionary(p => p.Key, p => p.Key is "miriam" or "jonas" ? p.Value with { Roles = ["business-owner", "security"] } : p.Value);
        var story = new Story { People = both };
        story.Happens(new RequestCommand.Submit("r-1", RequestKind.Create, "app-1", "ada", World.Medium, null, null));
        var (role, from) = story.Asked("business-owner") == "miriam" ? ("security", story.Asked("security")) : ("business-owner", story.Asked("business-owner"));

        Assert.Equal("cannot-take-seat", story.Refused(new RequestCommand.Delegate(from, "miriam")));
        Assert.Equal("cannot-take-seat", story.Refused(new RequestCommand.Delegate(from, "jonas")));
        Assert.Equal(from, story.Asked(role));
    }

    [Fact]
    public void Whoever_lost_the_role_cannot_sign_with_it()
    {
        var story = Story.Of(World.Medium);
        story.People = World.People.ToDictionary(p => p.Key, p => p.Key == "miriam" ? p.Value with { Roles = [] } : p.Value);

        Assert.Equal("not-your-seat", story.Refused(new RequestCommand.Approve("miriam", null, null)));
    }

    [Fact]
    public void Whoever_left_cannot_sign()
    {
        var story = Story.Of(World.Medium);
        story.People = World.Without("miriam");

        Assert.Equal("unknown-person", story.Refused(new RequestCommand.Approve("miriam", null, null)));
    }
}
