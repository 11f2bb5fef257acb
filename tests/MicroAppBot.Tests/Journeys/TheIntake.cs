using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Journeys;

/// <summary>From the opening words to a filed draft: never longer than six turns, and never lost.</summary>
public sealed class TheIntake
{
    private const int MostTurns = 6;

    [Fact]
    public async Task No_opening_takes_more_than_six_turns_and_nothing_is_asked_twice()
    {
        await using var office = await Office.OpenAsync();
        var openings = new (string Who, string Words)[]
        {
            ("ada.keller", "i need an app asap"),
            ("liam.doyle", "new"),
            ("wei.zhang", "hi, can you build something for me?"),
            ("fatima.haddad", Asking.Salaries),
            ("tomas.novak", "an app please"),
            ("liam.doyle", "We need a page that shows our customers' names and e-mail addresses from the CRM"),
            ("wei.zhang", "send our ledger totals every night to our auditor's webhook"),
            ("kwame.boateng", "a form where people ask for sick leave"),
            ("mateo.garcia", "something with data"),
            ("jonas.lindqvist", "our app for the people who visit us"),
            ("priya.raman", "a campaign page for the summer sale, live for 60 days with a cap of 900 USD"),
            ("tomas.novak", "🙂"),
        };
        foreach (var (who, words) in openings)
        {
            var person = office.Person(who);
            var before = person.Turns;
            var asked = new List<string>();
            var seen = await person.SayAsync(words);
            if (!seen.Offers("intake.answer") && !seen.Offers("intake.submit"))
            {
                // Not understood as a wish: the bot offers to take it as one
                seen = await person.PressAsync(seen, seen.Offers("say") ? "say" : "intake.start");
            }
            while (!seen.Offers("intake.submit") && person.Turns - before < MostTurns && !seen.Says("How to mend it"))
            {
                Assert.Empty(seen.Inputs.Keys.Intersect(asked));
                asked.AddRange(seen.Inputs.Keys);
                seen = await person.PressAsync(seen, "intake.answer", Plausible(seen));
            }
            Assert.True(seen.Offers("intake.submit") || seen.Says("How to mend it"), $"\"{words}\": {seen}");
            if (seen.Offers("intake.submit")) await person.PressAsync(seen, "intake.submit");
            else await person.PressAsync(seen, "intake.cancel");
            Assert.True(person.Turns - before <= MostTurns, $"\"{words}\" took {person.Turns - before} turns: {string.Join(", ", asked)}");
        }
    }

    [Fact]
    public async Task Back_cancel_and_start_over_work_as_buttons_and_as_words()
    {
        await using var office = await Office.OpenAsync();
        var ada = office.Person("ada.keller");
        var first = await ada.SayAsync("i need an app asap");
        var second = await ada.PressAsync(first, "intake.answer", Plausible(first));
        Assert.NotEqual(first.Inputs.Keys, second.Inputs.Keys);
        var back = await ada.PressAsync(second, "intake.back");
        Assert.Equal(first.Inputs.Keys, back.Inputs.Keys);
        // What was said is still there
        var answers = Plausible(first);
        foreach (var (key, value) in answers) Assert.Equal(value!.ToString(), back.Inputs[key]["value"]?.ToString());
        second = await ada.PressAsync(back, "intake.answer");
        Assert.Equal(first.Inputs.Keys, (await ada.SayAsync("back")).Inputs.Keys);

        var over = await ada.SayAsync("start over");
        Assert.False(over.Offers("intake.answer"), over.Words);
        await ada.SayAsync(Asking.Campaigns);
        Assert.True((await ada.SayAsync("cancel")).Says("Cancelled"));
        Assert.True((await ada.SayAsync("cancel")).Says("Nothing to cancel"));
        // A button of the draft that is gone
        var stale = await ada.PressAsync(second, "intake.answer", Plausible(second));
        Assert.False(stale.Offers("intake.answer") || stale.Offers("intake.submit"), stale.Words);
        Assert.Empty(await office.RequestsAsync());
    }

    [Fact]
    public async Task A_summary_files_what_it_shows_and_nothing_else()
    {
        await using var office = await Office.OpenAsync();
        var ada = office.Person("ada.keller");
        var old = await ada.SayAsync(Asking.Campaigns);
        await ada.SayAsync("make it 14 days");
        var stale = await ada.PressAsync(old, "intake.submit");
        Assert.True(stale.Says("changed since") && stale.Says("14 days") && stale.Offers("intake.submit"), stale.Words);
        Assert.Empty(await office.RequestsAsync());

        await ada.SayAsync("cancel");
        await ada.SayAsync(Asking.Customers);
        foreach (var verb in new[] { "intake.submit", "intake.cancel" })
        {
            stale = await ada.PressAsync(old, verb);
            Assert.True(stale.Says("not open any more") && stale.Says("Medium risk"), stale.Words);
        }
        Assert.Empty(await office.RequestsAsync());
        Assert.True((await ada.PressAsync(stale, "intake.submit")).Says("Waiting for"));
    }

