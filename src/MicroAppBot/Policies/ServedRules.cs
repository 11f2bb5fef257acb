using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MicroAppBot.Content;
using Rego;
using Rego.Values;

namespace MicroAppBot.Policies;

/// <summary>
/// The rules as others may ask them. The directory (<c>data.people</c>) is never served: everything is evaluated without it, save
/// for the entry points, which look people up and answer with a verdict. So no query, alias or <c>walk</c> can bring it out.
/// </summary>
public sealed partial class ServedRules
{
    /// <summary>Decisions that may look into the directory.</summary>
    public static readonly IReadOnlyList<IReadOnlyList<string>> EntryPoints = [["microapps", "decision"], ["microapps", "access", "allow"], ["microapps", "access", "denied"]];

    private readonly CompiledPolicy _whole;
    private readonly CompiledPolicy _open;
    private readonly Lazy<IReadOnlyDictionary<string, RValue>> _trees;

    public ServedRules(CompiledPolicy whole, ContentFolder content)
    {
        _whole = whole;
        var data = JsonNode.Parse(content.DataJson.Span)!.AsObject();
        data.Remove("people");
        _open = InProcessPolicies.Rules(content, RValue.Parse(data.ToJsonString()));
        Modules = [.. content.PolicyFiles.Where(f => !f.Name.EndsWith("_test.rego", StringComparison.Ordinal))];
        Revision = content.Revision;
        _trees = new Lazy<IReadOnlyDictionary<string, RValue>>(ParsedModules);
    }

    /// <summary>The rules in force, without their tests.</summary>
    public IReadOnlyList<ContentFile> Modules { get; }

    public string Revision { get; }

    /// <summary>A module as a syntax tree, as <c>rego.parse_module</c> gives it; null when there is none of this name.</summary>
    public RValue? TreeOf(string module) => _trees.Value.GetValueOrDefault(module);

    /// <summary>The document at a path under <c>data</c>; null when it is undefined.</summary>
    /// <exception cref="FormatException">A part of the path cannot be in a reference.</exception>
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

    /// <summary>A query, to be run. One that is nothing but the name of an entry point asks that entry point.</summary>
    /// <exception cref="RegoCompileException">The query has faults.</exception>
    public PreparedQuery Prepare(string query)
    {
        // OPA's server has no such call in what it is asked, whatever its rules may do
        if (Outside().Match(Quoted().Replace(query, text => new string(' ', text.Length))) is { Success: true } call)
        {
            var before = query[..call.Index];
            throw new RegoCompileException([new RegoError("rego_type_error", "unsafe built-in function calls in expression: http.send", "query", before.Count(c => c == '\n') + 1, call.Index - before.LastIndexOf('\n'))]);
        }
        var isEntryPoint = EntryPoints.Any(entry => query.Trim() == "data." + string.Join('.', entry));
        return (isEntryPoint ? _whole : _open).Prepare(query);
    }

    /// <summary>Which rules fired for the document at a path, and what stopped the others; null where there are no rules. It holds values that are not for everybody.</summary>
    public Explanation? Explain(IReadOnlyList<string> path, RValue? input, EvaluationOptions options)
    {
        try
        {
            return (EntryPoints.Any(entry => StartsWith(path, entry)) ? _whole : _open).Explain(RefOf(path), input, options);
        }
        catch (Exception e) when (e is RegoCompileException or RegoEvaluationException)
        {
            return null;
        }
    }

    /// <summary>The path as a reference in OPA's words: <c>data.a["b-c"][0]</c>.</summary>
    internal static string NameOf(IReadOnlyList<string> path) => "data" + string.Concat(path.Select(part => Name().IsMatch(part) ? "." + part : Place(part)));

    /// <summary>As OPA reads a URL's path: whole numbers are places in arrays, everything else is a key.</summary>
    /// <exception cref="FormatException">A part cannot be in a reference.</exception>
    internal static string RefOf(IReadOnlyList<string> path) => path.FirstOrDefault(part => part.Contains('"', StringComparison.Ordinal)) is { } odd
        ? throw new FormatException($"invalid ref term '{odd}'")
        : "data" + string.Concat(path.Select(Place));

    private static string Place(string part) => long.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index)
        ? $"[{index.ToString(CultureInfo.InvariantCulture)}]"
        : $"[{new RString(part).ToJson()}]";

    [GeneratedRegex(@"(?<![\w.])http\.send\s*\(")]
    private static partial Regex Outside();

    [GeneratedRegex("""
        "(\\.|[^"\\])*"|`[^`]*`
        """)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Name();

    private Dictionary<string, RValue> ParsedModules()
    {
        var parse = _open.Prepare("tree := rego.parse_module(input.name, input.text)");
        var trees = new Dictionary<string, RValue>(StringComparer.Ordinal);
        foreach (var module in Modules)
        {
            var input = new RObjectBuilder();
            input.Set("name", new RString(module.Name));
            input.Set("text", new RString(module.Text));
            if (parse.Run(input.Build()) is [var result]) trees[module.Name] = result.Bindings["tree"];
        }
        return trees;
    }

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
