using MicroAppBot.Desk;

namespace MicroAppBot.Policies.Bundles;

/// <summary>One bundle that the rules come from: an entry of <c>Policy:Bundles</c>.</summary>
public sealed record BundleSettings
{
    /// <summary>A word of its own, in messages and for the kept copy; <c>bundle-1</c>, … when left out.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where it is fetched.</summary>
    public Uri? Url { get; init; }

    /// <summary>A <c>.tar.gz</c> or an unpacked bundle's folder on this machine, instead of <see cref="Url"/>.</summary>
    public string? Path { get; init; }

    /// <summary>Bearer token for <see cref="Url"/>.</summary>
    public string? Token { get; init; }

    /// <summary>Seconds between two questions whether there is a newer one.</summary>
    public double PollSeconds { get; init; } = 60;

    /// <summary>Seconds that the server may hold a question until there is something new (OPA's long polling); 0 asks and goes.</summary>
    public int LongPollSeconds { get; init; }

    /// <exception cref="SettingException">A setting cannot be meant; the message names its key.</exception>
    public static IReadOnlyList<BundleSettings> From(IConfiguration configuration)
    {
        List<BundleSettings> all;
        try
        {
            all = configuration.GetSection("Policy:Bundles").Get<List<BundleSettings>>() ?? [];
        }
        catch (InvalidOperationException odd)
        {
            throw new SettingException($"A setting of Policy:Bundles cannot be read: {odd.Message}");
        }
        var named = all.Index().Select(b => b.Item.Name.Length > 0 ? b.Item : b.Item with { Name = $"bundle-{b.Index + 1}" }).ToList();
        foreach (var (i, bundle) in named.Index())
        {
            var key = $"Policy:Bundles:{i}";
            if (bundle.Name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))) throw new SettingException($"{key}:Name is made of letters, digits, - and _.");
            if (bundle.Url is null == string.IsNullOrEmpty(bundle.Path)) throw new SettingException($"{key} needs Url or Path, and not both.");
            if (bundle.Url is { } url) RemoteUrl.Check(url, $"{key}:Url", bundle.Token is { Length: > 0 });
            if (bundle.PollSeconds is < 0.05 or > 86_400) throw new SettingException($"{key}:PollSeconds must be a number from 0.05 to 86400.");
            if (bundle.LongPollSeconds is < 0 or > 600) throw new SettingException($"{key}:LongPollSeconds must be a whole number from 0 to 600.");
        }
        return named.Select(b => b.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count() == named.Count ? named : throw new SettingException("Policy:Bundles: two bundles have the same Name.");
    }
}
