using MicroAppBot.Desk;

namespace MicroAppBot.Delivery;

/// <summary>The outbox's pump and what it needs; the channels are added beside it as <see cref="IChannel"/>.</summary>
public static class DeliverySetup
{
    public static IServiceCollection AddDelivery(this IServiceCollection services) => services
        .AddSingleton(DeliverySettings.Default)
        .AddSingleton<OutboxBell>().AddSingleton<IOutbox>(all => all.GetRequiredService<OutboxBell>())
        .AddSingleton<Recipients>()
        .AddSingleton<Reminders>()
        .AddSingleton<Easel>()
        .AddSingleton<DeliveryBook>().AddSingleton<IReach>(all => all.GetRequiredService<DeliveryBook>())
        .AddSingleton<Courier>()
        .AddSingleton<Pump>().AddHostedService(all => all.GetRequiredService<Pump>());
}
