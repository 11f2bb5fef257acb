using Governance.Manifests;
using Governance.Requests;
using Governance.Verdicts;

namespace Governance.Tests.Requests;

public class SubmissionTests
{
    [Fact]
    public void A_low_risk_app_is_granted_at_once()
    {
        var story = new Story();

        Assert.Equal("RequestSubmitted RequestGranted", story.Happens(Submit(World.Low)));
        Assert.Empty(Assert.IsType<Request.Granted>(story.Request).Seats);
    }

    [Fact]
    public void A_hard_finding_stops_it_and_nobody_is_asked()
    {
        var story = new Story();

        Assert.Equal("RequestSubmitted RequestStopped", story.Happens(Submit(World.Forbidden)));
        var stopped = Assert.IsType<Request.Stopped>(story.Request);
        Assert.Empty(stopped.Seats);
        Assert.Equal("data.credentials", Assert.Single(stopped.File.Report.Findings).Rule);
    }

    [Theory]
    [InlineData("medium", "business-owner security")]
    [InlineData("high", "security compliance infra-ops")]
    [InlineData("low, cap 600", "business-owner security")]
    [InlineData("high, cap 600", "security compliance infra-ops business-owner")]
    public void The_seats_are_those_of_the_tier_and_of_the_exceptions(string what, string roles)
    {
        var manifest = what.Split(',')[0] switch { "medium" => World.Medium, "high" => World.High, _ => World.Low };
        if (what.Contains("600", StringComparison.Ordinal)) manifest = manifest with { Cost = manifest.Cost with { CapUsd = 600 } };

        var story = Story.Of(manifest);

        Assert.Equal(roles, string.Join(' ', story.Request!.AllSeats.Select(s => s.Role)));
        Assert.All(story.Request.AllSeats, seat => Assert.Equal(seat.Role == "business-owner" && what.Contains("600", StringComparison.Ordinal) ? ["cost.cap"] : [], seat.Waives));
    }

    [Fact]
    public void Who_asks_for_somebody_else_is_kept_apart_from_the_owner()
    {
        var story = Story.Of(World.Medium, byId: "noor");

        Assert.Equal("noor", story.Request!.File.RequesterId);
        Assert.Equal("ada", story.Request.File.OnBehalfOf);
        Assert.Equal("RequestWithdrawn", story.Happens(new RequestCommand.Withdraw("ada")));
    }

    [Fact]
    public void Somebody_who_is_not_in_the_directory_is_told_so() =>
        Assert.Equal("unknown-person", new Story().Refused(Submit(World.Low, byId: "stranger")));

