using System.Text.Json.Nodes;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Desk;

namespace MicroAppBot.Tests.Conversation;

/// <summary>"why", by those who may know and by those who may not: an answer, and never a new app.</summary>
public sealed class WhyTests : IAsyncDisposable
{
    private const string Campaigns = "I need a page where the marketing team sees which campaigns ran last month";
    private readonly FrontDesk desk = new();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Fact]
    public async Task Why_finds_an_open_request_by_its_name_for_whoever_asked_and_whoever_signs()
    {
        var request = await desk.MediumRequestAsync();
        // What was talked about last is another thing by now
        await desk.LiveAppAsync(words: "A form to book the demo van, the fleet manager approves");
        foreach (var who in (string[])["ada.keller", request.Seats[0].AskedId!])
        {
            foreach (var words in (string[])[$"why {request.File.Manifest.App.Title}", $"Why {request.File.Manifest.App.Title}?", $"why {request.File.Manifest.App.Name}"])
            {
                var why = await desk.SayAsync(who, words);
                Assert.True(why.Says("Medium risk") && why.Says("nobody yet") && !why.Offers("intake.submit"), $"{who}, {words}: {why}");
            }
        }
        var only = await desk.SayAsync(request.Seats[0].AskedId!, "why");
        Assert.True(only.Says("nobody yet"), only.ToString());
    }

    [Fact]
    public async Task Why_of_somebody_elses_app_starts_no_app_and_tells_nothing_of_it()
    {
        await desk.LiveAppAsync();
        var request = await desk.MediumRequestAsync();
        foreach (var name in (string[])["campaigns last month", request.File.Manifest.App.Title!, "website visits"])
        {
            var seen = await desk.SayAsync("liam.doyle", $"why {name}");
            Assert.True(seen.Says("You have no app called") && !seen.Says("risk"), seen.ToString());
        }
        Assert.True((await desk.SayAsync("liam.doyle", "cancel")).Says("Nothing to cancel"));
    }

    [Fact]
    public async Task Why_answers_no_question_of_the_draft_that_is_open()
    {
        await desk.LiveAppAsync();
        var asked = await desk.SayAsync("ada.keller", "I need a page where marketing sees newsletter sign-ups");
        Assert.True(asked.Says("Where does its data come from?"), asked.ToString());

        Assert.True((await desk.SayAsync("ada.keller", "why campaigns last month")).Says("nobody had to be asked"));
        Assert.True((await desk.SayAsync("ada.keller", "why website visits")).Says("I do not know an app of yours"));
        Assert.True((await desk.SayAsync("ada.keller", "continue")).Says("Where does its data come from?"));
    }

    [Fact]
    public async Task Rules_that_halt_are_told_to_the_governance_admins_once_and_what_was_said_comes_back_with_one_click()
    {
        var halting = new Halting();
        await using var here = new FrontDesk(halting);
        var sorry = await here.SayAsync("ada.keller", Campaigns);
        Assert.True(sorry.Says("I cannot check the rules right now"), sorry.ToString());
        await here.SayAsync("ada.keller", Campaigns);

        foreach (var person in FrontDesk.Content.People.Values)
        {
            var told = (await here.Store.MessagesForAsync(person.Id, FrontDesk.Cancel)).Select(m => m.Body).OfType<OutboxBody.Say>().ToList();
            if (!person.Has("governance-admin")) Assert.Empty(told);
            else Assert.Contains("cost.rego:2:1: eval_conflict_error", Assert.Single(told).CardData!.ToJsonString(), StringComparison.Ordinal);
        }

        halting.IsMended = true;
        var again = (JsonObject)sorry.Button("Try again")!["data"]!.DeepClone();
        Assert.True((await here.PressAsync("ada.keller", "say", again)).Offers("intake.submit"));
    }

    private sealed class Halting : IPolicies
    {
        public bool IsMended { get; set; }

        public Governance.Verdicts.PolicyNumbers Numbers => FrontDesk.Rules.Numbers;

        public Governance.Catalogue.ServiceCatalogue Catalogue => FrontDesk.Rules.Catalogue;

        public string Revision => FrontDesk.Rules.Revision;

        public Governance.Verdicts.PolicyReport Judge(Governance.Manifests.Manifest manifest) => IsMended ? FrontDesk.Rules.Judge(manifest)
            : throw new CouldNotJudgeException("The rules halted: policies/cost.rego:2:1: eval_conflict_error: complete rules must not produce multiple outputs") { IsAboutOne = true };
    }
}
