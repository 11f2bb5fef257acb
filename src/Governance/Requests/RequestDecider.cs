namespace Governance.Requests;

/// <summary>The rules of a request (design §3.2): what may follow in which state.</summary>
public static partial class RequestDecider
{
    /// <param name="request">Null before the submission.</param>
    public static Decision<RequestEvent> Decide(Request? request, RequestCommand command, Facts facts)
    {
        if (Speaker(command) is { } speaker && !facts.People.ContainsKey(speaker))
        {
            return Refuse(RefusalCode.UnknownPerson, "I cannot find you in the people directory, so I cannot take this from you. Please ask the governance team to add you.");
        }

        return (request, command) switch
        {
            (null, RequestCommand.Submit submit) => File(submit, facts),
            (null, _) => Refuse(RefusalCode.NoSuchRequest, "I cannot find this request. Say “status” to see yours, or “approvals” for what waits for you."),
            (_, RequestCommand.Submit submit) => FiledBefore(request, submit),
            (_, RequestCommand.Tick) => OnTick(request, facts),
            (_, RequestCommand.Supersede supersede) => request.IsOpen ? Happen(new RequestSuperseded(supersede.ByRequestId, facts.Now)) : Nothing,
            (Request.Stopped stopped, _) => WhileStopped(stopped, command, facts),
            (Request.AwaitingApproval awaiting, _) => WhileAwaiting(awaiting, command, facts),
            (Request.ChangesRequested changes, _) => WhileWithRequester(changes, command, facts),
            _ => OnceClosed(request, command, facts),
        };
    }

    private static string? Speaker(RequestCommand command) => command switch
    {
        RequestCommand.Submit submit => submit.ById,
        RequestCommand.Resubmit resubmit => resubmit.ById,
        RequestCommand.Approve approve => approve.ById,
        RequestCommand.Reject reject => reject.ById,
        RequestCommand.AskChanges ask => ask.ById,
        RequestCommand.Delegate handOver => handOver.ById,
        RequestCommand.Withdraw withdraw => withdraw.ById,
        _ => null,
    };

    private static readonly Decision<RequestEvent> Nothing = new Decision<RequestEvent>.Happened([]);

    private static Decision<RequestEvent>.Happened Happen(params IReadOnlyList<RequestEvent> events) => new(events);

    private static Decision<RequestEvent>.Refused Refuse(string code, string words) => new(code, words);
}
