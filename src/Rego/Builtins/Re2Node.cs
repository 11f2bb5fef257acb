namespace Rego.Builtins;

internal enum Re2Kind
{
    Empty,
    Class,
    BeginLine,
    EndLine,
    BeginText,
    EndText,
    WordBoundary,
    NoWordBoundary,
    Capture,
    Repeat,
    Concat,
    Alternate,
}

/// <summary>A part of a pattern. One character is a class of one.</summary>
internal sealed class Re2Node(Re2Kind kind)
{
    public Re2Kind Kind { get; } = kind;

    public List<(int From, int To)> Ranges { get; init; } = [];

    public List<Re2Node> Parts { get; init; } = [];

    /// <summary>The group's number.</summary>
    public int Capture { get; init; }

    public int Min { get; init; }

    /// <summary>-1 for no end.</summary>
    public int Max { get; init; }

    public bool IsLazy { get; init; }

    /// <summary>Written with braces: counts against the limit of repeats.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Whether it can match without a character.</summary>
    public bool IsNullable => Kind switch
    {
        Re2Kind.Class => false,
        Re2Kind.Repeat => Min == 0 || Parts[0].IsNullable,
        Re2Kind.Alternate => Parts.Exists(p => p.IsNullable),
        _ => Parts.TrueForAll(p => p.IsNullable),
    };
}
