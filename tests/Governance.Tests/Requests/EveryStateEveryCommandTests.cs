using Governance.Requests;

namespace Governance.Tests.Requests;

public class EveryStateEveryCommandTests
{
    // "!" is a refusal with its code, "-" is nothing new
    private const string Table = """
        state      | command     | outcome
        none       | submit      | RequestSubmitted SeatsAsked
        none       | resubmit    | !no-such-request
        none       | approve     | !no-such-request
        none       | reject      | !no-such-request
        none       | ask-changes | !no-such-request
        none       | delegate    | !no-such-request
        none       | withdraw    | !no-such-request
        none       | tick        | !no-such-request
        none       | supersede   | !no-such-request
        stopped    | submit      | -
        stopped    | resubmit    | RequestResubmitted SeatsAsked RequestGranted
        stopped    | approve     | !stopped-by-rule
        stopped    | reject      | !stopped-by-rule
        stopped    | ask-changes | !stopped-by-rule
        stopped    | delegate    | !stopped-by-rule
        stopped    | withdraw    | RequestWithdrawn
        stopped    | tick        | -
        stopped    | supersede   | RequestSuperseded
        awaiting   | submit      | -
        awaiting   | resubmit    | RequestResubmitted SeatsAsked RequestGranted
        awaiting   | approve     | ApprovalGiven
        awaiting   | reject      | RequestRejected
        awaiting   | ask-changes | ChangesAsked
        awaiting   | delegate    | SeatHandedOver
        awaiting   | withdraw    | RequestWithdrawn
        awaiting   | tick        | -
        awaiting   | supersede   | RequestSuperseded
        changes    | submit      | -
        changes    | resubmit    | RequestResubmitted SeatsAsked RequestGranted
        changes    | approve     | !changes-asked
        changes    | reject      | !changes-asked
        changes    | ask-changes | !changes-asked
        changes    | delegate    | !changes-asked
        changes    | withdraw    | RequestWithdrawn
        changes    | tick        | -
        changes    | supersede   | RequestSuperseded
        granted    | submit      | -
        granted    | resubmit    | !already-decided
        granted    | approve     | -
        granted    | reject      | !already-decided
        granted    | ask-changes | !already-decided
        granted    | delegate    | !already-decided
        granted    | withdraw    | !already-decided
        granted    | tick        | -
        granted    | supersede   | -
        rejected   | submit      | -
        rejected   | resubmit    | !already-decided
        rejected   | approve     | !already-decided
        rejected   | reject      | !already-decided
        rejected   | ask-changes | !already-decided
        rejected   | delegate    | !already-decided
        rejected   | withdraw    | !already-decided
        rejected   | tick        | -
        rejected   | supersede   | -
        withdrawn  | submit      | -
        withdrawn  | resubmit    | !already-decided
        withdrawn  | approve     | !already-decided
        withdrawn  | reject      | !already-decided
        withdrawn  | ask-changes | !already-decided
        withdrawn  | delegate    | !already-decided
        withdrawn  | withdraw    | -
        withdrawn  | tick        | -
        withdrawn  | supersede   | -
        lapsed     | submit      | -
        lapsed     | resubmit    | !already-decided
        lapsed     | approve     | !already-decided
        lapsed     | reject      | !already-decided
        lapsed     | ask-changes | !already-decided
        lapsed     | delegate    | !already-decided
        lapsed     | withdraw    | !already-decided
        lapsed     | tick        | -
        lapsed     | supersede   | -
        superseded | submit      | -
        superseded | resubmit    | !already-decided
        superseded | approve     | !already-decided
        superseded | reject      | !already-decided
        superseded | ask-changes | !already-decided
        superseded | delegate    | !already-decided
        superseded | withdraw    | !already-decided
        superseded | tick        | -
        superseded | supersede   | -
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
        var security = story.Request?.AllSeats.FirstOrDefault(s => s.Role == "security")?.AskedId ?? "sam";
        var other = security == "sam" ? "dana" : "sam";

        var decision = story.When(command switch
        {
            "submit" => new RequestCommand.Submit("r-1", RequestKind.Create, "app-1", "ada", World.Medium, null, null),
            "resubmit" => new RequestCommand.Resubmit("ada", World.Low, null),
            "approve" => new RequestCommand.Approve(security, null, null),
            "reject" => new RequestCommand.Reject(security, "Not this one."),
            "ask-changes" => new RequestCommand.AskChanges(security, "Masked, please."),
            "delegate" => new RequestCommand.Delegate(security, other),
            "withdraw" => new RequestCommand.Withdraw("ada"),
            "tick" => new RequestCommand.Tick(),
            "supersede" => new RequestCommand.Supersede("r-2"),
            _ => throw new ArgumentException(command),
        });

        Assert.Equal(outcome, decision switch
        {
            Decision<RequestEvent>.Happened { Events.Count: 0 } => "-",
            Decision<RequestEvent>.Happened happened => string.Join(' ', happened.Events.Select(e => e.GetType().Name)),
            Decision<RequestEvent>.Refused refused => "!" + refused.Code,
            _ => "?",
        });
    }

    [Fact]
    public void The_table_leaves_no_state_and_no_command_out()
    {
        var states = typeof(Request).GetNestedTypes().Count(t => t.IsSubclassOf(typeof(Request))) + 1;
        var commands = typeof(RequestCommand).GetNestedTypes().Length;

        Assert.Equal(states * commands, Rows.Count());
        Assert.Equal(states, Rows.Select(r => r.Data.Item1).Distinct().Select(s => In(s).Request?.GetType()).Distinct().Count());
    }

    private static Story In(string state)
    {
        if (state == "none") return new Story();
        var story = Story.Of(World.Medium);
        switch (state)
        {
            case "stopped":
                story.Approve(story.Asked("business-owner"));
                story.Rules = World.Stricter;
                story.Approve(story.Asked("security"));
                story.Rules = World.Judge;
                break;
            case "changes":
                story.Happens(new RequestCommand.AskChanges(story.Asked("business-owner"), "A smaller audience, please."));
                break;
            case "granted":
                story.Approve(story.Asked("business-owner"));
                story.Approve(story.Asked("security"));
                break;
            case "rejected":
                story.Happens(new RequestCommand.Reject(story.Asked("business-owner"), "We have one already."));
                break;
            case "withdrawn":
                story.Happens(new RequestCommand.Withdraw("ada"));
                break;
            case "lapsed":
                story.Tick(((Request.AwaitingApproval)story.Request!).LapsesAt);
                break;
            case "superseded":
                story.Happens(new RequestCommand.Supersede("r-2"));
                break;
        }
        return story;
    }
}
