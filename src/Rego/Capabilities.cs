using Rego.Builtins;
using Rego.Values;

namespace Rego;

/// <summary>
/// What policies may use: the builtins, keywords to import and features of one version of OPA, as its capabilities files tell them
/// (https://www.openpolicyagent.org/docs/deployments#capabilities).
/// </summary>
public sealed record Capabilities
{
    /// <summary>Names of the builtins, operators included (plus, eq, internal.member_2, …).</summary>
    public required IReadOnlySet<string> Builtins { get; init; }

    /// <summary>Keywords that old modules may import: in, every, contains, if.</summary>
    public IReadOnlySet<string> FutureKeywords { get; init; } = new HashSet<string>();

    /// <summary>rule_head_ref_string_prefixes, rule_head_refs, rego_v1_import, rego_v1, keywords_in_refs, template_strings.</summary>
    public IReadOnlySet<string> Features { get; init; } = new HashSet<string>();

    /// <summary>Hosts that http.send and net.lookup_ip_addr may ask; null means any.</summary>
    public IReadOnlyList<string>? AllowNet { get; init; }

    /// <summary>All that this evaluator knows.</summary>
    public static Capabilities Current { get; } = new()
    {
        Builtins = BuiltinTable.AllNames.ToHashSet(StringComparer.Ordinal),
        FutureKeywords = new HashSet<string>(StringComparer.Ordinal) { "contains", "every", "if", "in" },
        Features = new HashSet<string>(StringComparer.Ordinal) { "keywords_in_refs", "rego_v1", "template_strings" },
    };

    /// <summary>Reads a capabilities file: an object with the members builtins (objects with a name), future_keywords, features and allow_net.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Capabilities Parse(RValue file)
    {
        if (file is not RObject o) throw new FormatException("a capabilities file is an object");
        var builtins = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in Items(o, "builtins") ?? [])
        {
            if ((entry as RObject)?.Get("name") is not RString name) throw new FormatException("every member of builtins needs a name");
            builtins.Add(name.Value);
        }
        return new Capabilities
        {
            Builtins = builtins,
            FutureKeywords = Names(o, "future_keywords")?.ToHashSet(StringComparer.Ordinal) ?? [],
            Features = Names(o, "features")?.ToHashSet(StringComparer.Ordinal) ?? [],
            AllowNet = Names(o, "allow_net"),
        };
    }

    private static List<string>? Names(RObject o, string key) =>
        Items(o, key)?.ConvertAll(item => (item as RString)?.Value ?? throw new FormatException($"{key} holds names only"));

    private static List<RValue>? Items(RObject o, string key) => o.Get(key) switch
    {
        null or RNull => null,
        RArray a => [.. a.Items.ToArray()],
        _ => throw new FormatException($"{key} must be an array"),
    };
}