    [Theory]
    [InlineData("owner")]
    [InlineData("co-owner")]
    public void An_owner_who_is_not_in_the_directory_is_named(string which)
    {
        var manifest = World.Low with { App = which == "owner" ? World.Low.App with { Owner = "zoe" } : World.Low.App with { CoOwner = "zoe" } };

        Assert.Contains("“zoe”", new Story().Refusal(Submit(manifest)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_manifest_voids_signatures_and_asks_again()
    {
        var story = Story.Of(World.Medium);
        var (owner, security) = (story.Asked("business-owner"), story.Asked("security"));
        story.Approve(owner);
        story.Now += TimeSpan.FromHours(1);

        Assert.Equal("RequestResubmitted SeatsAsked", story.Happens(new RequestCommand.Resubmit("ada", Renamed(World.Medium), null)));

        Assert.Equal(2, story.Request!.File.Round);
        Assert.All(story.Request.AllSeats, seat => Assert.Null(seat.Signature));
        Assert.All(story.Request.AllSeats, seat => Assert.Equal(story.Now, seat.AskedAt));
        Assert.Equal((owner, security), (story.Asked("business-owner"), story.Asked("security")));
    }

    [Fact]
    public void The_difference_is_to_what_people_were_asked_last_and_not_to_what_nobody_saw()
    {
        var story = Story.Of(World.Medium);
        Assert.Null(story.Request!.File.LastAsked);

        story.Happens(new RequestCommand.Resubmit("ada", World.Forbidden, null));
        Assert.IsType<Request.Stopped>(story.Request);
        story.Happens(new RequestCommand.Resubmit("ada", World.High, null));

        Assert.Equal(World.Medium, story.Request.File.LastAsked);
        story.Happens(new RequestCommand.Resubmit("ada", World.High with { Cost = World.High.Cost with { ForecastUsd = 13 } }, null));
        Assert.Equal(World.Medium, story.Request.File.LastAsked);
    }

    [Fact]
    public void An_unchanged_manifest_keeps_its_signatures()
    {
        var story = Story.Of(World.Medium);
        var owner = story.Asked("business-owner");
        story.Approve(owner);
        story.Happens(new RequestCommand.AskChanges(story.Asked("security"), "Why do you need names?"));

        Assert.Equal("RequestResubmitted SeatsAsked", story.Happens(new RequestCommand.Resubmit("ada", World.Medium, "Because we call them.")));

        Assert.Equal(1, story.Request!.File.Round);
        Assert.Equal(owner, story.Seat("business-owner").Signature!.PersonId);
        Assert.Null(story.Seat("security").Signature);
        Assert.Equal("Because we call them.", story.Request.File.Justification);
    }

    [Fact]
    public void A_forecast_that_moves_voids_nothing()
    {
        var story = Story.Of(World.Medium);
        story.Approve(story.Asked("security"));

        story.Happens(new RequestCommand.Resubmit("ada", World.Medium with { Cost = World.Medium.Cost with { ForecastUsd = 13 } }, null));

        Assert.NotNull(story.Seat("security").Signature);
        Assert.Equal(13, story.Request!.File.Manifest.Cost.ForecastUsd);
    }

    [Fact]
    public void A_change_that_lowers_the_risk_is_granted_at_once_and_those_who_were_asked_are_let_go()
    {
        var story = Story.Of(World.Medium);
        var asked = story.Request!.AllSeats.Select(s => s.AskedId!).ToList();

        Assert.Equal("RequestResubmitted SeatsAsked RequestGranted", story.Happens(new RequestCommand.Resubmit("ada", World.Low, null)));

        Assert.Equal(asked.Order(), story.Events.OfType<SeatsAsked>().Last().NoLongerAsked.Order());
        Assert.Empty(story.Request.AllSeats);
    }

    [Fact]
    public void Kinds_that_are_corrected_downwards_after_people_were_asked_are_confirmed_by_a_reviewer_with_a_reason()
    {
        var names = World.Medium with { Data = World.Medium.Data with { Kinds = ["customer-name"] } };
        var story = Story.Of(names);
        story.Approve(story.Asked("business-owner"));

        Assert.Equal("RequestResubmitted SeatsAsked", story.Happens(new RequestCommand.Resubmit("ada", World.Low, null)));
        // Nor by a second, small change after it
        Assert.Equal("RequestResubmitted SeatsAsked", story.Happens(new RequestCommand.Resubmit("ada", Renamed(World.Low), null)));

        var seat = Assert.Single(story.Request!.AllSeats);
        Assert.Equal(("security", null), (seat.Role, seat.Signature));
        Assert.Equal("words-wanted", story.Refused(new RequestCommand.Approve(seat.AskedId!, null, null)));
        Assert.Equal("ApprovalGiven RequestGranted", story.Happens(new RequestCommand.Approve(seat.AskedId!, "It only shows numbers; names were a slip.", null)));
    }

    [Theory]
    [InlineData("withdrawn")]
    [InlineData("rejected")]
    [InlineData("lapsed")]
    public void What_people_were_asked_about_is_remembered_when_the_same_is_asked_anew(string end)
    {
        var names = World.Medium with { Data = World.Medium.Data with { Kinds = ["customer-name"] } };
        var first = Story.Of(names);
        if (end == "withdrawn") first.Happens(new RequestCommand.Withdraw("ada"));
        else if (end == "rejected") first.Happens(new RequestCommand.Reject(first.Asked("security"), "No.", null));
        else first.Tick(World.Monday.AddDays(60));

        var second = new Story();
        Assert.Equal("RequestSubmitted SeatsAsked", second.Happens(Submit(World.Low) with { RequestId = "r-2", Earlier = [first.Request!] }));
        var seat = Assert.Single(second.Request!.AllSeats);
        Assert.Equal(("security", Seat.KindsCorrected), (seat.Role, Assert.Single(seat.Waives)));
        Assert.Equal(names, second.Request.File.LastAsked);

        // Nor by doing so twice
        second.Happens(new RequestCommand.Withdraw("ada"));
        var third = new Story();
        Assert.Equal("RequestSubmitted SeatsAsked", third.Happens(Submit(World.Low) with { RequestId = "r-3", Earlier = [second.Request!] }));
    }

    [Fact]
    public void What_nobody_was_asked_about_and_what_others_asked_for_is_not_held_against_a_new_request()
    {
        var stopped = Story.Of(World.Forbidden);
        stopped.Happens(new RequestCommand.Withdraw("ada"));
        var others = Story.Of(World.Medium with { App = World.Medium.App with { Owner = "noor" }, Data = World.Medium.Data with { Kinds = ["customer-name"] } }, byId: "noor");
        others.Happens(new RequestCommand.Withdraw("noor"));

        var story = new Story();
        Assert.Equal("RequestSubmitted RequestGranted", story.Happens(Submit(World.Low) with { RequestId = "r-2", Earlier = [stopped.Request!, others.Request!] }));
    }

    [Fact]
    public void Kinds_that_are_corrected_in_a_draft_nobody_was_asked_about_need_nobody()
    {
        var story = new Story();
        story.Happens(Submit(World.Forbidden));

        Assert.Equal("RequestResubmitted RequestGranted", story.Happens(new RequestCommand.Resubmit("ada", World.Low, null)));
    }

    [Fact]
    public void The_same_again_while_it_waits_is_a_repeated_click()
    {
        var story = Story.Of(World.Medium);

        Assert.Equal("", story.Happens(new RequestCommand.Resubmit("ada", World.Medium, null)));
    }

    [Fact]
    public void A_stopped_request_submitted_unchanged_goes_on_once_the_rule_is_gone()
    {
        var story = Story.Of(World.Forbidden);
        Assert.Equal("", story.Happens(new RequestCommand.Resubmit("ada", World.Forbidden, null)));

        story.Rules = _ => World.Report([], RiskTier.Low, "r3");

        Assert.Equal("RequestResubmitted RequestGranted", story.Happens(new RequestCommand.Resubmit("ada", World.Forbidden, null)));
    }

    [Fact]
    public void Only_who_asked_may_change_or_withdraw()
    {
        var story = Story.Of(World.Medium);

        Assert.Equal("not-yours", story.Refused(new RequestCommand.Resubmit("noor", World.Low, null)));
        Assert.Equal("not-yours", story.Refused(new RequestCommand.Withdraw("miriam")));
        Assert.Contains("Ada", story.Refusal(new RequestCommand.Withdraw("miriam")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_request_under_the_same_id_is_refused() =>
        Assert.Equal("already-filed", Story.Of(World.Medium).Refused(Submit(World.Medium, byId: "noor")));

    private static Manifest Renamed(Manifest manifest) => manifest with { App = manifest.App with { Purpose = "Something else" } };

    private static RequestCommand.Submit Submit(Manifest manifest, string byId = "ada") => new("r-1", RequestKind.Create, "app-1", byId, manifest, null, null);
}
