using Governance.Intake;

namespace Governance.Tests.Intake;

public sealed class QuestionsTests
{
    private static string[] Ids(IntakeForm form, IntakeFacts? facts = null) => [.. Questions.Open(form, facts ?? Builders.Ada).Select(q => q.Id)];

    private static IReadOnlyList<string> Details(IntakeForm form, IntakeFacts? facts = null) => Questions.Open(form, facts ?? Builders.Ada).SingleOrDefault(q => q.Id == "details")?.Slots ?? [];

    [Fact]
    public void Somebody_of_the_directory_who_has_said_nothing_is_asked_three_things()
    {
        Assert.Equal(["what", "data", "sources"], Ids(Builders.Empty));
        Assert.Equal([Slot.Purpose, Slot.Template], Questions.Next(Builders.Empty, Builders.Ada)!.Slots);
    }

    [Fact]
    public void A_guest_is_asked_besides_what_the_directory_would_have_known()
    {
        Assert.Equal(["what", "data", "sources", "details"], Ids(Builders.Empty, Builders.Guest));
        Assert.Equal([Slot.Department, Slot.CoOwner, Slot.CostCentre], Details(Builders.Complete, Builders.Guest));
    }

    [Fact]
    public void Naming_a_department_finds_the_guest_a_co_owner() =>
        Assert.Equal([Slot.CostCentre], Details(Builders.Complete.With(Slot.Department, "marketing", Builders.Guest), Builders.Guest));

    [Fact]
    public void A_complete_draft_is_asked_nothing() => Assert.Null(Questions.Next(Builders.Complete, Builders.Ada));

    [Theory]
    [InlineData(Slot.Purpose, "template", "internal-dashboard")]
    [InlineData(Slot.Template, "purpose", "Pick a lunch place")]
    public void What_was_said_is_not_asked_again(string left, string slot, string value) =>
        Assert.Equal([left], Questions.Next(Builders.Empty.With(slot, value), Builders.Ada)!.Slots);

    [Fact]
    public void A_template_that_left_the_catalogue_is_asked_for_again() =>
        Assert.Equal([Slot.Template], Questions.Next(Builders.Complete with { Template = "of-yesterday" }, Builders.Ada)!.Slots);

    [Theory]
    [InlineData(Slot.Data, "salary")]
    [InlineData(Slot.DataClass, "regulated")]
    [InlineData(Slot.Template, "regulated-eu")]
    public void Where_regulated_data_is_at_home_is_never_guessed(string slot, string value)
    {
        Assert.Equal([Slot.Region], Details(Builders.Complete.With(slot, value)));
        Assert.Empty(Details(Builders.Complete.With(slot, value).With(Slot.Region, "eu")));
    }

    [Fact]
    public void Where_it_sends_to_is_asked_when_it_sends_outside()
    {
        var form = Builders.Complete.With(Slot.Connectors, "external-webhook");
        Assert.Equal([Slot.Destination], Details(form));
        Assert.Empty(Details(form.With(Slot.Destination, "hooks.partner.example")));
    }

    [Theory]
    [InlineData(Slot.TtlDays, "31", true)]
    [InlineData(Slot.TtlDays, "30", false)]
    [InlineData(Slot.CostCapUsd, "9000", false)]
    public void A_wish_above_the_templates_limit_wants_a_reason(string slot, string value, bool asked) =>
        Assert.Equal(asked ? [Slot.Justification] : [], Details(Builders.Complete.With(slot, value)));

    [Fact]
    public void A_campaign_has_limits_of_its_own()
    {
        var campaign = Builders.Complete.With(Slot.Template, "campaign");
        Assert.Equal([Slot.Justification], Details(campaign.With(Slot.CostCapUsd, "101")));
        Assert.Equal([Slot.Justification], Details(campaign.With(Slot.TtlDays, "15")));
        Assert.Empty(Details(campaign.With(Slot.CostCapUsd, "100").With(Slot.TtlDays, "14")));
    }

    [Fact]
    public void What_was_found_missing_is_asked_although_there_is_a_proposal_and_only_once()
    {
        string[] found = [Slot.Data, Slot.Connectors, Slot.Region, Slot.Audience, Slot.TtlDays, Slot.CostCapUsd, Slot.Justification];
        var form = Builders.Complete with { MustAsk = found };
        Assert.Equal(["data", "sources", "details"], Ids(form));
        Assert.Equal([Slot.Region, Slot.Audience, Slot.TtlDays, Slot.CostCapUsd, Slot.Justification], Details(form));
        form = form.With(Slot.Data, "none").With(Slot.Connectors, "none").With(Slot.Region, "eu").With(Slot.Audience, "team").With(Slot.TtlDays, "5").With(Slot.CostCapUsd, "5").With(Slot.Justification, "because so");
        Assert.Null(Questions.Next(form, Builders.Ada));
    }

    [Fact]
    public void Two_homes_are_asked_about_where_the_words_left_it_open_and_taken_where_they_were_ticked()
    {
        var two = Builders.Complete with { Residency = ["eu", "us"], MustAsk = [Slot.Region] };
        Assert.Equal([Slot.Region], Details(two));
        Assert.Empty(Details(two.With(Slot.Region, "eu,us")));
    }
}
