using MicroAppBot.Content;
using MicroAppBot.Desk;

namespace MicroAppBot.Policies;

/// <summary>The rulebook, and what keeps it up to date.</summary>
public static class PoliciesSetup
{
    /// <exception cref="ContentException">The rules cannot be used; with file and line.</exception>
    /// <exception cref="SettingException">A setting cannot be meant; the message names its key.</exception>
    public static IServiceCollection AddPolicies(this IServiceCollection services, ContentInForce content, IConfiguration configuration)
    {
        var rules = content.Part(InProcessPolicies.Compile);
        return services
            .AddSingleton(ReloadSettings.From(configuration))
            .AddSingleton<IPolicies>(new RulesInForce(() => rules.Now))
            .AddSingleton<RulebookNews>()
            .AddHostedService<ContentWatch>();
    }
}
