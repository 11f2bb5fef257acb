using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Journeys;

/// <summary>Everything that can become of a request that has to be signed, on every card there is of it.</summary>
public sealed class TheLifeOfARequest
{
    private const string Because = "We show this in the CRM itself already";

    [Theory]
    [InlineData(Over.Teams)]
    [InlineData(Over.Console)]
    [InlineData(Over.Slack)]
    [InlineData(Over.SlackSocket)]
    [InlineData(Over.Mixed)]
    public async Task A_rejection_needs_words_ends_it_and_everybody_reads_them(Over over)
    {
        await using var office = await Office.OpenAsync(over);
        var ada = office.Person("ada.keller");
        await ada.FilesAsync();
        var (business, security) = await office.SignersAsync();
        var toSecurity = await security.SeesButtonAsync("request.approve");

        var still = await security.PressAsync(toSecurity, "request.reject");
        Assert.True(still.Offers("request.reject") && still.Says("⚠️"), still.Words);
        var rejected = await security.PressAsync(still, "request.reject", new JsonObject { ["reason"] = Because });
        Assert.True(rejected.Says("rejected") && !rejected.Offers("request.approve"), rejected.Words);

        var told = await ada.SeesAsync(s => s.Says(office.Name(security)) && s.Says("rejected") && s.Says(Because), "who rejected it, and why");
        await business.SeesAsync(s => s.Says("wants to create") && s.Changes > 0 && s.Says("rejected") && !s.Offers("request.approve"), "the outcome on her card");
        Assert.Equal("rejected", (string)(await office.RequestsAsync()).Single()["state"]!);
        Assert.Empty(await office.AppsAsync());

        // It is not the end of the wish: the same answers, changed, are asked as a new request
        var summary = await ada.PressAsync(told, "intake.edit");
        Assert.True((await ada.PressAsync(summary, "intake.submit")).Says("Waiting for"));
        Assert.Equal(2, (await office.RequestsAsync()).Count);
    }

