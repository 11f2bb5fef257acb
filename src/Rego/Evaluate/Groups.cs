using Rego.Syntax;
using Rego.Values;

namespace Rego.Evaluate;

/// <summary>The frames of the bodies of one group: of a number, and large enough for each.</summary>
internal sealed class FrameKind(int id)
{
    public int Id { get; } = id;

    public int Size { get; private set; }

    public void MakeRoom(int size) => Size = Math.Max(Size, size);
}

/// <summary>One planned body. Bodies of an else chain hang on each other.</summary>
internal sealed class RuleBody(FrameKind frames, Location at)
{
    public FrameKind Frames { get; } = frames;

    public Location At { get; } = at;

    public Step First { get; set; } = null!;

    public RuleBody? Else { get; set; }
}

/// <summary>All definitions of one complete rule.</summary>
internal sealed class CompleteGroup(int id, DocNode node, FrameKind frames)
{
    public int Id { get; } = id;

    public FrameKind Frames { get; } = frames;

    public DocNode Node { get; } = node;

    public RuleBody[] Definitions { get; set; } = [];

    public RuleBody? Default { get; set; }

    /// <summary>Every definition yields the same constant: the first success settles the rule.</summary>
    public bool FirstWins { get; set; }

    public RuleIndex? Index { get; set; }

    /// <summary>The value does not depend on the query: <see cref="Lasting"/> keeps it for the life of the policy.</summary>
    public bool IsSteady { get; set; }

    public RValue? Lasting { get; set; }
}

internal sealed class FunctionGroup(int id, DocNode node, FrameKind frames)
{
    public int Id { get; } = id;

    public FrameKind Frames { get; } = frames;

    public DocNode Node { get; } = node;

    public RuleBody[] Definitions { get; set; } = [];

    public RuleBody? Default { get; set; }

    public bool FirstWins { get; set; }

    /// <summary>Its body loops or calls rules: worth remembering results by argument.</summary>
    public bool Memoised { get; set; }
}

/// <summary>A definition that adds elements (or entries): Keyed is the same body planned with the key variable already known.</summary>
internal sealed class KeyedDefinition(RuleBody body)
{
    public RuleBody Body { get; } = body;

    public RValue? ConstantKey { get; set; }

    public RuleBody? Keyed { get; set; }

    public int KeySlot { get; set; }

    public bool CanSelect => ConstantKey is not null || Keyed is not null;
}

internal sealed class SetGroup(int id, DocNode node, FrameKind frames)
{
    public int Id { get; } = id;

    public FrameKind Frames { get; } = frames;

    public DocNode Node { get; } = node;

    public KeyedDefinition[] Definitions { get; set; } = [];

    public bool CanSelect { get; set; }

    public RuleIndex? Index { get; set; }

    /// <summary>The value does not depend on the query: <see cref="Lasting"/> keeps it for the life of the policy.</summary>
    public bool IsSteady { get; set; }

    public RValue? Lasting { get; set; }
}

/// <summary>Rules whose head computes keys below a place: partial objects of any depth.</summary>
internal sealed class DynamicGroup(int id, DocNode node, FrameKind frames)
{
    public int Id { get; } = id;

    public FrameKind Frames { get; } = frames;

    public DocNode Node { get; } = node;

    public KeyedDefinition[] Definitions { get; set; } = [];

    /// <summary>One computed key with a value each, and no other rules below: the plain partial object.</summary>
    public bool IsPlain { get; set; }

    public bool IsSteady { get; set; }

    public RValue? Lasting { get; set; }

    public bool CanSelect { get; set; }
}

/// <summary>The variables of one running body, and where its results go.</summary>
internal sealed class Frame(int size)
{
    // An array of a struct: writing to one of a class checks the kind of the value each time.
    private readonly Slot[] _slots = new Slot[size];

    private struct Slot
    {
        public RValue? Value;
    }

    public int Size => _slots.Length;

    public RValue? this[int slot]
    {
        get => _slots[slot].Value;
        set => _slots[slot].Value = value;
    }

    public object? Sink;

    public RValue? Result;
}

/// <summary>
/// Picks the definitions that can still succeed by the value of one input path: definitions that demand another constant
/// are skipped without being run.
/// </summary>
internal sealed class RuleIndex(TermPlan subject, Dictionary<RValue, int[]> byValue, int[] always)
{
    public int[] Candidates(Evaluation e)
    {
        var value = subject.Eval(e, null!);
        if (value is null) return always;
        return byValue.TryGetValue(value, out var list) ? list : always;
    }
}
