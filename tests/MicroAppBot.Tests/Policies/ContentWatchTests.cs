using System.Text.Json.Nodes;
using Governance.Verdicts;
using MicroAppBot.Content;
using MicroAppBot.Desk;
using MicroAppBot.Policies;
using MicroAppBot.Tests.Desk;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Policies;

/// <summary>Rules and catalogue that change under a running bot: on a real disk, with a real watch.</summary>
public sealed class ContentWatchTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ScratchFolder scratch = ScratchFolder.OfContent();
    private ContentInForce content = null!;
    private RulesInForce rules = null!;
    private FrontDesk desk = null!;
    private ContentWatch watch = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await watch.StopAsync(CancellationToken.None);
        watch.Dispose();
        await desk.DisposeAsync();
        scratch.Dispose();
    }

    [Fact]
    public async Task A_good_edit_counts_from_the_next_decision_on_and_is_recorded_with_it()
    {
        await StartAsync();
        var before = await RevisionOfAsync(await desk.MediumRequestAsync());
        Assert.Equal(content.Now.Revision, before);

        LowerTheCap();
        await Until(() => rules.Numbers.Limits.CapUsd == 300);

        var told = Assert.Single(await ToldAsync("The rules changed"));
        var after = await RevisionOfAsync(await desk.MediumRequestAsync("tomas.novak", "I need a dashboard of customer names and e-mails from the CRM for the sales team"));
        Assert.NotEqual(before, after);
        Assert.Equal(rules.Revision, after);
        Assert.Null(content.Refused);
        Assert.Contains("limits.cap_usd is 300 (was 500)", told, StringComparison.Ordinal);
        Assert.Contains(after[..12], told, StringComparison.Ordinal);
        Assert.Contains("18 rules are in force", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_deadlines_count_for_what_is_there_already()
    {
        await StartAsync();
        var app = await desk.LiveAppAsync();
        var due = (await desk.Store.SnapshotAsync(Streams.OfApp(app.File.Id), Cancel))!.Keys.DueAt;

        scratch.Write("policies/data.json", scratch.Read("policies/data.json").Replace("\"reminder_days\": [7, 3, 1]", "\"reminder_days\": [14, 3, 1]", StringComparison.Ordinal));
        await Until(() => rules.Numbers.Lifecycle.ReminderDays.Contains(14));
        await Until(() => desk.Store.SnapshotAsync(Streams.OfApp(app.File.Id), Cancel).AsTask().GetAwaiter().GetResult()!.Keys.DueAt < due);

        Assert.True((await new AuditVerifier(desk.Store, AuditFolds.Governance).VerifyAsync(Cancel)).IsSound);
        await desk.AdvanceAsync(17);
        Assert.Contains(desk.Told, t => t.Notice.Kind == Governance.Notices.NoticeKind.RenewalReminder);
    }

    [Fact]
    public async Task A_broken_rule_is_refused_with_its_place_and_the_last_good_set_stays()
    {
        await StartAsync();
        var before = rules.Revision;

        scratch.Write("policies/network.rego", scratch.Read("policies/network.rego") + "\nallow if {\n\tx == y\n}\n");
        await Until(() => content.Refused is not null);

        Assert.Equal(before, rules.Revision);
        var fault = content.Refused!.Faults[0];
        Assert.Equal("policies/network.rego", fault.File);
        Assert.True(fault is { Line: > 1, Column: > 0 }, fault.ToString());
        var told = Assert.Single(await ToldAsync("The new rules are not in force"));
        Assert.Contains(fault.Place, told, StringComparison.Ordinal);
        Assert.Contains("x == y", told, StringComparison.Ordinal);
        Assert.Contains("rego_unsafe_var_error", told, StringComparison.Ordinal);
        Assert.Equal(before, await RevisionOfAsync(await desk.MediumRequestAsync()));
    }

    [Fact]
    public async Task The_same_fault_is_told_once_another_one_again_and_after_it_was_mended_the_first_as_well()
    {
        await StartAsync();
        var good = scratch.Read("policies/cost.rego");

        await EditAsync("policies/cost.rego", good + "\nbroken(", refused: true);
        scratch.Write("policies/notes.txt", "saved again beside it");
        await Until(() => content.Refused is not null && ContentPrint.Of(scratch.Root) is not null);
        await EditAsync("policies/cost.rego", good + "\nbroken if x > 1", refused: true);
        Assert.Equal(2, (await ToldAsync("The new rules are not in force")).Count);

        await EditAsync("policies/cost.rego", good, refused: false);
        Assert.Empty(await ToldAsync("The rules changed"));
        Assert.Contains(rules.Revision[..12], Assert.Single(await ToldAsync("The rules are fine again")), StringComparison.Ordinal);
        await EditAsync("policies/cost.rego", good + "\nbroken(", refused: true);
        Assert.Equal(3, (await ToldAsync("The new rules are not in force")).Count);
    }

    [Fact]
    public async Task A_seat_that_nobody_holds_is_told_at_the_start_once_and_again_when_it_is_another()
    {
        var people = JsonNode.Parse(scratch.Read("policies/people/data.json"))!.AsObject();
        foreach (var person in people.Select(p => p.Value!.AsObject())) person["roles"] = new JsonArray([.. (person["roles"]?.AsArray() ?? []).Select(r => (string)r!).Where(r => r != "compliance").Select(r => (JsonNode)r)]);
        scratch.Write("policies/people/data.json", people.ToJsonString());
        await StartAsync(looks: false);
        var news = new RulebookNews(desk.Desk, desk.Store, new MicroAppBot.People.FileDirectory(content.Now.People));

        var numbers = PolicyNumbers.Parse(content.Now.DataJson.Span);
        Assert.Contains("Nobody in the directory is a compliance reviewer", Assert.Single(await news.EmptySeatsAsync(numbers, Cancel)), StringComparison.Ordinal);
        await news.EmptySeatsAsync(numbers, Cancel);
        Assert.Single(await ToldAsync("A seat has nobody"));
        Assert.Empty(await new RulebookNews(desk.Desk, desk.Store, desk.Directory).EmptySeatsAsync(numbers, Cancel));
        await news.EmptySeatsAsync(numbers, Cancel);
        Assert.Equal(2, (await ToldAsync("A seat has nobody")).Count);
    }

    [Fact]
    public async Task A_number_that_is_none_is_named_with_its_line_and_no_type_of_ours()
    {
        await StartAsync();

        scratch.Write("policies/data.json", scratch.Read("policies/data.json").Replace("\"cap_usd\": 500", "\"cap_usd\": \"much\"", StringComparison.Ordinal));
        await Until(() => content.Refused is not null);

        var told = Assert.Single(await ToldAsync("The new rules are not in force"));
        Assert.Contains("limits.cap_usd is another kind of value", told, StringComparison.Ordinal);
        Assert.Contains("much", told, StringComparison.Ordinal);
        Assert.DoesNotContain("Governance.", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connector_that_the_catalogue_cannot_take_keeps_a_good_rule_of_the_same_edit_out()
    {
        await StartAsync();
        var before = rules.Revision;

        scratch.Write("templates/connectors/ticketing.yaml", "title: Tickets\nfields: [");
        LowerTheCap();
        await Until(() => content.Refused is not null);

        Assert.Equal((before, 500m), (rules.Revision, rules.Numbers.Limits.CapUsd));
        Assert.Contains(content.Refused!.Faults, f => f.File == "templates/connectors/ticketing.yaml");
    }

    [Fact]
    public async Task A_part_that_cannot_be_made_keeps_the_whole_edit_out()
    {
        await StartAsync();
        content.Part(now => now.Catalogue.Connectors.Count == 14 ? "words" : throw new ContentException([new ContentFault("templates/language", 3, "No words for it.")]));
        var before = rules.Revision;

        File.Delete(Path.Combine(scratch.Root, "templates/connectors/documents.yaml"));
        await Until(() => content.Refused is not null);

        Assert.Equal(before, rules.Revision);
        Assert.Contains(content.Now.Catalogue.Connectors.Keys, id => id == "documents");
    }

    [Fact]
    public async Task A_file_that_an_editor_replaces_by_renaming_is_seen()
    {
        await StartAsync();
        var temporary = scratch.Write("policies/.data.json.swp", scratch.Read("policies/data.json").Replace("\"cap_usd\": 500", "\"cap_usd\": 250", StringComparison.Ordinal));

        File.Move(temporary, Path.Combine(scratch.Root, "policies/data.json"), overwrite: true);

        await Until(() => rules.Numbers.Limits.CapUsd == 250);
    }

    [Fact]
    public async Task A_switched_link_is_seen_as_Kubernetes_does_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        var (policies, first, second) = (Path.Combine(scratch.Root, "policies"), Path.Combine(scratch.Root, "policies/..1"), Path.Combine(scratch.Root, "policies/..2"));
        Directory.CreateDirectory(first);
        foreach (var file in Directory.GetFiles(policies))
        {
            var name = Path.GetFileName(file);
            File.Move(file, Path.Combine(first, name));
            File.CreateSymbolicLink(file, $"..data/{name}");
        }
        Directory.CreateSymbolicLink(Path.Combine(policies, "..data"), "..1");
        await StartAsync();

        Directory.CreateDirectory(second);
        foreach (var file in Directory.GetFiles(first)) File.Copy(file, Path.Combine(second, Path.GetFileName(file)));
        var data = Path.Combine(second, "data.json");
        File.WriteAllText(data, File.ReadAllText(data).Replace("\"cap_usd\": 500", "\"cap_usd\": 200", StringComparison.Ordinal));
        Directory.CreateSymbolicLink(Path.Combine(policies, "..data_tmp"), "..2");
        Switch(Path.Combine(policies, "..data_tmp"), Path.Combine(policies, "..data"));

        await Until(() => rules.Numbers.Limits.CapUsd == 200);
    }

    [Fact]
    public async Task A_root_that_is_a_link_and_is_switched_is_seen_by_looking()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        using var other = ScratchFolder.OfContent();
        using var links = new ScratchFolder();
        other.Write("policies/data.json", other.Read("policies/data.json").Replace("\"cap_usd\": 500", "\"cap_usd\": 150", StringComparison.Ordinal));
        var current = Path.Combine(links.Root, "current");
        Directory.CreateSymbolicLink(current, scratch.Root);
        await StartAsync(current);

        Directory.CreateSymbolicLink(current + ".new", other.Root);
        Switch(current + ".new", current);

        await Until(() => rules.Numbers.Limits.CapUsd == 150);
    }

    [Fact]
    public async Task Nobody_new_in_the_directory_is_no_news_of_the_rules_but_the_person_is_there()
    {
        await StartAsync();
        var people = JsonNode.Parse(scratch.Read("policies/people/data.json"))!.AsObject();
        var person = people.First().Value!.DeepClone();
        person["name"] = "Zoe New";
        person["email"] = "zoe.new@example.com";
        person.AsObject().Remove("accounts");
        people["zoe.new"] = person;

        scratch.Write("policies/people/data.json", people.ToJsonString());
        await Until(() => content.Now.People.ContainsKey("zoe.new"));

        Assert.Empty(await ToldAsync("The rules changed"));
    }

    private async Task StartAsync(string? root = null, bool looks = true)
    {
        content = new ContentInForce(ContentFolder.Load(root ?? scratch.Root));
        var part = content.Part(InProcessPolicies.Compile);
        rules = new RulesInForce(() => part.Now);
        desk = new FrontDesk(rules);
        watch = new ContentWatch(content, new ContentUptake(content, new RulebookNews(desk.Desk, desk.Store, desk.Directory), desk.Desk, desk.Store, TimeProvider.System, NullLogger<ContentUptake>.Instance), new ReloadSettings { PollSeconds = 0.2, SettleSeconds = 0.05 }, TimeProvider.System, NullLogger<ContentWatch>.Instance);
        if (looks) await watch.StartAsync(Cancel);
    }

    /// <summary>rename(2) of a link over another one, in one step.</summary>
    private static void Switch(string link, string over)
    {
        using var move = System.Diagnostics.Process.Start("mv", ["-T", link, over]);
        move.WaitForExit();
        Assert.Equal(0, move.ExitCode);
    }

    private void LowerTheCap() =>
        scratch.Write("policies/data.json", scratch.Read("policies/data.json").Replace("\"cap_usd\": 500", "\"cap_usd\": 300", StringComparison.Ordinal));

    private async Task EditAsync(string file, string text, bool refused)
    {
        var was = content.Refused?.At;
        var before = content.Now;
        scratch.Write(file, text);
        await Until(() => refused ? content.Refused is { } now && now.At != was : content.Refused is null && content.Now != before);
    }

    private async Task<IReadOnlyList<string>> ToldAsync(string title)
    {
        // The news is written just after the content was put in force
        var end = TimeProvider.System.GetUtcNow().AddMilliseconds(500);
        while (true)
        {
            var due = await desk.Store.DueMessagesAsync(DateTimeOffset.MaxValue, 1000, Cancel);
            _told.AddRange(due.Where(m => m.Body is OutboxBody.Say { CardName: "notice" }));
            foreach (var message in due) await desk.Store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Sent), Cancel);
            if (due.Count == 0 && TimeProvider.System.GetUtcNow() > end) break;
            await Task.Delay(20, Cancel);
        }
        var admins = _told.Where(m => (string?)((OutboxBody.Say)m.Body).CardData!["title"] == title).GroupBy(m => m.ToId).ToList();
        Assert.True(admins.Count is 0 or 2, "Every governance admin is told, or none.");
        Assert.All(admins, a => Assert.Contains("governance-admin", desk.Person(a.Key).Roles));
        return [.. admins.FirstOrDefault()?.Select(m => (string)((OutboxBody.Say)m.Body).CardData!["text"]!) ?? []];
    }

    private readonly List<OutboxMessage> _told = [];

    private async Task<string> RevisionOfAsync(Governance.Requests.Request request)
    {
        var events = await desk.Store.EventsAsync(Streams.OfRequest(request.File.Id), Cancel);
        return DeskJson.Read<EventRecord>(events[0].Json).Revision;
    }

    private static async Task Until(Func<bool> holds)
    {
        var end = TimeProvider.System.GetUtcNow() + Patience;
        while (!holds())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < end, "It did not come about.");
            await Task.Delay(20, Cancel);
        }
    }
}
