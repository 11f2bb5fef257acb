using Rego.Values;

namespace Rego.Evaluate;

internal enum DocKind
{
    /// <summary>No rule of its own: a package or the way to one.</summary>
    Interior,
    Complete,
    Set,
    Function,
}

/// <summary>A place in the tree of documents that rules define.</summary>
internal sealed class DocNode(DocNode? parent, string name)
{
    public DocNode? Parent { get; } = parent;

    public string Name { get; } = name;

    public RString Key { get; } = new(name);

    public Dictionary<string, DocNode> Children { get; } = [];

    public DocKind Kind { get; set; }

    /// <summary>Rules whose head computes part of the path below this place.</summary>
    public bool HasDynamic { get; set; }

    public int Arity { get; set; } = -1;

    /// <summary>Preorder number; the subtree is Index up to End.</summary>
    public int Index { get; set; }

    public int End { get; set; }

    public CompleteGroup? Complete { get; set; }

    public SetGroup? Set { get; set; }

    public FunctionGroup? Function { get; set; }

    public DynamicGroup? Dynamic { get; set; }

    public bool IsRoot => Parent is null;

    public string PathText => Parent is null ? Name : Parent.PathText + "." + Name;

    /// <summary>The path as it can be written in a query: keys that are no names stand in brackets.</summary>
    public string WrittenPath => Parent is null ? Name : Parent.WrittenPath + (Compile.TermText.IsName(Name) ? "." + Name : $"[{new RString(Name)}]");

    /// <summary>The keys from the root of data to here.</summary>
    public RValue[] Path
    {
        get
        {
            if (field is not null) return field;
            var keys = new List<RValue>();
            for (var node = this; node.Parent is not null; node = node.Parent) keys.Add(node.Key);
            keys.Reverse();
            return field = [.. keys];
        }
    }

    public DocNode ChildOrNew(string name)
    {
        if (!Children.TryGetValue(name, out var child)) Children[name] = child = new DocNode(this, name);
        return child;
    }
}

/// <summary>A document not yet evaluated: the place, and the base data beside it. Lives only inside an evaluation.</summary>
internal sealed class DocHandle(DocNode node, RValue? baseValue, RValue[] prefix) : RValue(RKind.Object)
{
    public DocNode Node { get; } = node;

    public RValue? Base { get; } = baseValue;

    /// <summary>Keys below a place with computed heads.</summary>
    public RValue[] Prefix { get; } = prefix;

    public override bool Equals(RValue? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Node.Index;
}

/// <summary>What a memo holds for a rule that was found undefined.</summary>
internal sealed class Undefined() : RValue(RKind.Null)
{
    public static readonly Undefined Instance = new();

    public override bool Equals(RValue? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => 0;
}
