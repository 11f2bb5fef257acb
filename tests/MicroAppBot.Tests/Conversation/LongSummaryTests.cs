using System.Text.Json.Nodes;
using Governance.Catalogue;
using Governance.Intake;
using Governance.Requests;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Desk;
using MicroAppBot.Tests.Journeys;

namespace MicroAppBot.Tests.Conversation;

/// <summary>Somebody who says very much gets a card that fits, in which no answer is missing and each can be changed.</summary>
public sealed class LongSummaryTests : IAsyncDisposable
{
    private readonly FrontDesk desk = new();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    private static readonly string[] Labels = ["Name", "Short name", "What it is for", "Kind of app", "Data", "Connects to", "Sends to", "Data stays in", "Runs in", "Who uses it", "Co-owner", "Cost centre", "Lives for", "Monthly cap", "Your reason"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_answer_of_the_longest_draft_is_shown_and_can_be_changed(bool hostile)
    {
        var summary = await LongestDraftAsync(hostile);

        Assert.All(Labels, label => Assert.True(summary.Says($"**{label}:**"), $"{label} is missing on: {summary}"));
        var chooser = summary.Inputs["slot"]["choices"]!.AsArray().Select(c => (string)c!["value"]!).ToList();
        Assert.Equal([Slot.Title, Slot.Name, Slot.Purpose, Slot.Template, Slot.Data, Slot.Connectors, Slot.Destination, Slot.Region, Slot.Environment, Slot.Audience, Slot.CoOwner, Slot.CostCentre, Slot.TtlDays, Slot.CostCapUsd, Slot.Justification], chooser);
        foreach (var slot in chooser)
        {
            var question = await desk.PressAsync("ada.keller", summary, "Change it", new JsonObject { ["slot"] = slot });
            Assert.Equal([slot], question.Inputs.Keys);
            summary = await desk.SayAsync("ada.keller", "back");
        }
        Assert.True((await desk.PressAsync("ada.keller", summary, "Change it")).Says("Pick the answer"));
    }

    [Fact]
    public async Task What_the_summary_says_in_short_is_one_click_away_in_full()
    {
        var summary = await LongestDraftAsync(hostile: false);
        var purpose = Purpose(hostile: false);
        Assert.False(summary.Says(purpose), "it fits, so this tests nothing");

        var all = await desk.PressAsync("ada.keller", summary, "say");
        Assert.True(all.Says(purpose), all.ToString());
        foreach (var connector in FrontDesk.Content.Catalogue.Connectors.Values.Where(c => c.IsOpenTo("marketing")))
        {
            Assert.True(all.Says(connector.Title), $"{connector.Title} is missing on: {all}");
        }
        Assert.True((await desk.PressAsync("ada.keller", all, "Back to the summary")).Offers("intake.cancel"));
    }

    [Fact]
    public async Task A_short_draft_keeps_the_button_beside_each_answer()
    {
        var summary = await desk.SayAsync("ada.keller", "A form to book the demo van, the fleet manager approves");
        Assert.DoesNotContain("slot", summary.Inputs.Keys);
        Assert.False(summary.Says("Show all answers"), summary.ToString());
        Assert.True((await desk.SayAsync("ada.keller", "show all answers")).Says("Every answer in full"));
    }

    private static string Purpose(bool hostile) => string.Concat(Enumerable.Repeat(hostile ? "*_[x](http://evil.example)_* " : "Everybody in the partner team looks at it on Mondays, ", 30))[..500].Trim();

    private async Task<Seen> LongestDraftAsync(bool hostile)
    {
        await desk.SayAsync("ada.keller", "new");
        var connectors = FrontDesk.Content.Catalogue.Connectors.Values.Where(c => c.IsOpenTo("marketing")).Select(c => c.Id).ToList();
        Assert.InRange(connectors.Count, 9, 20);
        (string Slot, string Value)[] answers =
        [
            (Slot.Purpose, Purpose(hostile)), (Slot.Template, "internal-dashboard"), (Slot.Data, string.Join(',', DataKind.All.Where(k => !k.Never && k.Lowest < DataClass.Regulated && k.Id != "none").Select(k => k.Id))),
            (Slot.Connectors, string.Join(',', connectors)), (Slot.Destination, new string('a', 60) + "." + new string('b', 60) + ".example"), (Slot.Title, Purpose(hostile)[..80].Trim()),
            (Slot.TtlDays, "60"), (Slot.CostCapUsd, "900"), (Slot.Justification, Purpose(hostile)), (Slot.CostCentre, Purpose(hostile)[..40].Trim()), (Slot.Region, "eu,uk"),
        ];
        Seen seen = null!;
        foreach (var (slot, value) in answers) seen = await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["slot"] = slot, ["value"] = value });
        Assert.True(seen.Offers("intake.cancel") && seen.Says("Your answers"), seen.ToString());
        return seen;
    }
}
