namespace MicroAppBot.Desk;

/// <summary>Who sends what is in the outbox. Woken after each commit that has messages; nothing is lost if the call is.</summary>
public interface IOutbox
{
    void Wake();

    /// <summary>Sends all that is due and returns when nothing due is left (what has to be tried again later stays).</summary>
    Task FlushAsync(CancellationToken cancel = default);
}
