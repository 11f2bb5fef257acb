using Rego.Builtins;
using Rego.Syntax;

namespace Rego.Compile;

/// <summary>The steps of a compilation, in OPA's order. Faults of a later step are told only where all earlier ones found none.</summary>
internal enum Stage
{
    Parse,
    References,
    RootDocuments,
    Imports,
    LocalVariables,
    Templates,
    VoidCalls,
    Prints,
    Annotations,
    With,
    Conflicts,
    Functions,
    HeadSafety,
    BodySafety,
    Recursion,
    Types,
    Deprecated,
}

/// <summary>What the passes share: the errors found so far, and fresh names.</summary>
internal sealed class CompileContext(BuiltinTable builtins)
{
    private readonly List<(Stage Stage, RegoError Error)> _errors = [];
    private readonly HashSet<RegoError> _seen = [];
    private int _next;

    /// <summary>The step that is under way: errors belong to it unless they say otherwise.</summary>
    public Stage Stage { get; set; }

    public int ErrorCount => _errors.Count;

    /// <summary>How many errors are told before the rest is cut; 0 means all.</summary>
    public int MaxErrors { get; init; }

    /// <summary>The text of each file, to show the line of an error.</summary>
    public Dictionary<string, string> Sources { get; } = new(StringComparer.Ordinal);

    public RegoError WithLine(RegoError error)
    {
        if (!Sources.TryGetValue(error.File, out var text) || error.Row < 1) return error;
        var start = 0;
        for (var row = 1; row < error.Row; row++)
        {
            start = text.IndexOf('\n', start) + 1;
            if (start == 0) return error;
        }
        var end = text.IndexOf('\n', start);
        return error with { Line = (end < 0 ? text[start..] : text[start..end]).TrimEnd('\r') };
    }

    public BuiltinTable Builtins { get; } = builtins;

    public Annotations? Annotations { get; set; }

    /// <summary>Some module prints, or has template strings; some statement has "with".</summary>
    public bool HasCaptures { get; set; }

    public bool HasWith { get; set; }

    /// <summary>OPA's strict mode.</summary>
    public bool Strict { get; init; }

    public void Report(string code, Location at, string message, Stage? stage = null) => Report(new RegoError(code, message, at.File, at.Row, at.Col), stage);

    public void Report(RegoError error, Stage? stage = null)
    {
        if (_seen.Add(error)) _errors.Add((stage ?? Stage, error));
    }

    /// <summary>Ends the compilation when a step up to this one found faults; those of the first such step are told.</summary>
    public void StopAfter(Stage last)
    {
        if (_errors.Count == 0) return;
        var first = _errors.Min(e => e.Stage);
        if (first > last) return;
        var errors = _errors.Where(e => e.Stage == first).Select(e => e.Error).OrderBy(e => e.File, StringComparer.Ordinal).ThenBy(e => e.Row).ThenBy(e => e.Col);
        var told = errors.Select(WithLine).ToList();
        // Files that cannot be read are told one and all, as they come from their own parsers.
        if (MaxErrors > 0 && first > Stage.Parse && told.Count >= MaxErrors)
            told = [.. told.Take(MaxErrors), new RegoError("rego_compile_error", "error limit reached", "", 0, 0)];
        throw new RegoCompileException(told);
    }

    public VarTerm Fresh(Location at) => new(at, $"{VarTerm.Mark}{_next++}");

    public VarTerm Wildcard(Location at) => new(at, $"_{VarTerm.Mark}{_next++}");

    public string Unique(string name) => $"{name}{VarTerm.Mark}{_next++}";
}
