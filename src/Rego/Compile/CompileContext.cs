using Rego.Builtins;
using Rego.Syntax;

namespace Rego.Compile;

/// <summary>What the passes share: the errors found so far, and fresh names.</summary>
internal sealed class CompileContext(BuiltinTable builtins)
{
    private int _next;

    public List<RegoError> Errors { get; } = [];

    public BuiltinTable Builtins { get; } = builtins;

    public Annotations? Annotations { get; set; }

    public void Report(string code, Location at, string message)
    {
        var error = new RegoError(code, message, at.File, at.Row, at.Col);
        if (!Errors.Contains(error)) Errors.Add(error);
    }

    public VarTerm Fresh(Location at) => new(at, $"{VarTerm.Mark}{_next++}");

    public VarTerm Wildcard(Location at) => new(at, $"_{VarTerm.Mark}{_next++}");

    public string Unique(string name) => $"{name}{VarTerm.Mark}{_next++}";
}
