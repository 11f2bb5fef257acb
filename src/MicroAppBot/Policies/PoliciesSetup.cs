using MicroAppBot.Content;
using MicroAppBot.Desk;
using MicroAppBot.Policies.Api;
using MicroAppBot.Policies.Log;
using MicroAppBot.Policies.Opa;

namespace MicroAppBot.Policies;

/// <summary>The rulebook (here, or of an OPA server), what keeps it up to date, its log, and its API.</summary>
public static class PoliciesSetup
{
    /// <exception cref="ContentException">The rules cannot be used; with file and line.</exception>
    /// <exception cref="SettingException">A setting cannot be meant; the message names its key.</exception>
    public static IServiceCollection AddPolicies(this IServiceCollection services, ContentInForce content, IConfiguration configuration)
    {
        var rules = content.Part(InProcessPolicies.Compile);
        var (opa, log) = (OpaSettings.From(configuration), DecisionLogSettings.From(configuration));
        services
            .AddSingleton(ReloadSettings.From(configuration))
            .AddSingleton<RulebookNews>()
            .AddHostedService<ContentWatch>()
            .AddSingleton(all => new DecisionLog(log, () => rules.Now.Whole, TimeProvider.System, all.GetRequiredService<ILogger<DecisionLog>>()))
            .AddHostedService(all => all.GetRequiredService<DecisionLog>())
            .AddSingleton<IPolicies>(all => Logged(all, opa.Url is null ? new RulesInForce(() => rules.Now) : all.GetRequiredService<OpaPolicies>()))
            .AddSingleton(all => new OpaHealth(() => null, () => all.GetRequiredService<DecisionLog>().Trouble ?? all.GetService<OpaWatch>()?.Trouble))
            .AddSingleton(all => new OpaDesk(() => rules.Now, all.GetRequiredService<DecisionLog>(), TimeProvider.System, all.GetRequiredService<OpaHealth>()));
        if (opa.Url is null) return services;
        return services
            .AddSingleton(opa)
            .AddSingleton(all => new OpaPolicies(opa, () => rules.Now, TimeProvider.System, all.GetRequiredService<ILogger<OpaPolicies>>()))
            .AddSingleton<OpaWatch>()
            .AddHostedService(all => all.GetRequiredService<OpaWatch>());
    }

    private static IPolicies Logged(IServiceProvider all, IPolicies rules) =>
        all.GetRequiredService<DecisionLog>() is { IsOn: true } log ? new LoggedPolicies(rules, log, TimeProvider.System) : rules;
}
