using Rego.Builtins;
using Rego.Syntax;

namespace Rego.Compile;

/// <summary>What the passes share: the errors found so far, and fresh names.</summary>
internal sealed class CompileContext(BuiltinTable builtins)
{
    private int _next;

    public List<RegoError> Errors { get; } = [];

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

    /// <summary>OPA's strict mode.</summary>
    public bool Strict { get; init; }

    public void Report(string code, Location at, string message)
    {
        var error = new RegoError(code, message, at.File, at.Row, at.Col);
        if (!Errors.Contains(error)) Errors.Add(error);
    }

    public VarTerm Fresh(Location at) => new(at, $"{VarTerm.Mark}{_next++}");

    public VarTerm Wildcard(Location at) => new(at, $"_{VarTerm.Mark}{_next++}");

    public string Unique(string name) => $"{name}{VarTerm.Mark}{_next++}";
}
