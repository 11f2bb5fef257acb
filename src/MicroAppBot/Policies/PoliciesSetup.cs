using MicroAppBot.Content;
using MicroAppBot.Desk;
using MicroAppBot.Policies.Api;
using MicroAppBot.Policies.Bundles;
using MicroAppBot.Policies.Log;
using MicroAppBot.Policies.Opa;
using MicroAppBot.Policies.Simulation;

namespace MicroAppBot.Policies;

/// <summary>The rulebook (here, or of an OPA server), what keeps it up to date, its log, and its API.</summary>
public static class PoliciesSetup
{
    /// <param name="bundled">What the rules come from, where it is bundles.</param>
    /// <exception cref="ContentException">The rules cannot be used; with file and line.</exception>
    /// <exception cref="SettingException">A setting cannot be meant; the message names its key.</exception>
    public static IServiceCollection AddPolicies(this IServiceCollection services, ContentInForce content, BundledContent bundled, IConfiguration configuration)
    {
        var rules = content.Part(InProcessPolicies.Compile);
        var (opa, log) = (OpaSettings.From(configuration), DecisionLogSettings.From(configuration));
        services
            .AddSingleton(ReloadSettings.From(configuration))
            .AddSingleton<RulebookNews>()
            .AddSingleton<IRulebookProposal>(ProposedRules.From(content, configuration))
            .AddSingleton(all => ActivatorUtilities.CreateInstance<ContentUptake>(all, TimeProvider.System))
            .AddHostedService<ContentWatch>()
            .AddSingleton(bundled)
            .AddSingleton<BundleWatch>()
            .AddHostedService(all => all.GetRequiredService<BundleWatch>())
            .AddSingleton(all => new DecisionLog(log, () => rules.Now.Whole, TimeProvider.System, all.GetRequiredService<ILogger<DecisionLog>>()))
            .AddHostedService(all => all.GetRequiredService<DecisionLog>())
            .AddSingleton<IPolicies>(all => Logged(all, opa.Url is null ? new RulesInForce(() => rules.Now) : all.GetRequiredService<OpaPolicies>()))
            .AddSingleton(all => new OpaHealth(
                () => bundled.Sources.All(source => source.Now is not null),
                [
                    ("bundle", () => all.GetRequiredService<BundleWatch>().Trouble),
                    ("decision_logs", () => all.GetRequiredService<DecisionLog>().Trouble),
                    ("opa", () => all.GetService<OpaWatch>()?.Trouble),
                ]))
            .AddSingleton(all => new OpaFacts(() => rules.Now, all.GetRequiredService<DecisionLog>(), all.GetRequiredService<OpaHealth>(), TimeProvider.System))
            .AddSingleton(all => new OpaDesk(() => rules.Now, all.GetRequiredService<DecisionLog>(), TimeProvider.System));
        if (opa.Url is null) return services;
        OpaPolicies.MakeRoom();
        return services
            .AddSingleton(opa)
            .AddSingleton(all => new OpaPolicies(opa, () => rules.Now, TimeProvider.System, all.GetRequiredService<ILogger<OpaPolicies>>()))
            .AddSingleton<OpaWatch>()
            .AddHostedService(all => all.GetRequiredService<OpaWatch>());
    }

    private static IPolicies Logged(IServiceProvider all, IPolicies rules) =>
        all.GetRequiredService<DecisionLog>() is { IsOn: true } log ? new LoggedPolicies(rules, log, TimeProvider.System) : rules;
}
