using System.Text;
using Governance.Manifests;
using Governance.Verdicts;
using MicroAppBot.Content;
using MicroAppBot.Policies;

namespace MicroAppBot.Tests.Policies;

public class InProcessPoliciesTests
{
    [Fact]
    public void A_manifest_is_judged_by_the_shipped_rules()
    {
        var content = ContentFolder.Load(AppContext.BaseDirectory);
        var policies = InProcessPolicies.Compile(content);

        var report = policies.Judge(Sample(content, "signed-customer-names"));

        Assert.True(report.Allow);
        Assert.Equal(RiskTier.Medium, report.Risk.Tier);
        Assert.Equal([new("business-owner", 1), new("security", 1)], report.Approvals);
        Assert.Equal(content.Revision, report.Revision);
        Assert.Equal(content.Revision, policies.Revision);
        Assert.Equal(10, policies.Numbers.Requests.LapseAfterWorkingDays);
    }

    [Fact]
    public async Task Many_threads_at_once_get_the_answers_that_one_gets()
    {
        var content = ContentFolder.Load(AppContext.BaseDirectory);
        var policies = InProcessPolicies.Compile(content);
        var manifests = ((string[])["granted-lunch-picker", "signed-salaries", "refused-much", "signed-abroad"]).Select(name => Sample(content, name)).ToList();
        var alone = manifests.Select(policies.Judge).ToList();

        var together = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => policies.Judge(manifests[i % manifests.Count]), TestContext.Current.CancellationToken)));

        for (var i = 0; i < together.Length; i++)
            Assert.Equal(alone[i % manifests.Count], together[i]);
    }

    [Fact]
    public void Rules_that_do_not_compile_stop_the_start_and_name_file_and_line()
    {
        using var scratch = ScratchFolder.OfContent();
        scratch.Write("policies/cost.rego", "package microapps.cost\n\nfindings contains 1 if {\n\tcap > nothing\n}\n");

        var fault = Assert.Throws<ContentException>(() => InProcessPolicies.Compile(ContentFolder.Load(scratch.Root)));

        Assert.Contains(fault.Faults, one => one.File == "policies/cost.rego" && one.Line == 4);
    }

    [Theory]
    [InlineData("policies/secrets.rego", null, null, "policies/rulebook.rego", "import data.microapps.secrets")]
    [InlineData("policies/manifest.rego", null, null, "policies/access.rego", "import data.microapps.manifest")]
    [InlineData("policies/cost.rego", "package microapps.cost", "package microapps.costs", "policies/rulebook.rego", "import data.microapps.cost")]
    public void Rules_that_are_gone_stop_the_start_instead_of_allowing_everything(string file, string? was, string? becomes, string namedIn, string line)
    {
        using var scratch = ScratchFolder.OfContent();
        if (was is null) File.Delete(Path.Combine(scratch.Root, file));
        else scratch.Write(file, scratch.Read(file).Replace(was, becomes, StringComparison.Ordinal));

        var fault = Assert.Throws<ContentException>(() => InProcessPolicies.Compile(ContentFolder.Load(scratch.Root)));

        var at = 1 + Array.FindIndex(scratch.Read(namedIn).Split('\n'), l => l.Trim() == line);
        Assert.Contains(fault.Faults, one => one.File == namedIn && one.Line == at);
    }

    [Theory]
    [InlineData("policies/decision.rego", "decision := {", "decison := {", "policies/decision.rego", "package microapps", "no rule is called “decision” here. Did you mean “decison”?")]
    [InlineData("policies/decision.rego", "\"allow\": count", "\"alow\": count", "policies/decision.rego", "decision := {", "allow")]
    [InlineData("policies/rulebook.rego", "hard := {", "hards := {", "policies/decision.rego", "\"allow\": count(rulebook.hard) == 0,", "has no rule “hard”. Did you mean “hards”?")]
    [InlineData("policies/rulebook.rego", "\tcost.findings,", "\tcost.finding,", "policies/rulebook.rego", "cost.finding,", "The package microapps.cost has no rule “finding”. Did you mean “findings”?")]
    [InlineData("policies/secrets.rego", "findings contains", "finding contains", "policies/rulebook.rego", "secrets.findings,", "The package microapps.secrets has no rule “findings”")]
    [InlineData("policies/risk.rego", "tier := \"high\" if", "teir := \"high\" if", "policies/decision.rego", "\"risk\": {\"tier\": risk.tier, \"score\": risk.score, \"factors\": risk.factors},", "has no rule “tier”. Did you mean “teir”?")]
    [InlineData("policies/runtime_access.rego", "allow", "alow", "policies/access.rego", "package microapps.access", "data.microapps.access.allow is asked for")]
    public void A_rule_that_is_misspelt_inside_its_package_is_named_with_file_and_line(string file, string was, string becomes, string namedIn, string line, string why)
    {
        using var scratch = ScratchFolder.OfContent();
        scratch.Write(file, scratch.Read(file).Replace(was, becomes, StringComparison.Ordinal));

        var faults = Assert.Throws<ContentException>(() => InProcessPolicies.Compile(ContentFolder.Load(scratch.Root))).Faults;

        var at = 1 + Array.FindIndex(scratch.Read(namedIn).Split('\n'), l => l.Trim() == line);
        Assert.True(faults.Any(one => one.File == namedIn && one.Line == at && one.Why.Contains(why, StringComparison.Ordinal)), string.Join('\n', faults));
    }

    [Fact]
    public void One_misspelt_head_among_many_of_the_same_rule_is_found_too()
    {
        using var scratch = ScratchFolder.OfContent();
        var text = scratch.Read("policies/access.rego");
        var last = text.LastIndexOf("findings contains", StringComparison.Ordinal);
        scratch.Write("policies/access.rego", text[..last] + "finding contains" + text[(last + "findings contains".Length)..]);

        var fault = Assert.Single(Assert.Throws<ContentException>(() => InProcessPolicies.Compile(ContentFolder.Load(scratch.Root))).Faults);

        Assert.Equal(("policies/access.rego", 1 + text[..last].Count(c => c == '\n')), (fault.File, fault.Line));
        Assert.Contains("Nothing uses the rule “finding”. Did you mean “findings”?", fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_of_a_shops_own_are_welcome_whether_or_not_anybody_uses_them()
    {
        using var scratch = ScratchFolder.OfContent();
        scratch.Write("policies/house.rego", "# hard.as says x.findings\npackage microapps.house\n\nimport data.microapps.cost as money\n\nowed := money.findings\n\nnoted contains \"cost.nothing of data.microapps.cost.nowhere\" if {\n\tcount(owed) > 0\n}\n");

        Assert.NotNull(InProcessPolicies.Compile(ContentFolder.Load(scratch.Root)));
    }

    [Fact]
    public void A_part_of_the_rulebook_that_says_nothing_at_all_decides_nothing()
    {
        using var scratch = ScratchFolder.OfContent();
        scratch.Write("policies/secrets.rego", scratch.Read("policies/secrets.rego").Replace("findings contains", "finding contains", StringComparison.Ordinal));

        Assert.Throws<ContentException>(() => InProcessPolicies.Compile(ContentFolder.Load(scratch.Root)));
    }

    [Theory]
    [InlineData("{\"role\": \"security\", \"count\": 1}", "{\"role\": \"securty\", \"count\": 1}", "securty", 0)]
    [InlineData("\"restore_within_days\": 30", "\"restore_within_days\": \"thirty\"", "\"restore_within_days\"", 1)]
    [InlineData("\"lapse_after_working_days\": 10", "\"lapse_after_working_days\": 0", "\"lapse_after_working_days\"", 1)]
    public void A_number_that_cannot_be_stops_the_start_and_is_named_with_its_line(string was, string becomes, string line, int lines)
    {
        using var scratch = ScratchFolder.OfContent();
        scratch.Write("policies/data.json", scratch.Read("policies/data.json").Replace(was, becomes, StringComparison.Ordinal));

        var fault = Assert.Single(Assert.Throws<ContentException>(() => InProcessPolicies.Compile(ContentFolder.Load(scratch.Root))).Faults);

        var at = 1 + Array.FindIndex(scratch.Read("policies/data.json").Split('\n'), l => l.Contains(line, StringComparison.Ordinal));
        Assert.Equal(("policies/data.json", at * lines), (fault.File, fault.Line));
        if (lines == 0) Assert.Contains(line, fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_number_stops_the_start_and_is_named()
    {
        using var scratch = ScratchFolder.OfContent();
        scratch.Write("policies/data.json", scratch.Read("policies/data.json").Replace("\"undo_seconds\": 60", "\"undo\": 60", StringComparison.Ordinal));

        var fault = Assert.Throws<ContentException>(() => InProcessPolicies.Compile(ContentFolder.Load(scratch.Root)));

        Assert.Contains("policies/data.json", fault.Message, StringComparison.Ordinal);
        Assert.Contains("undo_seconds", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("package microapps\n\nother := 1\n", "is asked for")]
    [InlineData("package microapps\n\ndecision := {\"allow\": true}\n", "decision document")]
    [InlineData("package microapps\n\ndecision := 1\n\ndecision := 2\n", "halted")]
    public void Rules_that_decide_nothing_stop_the_start(string rego, string said)
    {
        using var scratch = ScratchFolder.OfContent();
        scratch.Write("policies/decision.rego", rego);

        var fault = Assert.Throws<ContentException>(() => InProcessPolicies.Compile(ContentFolder.Load(scratch.Root)));

        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rules_and_the_code_agree_on_what_class_a_kind_needs()
    {
        var data = System.Text.Json.Nodes.JsonNode.Parse(ContentFolder.Load(AppContext.BaseDirectory).DataJson.Span)!["classification"]!;

        foreach (var kind in Governance.Catalogue.DataKind.All.Where(kind => !kind.Never))
            Assert.Equal(kind.Lowest.ToString(), (string?)data["kinds"]![kind.Id]!["class"], ignoreCase: true);
        Assert.Equal(Governance.Catalogue.DataKind.All.Count(kind => !kind.Never), data["kinds"]!.AsObject().Count);
        Assert.Equal(Governance.Catalogue.DataKind.All.Where(kind => kind.Never).Select(kind => kind.Id), data["never"]!.AsArray().Select(id => (string?)id));
    }

    private static Manifest Sample(ContentFolder content, string name)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "policies", "samples", name, "manifest.json"));
        return Assert.IsType<ManifestReading.Read>(ManifestReader.Read(Encoding.UTF8.GetBytes(text), content.Catalogue)).Manifest;
    }
}
