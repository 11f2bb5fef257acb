using System.Globalization;
using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.Manifests;
using Governance.Notices;
using Governance.Requests;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Desk;

namespace MicroAppBot.Tests.Conversation;

/// <summary>What a card says is true when it is read, for the one who reads it.</summary>
public sealed class TrueWhenReadTests : IAsyncDisposable
{
    private const string Campaigns = "I need a page where the marketing team sees which campaigns ran last month";
    private readonly FrontDesk desk = new();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Fact]
    public async Task What_was_spent_last_month_is_not_said_to_be_this_months()
    {
        var app = await desk.LiveAppAsync();
        await desk.CostAsync(app, 20);
        Assert.True((await desk.SayAsync("ada.keller", "my apps")).Says("20 of 50 USD"));
        await desk.AdvanceAsync(29.9);
        foreach (var words in (string[])["my apps", $"show {app.File.Name}"])
        {
            var seen = await desk.SayAsync("ada.keller", words);
            Assert.True(seen.Says("0 of 50 USD") && !seen.Says("20 of 50 USD"), seen.ToString());
        }
    }

    [Fact]
    public async Task A_builder_whom_the_directory_does_not_know_looks_after_their_app_from_the_card_that_was_sent()
    {
        var robin = desk.Guest("Robin Guest");
        var seen = await desk.SayAsync(robin.Id, Campaigns);
        while (!seen.Offers("intake.submit")) seen = await desk.PressAsync(robin.Id, seen, "intake.answer", new JsonObject { ["department"] = "sales", ["coOwner"] = "mateo.garcia", ["costCentre"] = "SAL-210" });
        await desk.PressAsync(robin.Id, seen, "intake.submit");
        await desk.FlushAsync(FrontDesk.Cancel);
        await desk.AdvanceAsync(31);
        var expired = desk.Told.Last(t => t.Notice.Kind == NoticeKind.AppExpired && t.Notice.ToId == robin.Id).Seen;
        Assert.True(expired.Offers("app.restore"), expired.ToString());
        Assert.True((await desk.PressAsync(robin.Id, expired, "app.restore")).Says("Welcome back"));
    }

    [Fact]
    public async Task The_list_offers_nobody_to_bring_back_what_is_past_bringing_back()
    {
        await desk.LiveAppAsync();
        await desk.AdvanceAsync(31);
        Assert.True((await desk.SayAsync("ada.keller", "my apps")).Says("can be restored until"));
        await desk.AdvanceAsync(31);
        var late = await desk.SayAsync("ada.keller", "my apps");
        Assert.True(late.Says("can no longer be restored") && !late.Says("restored until"), late.ToString());
    }

    [Fact]
    public async Task Nobody_is_reminded_of_a_term_that_was_renewed_meanwhile_or_told_of_what_is_switched_off()
    {
        var app = await desk.LiveAppAsync();
        Notice About(NoticeKind kind, DateTimeOffset expires) =>
            new("ada.keller", kind, null, app.File.Id, new Dictionary<string, string> { ["expires_at"] = expires.ToString("O", CultureInfo.InvariantCulture), ["level"] = "80" });
        var ada = desk.Person("ada.keller");
        Assert.NotNull(await desk.PresentAsync(About(NoticeKind.RenewalReminder, app.File.ExpiresAt), ada));
        Assert.Null(await desk.PresentAsync(About(NoticeKind.RenewalReminder, app.File.ExpiresAt.AddDays(-2)), ada));
        await desk.PressAsync("ada.keller", "app.archive", new JsonObject { ["app"] = app.File.Id });
        foreach (var kind in (NoticeKind[])[NoticeKind.CostAlert, NoticeKind.AppRenewed, NoticeKind.RenewalReminder]) Assert.Null(await desk.PresentAsync(About(kind, app.File.ExpiresAt), ada));
    }

    [Fact]
    public async Task Whoever_took_an_open_seat_and_rejected_is_the_one_shown_on_it()
    {
        var request = await desk.MediumRequestAsync();
        var security = request.Seats.Single(s => s.Role == "security");
        var taker = FrontDesk.Content.People.Values.First(p => p.Has("security") && p.Id != security.AskedId);
        await desk.PressAsync(taker.Id, "request.reject", new JsonObject { ["request"] = request.File.Id, ["reason"] = "Not like this" });
        var status = await desk.SayAsync("ada.keller", "status");
        Assert.True(status.Says($"❌\n**Security reviewer** · {taker.Name}"), status.ToString());
    }

    [Fact]
    public async Task The_owner_on_whose_behalf_it_was_asked_sees_how_it_stands_and_who_took_it_back()
    {
        var app = await desk.LiveAppAsync();
        var coOwner = app.File.Manifest.App.CoOwner!;
        await desk.PressAsync(coOwner, "app.raise-cap", new JsonObject { ["app"] = app.File.Id, ["costCapUsd"] = "90", ["justification"] = "More visitors" });
        var raise = (await desk.Desk.Look(FrontDesk.Cancel).RequestsAsync(new SnapshotQuery(IsOpen: true))).Single();
        var over = await desk.PressAsync("ada.keller", "request.withdraw", new JsonObject { ["request"] = raise.File.Id });
        Assert.True(over.Says("Taken back by you") && !over.Says("asked to sign"), over.ToString());
        await desk.FlushAsync(FrontDesk.Cancel);
        var told = desk.Told.Last(t => t.Notice.Kind == NoticeKind.RequestProgress && t.Notice.ToId == coOwner).Seen;
        Assert.True(told.Says("Taken back by Ada Keller"), told.ToString());
    }

    [Fact]
    public async Task A_rule_that_is_newer_than_the_signatures_is_not_said_to_have_asked_nobody()
    {
        var request = await desk.MediumRequestAsync();
        var stopped = new Request.Stopped(request.File, request.Seats, request.LapsesAt);
        var status = MicroAppBot.Conversation.Wording.RequestCards.Status(stopped, new(desk.Person("ada.keller"), desk.Desk.Look(FrontDesk.Cancel).Facts, FrontDesk.Content.Catalogue));
        Assert.DoesNotContain("Nobody was asked", status.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RequestKind.Create, "submit again")]
    [InlineData(RequestKind.Renew, "Open the app and change")]
    [InlineData(RequestKind.Restore, "What is archived cannot be changed")]
    public async Task What_a_rule_stopped_points_only_to_what_can_be_done(RequestKind kind, string next)
    {
        var request = await desk.MediumRequestAsync();
        var stopped = new Request.Stopped(request.File with { Kind = kind }, [], request.LapsesAt);
        var status = MicroAppBot.Conversation.Wording.RequestCards.Status(stopped, new(desk.Person("ada.keller"), desk.Desk.Look(FrontDesk.Cancel).Facts, FrontDesk.Content.Catalogue));
        Assert.Contains(next, (string)status["next"]!, StringComparison.Ordinal);
        Assert.Equal(kind == RequestKind.Create, (bool)status["can"]!["edit"]!);
        Assert.Equal(kind != RequestKind.Create, (bool)status["can"]!["showApp"]!);
    }

    [Fact]
    public async Task A_row_about_a_new_rule_says_how_many_more_things_are_to_change()
    {
        var app = await desk.LiveAppAsync();
        string Row(string words) => (string)MicroAppBot.Conversation.Wording.DigestCards.Row(app, "📐", words)["words"]!;
        Assert.EndsWith("One.\n\nAnd 2 more things to change: press Why.", Row("Lead.\n\nOne.\n\nTwo.\n\nThree.\n\nThen."), StringComparison.Ordinal);
        Assert.Equal("Lead.\n\nOne.", Row("Lead.\n\nOne.\n\nThen."));
        Assert.Equal("Done.", Row("Done."));
    }

    [Fact]
    public async Task A_row_that_was_opened_leaves_its_list_also_when_the_click_comes_again()
    {
        var app = await desk.LiveAppAsync();
        var press = new Said.Press("app.show", new JsonObject { ["app"] = app.File.Id }, null);
        foreach (var _ in (int[])[1, 2]) Assert.False((await desk.TakeAsync("ada.keller", press, "same")).Replaces);
    }

    [Fact]
    public async Task A_whole_sentence_about_another_app_changes_nothing_in_the_draft_that_is_open()
    {
        await desk.SayAsync("ada.keller", Campaigns);
        var asked = await desk.SayAsync("ada.keller", "I want a dashboard for my team with everybody's salaries from payroll");
        Assert.True(asked.Says("not filed yet"), asked.ToString());
        Assert.False((await desk.SayAsync("ada.keller", "continue")).Says("salaries"));
    }

    [Theory]
    [InlineData("A dashboard of open tickets per team")]
    [InlineData("ticketing, the totals per week")]
    [InlineData("none, only published figures")]
    public async Task What_is_said_of_data_beside_another_answer_takes_nothing_away_that_was_said_before(string answer)
    {
        var asked = await desk.SayAsync("jonas.lindqvist", "complaints with the caller's name and number");
        Assert.True(asked.Inputs.ContainsKey("connectors") && !asked.Inputs.ContainsKey("data"), asked.ToString());
        Assert.True(asked.Says("customer names"), asked.ToString());
        await desk.SayAsync("jonas.lindqvist", answer);
        var seen = await desk.SayAsync("jonas.lindqvist", "continue");
        Assert.True(seen.Says("customer names") && !seen.Says("Low risk"), seen.ToString());
    }

    [Theory]
    [InlineData("just numbers and totals")]
    [InlineData("no data at all")]
    [InlineData("usage numbers per week, please")]
    public async Task Less_sensitive_data_is_a_matter_of_unticking_it_where_it_can_be_seen(string words)
    {
        await desk.SayAsync("ada.keller", "A dashboard with customer names and e-mails from the CRM for the marketing team");
        var said = await desk.SayAsync("ada.keller", words);
        Assert.True(said.Offers("intake.submit") ? said.Says("customer names") && said.Says("Medium risk") : said.Inputs.ContainsKey("data"), said.ToString());
        var seen = await desk.SayAsync("ada.keller", "back");
        Assert.True(seen.Says("customer names"), seen.ToString());
    }

    [Fact]
    public async Task An_old_cards_button_without_answers_is_no_step_back_goes_over()
    {
        var what = await desk.SayAsync("ada.keller", "new");
        await desk.PressAsync("ada.keller", what, "intake.answer", new JsonObject { ["purpose"] = "Pick lunch", ["template"] = "internal-dashboard" });
        await desk.SayAsync("ada.keller", "no data at all");
        var summary = await desk.SayAsync("ada.keller", "continue");
        if (!summary.Offers("intake.submit")) summary = await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["connectors"] = "none" });
        Assert.True(summary.Offers("intake.submit"), summary.ToString());
        var before = (await desk.SayAsync("ada.keller", "back")).ToString();
        await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["connectors"] = "none", ["data"] = "none" });
        await desk.PressAsync("ada.keller", "intake.answer");
        Assert.Equal(before, (await desk.SayAsync("ada.keller", "back")).ToString());
    }

    [Theory]
    [InlineData(3999)]
    [InlineData(4001)]
    [InlineData(20_000)]
    public async Task Endless_words_get_an_answer_whose_buttons_bring_back_what_they_say(int length)
    {
        // FrontDesk fails on a button that had to be left out
        var seen = await desk.SayAsync("ada.keller", string.Concat(Enumerable.Repeat("🎉", length))[..length]);
        Assert.DoesNotContain('\uFFFD', seen.Words);
    }
}
