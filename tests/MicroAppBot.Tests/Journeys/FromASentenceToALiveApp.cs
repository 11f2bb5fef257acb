using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Journeys;

/// <summary>The main story: something is asked for in words, and becomes live in as many steps as its risk needs.</summary>
public sealed class FromASentenceToALiveApp
{
    [Theory]
    [InlineData(Over.Teams)]
    [InlineData(Over.Console)]
    [InlineData(Over.Slack)]
    [InlineData(Over.SlackSocket)]
    [InlineData(Over.Mixed)]
    public async Task One_good_sentence_and_one_click_make_a_low_risk_app_live(Over over)
    {
        await using var office = await Office.OpenAsync(over);
        var ada = office.Person("ada.keller");

        var summary = await ada.SayAsync(Asking.Campaigns);
        Assert.True(summary.Says("Low risk") && summary.Says("Nobody needs to be asked"), summary.Words);
        var granted = await ada.PressAsync(summary, "intake.submit");
        Assert.True(granted.Says("Approved at once"), granted.Words);
        var live = await ada.SeesButtonAsync("app.archive", "is live");

        // The sentence, and at most two clicks
        Assert.InRange(ada.Turns - 1, 1, 2);
        Assert.True(live.Says("campaigns-last-month"), live.Words);
        var app = await office.AppAsync("campaigns-last-month");
        Assert.Equal(("active", "low", "ada.keller"), ((string)app["state"]!, (string)app["tier"]!, (string)app["owner"]!));

        var manifest = JsonNode.Parse(office.CatalogueFile("campaigns-last-month", "manifest.json")!)!;
        Assert.Equal("campaigns-last-month", (string)manifest["app"]!["name"]!);
        Assert.Equal(["crm-campaigns"], manifest["integrations"]!.AsArray().Select(i => (string)i!["connector"]!));
        var report = JsonNode.Parse(office.CatalogueFile("campaigns-last-month", "policy-report.json")!)!;
        Assert.True((bool)report["allow"]!);
        Assert.Equal("low", (string)report["risk"]!["tier"]!);
        Assert.Equal(["Grant campaigns-last-month"], office.CatalogueCommits());
    }

    [Theory]
    [InlineData(Over.Teams)]
    [InlineData(Over.Console)]
    [InlineData(Over.Slack)]
    [InlineData(Over.SlackSocket)]
    [InlineData(Over.Mixed)]
    public async Task Customers_names_and_emails_need_a_business_owner_and_a_security_reviewer(Over over)
    {
        await using var office = await Office.OpenAsync(over);
        var ada = office.Person("ada.keller");

        var summary = await ada.SayAsync(Asking.Customers);
        Assert.True(summary.Says("Medium risk") && summary.Says("Business owner") && summary.Says("Security reviewer"), summary.Words);
        var status = await ada.PressAsync(summary, "intake.submit");
        var (business, security) = await office.SignersAsync();
        Assert.True(status.Says($"Waiting for {office.Name(business)} and {office.Name(security)}") && summary.Says(office.Name(business)) && summary.Says(office.Name(security)), status.Words);
        Assert.Empty(await office.AppsAsync());

        var toBusiness = await business.SeesButtonAsync("request.approve", "Ada Keller");
        var toSecurity = await security.SeesButtonAsync("request.approve", "Ada Keller");
        Assert.True(toBusiness.Says("You are asked because you are a business owner"), toBusiness.Words);
        Assert.True(toSecurity.Says("You are asked because you are a security reviewer"), toSecurity.Words);

        var signed = await business.PressAsync(toBusiness, "request.approve");
        Assert.True(signed.Says("You approved this") && !signed.Offers("request.approve"), signed.Words);
        // The reviewer's card and Ada's change where they stand
        await security.SeesAsync(s => s.MessageId == toSecurity.MessageId && s.Changes > 0 && s.Says("approved on "), "the other signature on their own card");
        await ada.SeesAsync(s => s.MessageId == status.MessageId && s.Changes > 0 && s.Says($"Waiting for {office.Name(security)}"), "who is still to answer");
        await ada.SeesAsync($"{office.Name(business)} approved it");

        await security.PressAsync(await security.SeesButtonAsync("request.approve"), "request.approve");
        foreach (var (person, message) in new[] { (ada, status.MessageId), (business, toBusiness.MessageId), (security, toSecurity.MessageId) })
        {
            await person.SeesAsync(s => s.MessageId == message && s.Changes > 0 && s.Says("Approved on ") && !s.Offers("request.approve") && !s.Offers("request.withdraw"), "the outcome on the card that was there");
        }
        await ada.SeesAsync(s => s.Says(office.Name(business)) && s.Says(office.Name(security)) && s.Says("approved it"), "who approved it");
        await ada.SeesButtonAsync("app.archive", "is live");
        Assert.Equal("active", (string)(await office.AppsAsync()).Single()["state"]!);
        // One card for each of them, and none twice
        Assert.Single(business.Inbox, s => s.Says("wants to create"));
        Assert.Single(security.Inbox, s => s.Says("wants to create"));
    }

