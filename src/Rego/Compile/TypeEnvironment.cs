using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

using static StaticType;

/// <summary>
/// The types known in one place: of local variables, and of documents below data and input. What is not known here may be known in the
/// environment around it (OPA's v1/ast/env.go).
/// </summary>
internal sealed class TypeEnvironment(TypeEnvironment? around)
{
    private static readonly MoreMembers AnythingByName = new(StaticType.String, Any);

    private readonly Dictionary<string, StaticType?> _variables = [];
    private readonly Dictionary<string, TypeNode> _documents = [];

    public TypeEnvironment? Around { get; } = around;

    public StaticType? Variable(string name)
    {
        for (var env = this; env is not null; env = env.Around)
        {
            if (env._variables.TryGetValue(name, out var type)) return type;
        }
        return null;
    }

    /// <summary>The type of a variable in this environment alone.</summary>
    public bool TryOwn(string name, out StaticType? type) => _variables.TryGetValue(name, out type);

    public void SetVariable(string name, StaticType? type) => _variables[name] = type;

    public TypeNode? Document(string root) => _documents.GetValueOrDefault(root);

    public TypeNode DocumentOrNew(string root)
    {
        if (!_documents.TryGetValue(root, out var node)) _documents[root] = node = new TypeNode();
        return node;
    }

    /// <summary>Puts a type at a path below data or input, whatever was there.</summary>
    public void Put(string root, IEnumerable<RValue> path, StaticType type)
    {
        var node = DocumentOrNew(root);
        foreach (var key in path) node = node.ChildOrNew(key);
        node.Type = type;
    }

    /// <summary>Adds what one definition gives to what is known at its path, and to the objects along the way.</summary>
    public void Insert(IReadOnlyList<RValue> path, StaticType type)
    {
        var node = DocumentOrNew("data");
        for (var i = 0; i < path.Count; i++)
        {
            if (node.Type is ObjectType whole && i > 0) node.Type = Into(whole, path, i, type);
            node = node.ChildOrNew(path[i]);
        }
        node.Type = Merge(node.Type, type);
        if (type is not ObjectType || node.Children.Count == 0 || node.Type is not ObjectType) return;
        foreach (var (below, leaf) in node.Leaves().ToList()) node.Type = Into((ObjectType)node.Type!, below, 0, leaf);
    }

    private static ObjectType Into(ObjectType whole, IReadOnlyList<RValue> path, int at, StaticType type)
    {
        if (at == path.Count) return whole;
        var inner = at + 1 == path.Count ? type : Into(new ObjectType([], null), path, at + 1, type);
        var key = Of(path[at]);
        return new ObjectType(whole.Known, whole.More is null ? new MoreMembers(key, inner) : new MoreMembers(Or(whole.More.Key, key), Or(whole.More.Value, inner)));
    }

    /// <summary>Sets are joined by their elements, objects without known members by their keys and values, all else is one or the other.</summary>
    private static StaticType? Merge(StaticType? a, StaticType? b)
    {
        if (a is null || b is null) return a ?? b;
        switch (a, b)
        {
            case (ObjectType { Known.Count: 0, More: { } x }, ObjectType { Known.Count: 0, More: { } y }):
                return new ObjectType([], new MoreMembers(Or(x.Key, y.Key), Merge(x.Value, y.Value)));
            case (ObjectType { Known.Count: 0, More: { } x }, UnionType union):
                for (var i = 0; i < union.Options.Count; i++)
                {
                    if (union.Options[i] is not ObjectType { Known.Count: 0, More: { } y }) continue;
                    var options = union.Options.ToList();
                    options[i] = new ObjectType([], new MoreMembers(Or(y.Key, x.Key), Or(y.Value, x.Value)));
                    return Union(options);
                }
                break;
            case (SetType x, SetType y): return new SetType(Or(x.Element, y.Element));
            case (UnionType, not UnionType): return Merge(b, a);
        }
        return Or(a, b);
    }

    /// <summary>Everything below a place, as one type.</summary>
    public static StaticType? Extent(TypeNode node) => node.Type ?? Bounded(
        new ObjectType(node.Children.Where(c => c.Key is RString or RNumber or RBool).Select(c => new Member(c.Key, Extent(c.Value))), AnythingByName));

    /// <summary>What the keys below a place can be.</summary>
    public static StaticType? KeysOf(TypeNode node)
    {
        if (node.Type is not null) return node.Type.Keys;
        StaticType? keys = StaticType.String;
        foreach (var key in node.Children.Keys)
        {
            if (key is RNumber or RBool) keys = Or(keys, Of(key));
        }
        return keys;
    }

    /// <summary>The function a reference names, or null.</summary>
    public FunctionType? Function(RefTerm r)
    {
        if (r.Head is not VarTerm { Name: "data" }) return null;
        for (var env = this; env is not null; env = env.Around)
        {
            var node = env.Document("data");
            for (var i = 0; i < r.Args.Count && node is not null; i++) node = r.Args[i] is ConstTerm c ? node.Child(c.Value) : null;
            if (node?.Type is FunctionType function) return function;
        }
        return null;
    }

    public StaticType? Reference(Term head, IReadOnlyList<Term> args)
    {
        if (head is VarTerm { Name: var name } && !Vars.IsRoot(name)) return args.Count == 0 ? Variable(name) : Select(Variable(name), args, 0);
        if (head is not VarTerm root) return null;
        for (var env = this; env is not null; env = env.Around)
        {
            if (env.Document(root.Name) is not { } node) continue;
            var at = 0;
            while (true)
            {
                if (at == args.Count) return Extent(node);
                if (node.Type is not null)
                {
                    if (args[at] is ConstTerm known && node.Child(known.Value) is { } below)
                    {
                        node = below;
                        at++;
                        continue;
                    }
                    return Select(node.Type, args, at);
                }
                if (args[at] is not ConstTerm c) return Select(Extent(node), args, at);
                if (node.Child(c.Value) is not { } child) break;
                node = child;
                at++;
            }
        }
        return Any;
    }

    private static StaticType? Select(StaticType? type, IReadOnlyList<Term> args, int at)
    {
        for (; at < args.Count && type is not null; at++) type = args[at] is ConstTerm c && c.Value is not (RArray or RObject or RSet) ? type.At(c.Value) : type.Values;
        return type;
    }
}

/// <summary>A document's type, and those of the documents below it.</summary>
internal sealed class TypeNode
{
    public StaticType? Type { get; set; }

    public Dictionary<RValue, TypeNode> Children { get; } = [];

    public TypeNode? Child(RValue key) => Children.GetValueOrDefault(key);

    public TypeNode ChildOrNew(RValue key)
    {
        if (!Children.TryGetValue(key, out var child)) Children[key] = child = new TypeNode();
        return child;
    }

    public IEnumerable<(List<RValue> Path, StaticType Type)> Leaves()
    {
        foreach (var (key, child) in Children)
        {
            if (child.Type is not null)
            {
                yield return ([key], child.Type);
                continue;
            }
            foreach (var (path, type) in child.Leaves())
            {
                path.Insert(0, key);
                yield return (path, type);
            }
        }
    }
}
