using Governance.Apps;
using Governance.Requests;

namespace Governance.Lifecycle;

/// <summary>When the clock has to look at something next. Kept beside each snapshot, so that a sweep costs what is due.</summary>
public static class Schedule
{
    /// <summary>The next moment at which <see cref="RequestCommand.Tick"/> would do something; null for never. May lie in the past: then it is overdue.</summary>
    public static DateTimeOffset? NextDue(Request request, Facts facts) => RequestDecider.NextTick(request, facts);

    /// <summary>The next moment at which <see cref="AppCommand.Tick"/> would do something; null for never. May lie in the past: then it is overdue.</summary>
    public static DateTimeOffset? NextDue(MicroApp app, Facts facts) => AppDecider.NextTick(app, facts);
}
