using System.Text.Json.Nodes;
using MicroAppBot.Content;
using Rego;
using Rego.Values;

namespace MicroAppBot.Policies;

/// <summary>
/// The rules as others may ask them. The directory (<c>data.people</c>) is never served: everything is evaluated without it, save
/// for the entry points, which look people up and answer with a verdict. So no query, alias or <c>walk</c> can bring it out.
/// </summary>
public sealed class ServedRules
{
    /// <summary>Decisions that may look into the directory.</summary>
    public static readonly IReadOnlyList<IReadOnlyList<string>> EntryPoints = [["microapps", "decision"], ["microapps", "access", "allow"], ["microapps", "access", "denied"]];

    private readonly CompiledPolicy _whole;
    private readonly CompiledPolicy _open;

    public ServedRules(CompiledPolicy whole, ContentFolder content)
    {
        _whole = whole;
        var data = JsonNode.Parse(content.DataJson.Span)!.AsObject();
        data.Remove("people");
        _open = InProcessPolicies.Rules(content, RValue.Parse(data.ToJsonString()));
        Modules = [.. content.PolicyFiles.Where(f => !f.Name.EndsWith("_test.rego", StringComparison.Ordinal))];
        Revision = content.Revision;
    }

    /// <summary>The rules in force, without their tests.</summary>
    public IReadOnlyList<ContentFile> Modules { get; }

    public string Revision { get; }

    /// <summary>The document at a path under <c>data</c>; null when it is undefined.</summary>
    /// <exception cref="RegoEvaluationException">The evaluation was halted.</exception>
    public RValue? Document(IReadOnlyList<string> path, RValue? input, EvaluationOptions options)
    {
        if (EntryPoints.Any(entry => StartsWith(path, entry))) return _whole.Evaluate(RefOf(path), input, options);
        var document = _open.Evaluate(RefOf(path), input, options);
        foreach (var entry in EntryPoints.Where(entry => StartsWith(entry, path)))
        {
            if (document is null or RObject) document = With(document as RObject, [.. entry.Skip(path.Count)], _whole.Evaluate(RefOf(entry), input, options));
        }
        return document;
    }

    /// <summary>All answers to a query. A query that is nothing but the name of an entry point asks that entry point.</summary>
    /// <exception cref="RegoCompileException">The query has faults.</exception>
    /// <exception cref="RegoEvaluationException">The evaluation was halted.</exception>
    public IReadOnlyList<QueryResult> Query(string query, RValue? input, EvaluationOptions options)
    {
        var isEntryPoint = EntryPoints.Any(entry => query.Trim() == "data." + string.Join('.', entry));
        return (isEntryPoint ? _whole : _open).Prepare(query).Run(input, options);
    }

    /// <summary>As OPA reads a URL's path: whole numbers are places in arrays, everything else is a key.</summary>
    internal static string RefOf(IReadOnlyList<string> path) =>
        "data" + string.Concat(path.Select(part => int.TryParse(part, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index)
            ? $"[{index}]" : $"[{new RString(part).ToJson()}]"));

    private static bool StartsWith(IReadOnlyList<string> path, IReadOnlyList<string> start) => path.Count >= start.Count && start.Select((part, i) => part == path[i]).All(same => same);

    private static RObject With(RObject? into, IReadOnlyList<string> path, RValue? value)
    {
        var all = new RObjectBuilder();
        if (into is not null) all.SetAll(into);
        var below = path.Count == 1 ? value : With(into?.Get(path[0]) as RObject, [.. path.Skip(1)], value);
        if (below is not null) all.Set(path[0], below);
        return all.Build();
    }
}
