namespace Rego;

/// <summary>One .rego file: its name (as error messages show it) and its text.</summary>
public sealed record RegoModule(string File, string Text)
{
    /// <summary>The language version of the file; version 0 files without "import rego.v1" follow the old grammar.</summary>
    public RegoVersion Version { get; init; } = RegoVersion.V1;
}

public enum RegoVersion
{
    V0,
    V1,
}

/// <summary>A fault found while compiling. Row and column count from 1; code as OPA's (rego_parse_error, rego_unsafe_var_error, …).</summary>
public sealed record RegoError(string Code, string Message, string File, int Row, int Col)
{
    /// <summary>The source line at <see cref="Row"/>, when the source is at hand.</summary>
    public string? Line { get; init; }

    public override string ToString() => File.Length == 0 && Row == 0 ? $"{Code}: {Message}" : $"{File}:{Row}:{Col}: {Code}: {Message}";
}

/// <summary>The modules do not compile; <see cref="Errors"/> lists why, by file and place, as far as the compiler got.</summary>
public sealed class RegoCompileException : Exception
{
    public RegoCompileException(IReadOnlyList<RegoError> errors)
        : base(string.Join('\n', errors))
    {
        Errors = errors;
    }

    public IReadOnlyList<RegoError> Errors { get; }
}

/// <summary>An evaluation that was halted: a conflict, a strict builtin error, or a guard (budget, deadline, depth).</summary>
public sealed class RegoEvaluationException : Exception
{
    public RegoEvaluationException(string code, string message, string file, int row, int col)
        : base($"{file}:{row}:{col}: {code}: {message}")
    {
        Code = code;
        Reason = message;
        File = file;
        Row = row;
        Col = col;
    }

    /// <summary>eval_conflict_error, eval_builtin_error, eval_type_error, eval_budget_error, eval_deadline_error, eval_size_error or eval_depth_error.</summary>
    public string Code { get; }

    /// <summary>The message without its place.</summary>
    public string Reason { get; }

    public string File { get; }

    public int Row { get; }

    public int Col { get; }
}
