using Rego.Evaluate;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>Puts all definitions into the tree of documents and reports those that cannot live together.</summary>
internal sealed class RuleTree(CompileContext context)
{
    private readonly Dictionary<DocNode, List<RuleDefinition>> _static = [];
    private readonly Dictionary<DocNode, List<RuleDefinition>> _dynamic = [];
    private readonly Dictionary<DocNode, Location> _packages = [];

    public DocNode Root { get; } = new(null, "data");

    public List<DocNode> Nodes { get; } = [];

    /// <summary>What the type checker found out about the documents.</summary>
    public TypeEnvironment? Types { get; set; }

    public IReadOnlyList<RuleDefinition> StaticOf(DocNode node) => _static.TryGetValue(node, out var list) ? list : [];

    public IReadOnlyList<RuleDefinition> DynamicOf(DocNode node) => _dynamic.TryGetValue(node, out var list) ? list : [];

    public void AddPackage(ModuleSyntax module)
    {
        var node = Root;
        foreach (var part in module.Package) node = node.ChildOrNew(part);
        _packages.TryAdd(node, module.PackageAt);
    }

    public void Add(RuleDefinition rule)
    {
        var node = Root;
        var i = 0;
        for (; i < rule.Path.Count && rule.Path[i] is ConstTerm { Value: RString s }; i++) node = node.ChildOrNew(s.Value);
        var dynamic = rule.Path.Skip(i).ToList();
        for (var branch = rule; branch is not null; branch = branch.Else) branch.Dynamic = branch == rule ? dynamic : branch.Path.Skip(i).ToList();
        if (dynamic.Count > 0 && rule.IsDefault)
        {
            context.Report("rego_parse_error", rule.At, "default rules cannot contain variables in their reference");
            return;
        }
        if (dynamic.Count > 0 && rule.Parameters is not null)
        {
            context.Report("rego_parse_error", rule.At, "function heads cannot contain variables in their reference");
            return;
        }
        var into = dynamic.Count > 0 ? _dynamic : _static;
        if (!into.TryGetValue(node, out var list)) into[node] = list = [];
        list.Add(rule);
    }

    public void Number() => Number(Root);

    public void Check()
    {
        foreach (var node in Nodes) Check(node);
    }

    private void Number(DocNode node)
    {
        node.Index = Nodes.Count;
        Nodes.Add(node);
        node.HasDynamic = _dynamic.ContainsKey(node);
        if (_static.TryGetValue(node, out var rules) && rules.Any(r => r.Syntax is not null))
        {
            var first = rules[0];
            node.Kind = first.Parameters is not null ? DocKind.Function : first.Element is not null ? DocKind.Set : DocKind.Complete;
            if (node.Kind == DocKind.Function) node.Arity = first.Parameters!.Count;
        }
        foreach (var child in node.Children.Values) Number(child);
        node.End = Nodes.Count;
    }

    private void Check(DocNode node)
    {
        var rules = StaticOf(node);
        if (_packages.ContainsKey(node))
        {
            foreach (var rule in rules)
                context.Report("rego_type_error", rule.Module.PackageAt, $"package {Shown(node)["data.".Length..]} conflicts with rule {TermText.Of(new RefTerm(rule.At, rule.Syntax.Ref[0], [.. rule.Syntax.Ref.Skip(1)]))} defined at {Place(rule)}");
        }
        var all = DynamicOf(node).Count == 0 ? rules : [.. rules.Concat(DynamicOf(node)).OrderBy(r => r.At.File, StringComparer.Ordinal).ThenBy(r => r.At.Row)];
        if (all.Count == 0) return;
        var name = Shown(all[^1]);
        var below = rules.Count > 0 && node.Children.Count > 0 ? Below(node) : [];
        var defaults = all.Where(r => r.IsDefault).ToList();
        if (below.Count > 0)
        {
            context.Report("rego_type_error", all[0].At, $"rule {name} conflicts with [{string.Join(' ', below)}]");
        }
        else if (all.Any(r => (r.Element is null) != (all[0].Element is null) || (r.Parameters?.Count ?? 0) != (all[0].Parameters?.Count ?? 0)) || (all.Any(IsSingle) && !all.All(IsSingle)))
        {
            context.Report("rego_type_error", all[0].At, $"conflicting rules {name} found");
        }
        else if (defaults.Count > 1)
        {
            context.Report("rego_type_error", defaults[0].Module.PackageAt, $"multiple default rules {name} found at {string.Join(", ", defaults.Select(Place))}");
        }

        static bool IsSingle(RuleDefinition rule) => rule.Element is null && rule.Dynamic.Count == 0;
    }

    private static string Place(RuleDefinition rule) => $"{rule.At.File}:{rule.At.Row}";

    private static string Shown(DocNode node) => "data" + string.Concat(node.Path.Select(Step));

    private static string Step(RValue key) => key is RString s && TermText.IsName(s.Value) ? "." + s.Value : $"[{key}]";

    public static string Shown(RuleDefinition rule) => "data" + string.Concat(rule.Path.Select(p => p is ConstTerm c ? Step(c.Value) : $"[{TermText.Of(p)}]"));

    /// <summary>The rules below a place, without those inside others.</summary>
    private List<string> Below(DocNode node)
    {
        var paths = new List<string>();
        for (var i = node.Index + 1; i < node.End; i++)
        {
            foreach (var rule in StaticOf(Nodes[i]).Concat(DynamicOf(Nodes[i])))
            {
                var shown = Shown(rule);
                if (!paths.Exists(p => shown == p || shown.StartsWith(p + ".", StringComparison.Ordinal) || shown.StartsWith(p + "[", StringComparison.Ordinal))) paths.Add(shown);
            }
        }
        paths.Sort(StringComparer.Ordinal);
        return paths;
    }

    /// <summary>The function a call names, or null.</summary>
    public DocNode? Function(Term? op)
    {
        if (op is not RefTerm { Head: VarTerm { Name: "data" } } r) return null;
        var node = Root;
        foreach (var arg in r.Args)
        {
            if (arg is not ConstTerm { Value: RString s } || !node.Children.TryGetValue(s.Value, out var child)) return null;
            node = child;
        }
        return node.Kind == DocKind.Function ? node : null;
    }
}
