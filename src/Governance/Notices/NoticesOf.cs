using Governance.Apps;
using Governance.Requests;

namespace Governance.Notices;

/// <summary>Event to notices: who must be told of it. Nobody is told what they did themselves a moment ago, save by the card they clicked.</summary>
public static class NoticesOf
{
    /// <param name="after">The state after the event.</param>
    public static IReadOnlyList<Notice> Request(RequestEvent happened, Request after, Facts facts) => throw new NotImplementedException();

    /// <param name="after">The state after the event.</param>
    public static IReadOnlyList<Notice> App(AppEvent happened, MicroApp after, Facts facts) => throw new NotImplementedException();
}
