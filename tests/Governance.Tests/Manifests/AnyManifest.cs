using Governance.Catalogue;
using Governance.Manifests;

namespace Governance.Tests.Manifests;

/// <summary>Random manifests, valid by form, with everything that a form allows: empty sections, foreign letters, quotes, emoji.</summary>
public sealed class AnyManifest(int seed)
{
    private static readonly string[] Pieces = ["plain", "Größe", "日本", "\"quoted\"", "back\\slash", "a/b~c", "line\nbreak", "🍜", "<at>x</at>", "\u202Eright-to-left", ""];
    private readonly Random random = new(seed);

    public Manifest Next() => new(
        new AppSection(Name(), Text(), Text(), Pick("internal-dashboard", "campaign", "regulated-eu"), random.GetItems(Enum.GetValues<DataClass>(), 1)[0],
            Text(), random.Next(2) == 0 ? null : random.GetItems(Enum.GetValues<Audience>(), 1)[0], Text(), Text(), Text()),
        new DataSection(Some([.. DataKind.All.Select(k => k.Id)], 1), Some([.. Residency.All.Select(r => r.Id)], 0)),
        [.. Some(["crm-contacts", "crm-contacts-masked", "hr-payroll", "un/known~"], 0).Select(c => new Integration(c, random.GetItems(Enum.GetValues<ConnectorAccess>(), 1)[0], Some(["company", "name", "x"], 0)))],
        new NetworkSection(Some(["a.example.com", "B.Example.com", ""], 0), random.Next(3) switch { 0 => null, 1 => true, _ => false }),
        Pick("internal-eu", "sovereign-eu", "internal-us"),
        Some(["TOKEN", "a b", "ключ"], 0).ToDictionary(k => k, _ => "vault://" + (Text() ?? "x")),
        new AccessSection(Some(["crm-read-only", "infra-admin"], 0)),
        new LifecycleSection(random.Next(2) == 0 ? null : random.Next(1, 200)),
        new CostSection(Amount(), Amount()));

    private string Name() => "app-" + random.Next(100_000);

    private string? Text() => random.Next(4) == 0 ? null : string.Concat(random.GetItems(Pieces, 2));

    private string Pick(params string[] words) => random.GetItems(words, 1)[0];

    private decimal? Amount() => random.Next(3) switch { 0 => null, 1 => random.Next(1000), _ => random.Next(100_000) / 100m };

    private List<string> Some(string[] words, int least)
    {
        random.Shuffle(words);
        return [.. words.Take(random.Next(least, words.Length + 1))];
    }
}
