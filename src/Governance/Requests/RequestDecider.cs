namespace Governance.Requests;

/// <summary>The rules of a request (design §3.2): what may follow in which state.</summary>
public static partial class RequestDecider
{
    /// <param name="request">Null before the submission.</param>
    public static Decision<RequestEvent> Decide(Request? request, RequestCommand command, Facts facts) =>
        throw new NotImplementedException();

    public static Request Evolve(Request? request, RequestEvent happened) => throw new NotImplementedException();
}
