using Rego.Builtins;
using Rego.Compile;
using Rego.Evaluate;
using Rego.Syntax;
using Rego.Values;

namespace Rego;

/// <summary>One way to satisfy a query: the variables' values and each expression's value.</summary>
public sealed record QueryResult(IReadOnlyDictionary<string, RValue> Bindings, IReadOnlyList<ExpressionResult> Expressions);

/// <summary>An expression of the query as written, its place in the query (from 1), and its value.</summary>
public sealed record ExpressionResult(string Text, int Row, int Col, RValue Value);

/// <summary>What a query is read against: a package whose rules it may name, imports, and the language.</summary>
/// <param name="Package">As written after "package", such as a.b.</param>
/// <param name="Imports">As written after "import", such as data.a.b as c.</param>
public sealed record QueryPlace(string? Package, IReadOnlyList<string> Imports, RegoVersion Version)
{
    public static readonly QueryPlace Nowhere = new(null, [], RegoVersion.V1);
}

/// <summary>A query compiled against a policy; immutable, shared by threads.</summary>
public sealed class PreparedQuery
{
    private readonly CompiledPolicy _policy;
    private readonly Step _first;
    private readonly int _frameSize;
    private readonly IReadOnlyList<(string Name, int Slot)> _bindings;
    private readonly IReadOnlyList<(Expr Expr, int Slot)> _expressions;

    private PreparedQuery(CompiledPolicy policy, Step first, int frameSize, IReadOnlyList<(string, int)> bindings, IReadOnlyList<(Expr, int)> expressions)
    {
        _policy = policy;
        _first = first;
        _frameSize = frameSize;
        _bindings = bindings;
        _expressions = expressions;
    }

    /// <summary>All results, in the order of iteration; empty when the query is undefined.</summary>
    /// <exception cref="RegoEvaluationException">A conflict, a strict builtin error, or a guard.</exception>
    public IReadOnlyList<QueryResult> Run(RValue? input, EvaluationOptions? options = null)
    {
        var results = new List<QueryResult>();
        var evaluation = _policy.Begin(input, options);
        try
        {
            var frame = new Frame(_frameSize)
            {
                Sink = (Action<Evaluation, Frame>)((_, f) => results.Add(Result(f))),
            };
            _first.Run(evaluation, frame);
        }
        finally
        {
            _policy.Release(evaluation);
        }
        return results;
    }

    private QueryResult Result(Frame frame)
    {
        var bindings = new Dictionary<string, RValue>(_bindings.Count, StringComparer.Ordinal);
        foreach (var (name, slot) in _bindings)
        {
            if (frame[slot] is { } value) bindings[name] = value;
        }
        var expressions = new List<ExpressionResult>(_expressions.Count);
        foreach (var (expr, slot) in _expressions)
            expressions.Add(new ExpressionResult(expr.Text, expr.At.Row, expr.At.Col, slot < 0 ? RBool.True : frame[slot]!));
        return new QueryResult(bindings, expressions);
    }

    internal static PreparedQuery Compile(CompiledPolicy policy, BuiltinTable builtins, RuleTree tree, string query, QueryPlace place)
    {
        var context = new CompileContext(builtins);
        context.Sources["query"] = query;
        IReadOnlyList<Expr> parsed;
        ModuleSyntax? module = null;
        try
        {
            parsed = Parser.ParseQuery("query", query, place.Version == RegoVersion.V1);
            if (place.Package is not null || place.Imports.Count > 0)
                module = Parser.ParseModule(new RegoModule("query", $"package {place.Package ?? "query"}\n{string.Concat(place.Imports.Select(i => $"import {i}\n"))}") { Version = place.Version });
        }
        catch (SyntaxFault fault)
        {
            throw new RegoCompileException([.. fault.Errors.Select(context.WithLine)]);
        }
        context.Stage = Stage.LocalVariables;
        var body = new Resolver(context, module, module is null ? [] : policy.RulesIn(module.Package)).Query(parsed);
        context.StopAfter(Stage.LocalVariables);
        var arity = new Arity(context, tree);
        if (context.HasCaptures) new Captures(context, new Safety(context, arity.Of)).Check(body);
        context.StopAfter(Stage.Prints);
        if (context.HasWith) new WithTargets(context, tree).Check(body);
        context.StopAfter(Stage.With);
        arity.Check(body);
        context.StopAfter(Stage.Functions);
        var captured = Capture(context, arity, body, out var captures);
        var ordered = new Flattener(context) { IsFunction = t => tree.Function(t) is not null }.Body(captured);
        context.Stage = Stage.BodySafety;
        ordered = new Safety(context, arity.Of).Order(ordered, [], out _);
        context.StopAfter(Stage.BodySafety);
        context.Stage = Stage.Types;
        new TypeChecker(context, tree, SchemaTypes.None) { IsQuery = true }.Check(ordered);
        context.StopAfter(Stage.Deprecated);
        var planner = new Planner(context, tree, policy.Plan);
        var first = planner.Chain(ordered, () => new ResultStep());
        context.StopAfter(Stage.Deprecated);
        var bindings = Vars.Of(ordered)
            .Where(v => v[0] != VarTerm.Mark && !v.StartsWith("_" + VarTerm.Mark, StringComparison.Ordinal))
            .Select(v => (VarTerm.DisplayOf(v), planner.SlotOf(v)))
            .ToList();
        var expressions = parsed.Where(e => e is not SomeExpr).Zip(captures, (e, c) => (e, c is null ? -1 : planner.SlotOf(c))).ToList();
        return new PreparedQuery(policy, first, planner.SlotCount, bindings, expressions);
    }

    /// <summary>Gives each expression that has a value a variable for it. With one plain expression false is a result too.</summary>
    private static List<Expr> Capture(CompileContext context, Arity arity, List<Expr> body, out List<string?> captures)
    {
        captures = [];
        var result = new List<Expr>();
        var mustHold = body.Count > 1 || body.Any(Iterates);
        foreach (var expr in body)
        {
            VarTerm? capture = null;
            switch (expr)
            {
                case TermExpr { Negated: false, Term: CallTerm { Builtin: not "eq" } call } t when arity.Of(call) == call.Args.Count && !context.Builtins.IsRelation(call.Builtin):
                    capture = context.Fresh(expr.At);
                    result.Add(new TermExpr(t.At, new CallTerm(call.At, call.Operator, call.Builtin, [.. call.Args, capture])) { With = t.With, Text = t.Text });
                    break;
                case TermExpr { Negated: false, Term: not CallTerm } t:
                    capture = context.Fresh(expr.At);
                    result.Add(new TermExpr(t.At, new CallTerm(t.At, null, "eq", [capture, t.Term])) { With = t.With, Text = t.Text });
                    break;
                default:
                    result.Add(expr);
                    break;
            }
            captures.Add(capture?.Name);
            if (capture is not null && mustHold) result.Add(new TermExpr(expr.At, capture));
        }
        return result;
    }

    private static bool Iterates(Expr expr) =>
        expr is TermExpr { Term: RefTerm r } ? r.Args.Any(a => Vars.Of(a).Count > 0) : Vars.Of(expr).Count > 0;
}
