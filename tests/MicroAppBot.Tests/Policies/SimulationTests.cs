using System.Net;
using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.Notices;
using MicroAppBot.Commands;
using MicroAppBot.Content;
using MicroAppBot.Desk;
using MicroAppBot.Policies;
using MicroAppBot.Policies.Bundles;
using MicroAppBot.Policies.Simulation;
using MicroAppBot.Stores.LiteDb;
using MicroAppBot.Tests.Desk;
using MicroAppBot.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Policies;

/// <summary>A changed rulebook against everything that is there: at the terminal, over HTTP and in chat, with time for those whom it would stop.</summary>
public sealed class SimulationTests : IAsyncDisposable
{
    private const string NoCampaigns = """

        findings contains {
        	"rule": "integration.campaigns",
        	"level": "hard",
        	"message": "Campaign figures move to another system.",
        	"fix": "Use the warehouse instead of the campaigns of the CRM.",
        	"field": "/integrations",
        } if {
        	some integration in input.integrations
        	integration.connector == "crm-campaigns"
        }
        """;

    /// <summary>A fault at run time, for one of them only.</summary>
    private const string OnlyForCampaigns = """

        findings contains {"rule": "x.y", "level": "hard", "message": word(integration.connector), "fix": "", "field": "/"} if some integration in input.integrations

        word(id) := "one" if contains(id, "campaigns")

        word(id) := "other" if contains(id, "crm-campaigns")
        """;

    private readonly ScratchFolder proposed = ScratchFolder.OfContent();
    private readonly ContentInForce content = new(FrontDesk.Content);
    private readonly RulesOfTheDay rules = new() { Now = FrontDesk.Rules };
    private readonly FrontDesk desk;

