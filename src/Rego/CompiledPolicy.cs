using System.Collections.Concurrent;
using Rego.Builtins;
using Rego.Compile;
using Rego.Evaluate;
using Rego.Syntax;
using Rego.Values;

namespace Rego;

/// <summary>Compiled modules with their base data. Immutable, shared by all threads.</summary>
public sealed class CompiledPolicy
{
    private const int MaxIdle = 32;
    private const int MaxCachedPaths = 1024;

    private readonly BuiltinTable _builtins;
    private readonly RuleTree _tree;
    private readonly Plan _plan;
    private readonly IReadOnlyList<ModuleSyntax> _modules;
    private readonly ConcurrentBag<Evaluation> _idle = [];
    private readonly ConcurrentDictionary<string, TermPlan> _paths = new(StringComparer.Ordinal);

    internal CompiledPolicy(BuiltinTable builtins, RuleTree tree, Plan plan, IReadOnlyList<ModuleSyntax> modules)
    {
        _modules = modules;
        _builtins = builtins;
        _tree = tree;
        _plan = plan;
    }

    /// <summary>The base documents the policy was compiled with.</summary>
    public RValue Data => _plan.Base;

    /// <summary>Evaluates one document.</summary>
    /// <param name="path">Its dotted path, such as data.microapps.decision.</param>
    /// <param name="input">The input document, or null for none.</param>
    /// <returns>The document, or null when it is undefined.</returns>
    /// <exception cref="RegoEvaluationException">A conflict, a strict builtin error, or a guard.</exception>
    /// <exception cref="RegoCompileException">The path is not a reference into data.</exception>
    public RValue? Evaluate(string path, RValue? input, EvaluationOptions? options = null)
    {
        if (!_paths.TryGetValue(path, out var plan))
        {
            plan = PlanPath(path);
            if (_paths.Count < MaxCachedPaths) _paths[path] = plan;
        }
        var evaluation = Begin(input, options);
        try
        {
            return evaluation.Force(plan.Eval(evaluation, null!));
        }
        finally
        {
            Release(evaluation);
        }
    }

    /// <summary>Compiles a query, such as "x := data.a.b; x > 1".</summary>
    /// <param name="place">Where the query stands: its package, imports and language; nowhere and version 1 when absent.</param>
    /// <exception cref="RegoCompileException">The query has faults.</exception>
    public PreparedQuery Prepare(string query, QueryPlace? place = null) =>
        DeepStack.Run(query?.Length ?? 0, () => PreparedQuery.Compile(this, _builtins, _tree, query!, place ?? QueryPlace.Nowhere));

    internal IEnumerable<string> RulesIn(IReadOnlyList<string> package) =>
        _modules.Where(m => m.Package.SequenceEqual(package)).SelectMany(m => m.Rules).Select(r => ((VarTerm)r.Ref[0]).Name).Distinct();

    /// <summary>Runs every test_ rule (todo_test_ rules are reported as skipped).</summary>
    /// <param name="only">Which tests to run, by full name (data.pkg.test_x); all when absent.</param>
    public IReadOnlyList<TestOutcome> RunTests(Func<string, bool>? only = null, EvaluationOptions? options = null) =>
        DeepStack.Run(long.MaxValue, () => TestRun.All(this, new CompileContext(_builtins), _tree, only, options ?? EvaluationOptions.Default));

    /// <summary>Which rows all evaluations so far ran; null unless compiled with <see cref="CompileOptions.Record"/>.</summary>
    public CoverageReport? Coverage => DeepStack.Run(long.MaxValue, () => _plan.Recorder?.Report(_modules));

    /// <summary>Every statement that ran, the longest first; empty unless compiled with <see cref="CompileOptions.Record"/>.</summary>
    public IReadOnlyList<StatementProfile> Profile => _plan.Recorder is null ? [] :
    [
        .. _plan.Recorder.Ran.OrderByDescending(s => s.Ticks)
            .Select(s => new StatementProfile(s.At.File, s.At.Row, s.At.Col, s.Text, s.Count, System.Diagnostics.Stopwatch.GetElapsedTime(0, s.Ticks))),
    ];

    /// <summary>Says which definitions of a document fired for this input, and why the others did not.</summary>
    /// <param name="path">A document such as data.microapps.decision; below a rule, that rule is explained.</param>
    /// <exception cref="RegoCompileException">No rule is at this path, above it or below it.</exception>
    /// <exception cref="RegoEvaluationException">The document itself cannot be evaluated.</exception>
    public Explanation Explain(string path, RValue? input, EvaluationOptions? options = null) => DeepStack.Run(long.MaxValue, () => Explained(path, input, options));

    private Explanation Explained(string path, RValue? input, EvaluationOptions? options)
    {
        var context = new CompileContext(_builtins);
        var annotations = new Annotations(context);
        foreach (var module in _modules) annotations.Read(module);
        return new Explainer(this, context, _tree, annotations, input, options ?? EvaluationOptions.Default).Of(path);
    }

    internal RuleTree Tree => _tree;

    internal Plan Plan => _plan;

    internal Evaluation Begin(RValue? input, EvaluationOptions? options)
    {
        if (!_idle.TryTake(out var evaluation)) evaluation = new Evaluation(_plan);
        evaluation.Begin(input, options ?? EvaluationOptions.Default);
        return evaluation;
    }

    internal void Release(Evaluation evaluation)
    {
        evaluation.End();
        if (_plan.Recorder is not null) Recorder.Stop();
        if (_idle.Count < MaxIdle) _idle.Add(evaluation);
    }

    private TermPlan PlanPath(string path)
    {
        var context = new CompileContext(_builtins);
        Term term;
        try
        {
            term = Parser.ParseTerm("path", path);
        }
        catch (SyntaxFault fault)
        {
            throw new RegoCompileException(fault.Errors);
        }
        if (term is not VarTerm { Name: "data" } && (term is not RefTerm { Head: VarTerm { Name: "data" } } r || r.Args.Any(a => a is not ConstTerm)))
            throw new RegoCompileException([new RegoError("rego_compile_error", $"{path} is not the path of a document: it must start with data and hold constants only", "path", 1, 1)]);
        return new Planner(context, _tree, _plan).Ground(term);
    }
}
