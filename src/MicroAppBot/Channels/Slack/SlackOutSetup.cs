using MicroAppBot.Desk;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MicroAppBot.Channels.Slack;

/// <summary>The half of the channel that goes out: the Web API, tokens, sending, the sockets, installation.</summary>
internal static class SlackOutSetup
{
    /// <summary>To be called by <c>AddSlack</c>. Adds the <see cref="IChannel"/> where Slack is on.</summary>
    public static IServiceCollection AddSlackOut(this IServiceCollection services, SlackSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        // No resilience handler: it would repeat a POST that may have arrived. Delivery knows when to try again.
        services.AddHttpClient(SlackWire.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(15))
            .UseSocketsHttpHandler((handler, _) =>
            {
                // A network that swallows everything is found out before anything was sent
                handler.ConnectTimeout = TimeSpan.FromSeconds(5);
                // Where a redirect points is nowhere our token was meant for
                handler.AllowAutoRedirect = false;
                handler.UseCookies = false;
            })
            .RemoveAllLoggers();
        services.AddSingleton(settings)
            .AddSingleton<SlackWire>()
            .AddSingleton<SlackPace>()
            .AddSingleton<SlackInstalls>()
            .AddSingleton<SlackTokens>()
            .AddSingleton<SlackApi>()
            .AddSingleton<SlackIdentity>()
            .AddSingleton<SlackDoorbell>()
            .AddSingleton<SlackDrawings>()
            .AddSingleton<SlackChannel>()
            .AddSingleton<SlackInstallEndpoint>()
            .AddSingleton<SlackLines>();
        services.TryAddSingleton<TakesSlack>(provider => provider.GetRequiredService<SlackDoor>().TakeAsync);
        if (!settings.IsOn) return services;
        services.AddSingleton<IChannel>(provider => provider.GetRequiredService<SlackChannel>()).AddHostedService<SlackStart>();
        return settings.AppToken is null ? services : services.AddHostedService<SlackSocket>();
    }

    /// <summary>To be called by <c>MapSlack</c>.</summary>
    public static void MapSlackInstall(this IEndpointRouteBuilder routes)
    {
        var install = routes.ServiceProvider.GetRequiredService<SlackInstallEndpoint>();
        routes.MapGet(SlackInstallEndpoint.InstallPath, (Delegate)install.Begin);
        routes.MapGet(SlackInstallEndpoint.CallbackPath, (Delegate)install.EndAsync);
    }
}
