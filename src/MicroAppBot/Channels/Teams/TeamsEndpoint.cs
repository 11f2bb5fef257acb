using MicroAppBot.Desk;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MicroAppBot.Channels.Teams;

/// <summary><c>POST /api/messages</c>: activities of the Bot Framework. What was said is on disk before it is answered.</summary>
public static class TeamsEndpoint
{
    public const string Path = "/api/messages";

    /// <summary>
    /// What Teams needs; to be added beside the store, the turns, the directory, the outbox, the card pen, the presenter and the
    /// governance clock. Adds itself as an <see cref="IChannel"/> where it is on.
    /// </summary>
    /// <exception cref="SettingException">Teams is half set up; the message names the missing key.</exception>
    public static IServiceCollection AddTeams(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        var settings = TeamsSettings.From(configuration, environment);
        services.TryAddSingleton(TimeProvider.System);
        // No resilience handler here: it would repeat a POST that may have arrived. Delivery knows when to try again.
        services.AddHttpClient(TeamsConnector.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(15))
            .UseSocketsHttpHandler((handler, _) =>
            {
                // A network that swallows everything is found out before anything was sent
                handler.ConnectTimeout = TimeSpan.FromSeconds(5);
                // Where a redirect points is nowhere our token was meant for
                handler.AllowAutoRedirect = false;
            })
            .RemoveAllLoggers();
        services.AddHttpClient(TeamsToken.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(8)).RemoveAllLoggers();
        // Only reads, so it may be repeated; and held for ever, so it looks up the address anew by itself
        services.AddHttpClient(TeamsKeys.HttpClientName)
            .UseSocketsHttpHandler((handler, _) => handler.PooledConnectionLifetime = TimeSpan.FromMinutes(15))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .AddStandardResilienceHandler(keys =>
            {
                keys.Retry.MaxRetryAttempts = 2;
                keys.Retry.Delay = TimeSpan.FromMilliseconds(200);
                keys.AttemptTimeout.Timeout = TimeSpan.FromSeconds(3);
                keys.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(8);
            });
        services.AddSingleton(provider => new TeamsKeys(
            (settings.App?.Cloud ?? TeamsCloud.Public).MetadataUrl, provider.GetRequiredService<IHttpClientFactory>().CreateClient(TeamsKeys.HttpClientName),
            provider.GetRequiredService<TimeProvider>(), between: TimeSpan.FromMinutes(5)));
        services.AddSingleton(settings)
            .AddSingleton<TeamsVerifier>()
            .AddSingleton<TeamsRefresh>()
            .AddSingleton<TeamsToken>()
            .AddSingleton<TeamsPace>()
            .AddSingleton<TeamsConnector>()
            .AddSingleton<TeamsPlace>()
            .AddSingleton<TeamsViewers>()
            .AddSingleton<TeamsBoards>().AddSingleton<IBoards>(all => all.GetRequiredService<TeamsBoards>())
            .AddSingleton<TeamsChannel>()
            .AddSingleton<TeamsIdentity>()
            .AddSingleton<TeamsTalk>()
            .AddSingleton<TeamsRedraws>()
            .AddSingleton<TeamsAnswers>()
            .AddSingleton<TeamsDialogs>()
            .AddSingleton<TeamsTyping>()
            .AddSingleton<TeamsDoor>()
            .AddHostedService(provider => provider.GetRequiredService<TeamsPlace>())
            .AddHostedService(provider => provider.GetRequiredService<TeamsRedraws>())
            .AddHostedService<TeamsStart>();
        if (settings.IsOn) services.AddSingleton<IChannel>(provider => provider.GetRequiredService<TeamsChannel>());
        return services;
    }

    public static IEndpointConventionBuilder MapTeams(this IEndpointRouteBuilder routes)
    {
        var door = routes.ServiceProvider.GetRequiredService<TeamsDoor>();
        return routes.MapPost(Path, (Delegate)door.TakeAsync);
    }
}
