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
        Assert.True(shown.Says("1 app would be stopped"), shown.ToString());
        Assert.True(shown.Says("Campaign figures move to another system"), shown.ToString());
        Assert.True(shown.Says("Nothing changes for the other one."), shown.ToString());

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

        Assert.Equal(before, desk.Told.Count(t => t.Notice.Kind == NoticeKind.NewRule));
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
        foreach (var words in (string[])["simulate", "give grace", "give grace rules-12345678"])
            Assert.True((await desk.SayAsync("ada.keller", words)).Says("for the governance team"), words);

        proposed.Write("policies/cost.rego", proposed.Read("policies/cost.rego") + "\nbroken(");
        Assert.True((await desk.SayAsync("samuel.cohen", "simulate")).Says("policies/cost.rego:"));

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
            Assert.Equal((1, 1), ((int)json["judged"]!["apps"]!, (int)json["judged"]!["requests"]!));

            Propose("");
            proposed.Write("policies/data.json", proposed.Read("policies/data.json").Replace("\"medium\": [{\"role\": \"business-owner\", \"count\": 1}", "\"medium\": [{\"role\": \"compliance\", \"count\": 1}, {\"role\": \"business-owner\", \"count\": 1}", StringComparison.Ordinal));
            Assert.Equal((2, true), Ran(data.FullName, proposed.Root, "Would need new signatures (1)"));

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