    [Theory]
    [InlineData(Over.Teams)]
    [InlineData(Over.Console)]
    [InlineData(Over.Slack)]
    [InlineData(Over.SlackSocket)]
    [InlineData(Over.Mixed)]
    public async Task Salaries_go_to_security_compliance_and_infra_ops_and_only_into_an_approved_environment(Over over)
    {
        await using var office = await Office.OpenAsync(over);
        var fatima = office.Person("fatima.haddad");

        var where = await fatima.SayAsync(Asking.Salaries);
        var summary = await fatima.PressAsync(where, "intake.answer", new JsonObject { ["region"] = "eu" });
        Assert.True(summary.Says("High risk") && summary.Says("EU sovereign cloud") && !summary.Says("everybody in the company"), summary.Words);

        // Somewhere else it is refused outright, with the way out in words, and goes to nobody
        var environment = await fatima.PressAsync(summary, "Change Runs in");
        var stopped = await fatima.PressAsync(environment, "intake.answer", new JsonObject { ["environment"] = "internal-eu" });
        Assert.False(stopped.Offers("intake.submit"), stopped.Words);
        Assert.True(stopped.Says("How to mend it:") && stopped.Says("Run it in EU sovereign cloud"), stopped.Words);
        // Also where the button of the card before is pressed
        Assert.True((await fatima.PressAsync(summary, "intake.submit")).Says("How to mend it:"));
        Assert.DoesNotContain(await office.RequestsAsync(), r => r["seats"]!.AsArray().Count > 0);

        var again = await fatima.PressAsync(stopped, stopped.Offers("Change this") ? "Change this" : "Change Runs in");
        summary = await fatima.PressAsync(again, "intake.answer", new JsonObject { ["environment"] = "sovereign-eu" });
        var status = await fatima.PressAsync(summary, "intake.submit");
        Assert.True(status.Says("Waiting for"), status.Words);

        var request = (await office.RequestsAsync()).Single();
        Assert.Equal("high", (string)request["tier"]!);
        var seats = request["seats"]!.AsArray().ToDictionary(s => (string)s!["role"]!, s => (string)s!["asked"]!);
        Assert.Equal(["compliance", "infra-ops", "security"], seats.Keys.Order());
        foreach (var (role, asked) in seats)
        {
            Assert.Empty(await office.AppsAsync());
            var approver = office.Person(asked);
            var card = await approver.SeesButtonAsync("request.approve", "High risk");
            var signed = await approver.PressAsync(card, "request.approve");
            Assert.True(signed.Says("approved"), $"{role}: {signed.Words}");
        }
        await fatima.SeesButtonAsync("app.archive", "is live");
        Assert.Contains("sovereign-eu", office.CatalogueFile((string)request["name"]!, "manifest.json")!, StringComparison.Ordinal);
    }
}
