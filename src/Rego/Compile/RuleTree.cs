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

    public void Finish()
    {
        Number(Root);
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
        var name = node.PathText;
        if (_packages.TryGetValue(node, out var at) && (rules.Count > 0 || node.HasDynamic))
        {
            var rule = rules.Count > 0 ? rules[0] : DynamicOf(node)[0];
            context.Report("rego_type_error", at, $"package {name["data.".Length..]} conflicts with rule {node.Name} defined at {rule.At.File}:{rule.At.Row}");
        }
        if (rules.Count == 0) return;
        var first = rules[0];
        if (node.HasDynamic || rules.Any(r => (r.Parameters is null) != (first.Parameters is null) || (r.Element is null) != (first.Element is null) || r.Parameters?.Count != first.Parameters?.Count))
            context.Report("rego_type_error", first.At, $"conflicting rules {name} found");
        var defaults = rules.Where(r => r.IsDefault).ToList();
        if (defaults.Count > 1)
            context.Report("rego_type_error", defaults[0].Module.PackageAt, $"multiple default rules {name} found at {string.Join(", ", defaults.Select(d => $"{d.At.File}:{d.At.Row}"))}");
        if (node.Children.Count > 0)
        {
            var below = Below(node).Select(n => n.PathText).Order(StringComparer.Ordinal).ToList();
            if (below.Count > 0) context.Report("rego_type_error", first.At, $"rule {name} conflicts with [{string.Join(' ', below)}]");
        }
    }

    private IEnumerable<DocNode> Below(DocNode node)
    {
        for (var i = node.Index + 1; i < node.End; i++)
        {
            if (StaticOf(Nodes[i]).Count > 0 || Nodes[i].HasDynamic) yield return Nodes[i];
        }
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
