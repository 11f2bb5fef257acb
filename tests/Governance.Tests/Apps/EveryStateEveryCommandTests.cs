using Governance.Apps;
using Governance.Requests;
using Governance.Tests.Requests;
using Governance.Verdicts;

namespace Governance.Tests.Apps;

public class EveryStateEveryCommandTests
{
    // Commands of the clock and the platform, and grants: what each does in each state. "-" is nothing
    private const string Table = """
        state        | command      | outcome
        none         | confirm      | !no-such-app
        none         | tick         | !no-such-app
        none         | cost         | !no-such-app
        none         | grace        | !no-such-app
        none         | take back    | !no-such-app
        none         | grant create | AppGranted
        provisioning | confirm      | AppWentLive
        provisioning | tick         | -
        provisioning | cost         | CostReported
        provisioning | grace        | GraceGiven
        provisioning | take back    | -
        provisioning | grant create | -
        provisioning | grant change | AppChanged
        provisioning | grant renew  | AppRenewed
        provisioning | grant raise  | CapRaised
        provisioning | grant restore| -
        provisioning | grant archive| AppArchived
        provisioning | grant transfer| AppChanged
        provisioning | grant resume | -
        active       | confirm      | -
        active       | tick         | -
        active       | cost         | CostReported
        active       | grace        | GraceGiven
        active       | take back    | -
        active       | grant create | -
        active       | grant change | AppChanged
        active       | grant renew  | AppRenewed
        active       | grant raise  | CapRaised
        active       | grant restore| -
        active       | grant archive| AppArchived
        active       | grant transfer| AppChanged
        active       | grant resume | -
        suspended    | confirm      | -
        suspended    | tick         | -
        suspended    | cost         | CostReported
        suspended    | grace        | GraceGiven
        suspended    | take back    | -
        suspended    | grant create | -
        suspended    | grant change | AppChanged
        suspended    | grant renew  | AppRenewed
        suspended    | grant raise  | CapRaised AppResumed
        suspended    | grant restore| -
        suspended    | grant archive| AppArchived
        suspended    | grant transfer| AppChanged
        suspended    | grant resume | AppResumed
        archived     | confirm      | -
        archived     | tick         | -
        archived     | cost         | CostReported
        archived     | grace        | !wrong-state
        archived     | take back    | -
        archived     | grant create | -
        archived     | grant change | GrantOvertaken
        archived     | grant renew  | AppRestored
        archived     | grant raise  | GrantOvertaken
        archived     | grant restore| AppRestored
        archived     | grant archive| -
        archived     | grant transfer| GrantOvertaken
        archived     | grant resume | GrantOvertaken
        """;

    public static IEnumerable<TheoryDataRow<string, string, string>> Rows => Table.Split('\n').Skip(1).Select(line =>
    {
        var cells = line.Split('|', StringSplitOptions.TrimEntries);
        return new TheoryDataRow<string, string, string>(cells[0], cells[1], cells[2]);
    });

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_command_has_its_answer_in_every_state(string state, string command, string outcome)
    {
        var story = In(state);

        var happened = command.StartsWith("grant ", StringComparison.Ordinal)
            ? story.Grants(Granted(command[6..], story))
            : story.When(command switch
            {
                "confirm" => new AppCommand.ConfirmLive("r-1"),
                "tick" => new AppCommand.Tick(),
                "cost" => new AppCommand.ReportCost(new DateOnly(2026, 3, 1), 1, null),
                "grace" => new AppCommand.GiveGrace([new Finding("network.destination", FindingLevel.Hard, "It calls out.", "Take it out.", "/network")], story.Now.AddDays(30), "helen", "r2"),
                "take back" => new AppCommand.TakeGraceBack("r2", "helen"),
                _ => throw new ArgumentException(command),
            });

        Assert.Equal(outcome, happened.Length == 0 ? "-" : happened);
    }

    [Fact]
    public void The_table_leaves_nothing_out()
    {
        var states = typeof(MicroApp).GetNestedTypes().Count(t => t.IsSubclassOf(typeof(MicroApp)));
        var commands = typeof(AppCommand).GetNestedTypes().Length;
        var kinds = Enum.GetValues<RequestKind>().Length;

        Assert.Equal(states * (commands + kinds) + commands + 1, Rows.Count());
    }

    [Fact]
    public void A_grant_for_an_app_that_is_not_there_is_a_bug() =>
        Assert.Throws<System.Diagnostics.UnreachableException>(() => new AppStory().Grants(Granted("archive", new AppStory())));

    private static Request.Granted Granted(string kind, AppStory story)
    {
        var before = story.App?.File.Manifest;
        var now = before ?? World.Low;
        var (word, manifest) = kind switch
        {
            "create" => (RequestKind.Create, now),
            "change" => (RequestKind.Change, now with { App = now.App with { Purpose = "Another" } }),
            "renew" => (RequestKind.Renew, now),
            "raise" => (RequestKind.RaiseCap, now with { Cost = now.Cost with { CapUsd = 400 } }),
            "restore" => (RequestKind.Restore, now),
            "archive" => (RequestKind.Archive, now),
            "transfer" => (RequestKind.Transfer, now with { App = now.App with { Owner = "miriam" } }),
            "resume" => (RequestKind.Resume, now),
            _ => throw new ArgumentException(kind),
        };
        return new Request.Granted(new RequestFile("r-9", word, "app-1", "ada", manifest, Governance.Manifests.ManifestHash.Of(manifest), before, World.Judge(manifest), "Why", story.Now, 1), [], story.Now);
    }

    private static AppStory In(string state)
    {
        if (state == "none") return new AppStory();
        var story = state == "provisioning" ? AppStory.Granted() : AppStory.Live();
        if (state == "suspended")
        {
            story.Costs(60);
            story.Tick(story.Now.AddHours(24));
            // Corrected since: it may go on, once somebody asks
            story.Costs(10, day: DateOnly.FromDateTime(World.Monday.UtcDateTime));
        }
        if (state == "archived") story.Asks(RequestKind.Archive);
        return story;
    }
}
