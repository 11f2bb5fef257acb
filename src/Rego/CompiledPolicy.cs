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
    private readonly ConcurrentBag<Evaluation> _idle = [];
    private readonly ConcurrentDictionary<string, TermPlan> _paths = new(StringComparer.Ordinal);

    internal CompiledPolicy(BuiltinTable builtins, RuleTree tree, Plan plan)
    {
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
    /// <exception cref="RegoCompileException">The query has faults.</exception>
    public PreparedQuery Prepare(string query) => PreparedQuery.Compile(this, _builtins, _tree, query);

    /// <summary>Runs every test_ rule (todo_test_ rules are reported as skipped).</summary>
    /// <param name="only">Which tests to run, by full name (data.pkg.test_x); all when absent.</param>
    public IReadOnlyList<TestOutcome> RunTests(Func<string, bool>? only = null, EvaluationOptions? options = null) =>
        TestRun.All(this, new CompileContext(_builtins), _tree, only, options ?? EvaluationOptions.Default);

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
            throw new RegoCompileException([fault.Error]);
        }
        if (term is not VarTerm { Name: "data" } && (term is not RefTerm { Head: VarTerm { Name: "data" } } r || r.Args.Any(a => a is not ConstTerm)))
            throw new RegoCompileException([new RegoError("rego_compile_error", $"{path} is not the path of a document: it must start with data and hold constants only", "path", 1, 1)]);
        return new Planner(context, _tree, _plan).Ground(term);
    }
}