    public SimulationTests() => desk = new FrontDesk(rules, new ProposedRules(content, proposed.Root));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await desk.DisposeAsync();
        proposed.Dispose();
    }

    [Fact]
    public async Task In_chat_a_governance_admin_sees_who_would_be_stopped_and_gives_them_time()
    {
        var app = await desk.LiveAppAsync();
        var open = await desk.MediumRequestAsync("tomas.novak", "I need a dashboard of customer names and e-mails from the CRM for the sales team");
        Propose(NoCampaigns);

        var shown = await desk.SayAsync("samuel.cohen", "what would change");
        Assert.True(shown.Says("Would fail: 1 live app"), shown.ToString());
        Assert.True(shown.Says("Stays as it is: 1 open request"), shown.ToString());
        Assert.True(shown.Says("Campaign figures move to another system"), shown.ToString());
        Assert.True(shown.Says("→ Use the warehouse instead"), shown.ToString());
        Assert.True(shown.Says("campaigns-last-month · Ada Keller"), shown.ToString());
        Assert.True(shown.Says("I tell Ada Keller and Jonas Lindqvist what to change"), shown.ToString());
        Assert.Null((await desk.AppAsync(app.File.Id))!.File.Graces);

        var given = await desk.PressAsync("samuel.cohen", shown, "Give its owner 30 days");
        Assert.True(given.Says("Their owners know"), given.ToString());
        await desk.FlushAsync(Cancel);
        var told = desk.Told.Where(t => t.Notice.Kind == NoticeKind.NewRule).ToList();
        Assert.Equal(new[] { app.File.Manifest.App.Owner!, app.File.Manifest.App.CoOwner! }.Order(), told.Select(t => t.Notice.ToId).Order());
        Assert.All(told, t => Assert.True(t.Seen.Says("Use the warehouse instead"), t.Seen.ToString()));
        Assert.All(told, t => Assert.True(t.Seen.Says("you have until"), t.Seen.ToString()));

        Assert.True((await desk.PressAsync("samuel.cohen", shown, "Give its owner 30 days")).Says("That is so already"));
        Assert.Single((await desk.AppAsync(app.File.Id))!.File.Graces!);
        Assert.NotNull(open);
        Assert.Contains(await desk.Store.EventsAsync(Streams.OfApp(app.File.Id), Cancel), e => e.Json.Contains("grace-given", StringComparison.Ordinal));
        Assert.True((await new AuditVerifier(desk.Store, AuditFolds.Governance).VerifyAsync(Cancel)).IsSound);
    }

    [Fact]
    public async Task With_time_given_the_app_is_renewed_by_the_new_rules_and_after_it_is_not()
    {
        var app = await desk.LiveAppAsync();
        Propose(NoCampaigns);
        await desk.PressAsync("samuel.cohen", await desk.SayAsync("samuel.cohen", "simulate"), "Give its owner 30 days");
        rules.Now = InProcessPolicies.Compile(ProposedRules.Load(FrontDesk.Content.Root, proposed.Root));
        Assert.False(rules.Judge(app.File.Manifest).Allow);

        await desk.AdvanceAsync(25);
        await RenewAsync(app);
        var renewed = (await desk.AppAsync(app.File.Id))!;
        Assert.True(renewed.File.ExpiresAt > app.File.ExpiresAt, "It was renewed inside its time.");

        await desk.AdvanceAsync(6);
        Assert.Null((await desk.AppAsync(app.File.Id))!.File.Graces);
        Assert.IsType<MicroApp.Active>(await desk.AppAsync(app.File.Id));
        Assert.Contains(desk.Told, t => t.Notice.Kind == NoticeKind.NewRule && t.Seen.Says("counts for") && t.Seen.Says("Use the warehouse instead"));
        await RenewAsync(app);
        Assert.Equal(renewed.File.ExpiresAt, (await desk.AppAsync(app.File.Id))!.File.ExpiresAt);
    }

    [Fact]
    public async Task An_app_that_fits_when_its_time_is_over_is_not_bothered_again()
    {
        await desk.LiveAppAsync();
        Propose(NoCampaigns);
        await desk.PressAsync("samuel.cohen", await desk.SayAsync("samuel.cohen", "simulate"), "Give its owner 30 days");
        await desk.FlushAsync(Cancel);
        var before = desk.Told.Count(t => t.Notice.Kind == NoticeKind.NewRule);

        // The rules were never put in force
        await desk.AdvanceAsync(29.9);
        await RenewAsync((await desk.Desk.Look(Cancel).AppsAsync(new SnapshotQuery()))[0]);
        await desk.AdvanceAsync(1);

        Assert.DoesNotContain(desk.Told, t => t.Notice.Kind == NoticeKind.NewRule && t.Notice.Detail["because"] is "counts" or "over");
        Assert.Equal(["ada.keller", "ada.keller", "ada.keller", "jonas.lindqvist"], desk.Told.Where(t => t.Notice.Kind == NoticeKind.NewRule).Skip(before).Select(t => t.Notice.ToId).Order());
    }

    [Fact]
    public async Task A_card_about_rules_that_changed_since_gives_no_time_and_shows_how_they_stand()
    {
        var app = await desk.LiveAppAsync();
        Propose(NoCampaigns);
        var shown = await desk.SayAsync("samuel.cohen", "simulate");
        Propose(NoCampaigns.Replace("crm-campaigns", "ticketing", StringComparison.Ordinal));

        var again = await desk.PressAsync("samuel.cohen", shown, "Give its owner 30 days");

        Assert.True(again.Says("Nothing changes for anybody"), again.ToString());
        Assert.Null((await desk.AppAsync(app.File.Id))!.File.Graces);
    }

    [Fact]
    public async Task It_is_for_governance_admins_only_and_says_what_is_missing_or_broken()
    {
        foreach (var words in (string[])["simulate", "simulate from-2", "give grace", "give grace rules-12345678", "grace campaigns", "take grace back", "take grace back rules-12345678"])
            Assert.True((await desk.SayAsync("ada.keller", words)).Says("for the governance team"), words);

        proposed.Write("policies/cost.rego", proposed.Read("policies/cost.rego") + "\nbroken(");
        Assert.True((await desk.SayAsync("samuel.cohen", "simulate")).Says("policies/cost.rego:"));
        proposed.Write("policies/cost.rego", proposed.Read("policies/cost.rego")[..^8] + "\nfindings contains nowhere\n");
        Assert.True((await desk.SayAsync("samuel.cohen", "simulate")).Says("findings contains nowhere"), "The line stands below its place.");

        await using var nothing = new FrontDesk(proposal: new ProposedRules(content, null));
        Assert.True((await nothing.SayAsync("samuel.cohen", "simulate")).Says("No rules are proposed"));
    }

    [Fact]
    public async Task At_the_terminal_it_says_the_same_in_words_and_in_JSON_with_an_exit_code_for_each_outcome()
    {
        var data = Directory.CreateTempSubdirectory("simulated-");
        try
        {
            await using (var store = LiteDbStore.Open(new LiteDbSettings(data.FullName), TimeProvider.System, NullLogger<LiteDbStore>.Instance)) await CopyAsync(store);

            Assert.Equal((0, true), Ran(data.FullName, proposed.Root, "Nothing changes for anybody."));
            Propose(NoCampaigns);
            Assert.Equal((1, true), Ran(data.FullName, proposed.Root, "Would fail (1)"));
            Assert.Equal((1, true), Ran(data.FullName, Path.Combine(proposed.Root, "policies"), "→ Use the warehouse instead of the campaigns of the CRM."));
            var json = JsonNode.Parse(Run(data.FullName, proposed.Root, "--format", "json").Output)!;
            Assert.Equal("integration.campaigns", (string?)json["fails"]![0]!["findings"]![0]!["rule"]);
            Assert.Equal((1, 1, 2), ((int)json["counts"]!["stopped"]!, (int)json["counts"]!["same"]!, json["counts"]!.AsObject().Sum(c => (int)c.Value!)));
            var csv = Run(data.FullName, proposed.Root, "--format", "csv").Output.Split("\r\n");
            Assert.StartsWith("outcome,what,name", csv[0], StringComparison.Ordinal);
            Assert.StartsWith("stopped,app,campaigns-last-month,Campaigns last month,Ada Keller,", csv[1], StringComparison.Ordinal);
            Assert.StartsWith("same,request,", csv[2], StringComparison.Ordinal);
            Assert.Equal((1, 1), ((int)json["judged"]!["apps"]!, (int)json["judged"]!["requests"]!));

            Propose("");
            proposed.Write("policies/data.json", proposed.Read("policies/data.json").Replace("\"medium\": [{\"role\": \"business-owner\", \"count\": 1}", "\"medium\": [{\"role\": \"compliance\", \"count\": 1}, {\"role\": \"business-owner\", \"count\": 1}", StringComparison.Ordinal));
            Assert.Equal((2, true), Ran(data.FullName, proposed.Root, "Would need new signatures (1)"));

            Propose(OnlyForCampaigns);
            Assert.Equal((1, true), Ran(data.FullName, proposed.Root, "Could not be judged (1)"));
            Assert.Equal((1, true), Ran(data.FullName, proposed.Root, "eval_conflict_error"));
            json = JsonNode.Parse(Run(data.FullName, proposed.Root, "--format", "json").Output)!;
            Assert.Contains("eval_conflict_error", (string?)json["not_judged"]![0]!["why"], StringComparison.Ordinal);
            Propose("");

            proposed.Write("policies/cost.rego", proposed.Read("policies/cost.rego") + "\nbroken(");
            Assert.Equal((3, true), Ran(data.FullName, proposed.Root, "policies/cost.rego:"));
            Assert.Equal(3, Run(data.FullName, Path.Combine(proposed.Root, "nowhere")).Code);
            Assert.Equal(4, Run(Path.Combine(data.FullName, "elsewhere"), AppContext.BaseDirectory).Code);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_running_bot_is_asked_and_forgets_the_rules_again()
    {
        await desk.LiveAppAsync();
        Propose(NoCampaigns);
        using var data = new ScratchFolder();
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Data:Folder"] = data.Root }).Build();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(content).AddSingleton(new BundledContent(AppContext.BaseDirectory, settings)).AddSingleton<IPolicies>(rules).AddSingleton(desk.Store).AddSingleton<IDirectory>(desk.Directory);
        await using var app = builder.Build();
        app.MapGroup("").AddEndpointFilter(new ApiGuard("secret", development: false)).MapSimulation();
        await app.StartAsync(Cancel);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var bundle = BundleWriter.Pack(BundleWriter.FilesOf(ProposedRules.Load(AppContext.BaseDirectory, proposed.Root)));

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsync("/api/policy/simulate", new ByteArrayContent(bundle), Cancel)).StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", "secret");
        using var answer = await http.PostAsync("/api/policy/simulate", new ByteArrayContent(bundle), Cancel);
        var said = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!;
        Assert.Equal(1, (int)said["exit"]!);
        Assert.Contains("Would fail (1)", (string?)said["words"], StringComparison.Ordinal);
        Assert.Equal(FrontDesk.Content.Revision, content.Now.Revision);
        Assert.Empty(Directory.GetDirectories(Path.Combine(data.Root, "bundles")));

        using var broken = await http.PostAsync("/api/policy/simulate", new ByteArrayContent("no bundle"u8.ToArray()), Cancel);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, broken.StatusCode);
    }

    [Fact]
    public async Task What_the_proposed_rules_cannot_judge_is_listed_as_such_and_given_no_time()
    {
        await desk.LiveAppAsync();
        await desk.LiveAppAsync(words: "Every Friday pick a random lunch place for our team");
        Propose(OnlyForCampaigns);

        var shown = await desk.SayAsync("samuel.cohen", "simulate");

        Assert.True(shown.Says("Could not be judged: 1 live app") && shown.Says("Stays as it is: 1 live app"), shown.ToString());
        Assert.True(shown.Says("nothing could be approved for it") && shown.Says("eval_conflict_error"), shown.ToString());
        Assert.True(shown.Says("Mend them before you put them in force"), shown.ToString());
        Assert.Null(shown.Button("Give its owner 30 days"));
    }

    [Fact]
    public async Task Why_people_would_have_to_sign_and_what_becomes_of_a_signature_is_said_in_words()
    {
        await desk.LiveAppAsync();
        var open = await desk.MediumRequestAsync("tomas.novak", "I need a dashboard of customer names and e-mails from the CRM for the sales team");
        var signer = open.Seats.First(s => s.Role == Governance.People.Role.Security).AskedId!;
        await desk.PressAsync(signer, "request.approve", new JsonObject { ["request"] = open.File.Id, ["version"] = open.File.Round });
        var data = proposed.Read("policies/data.json");

        proposed.Write("policies/data.json", data.Replace("\"cap_usd\": 500", "\"cap_usd\": 40", StringComparison.Ordinal));
        var shown = await desk.SayAsync("samuel.cohen", "simulate");
        Assert.True(shown.Says("limits.cap_usd is 40 (was 500)"), shown.ToString());
        Assert.True(shown.Says("When it is next renewed or changed, a business owner and a security reviewer would have to sign."), shown.ToString());
        Assert.True(shown.Says("is above the 40 USD that need no signature"), shown.ToString());
        Assert.True(shown.Says("Its tier: low → medium") && shown.Says("1 of these changes tier: 1 from low to medium."), shown.ToString());

        proposed.Write("policies/data.json", data.Replace("\"medium\": [{\"role\": \"business-owner\", \"count\": 1}", "\"medium\": [{\"role\": \"compliance\", \"count\": 1}, {\"role\": \"business-owner\", \"count\": 1}", StringComparison.Ordinal));
        shown = await desk.SayAsync("samuel.cohen", "simulate");
        Assert.True(shown.Says("approvals.medium is compliance, business-owner and security (was business-owner and security)"), shown.ToString());
        Assert.True(shown.Says("A compliance reviewer would be asked as well") && shown.Says("signature stays"), shown.ToString());

        proposed.Write("policies/data.json", data);
        Propose(NoCampaigns.Replace("crm-campaigns", "crm-contacts", StringComparison.Ordinal));
        shown = await desk.SayAsync("samuel.cohen", "simulate");
        Assert.True(shown.Says("signed already. It would be stopped at the last signature"), shown.ToString());
        Assert.Null(shown.Button("Give its owner 30 days"));
        Assert.True((await desk.SayAsync("samuel.cohen", "give grace")).Says("That is so already"), "An open request needs no time: its author changes it.");
    }

    [Fact]
    public async Task Archived_apps_are_left_out_and_that_is_said()
    {
        var app = await desk.LiveAppAsync();
        await desk.PressAsync("ada.keller", "app.archive", new JsonObject { ["app"] = app.File.Id });
        await desk.FlushAsync(Cancel);
        Propose(NoCampaigns);

        var shown = await desk.SayAsync("samuel.cohen", "simulate");

        Assert.True(shown.Says("Nothing changes for anybody"), shown.ToString());
        Assert.True(shown.Says("Left out: 1 archived app and drafts."), shown.ToString());
    }

    [Fact]
    public async Task A_large_fleet_stays_one_short_card_with_the_rest_a_button_or_a_table_away()
    {
        const int Fleet = 2000;
        var app = await desk.LiveAppAsync();
        await CloneAsync(app, Fleet - 1);
        Propose(NoCampaigns);
        var watch = System.Diagnostics.Stopwatch.StartNew();

        var reply = await desk.TakeAsync("samuel.cohen", new Said.Text("simulate"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{Fleet} apps rehearsed in {watch.ElapsedMilliseconds} ms");
        var shown = FrontDesk.First(reply);

        Assert.True(shown.Says("Would fail: 2,000 live apps"), shown.ToString());
        Assert.True(shown.Says("These are 1 to 6 of 2000") && shown.Says("--format csv"), shown.ToString());
        Assert.True(shown.Card!.ToJsonString().Length < 12_000, $"{shown.Card!.ToJsonString().Length} characters");
        var next = await desk.PressAsync("samuel.cohen", shown, "Show the next 6");
        Assert.True(next.Says("These are 7 to 12 of 2000"), next.ToString());

        watch.Restart();
        var given = await desk.PressAsync("samuel.cohen", shown, "Give their owners 30 days");
        TestContext.Current.TestOutputHelper?.WriteLine($"{Fleet} apps given time in {watch.ElapsedMilliseconds} ms");
        Assert.True(given.Says("and 1995 more have until"), given.ToString());
        Assert.True((await desk.SayAsync("samuel.cohen", "grace campaigns")).Says("2000 of 2,000 apps do not fit yet"));
        Assert.True((await desk.SayAsync("samuel.cohen", "give grace")).Says("That is so already"));
        Assert.True((await desk.SayAsync("samuel.cohen", "take grace back")).Says("and 1995 more have no more time"));
        Assert.True((await desk.SayAsync("samuel.cohen", "grace campaigns")).Says("Nobody has time"));
    }

    [Fact]
    public async Task Who_has_time_is_seen_with_who_fits_already_and_it_can_be_taken_back()
    {
        var (one, two) = await TwoAppsAsync();
        Assert.True((await desk.SayAsync("samuel.cohen", "grace campaigns")).Says("Nobody has time for a new rule"));
        Propose(NoCampaigns);
        await desk.PressAsync("samuel.cohen", await desk.SayAsync("samuel.cohen", "simulate"), "Give their owners 30 days");

        var seen = await desk.SayAsync("samuel.cohen", "who has time");
        Assert.True(seen.Says("2 of 2 apps do not fit yet") && seen.Says("proposed, not in force yet") && seen.Says("given by Samuel Cohen"), seen.ToString());
        // Said once more, on another day, it is the same campaign
        await desk.AdvanceAsync(1);
        Assert.True((await desk.SayAsync("samuel.cohen", "simulate")).Says("It has time for this already"));
        Assert.True((await desk.SayAsync("samuel.cohen", "give grace")).Says("That is so already"));

        await ChangeAsync(one, m => m with { Integrations = [], Network = m.Network with { AllowedDestinations = [] }, Access = m.Access with { Roles = [] } });
        seen = await desk.SayAsync("samuel.cohen", "grace campaigns");
        Assert.True(seen.Says("1 of 2 apps does not fit yet") && seen.Says("Fit already: 1 app"), seen.ToString());

        await desk.FlushAsync(Cancel);
        var before = desk.Told.Count;
        var taken = await desk.PressAsync("samuel.cohen", seen, "Take the time back");
        Assert.True(taken.Says("The time is taken back"), taken.ToString());
        await desk.FlushAsync(Cancel);
        Assert.All(desk.Told.Skip(before).Where(t => t.Notice.Kind == NoticeKind.NewRule), t => Assert.True(t.Seen.Says("you need not change anything"), t.Seen.ToString()));
        Assert.Null((await desk.AppAsync(two.File.Id))!.File.Graces);
        Assert.True((await desk.PressAsync("samuel.cohen", seen, "Take the time back")).Says("That is so already"));
        Assert.True((await new AuditVerifier(desk.Store, AuditFolds.Governance).VerifyAsync(Cancel)).IsSound);
    }

    [Fact]
    public async Task Under_the_rules_in_force_mending_the_app_ends_its_time_and_reminders_and_the_admin_hears_who_did_not()
    {
        var (mended, left) = await TwoAppsAsync();
        Propose(NoCampaigns);
        await desk.PressAsync("samuel.cohen", await desk.SayAsync("samuel.cohen", "simulate"), "Give their owners 30 days");
        rules.Now = InProcessPolicies.Compile(ProposedRules.Load(FrontDesk.Content.Root, proposed.Root));

        await ChangeAsync(mended, m => m with { Integrations = [], Network = m.Network with { AllowedDestinations = [] }, Access = m.Access with { Roles = [] } });
        Assert.NotNull(Assert.Single((await desk.AppAsync(mended.File.Id))!.File.Graces!).MetAt);
        Assert.Contains(desk.Told, t => t.Seen.Says("fits the new rule now"));

        await desk.AdvanceAsync(25);
        await RenewAsync(mended);
        await RenewAsync(left);
        var before = desk.Told.Count;
        await desk.AdvanceAsync(6);
        var after = desk.Told.Skip(before).Where(t => t.Notice.Kind == NoticeKind.NewRule).ToList();
        Assert.DoesNotContain(after, t => t.Notice.AppId == mended.File.Id);
        Assert.Contains(after, t => t.Notice.AppId == left.File.Id && t.Notice.Detail["because"] == "soon" && t.Seen.Says("still does not fit the new rule"));
        Assert.True(Assert.Single(after, t => t.Notice.ToId == "samuel.cohen").Seen.Says("does not fit it"));
    }

    [Fact]
    public async Task The_news_of_a_rule_has_a_button_by_which_the_owner_mends_the_app_and_is_done()
    {
        var app = await desk.LiveAppAsync();
        Propose(NoCampaigns);
        await desk.PressAsync("samuel.cohen", await desk.SayAsync("samuel.cohen", "simulate"), "Give its owner 30 days");
        await desk.FlushAsync(Cancel);
        rules.Now = InProcessPolicies.Compile(ProposedRules.Load(FrontDesk.Content.Root, proposed.Root));
        var news = desk.Told.Last(t => t.Notice is { Kind: NoticeKind.NewRule, ToId: "ada.keller" }).Seen;

        await desk.PressAsync("ada.keller", news, "Change it");
        await desk.PressAsync("ada.keller", "intake.edit", new JsonObject { ["slot"] = "connectors" });
        var summary = await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["connectors"] = "warehouse-readonly" });
        Assert.True(summary.Says("Change it") && !summary.Says("Campaign figures move"), summary.ToString());
        await desk.PressAsync("ada.keller", summary, "intake.submit");
        await desk.FlushAsync(Cancel);

        Assert.NotNull(Assert.Single((await desk.AppAsync(app.File.Id))!.File.Graces!).MetAt);
        Assert.True(desk.Told.Last(t => t.Notice is { Kind: NoticeKind.NewRule, ToId: "ada.keller" }).Seen.Says("Nothing is left for you to do"));
    }

    [Fact]
    public async Task Why_says_what_is_about_to_change_and_what_changed_since_to_whom_it_concerns()
    {
        await desk.LiveAppAsync();
        Propose(NoCampaigns);
        await desk.PressAsync("samuel.cohen", await desk.SayAsync("samuel.cohen", "simulate"), "Give its owner 30 days");

        var coming = await desk.SayAsync("ada.keller", "why campaigns-last-month");
        Assert.True(coming.Says("About to change: Campaign figures move to another system.") && coming.Says("A rule changes, and it has time to follow."), coming.ToString());
        Assert.True(coming.Says($"Rulebook {FrontDesk.Content.Revision[..12]}"), coming.ToString());
        Assert.Null(coming.Button("Which rule said so"));
        var opened = await desk.PressAsync("ada.keller", coming, "Change the app");
        Assert.True(opened.Says("A rule is about to change. Campaign figures move to another system. Use the warehouse instead"), opened.ToString());
        await desk.SayAsync("ada.keller", "cancel");
        var stranger = await desk.SayAsync("tomas.novak", "why campaigns-last-month");
        Assert.True(stranger.Says("You have no app called \"campaigns-last-month\"") && !stranger.Says("Ada Keller"), stranger.ToString());

        await desk.SayAsync("samuel.cohen", "take grace back");
        rules.Now = InProcessPolicies.Compile(ProposedRules.Load(FrontDesk.Content.Root, proposed.Root));
        var since = await desk.SayAsync("ada.keller", "why campaigns-last-month");
        Assert.True(since.Says("Since then they changed, and one thing does not fit") && since.Says("Use the warehouse instead"), since.ToString());
    }

    [Fact]
    public async Task The_rules_that_chat_compares_with_are_rehearsed_over_HTTP_too_as_JSON_and_as_a_table()
    {
        await desk.LiveAppAsync();
        Propose(NoCampaigns);
        using var data = new ScratchFolder();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var proposal = new ProposedRules(content, proposed.Root);
        builder.Services.AddSingleton(content).AddSingleton(new BundledContent(AppContext.BaseDirectory, new ConfigurationBuilder().Build())).AddSingleton<IPolicies>(rules).AddSingleton(desk.Store).AddSingleton<IDirectory>(desk.Directory).AddSingleton<IRulebookProposal>(proposal);
        await using var app = builder.Build();
        app.MapGroup("").MapSimulation();
        await app.StartAsync(Cancel);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.Equal(1, (int)JsonNode.Parse(await http.GetStringAsync("/api/policy/simulation", Cancel))!["counts"]!["stopped"]!);
        using var table = await http.GetAsync("/api/policy/simulation.csv", Cancel);
        Assert.Equal("text/csv", table.Content.Headers.ContentType!.MediaType);
        Assert.Contains("stopped,app,campaigns-last-month", await table.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        proposed.Write("policies/cost.rego", proposed.Read("policies/cost.rego") + "\nbroken(");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await http.GetAsync("/api/policy/simulation", Cancel)).StatusCode);
    }

    [Theory]
    [InlineData("=HYPERLINK(\"https://evil.example\")", "\"'=HYPERLINK(\"\"https://evil.example\"\")\"")]
    [InlineData("-1+1", "'-1+1")]
    [InlineData("Plain, and a\nbreak", "\"Plain, and a break\"")]
    public async Task A_title_in_the_table_is_text_and_no_formula(string title, string cell)
    {
        var app = await desk.LiveAppAsync();
        app = app with { File = app.File with { Manifest = app.File.Manifest with { App = app.File.Manifest.App with { Title = title } } } };
        var book = ProposedRules.BookOf(FrontDesk.Rules);

        var csv = new SimulationReport(Governance.Lifecycle.RulebookRehearsal.Of([app], [], book, book), "a", "b", "", FrontDesk.Content.People, desk.Clock.GetUtcNow()).ToCsv();

        Assert.Contains($",{cell},Ada Keller,", csv, StringComparison.Ordinal);
    }

    private async Task<(MicroApp First, MicroApp Second)> TwoAppsAsync()
    {
        var first = await desk.LiveAppAsync();
        // Ids of one moment are in no order
        desk.System.Advance(TimeSpan.FromSeconds(1));
        return (first, await desk.LiveAppAsync());
    }

    /// <summary>A change as a tool would file it.</summary>
    private async Task ChangeAsync(MicroApp app, Func<Governance.Manifests.Manifest, Governance.Manifests.Manifest> change)
    {
        await desk.Desk.ActAsync(sitting => sitting.AskAsync(sitting.NewId(), new Governance.Requests.RequestCommand.Submit(sitting.NewId(), Governance.Requests.RequestKind.Change, app.File.Id, app.File.Manifest.App.Owner!, change(app.File.Manifest), null, "To fit the rules")), Cancel);
        await desk.FlushAsync(Cancel);
    }

    /// <summary>The same app many times over, each under an id and a name of its own.</summary>
    private async Task CloneAsync(MicroApp app, int times)
    {
        var snapshot = (await desk.Store.SnapshotAsync(Streams.OfApp(app.File.Id), Cancel))!;
        var events = (await desk.Store.EventsAsync(Streams.OfApp(app.File.Id), Cancel)).Select(e => e.Json).ToList();
        foreach (var batch in Enumerable.Range(0, times).Chunk(500))
        {
            var writes = batch.Select(number =>
            {
                var (id, name) = ($"{app.File.Id[..24]}{number:x12}", $"{app.File.Name}-{number}");
                string Renamed(string json) => json.Replace(app.File.Id, id, StringComparison.Ordinal).Replace($"\"{app.File.Name}\"", $"\"{name}\"", StringComparison.Ordinal);
                return new StreamWrite(Streams.OfApp(id), 0, [.. events.Select(Renamed)], Renamed(snapshot.Json), snapshot.Keys with { AppId = id, Name = name });
            }).ToList();
            Assert.Equal(CommitResult.Done, await desk.Store.CommitAsync(new Commit(writes, null, []), Cancel));
        }
    }

    private string? _integrations;

    private void Propose(string more)
    {
        _integrations ??= proposed.Read("policies/integrations.rego");
        proposed.Write("policies/integrations.rego", _integrations + more);
    }

    private async Task RenewAsync(MicroApp app)
    {
        await desk.PressAsync(app.File.Manifest.App.Owner!, "app.renew", new JsonObject { ["app"] = app.File.Id, ["justification"] = "Still used every week" });
        await desk.FlushAsync(Cancel);
    }

    /// <summary>An app and an open request, in a store of their own.</summary>
    private async Task CopyAsync(LiteDbStore store)
    {
        var app = await desk.LiveAppAsync();
        var request = await desk.MediumRequestAsync("tomas.novak", "I need a dashboard of customer names and e-mails from the CRM for the sales team");
        foreach (var id in (string[])[Streams.OfApp(app.File.Id), Streams.OfRequest(request.File.Id)])
        {
            var snapshot = (await desk.Store.SnapshotAsync(id, Cancel))!;
            var events = await desk.Store.EventsAsync(id, Cancel);
            Assert.Equal(CommitResult.Done, await store.CommitAsync(new Commit([new StreamWrite(id, 0, [.. events.Select(e => e.Json)], snapshot.Json, snapshot.Keys)], null, []), Cancel));
        }
    }

    private static (int Code, bool Says) Ran(string data, string folder, string words)
    {
        var (code, output) = Run(data, folder);
        return (code, output.Contains(words, StringComparison.Ordinal) ? true : throw new InvalidOperationException(output));
    }

    private static (int Code, string Output) Run(string data, string folder, params string[] more)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Data:Folder"] = data }).Build();
        using var output = new StringWriter();
        var code = PolicySimulateCommand.Create(() => AppContext.BaseDirectory, settings).Parse([folder, .. more]).InvokeAsync(new System.CommandLine.InvocationConfiguration { Output = output, Error = output }, Cancel).GetAwaiter().GetResult();
        return (code, output.ToString());
    }

    /// <summary>Rules that a test puts in force in the middle of it.</summary>
    private sealed class RulesOfTheDay : IPolicies
    {
        public required IPolicies Now { get; set; }

        public Governance.Verdicts.PolicyNumbers Numbers => Now.Numbers;

        public Governance.Catalogue.ServiceCatalogue Catalogue => Now.Catalogue;

        public string Revision => Now.Revision;

        public IPolicies InForce => Now;

        public Governance.Verdicts.PolicyReport Judge(Governance.Manifests.Manifest manifest) => Now.Judge(manifest);
    }
}