    [Theory]
    [InlineData(Over.Teams)]
    [InlineData(Over.Console)]
    [InlineData(Over.Slack)]
    [InlineData(Over.SlackSocket)]
    [InlineData(Over.Mixed)]
    public async Task Changes_are_asked_for_made_shown_as_a_difference_and_granted(Over over)
    {
        await using var office = await Office.OpenAsync(over);
        var ada = office.Person("ada.keller");
        await ada.FilesAsync();
        var (business, security) = await office.SignersAsync();
        await business.PressAsync(await business.SeesButtonAsync("request.approve"), "request.approve");

        await security.PressAsync(await security.SeesButtonAsync("request.approve"), "request.ask-changes", new JsonObject { ["reason"] = "Two weeks are enough" });
        var back = await ada.SeesAsync(s => s.Offers("intake.edit") && s.Says("Two weeks are enough"), "what is to be changed");
        var summary = await ada.PressAsync(back, "intake.edit");
        Assert.True(summary.Says("Your answers") && summary.Says("CRM contacts"), summary.Words);
        var question = await ada.PressAsync(summary, "Change Lives for");
        summary = await ada.PressAsync(question, "intake.answer", new JsonObject { ["ttlDays"] = 14 });
        Assert.True((await ada.PressAsync(summary, "intake.submit")).Says("Waiting for"));

        // Who had signed signed something else: both are asked again, and see the difference
        var toSecurity = await security.SeesButtonAsync("request.approve", "30 days → 14 days");
        var toBusiness = await business.SeesButtonAsync("request.approve", "30 days → 14 days");
        await business.PressAsync(toBusiness, "request.approve");
        await security.PressAsync(toSecurity, "request.approve");
        await ada.SeesButtonAsync("app.archive", "is live");
        var request = (await office.RequestsAsync()).Single();
        Assert.Equal(("granted", 2), ((string)request["state"]!, (int)request["round"]!));
        Assert.Contains("\"ttl_days\": 14", office.CatalogueFile((string)request["name"]!, "manifest.json")!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_that_is_called_less_sensitive_after_people_were_asked_is_confirmed_before_it_goes_live()
    {
        await using var office = await Office.OpenAsync();
        var ada = office.Person("ada.keller");
        await ada.FilesAsync();
        var (_, security) = await office.SignersAsync();
        await security.PressAsync(await security.SeesButtonAsync("request.approve"), "request.ask-changes", new JsonObject { ["reason"] = "Do you need names?" });
        var summary = await ada.PressAsync(await ada.SeesAsync(s => s.Offers("intake.edit") && s.Says("Do you need names?"), "what is to be changed"), "intake.edit");
        summary = await ada.PressAsync(await ada.PressAsync(summary, "Change Connects to"), "intake.answer", new JsonObject { ["connectors"] = "crm-contacts-masked" });
        summary = await ada.PressAsync(await ada.PressAsync(summary, "Change Data"), "intake.answer", new JsonObject { ["data"] = "usage-metrics" });
        Assert.True(summary.Says("Low risk") && summary.Says("1 person signs"), summary.Words);
        Assert.True((await ada.PressAsync(summary, "intake.submit")).Says("Waiting for"));
        Assert.Empty(await office.AppsAsync());

        security = (await office.AskedAsync())["security"];
        var card = await security.SeesButtonAsync("request.approve", "less sensitive data");
        card = await security.PressAsync(card, "request.approve");
        Assert.True(card.Offers("request.approve") && card.Says("say in a few words why that is right"), card.Words);
        await security.PressAsync(card, "request.approve", new JsonObject { ["reason"] = Because });
        await ada.SeesButtonAsync("app.archive", "is live");
    }

    [Theory]
    [InlineData(Over.Teams)]
    [InlineData(Over.Console)]
    [InlineData(Over.Slack)]
    [InlineData(Over.SlackSocket)]
    [InlineData(Over.Mixed)]
    public async Task A_withdrawn_request_is_over_on_every_card_and_a_late_click_hears_so(Over over)
    {
        await using var office = await Office.OpenAsync(over);
        var ada = office.Person("ada.keller");
        var status = await ada.FilesAsync();
        var (business, security) = await office.SignersAsync();
        var (toBusiness, toSecurity) = (await business.SeesButtonAsync("request.approve"), await security.SeesButtonAsync("request.approve"));

        var withdrawn = await ada.PressAsync(status, "request.withdraw");
        Assert.True(withdrawn.Says("taken back") && !withdrawn.Offers("request.withdraw"), withdrawn.Words);
        foreach (var (person, card) in new[] { (business, toBusiness), (security, toSecurity) })
        {
            await person.SeesAsync(s => s.MessageId == card.MessageId && s.Says("taken back") && !s.Offers("request.approve"), "that it was withdrawn, on the card that was there");
        }
        // A client that still shows the old card
        var late = await security.PressAsync(toSecurity, "request.approve");
        Assert.True(late.Says("taken back") && !late.Offers("request.approve"), late.Words);
        Assert.Equal("withdrawn", (string)(await office.RequestsAsync()).Single()["state"]!);
    }

    [Fact]
    public async Task What_nobody_answers_is_reminded_of_escalated_and_lapses_and_says_so_to_both_sides()
    {
        await using var office = await Office.OpenAsync();
        var ada = office.Person("ada.keller");
        var monday = await office.NowAsync();
        await ada.FilesAsync();
        var (business, security) = await office.SignersAsync();
        var (toBusiness, toSecurity) = (await business.SeesButtonAsync("request.approve"), await security.SeesButtonAsync("request.approve"));

        // Eight of her business hours
        await office.UntilAsync(monday.AddDays(1).AddHours(6));
        var reminded = await business.SeesAsync(s => s.Says("has been waiting for 8 working hours"), "the reminder");
        Assert.True((await business.PressAsync(reminded, "request.show")).Offers("request.approve"));

        // Twice that: the next one who holds the role is asked, and she is told
        await office.UntilAsync(monday.AddDays(3));
        var now = await office.AskedAsync();
        Assert.DoesNotContain(now.Values, p => p == business || p == security);
        foreach (var next in now.Values) await next.SeesButtonAsync("request.approve");
        await business.SeesAsync(s => s.Says(office.Name(now["business-owner"])), "who was asked instead");
        await security.SeesAsync(s => s.Says(office.Name(now["security"])), "who was asked instead");

        // Ten working days
        await office.UntilAsync(monday.AddDays(13));
        Assert.Equal("awaiting-approval", (string)(await office.RequestsAsync()).Single()["state"]!);
        await office.UntilAsync(monday.AddDays(15));
        Assert.Equal("lapsed", (string)(await office.RequestsAsync()).Single()["state"]!);
        await ada.SeesAsync("lapsed");
        foreach (var asked in now.Values.Append(business).Append(security))
        {
            await asked.SeesAsync("lapsed");
            Assert.DoesNotContain(asked.Inbox, s => s.Offers("request.approve"));
        }
        var late = await business.PressAsync(toBusiness, "request.approve");
        Assert.True(late.Says("lapsed") && !late.Offers("request.approve"), late.Words);
        // Run again, it is told once
        var told = ada.Inbox.Count;
        await office.AdvanceAsync(3);
        Assert.Equal(told, ada.Inbox.Count);
    }

    [Theory]
    [InlineData(Over.Teams)]
    [InlineData(Over.Console)]
    [InlineData(Over.Slack)]
    [InlineData(Over.SlackSocket)]
    [InlineData(Over.Mixed)]
    public async Task Somebody_hands_their_seat_over_and_the_other_signs(Over over)
    {
        await using var office = await Office.OpenAsync(over);
        var ada = office.Person("ada.keller");
        await ada.FilesAsync();
        var (business, security) = await office.SignersAsync();
        var toSecurity = await security.SeesButtonAsync("request.approve");
        var other = office.Other("security", than: security);
        var handed = await security.PressAsync(toSecurity, "request.delegate", new JsonObject { ["delegate"] = other.Id });
        // In Slack the answer stands on the card that is drawn again a moment later, with the seat as it is then
        Assert.True(handed.Says($"Handed over to {office.Name(other)}") || handed.Says($"Security reviewer · {office.Name(other)}"), handed.Words);

        var toOther = await other.SeesButtonAsync("request.approve", office.Name(security));
        await ada.SeesAsync(s => s.Changes > 0 && s.Says("Waiting for") && s.Says(office.Name(other)), "who is asked now");
        await other.PressAsync(toOther, "request.approve");
        await business.PressAsync(await business.SeesButtonAsync("request.approve"), "request.approve");
        await ada.SeesButtonAsync("app.archive", "is live");
        var seat = (await office.RequestsAsync()).Single()["seats"]!.AsArray().Single(s => (string)s!["role"]! == "security")!;
        Assert.Equal(other.Id, (string)seat["signed_by"]!);
    }

    [Theory]
    [InlineData(Over.Teams)]
    [InlineData(Over.Console)]
    [InlineData(Over.Slack)]
    [InlineData(Over.SlackSocket)]
    [InlineData(Over.Mixed)]
    public async Task Two_who_click_at_once_both_get_a_true_answer_and_it_is_granted_once(Over over)
    {
        await using var office = await Office.OpenAsync(over);
        var ada = office.Person("ada.keller");
        // Slack lets an app change fifty messages a minute
        var rounds = over is Over.Teams or Over.Console ? 5 : 2;
        for (var round = 1; round <= rounds; round++)
        {
            var name = $"at-once-{round}";
            await ada.FilesAsync(name: name);
            var (business, security) = await office.SignersAsync();
            var (toBusiness, toSecurity) = (await SeesNewAsync(business), await SeesNewAsync(security));
            var answers = await Task.WhenAll(business.PressAsync(toBusiness, "request.approve"), security.PressAsync(toSecurity, "request.approve"));
            Assert.All(answers, a => Assert.True(a.Says("Approved on ") || a.Says("You approved this"), a.Words));
            await ada.SeesAsync(s => s.Offers("app.archive") && s.Says(name), $"{name} live");
            Assert.Equal(1, ada.Inbox.Count(s => s.Offers("app.archive") && s.Says(name)));
        }
        Assert.Equal(rounds, office.CatalogueCommits().Count(c => c.StartsWith("Grant", StringComparison.Ordinal)));

        static Task<Seen> SeesNewAsync(IPerson person) => person.SeesAsync(s => s.Offers("request.approve"), "the new request");
    }

    [Fact]
    public async Task One_rejects_while_the_other_approves_and_one_outcome_stands_on_all_cards()
    {
        await using var office = await Office.OpenAsync();
        var ada = office.Person("ada.keller");
        await ada.FilesAsync();
        var (business, security) = await office.SignersAsync();
        var (toBusiness, toSecurity) = (await business.SeesButtonAsync("request.approve"), await security.SeesButtonAsync("request.approve"));
        await Task.WhenAll(business.PressAsync(toBusiness, "request.approve"), security.PressAsync(toSecurity, "request.reject", new JsonObject { ["reason"] = Because }));
        Assert.Equal("rejected", (string)(await office.RequestsAsync()).Single()["state"]!);
        foreach (var person in new[] { business, security }) await person.SeesAsync(s => s.Says("wants to create") && s.Says("rejected") && !s.Offers("request.approve"), "the outcome");
        await ada.SeesAsync(Because);
    }

    [Fact]
    public async Task A_double_click_counts_once()
    {
        await using var office = await Office.OpenAsync();
        var ada = office.Person("ada.keller");
        var summary = await ada.SayAsync(Asking.Customers);
        var answers = await Task.WhenAll(ada.PressAsync(summary, "intake.submit"), ada.PressAsync(summary, "intake.submit"));
        Assert.All(answers, a => Assert.True(a.Says("Waiting for"), a.Words));
        Assert.Single(await office.RequestsAsync());

        var (business, security) = await office.SignersAsync();
        var card = await business.SeesButtonAsync("request.approve");
        answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => business.PressAsync(card, "request.approve")));
        Assert.All(answers, a => Assert.True(a.Says("You approved this"), a.Words));
        await ada.SeesAsync($"{office.Name(business)} approved it");
        Assert.Single(ada.Inbox, s => s.Says($"{office.Name(business)} approved it. {office.Name(security)} is still to answer."));
        var request = (await office.RequestsAsync()).Single();
        var events = (await office.GetAsync($"/api/audit?stream=request-{request["id"]}"))["events"]!.AsArray();
        Assert.Single(events, e => e!["record"]!.ToJsonString().Contains("approval-given", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_answers_somebody_elses_card_and_nobody_approves_their_own_request()
    {
        await using var office = await Office.OpenAsync();
        var (ada, jonas) = (office.Person("ada.keller"), office.Person("jonas.lindqvist"));
        await ada.FilesAsync();
        var (business, security) = await office.SignersAsync();
        var toBusiness = await business.SeesButtonAsync("request.approve");

        // The co-owner, the requester and a stranger with the button of Miriam's card in their hands
        foreach (var other in new[] { jonas, ada, office.Person("wei.zhang") })
        {
            var answer = await other.PressAsync(toBusiness, "request.approve");
            Assert.False(answer.Says("You approved this"), answer.Words);
        }
        // An approver of another role may look, and not sign
        Assert.False((await office.Person("carlos.mendes").PressAsync(toBusiness, "request.approve")).Says("You approved this"));
        Assert.DoesNotContain((await office.RequestsAsync()).Single()["seats"]!.AsArray(), s => s!["signed_by"] is not null);
        // And her card is still hers
        Assert.True((await business.PressAsync(toBusiness, "request.approve")).Says("You approved this"));
    }
}
