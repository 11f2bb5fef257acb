using System.Text;
using System.Text.Json.Nodes;
using MicroAppBot.Tests.Policies;
using MicroAppBot.Tests.Stores;

namespace MicroAppBot.Tests.Journeys;

/// <summary>The governance team edits the rules of a bot that is at work; every decision goes by the rules of its moment.</summary>
public sealed class TheRulesChange : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestFolder folders = new();
    private readonly ScratchFolder content = ScratchFolder.OfContent();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        folders.Dispose();
        content.Dispose();
    }

    [Fact]
    public async Task An_edit_is_simulated_refused_while_it_is_broken_taken_up_when_it_is_good_and_told()
    {
        foreach (var part in (string[])["cards", "prompts"])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, part), "*", SearchOption.AllDirectories))
                content.Write(Path.GetRelativePath(AppContext.BaseDirectory, file), await File.ReadAllTextAsync(file, Cancel));
        }
        using var proposed = ScratchFolder.OfContent();
        await using var bot = await BotProcess.StartAsync(folders.New(), new Dictionary<string, string>
        {
            ["Content__Folder"] = content.Root,
            ["Content__PollSeconds"] = "0.5",
            ["Policy__Proposed__Folder"] = proposed.Root,
            ["Policy__DecisionLog__File"] = "true",
        });
        var (ada, samuel) = (new ConsolePerson("ada.keller", bot.Http), new ConsolePerson("samuel.cohen", bot.Http));
        await ada.PressAsync(await ada.SayAsync("I need a page where the marketing team sees which campaigns ran last month"), "intake.submit");
        await ada.SeesAsync(s => s.Says("live"), "that the app is live");
        var first = await RevisionAsync(bot);

        // Proposed: no campaigns of the CRM any more
        var stricter = content.Read("policies/integrations.rego") + """

            findings contains {
            	"rule": "integration.campaigns",
            	"level": "hard",
            	"message": "Campaign figures move to another system.",
            	"fix": "Use the warehouse instead.",
            	"field": "/integrations",
            } if {
            	some integration in input.integrations
            	integration.connector == "crm-campaigns"
            }
            """;
        proposed.Write("policies/integrations.rego", stricter);
        var shown = await samuel.SayAsync("simulate");
        Assert.True(shown.Says("Would fail: 1 live app"), shown.ToString());
        await samuel.PressAsync(shown, "Give its owner 30 days");
        await ada.SeesAsync("Use the warehouse instead.");

        // Saved with a mistake
        content.Write("policies/integrations.rego", stricter + "\nbroken(");
        await UntilAsync(async () => (await ReadyAsync(bot))["edit_refused"] is not null);
        Assert.Equal(first, await RevisionAsync(bot));
        await samuel.SeesAsync("policies/integrations.rego");

        // And without
        content.Write("policies/integrations.rego", stricter);
        await UntilAsync(async () => await RevisionAsync(bot) != first);
        Assert.Null((await ReadyAsync(bot))["edit_refused"]);
        await samuel.SeesAsync("The rules changed");

        // Somebody new is stopped by it, and OPA's clients hear the same
        var refused = await new ConsolePerson("priya.raman", bot.Http).SayAsync("I need a page where the marketing team sees which campaigns ran last year");
        Assert.True(refused.Says("Campaign figures move to another system"), refused.ToString());
        var manifest = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "policies", "samples", "granted-campaign", "manifest.json"), Cancel);
        using var body = new StringContent($$"""{"input": {{manifest}}}""", Encoding.UTF8, "application/json");
        using var answer = await bot.Http.PostAsync("/v1/data/microapps/decision?provenance", body, Cancel);
        var decision = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!;
        Assert.Equal(await RevisionAsync(bot), (string?)decision["result"]!["revision"]);
        Assert.Equal("{}", (await bot.Http.GetStringAsync("/health?bundles&plugins", Cancel)).Trim());

        var log = Path.Combine(bot.DataFolder, "decisions", "decisions.jsonl");
        await UntilAsync(async () => (await ReadSharedAsync(log)).Contains((string)decision["decision_id"]!, StringComparison.Ordinal));
        Assert.DoesNotContain("ada.keller", await ReadSharedAsync(log), StringComparison.Ordinal);
    }

    private static async Task<JsonObject> ReadyAsync(BotProcess bot) => JsonNode.Parse(await bot.Http.GetStringAsync("/readyz", Cancel))!.AsObject();

    private static async Task<string> RevisionAsync(BotProcess bot) => (string)(await ReadyAsync(bot))["revision"]!;

    private static async Task<string> ReadSharedAsync(string path)
    {
        if (!File.Exists(path)) return "";
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return await reader.ReadToEndAsync(Cancel);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var end = TimeProvider.System.GetUtcNow() + Patience;
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < end, "It did not come about.");
            await Task.Delay(50, Cancel);
        }
    }
}
