using Governance.Notices;
using Governance.People;

namespace MicroAppBot.Desk;

/// <summary>Shows several reminders on one card, a row and a button each.</summary>
public interface IDigestPresenter
{
    /// <param name="notices">Two or more reminders that are true now, the most urgent first.</param>
    /// <param name="reader">As for <see cref="INoticePresenter.PresentAsync"/>.</param>
    /// <returns>Null when none of them is true any more.</returns>
    ValueTask<Presented?> PresentAsync(IReadOnlyList<Notice> notices, Person reader, CancellationToken cancel);
}