    [Fact]
    public async Task Any_answer_is_changed_from_the_summary_by_click_or_in_words()
    {
        await using var office = await Office.OpenAsync();
        var ada = office.Person("ada.keller");
        var summary = await ada.SayAsync(Asking.Campaigns);
        var question = await ada.PressAsync(summary, "Change Monthly cap");
        Assert.Equal(["costCapUsd"], question.Inputs.Keys);
        var wrong = await ada.PressAsync(question, "intake.answer", new JsonObject { ["costCapUsd"] = "lots" });
        Assert.True(wrong.Says("⚠️") && wrong.Inputs.ContainsKey("costCapUsd"), wrong.Words);
        summary = await ada.PressAsync(wrong, "intake.answer", new JsonObject { ["costCapUsd"] = 80 });
        Assert.True(summary.Says("80 USD a month"), summary.Words);
        summary = await ada.SayAsync("make it 14 days, and Priya is the co-owner");
        Assert.True(summary.Says("14 days") && summary.Says("Priya Raman"), summary.Words);
        // The same thing is not asked again, and the rest stays
        Assert.True(summary.Says("80 USD a month") && summary.Says("CRM campaigns"), summary.Words);
        Assert.True((await ada.SayAsync("make it 14 days")).Says("Nothing changed"));
        summary = await ada.SayAsync("make it 10 days and 90 dollars");
        Assert.True(summary.Says("10 days") && summary.Says("90 USD a month"), summary.Words);
        summary = await ada.SayAsync("run it in internal us");
        Assert.True(summary.Says("Internal US") && !summary.Says("internal-us"), summary.Words);
        await ada.SayAsync("run it in internal eu");
        await ada.SayAsync("14 days and 80 dollars");
        await ada.SayAsync("go ahead");
        await ada.SeesButtonAsync("app.archive", "is live");
        var manifest = JsonNode.Parse(office.CatalogueFile("campaigns-last-month", "manifest.json")!)!;
        Assert.Equal((80, 14, "priya.raman"), ((int)manifest["cost"]!["cap_usd"]!, (int)manifest["lifecycle"]!["ttl_days"]!, (string)manifest["app"]!["co_owner"]!));
    }

    [Fact]
    public async Task After_a_restart_days_later_it_goes_on_in_the_same_place()
    {
        await using var office = await Office.OpenAsync();
        var ada = office.Person("ada.keller");
        var question = await ada.SayAsync("i need an app asap");
        var second = await ada.PressAsync(question, "intake.answer", Plausible(question));

        await office.Bot.KillAsync();
        await office.Bot.StartAgainAsync();
        await office.AdvanceAsync(4);

        var again = await ada.SayAsync("continue");
        Assert.Equal(second.Inputs.Keys, again.Inputs.Keys);
        // The card of before the restart works too
        var third = await ada.PressAsync(second, "intake.answer", Plausible(second));
        Assert.NotEqual(second.Inputs.Keys, third.Inputs.Keys);
        Assert.True(third.Offers("intake.answer") || third.Offers("intake.submit"), third.Words);
    }

    [Fact]
    public async Task What_was_begun_in_teams_goes_on_in_the_console()
    {
        await using var office = await Office.OpenAsync();
        var inTeams = office.Person("ada.keller");
        var question = await inTeams.SayAsync("i need an app asap");
        var second = await inTeams.PressAsync(question, "intake.answer", Plausible(question));

        var inConsole = new ConsolePerson("ada.keller", office.Bot.Http);
        var seen = await inConsole.SayAsync("continue");
        Assert.Equal(second.Inputs.Keys, seen.Inputs.Keys);
        while (!seen.Offers("intake.submit")) seen = await inConsole.PressAsync(seen, "intake.answer", Plausible(seen));
        await inConsole.PressAsync(seen, "intake.submit");
        await inConsole.SeesButtonAsync("app.archive", "is live");
        // The button of the card in Teams tells the truth
        Assert.False((await inTeams.PressAsync(second, "intake.answer", Plausible(second))).Offers("intake.submit"));
        Assert.Single(await office.RequestsAsync());
    }

    [Fact]
    public async Task Many_who_talk_at_once_never_mix()
    {
        await using var office = await Office.OpenAsync();
        string[] people = ["ada.keller", "jonas.lindqvist", "priya.raman", "miriam.osei", "tomas.novak", "mateo.garcia", "fatima.haddad", "kwame.boateng"];
        await Task.WhenAll(people.Select(async (id, n) =>
        {
            var person = office.Person(id);
            for (var round = 0; round < 3; round++)
            {
                var name = $"page-{n}-{round}";
                var seen = await person.SayAsync("i need an app asap");
                while (!seen.Offers("intake.submit")) seen = await person.PressAsync(seen, "intake.answer", Plausible(seen, purpose: $"It is {id}'s own for round {round}"));
                seen = await person.RenamesAsync(seen, name);
                Assert.True(seen.Says(name) && seen.Says($"{id}'s own for round {round}"), seen.Words);
                await person.PressAsync(seen, "intake.submit");
                await person.SeesAsync(s => s.Offers("app.archive") && s.Says(name), $"{name} live");
            }
        }));

        var apps = await office.AppsAsync();
        Assert.Equal(people.Length * 3, apps.Count);
        foreach (var (id, n) in people.Select((id, n) => (id, n)))
        {
            Assert.Equal([$"page-{n}-0", $"page-{n}-1", $"page-{n}-2"], apps.Where(a => (string)a["owner"]! == id).Select(a => (string)a["name"]!).Order());
            // Nobody else's draft was ever seen
            Assert.DoesNotContain(office.Person(id).Inbox, s => people.Any(other => other != id && s.Says($"{other}'s own")) && !s.Says("with "));
        }
    }

    /// <summary>Somebody who fills in what is asked and picks the first of what is offered, or what is proposed.</summary>
    private static JsonObject Plausible(Seen card, string purpose = "Our visitors' list for the front desk")
    {
        var answers = new JsonObject();
        foreach (var (id, input) in card.Inputs)
        {
            if (input["value"]?.ToString() is { Length: > 0 }) continue;
            answers[id] = id switch
            {
                "purpose" or "justification" => purpose,
                "destination" => "hooks.partner.example.org",
                "costCentre" => "OPS-810",
                "data" => "usage-metrics",
                "connectors" => "warehouse-readonly",
                "template" => "internal-dashboard",
                _ => (string?)input["choices"]?[0]?["value"] ?? "7",
            };
        }
        return answers;
    }
}
