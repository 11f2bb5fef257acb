namespace Rego;

/// <summary>Guards and facts of one evaluation.</summary>
public sealed record EvaluationOptions
{
    public static readonly EvaluationOptions Default = new();

    /// <summary>Steps (iterations, calls, rules entered) before the evaluation is halted with eval_budget_error; 0 means no limit.</summary>
    public long StepBudget { get; init; } = 5_000_000;

    /// <summary>Bytes, those let go of included, before the evaluation is halted with eval_size_error; 0 means no limit.</summary>
    public long MaxAllocatedBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>
    /// Time of the processor before the evaluation is halted with eval_deadline_error; zero means no limit. A busy machine does not
    /// bring it nearer. Where the system does not tell it (Windows), only <see cref="Deadline"/> holds.
    /// </summary>
    public TimeSpan ProcessorTime { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Time on the wall before the evaluation is halted with eval_deadline_error; zero means no limit. What lies outside (http.send) does not count.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(Evaluate.ProcessorClock.IsThere ? 5 : 1);

    public CancellationToken CancellationToken { get; init; }

    /// <summary>Halt at a builtin's error instead of treating the call as undefined.</summary>
    public bool StrictBuiltinErrors { get; init; }

    /// <summary>What time.now_ns answers; the clock's time when absent.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Measures the deadline, and gives the time when <see cref="Now"/> is absent.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Rules and calls inside one another before the evaluation is halted with eval_depth_error.</summary>
    public int MaxDepth { get; init; } = 1_000;

    /// <summary>The ways out for http.send and net.lookup_ip_addr; none unless given.</summary>
    public OutsideWorld? Outside { get; init; }

    /// <summary>What opa.runtime() answers: an object; empty when absent.</summary>
    public Values.RObject? Runtime { get; init; }

    /// <summary>Receives the errors of builtins that made their call undefined; never called when <see cref="StrictBuiltinErrors"/> is set.</summary>
    public Action<RegoEvaluationException>? BuiltinError { get; init; }

    /// <summary>Receives the notes of trace().</summary>
    public Action<string>? Note { get; init; }

    /// <summary>Receives the lines of print().</summary>
    public Action<string>? Print { get; init; }
}

public sealed record CompileOptions
{
    public static readonly CompileOptions Default = new();

    /// <summary>Refuse base data at a place where a rule lives, as an OPA server does when it loads them.</summary>
    public bool RejectDataOverRules { get; init; } = true;

    /// <summary>OPA's strict mode: unused variables, arguments and imports are errors too.</summary>
    public bool Strict { get; init; }

    /// <summary>Record which statements run, for <see cref="CompiledPolicy.Coverage"/> and <see cref="CompiledPolicy.Profile"/>. Slower.</summary>
    public bool Record { get; init; }

    /// <summary>Tests of one name are tests of their own (test_x, test_x#01, …), as OPA's test runner has them.</summary>
    public bool SeparateTests { get; init; }

    /// <summary>Builtins of the host beside Rego's own.</summary>
    public IReadOnlyList<HostBuiltin> Builtins { get; init; } = [];

    /// <summary>How many errors of one kind are told, followed by "error limit reached"; 0 means all. Files that cannot be parsed are all told.</summary>
    public int MaxErrors { get; init; } = 10;

    /// <summary>What the modules may use; everything when absent. Calls of other builtins are undefined functions.</summary>
    public Capabilities? Capabilities { get; init; }

    /// <summary>
    /// JSON schemas for the type checker, by their path below "schema" with its parts separated by slashes: "input" is what metadata
    /// calls schema.input, "a/b" is schema.a.b. The one at "" (OPA's --schema with a single file) describes the input of all rules.
    /// </summary>
    public IReadOnlyDictionary<string, Values.RValue> Schemas { get; init; } = new Dictionary<string, Values.RValue>();
}

/// <summary>A builtin the host adds: called with values, null means undefined.</summary>
public sealed record HostBuiltin(string Name, int Arity, Func<IReadOnlyList<Values.RValue>, Values.RValue?> Function);
