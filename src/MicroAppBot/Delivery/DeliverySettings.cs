namespace MicroAppBot.Delivery;

/// <param name="Lanes">Recipients served at the same time; each one's messages go one after the other.</param>
/// <param name="FirstBackoff">Wait after the first failed try; doubled with each further one.</param>
/// <param name="LongestBackoff">No wait is longer, unless the channel asks for it.</param>
/// <param name="GiveUpAfter">A message that only ever failed for a moment is tried this long: a channel may be down over a long weekend.</param>
/// <param name="SendTimeout">After this the outcome of a try counts as unknown.</param>
public sealed record DeliverySettings(int Lanes, TimeSpan FirstBackoff, TimeSpan LongestBackoff, TimeSpan GiveUpAfter, TimeSpan SendTimeout)
{
    public static readonly DeliverySettings Default = new(
        Lanes: 24, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), TimeSpan.FromDays(4), TimeSpan.FromSeconds(30));
}
