using Rego.Compile;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Evaluate;

/// <summary>
/// Tests with computed names (test_x[case]): every name that the body comes upon is a case, and one whose body does not hold
/// to its end has failed, though nothing of it is in the result.
/// </summary>
internal static class TestCases
{
    public static TestOutcome Judge(TestOutcome outcome, CompiledPolicy policy, CompileContext context, RuleTree tree, IReadOnlyList<RuleDefinition> rules, EvaluationOptions options)
    {
        var failures = new FailurePoint(policy, context, tree, null, options);
        var cases = new SortedDictionary<RValue, bool>(RValueOrder.Instance);
        var failed = new List<FailedStatement>();
        try
        {
            foreach (var rule in rules.Where(r => r.Else is null))
            {
                var (named, length) = Names(policy, context, tree, rule, options, wholeBody: false);
                var passed = Names(policy, context, tree, rule, options, wholeBody: true).Names;
                foreach (var name in named.SortedElements)
                {
                    var holds = passed.Contains(name);
                    cases[name] = holds || (cases.TryGetValue(name, out var before) && before);
                    if (!holds && failures.Of(Only(rule, length, (RArray)name), out _, out _) is { } statement) failed.Add(statement);
                }
            }
        }
        catch (RegoEvaluationException fault)
        {
            return outcome with { State = TestState.Error, Message = fault.Message };
        }
        if (cases.Count == 0) return outcome;
        var tests = Nest([.. cases.Select(c => (Path: ((RArray)c.Key).Items.ToArray(), c.Value))], 0);
        var allHold = cases.Values.All(v => v);
        return outcome with { State = allHold ? TestState.Passed : TestState.Failed, Message = allHold ? null : string.Join('\n', failed), Cases = tests, Failed = allHold ? [] : failed };
    }

    /// <summary>The names known after the shortest part of the body that knows them, or after all of it.</summary>
    private static (RSet Names, int Length) Names(CompiledPolicy policy, CompileContext context, RuleTree tree, RuleDefinition rule, EvaluationOptions options, bool wholeBody)
    {
        for (var length = wholeBody ? rule.Body.Count : 0; length <= rule.Body.Count; length++)
        {
            var isKnown = false;
            var planner = new Planner(context, tree, policy.Plan);
            var first = planner.Chain(rule.Body.Take(length), () =>
            {
                isKnown = rule.Dynamic.All(d => Vars.Of(d).All(planner.IsBound));
                return isKnown ? new ElementStep(planner.Ground(new ArrayTerm(rule.At, rule.Dynamic)), constant: false) : StopStep.Instance;
            });
            if (!isKnown) continue;
            var names = new RSetBuilder();
            var evaluation = policy.Begin(null, options with { Print = null, Note = null });
            try
            {
                first.Run(evaluation, new Frame(planner.SlotCount) { Sink = names });
            }
            finally
            {
                policy.Release(evaluation);
            }
            return (names.Build(), length);
        }
        return (new RSetBuilder().Build(), rule.Body.Count);
    }

    private static RuleDefinition Only(RuleDefinition rule, int length, RArray name)
    {
        var names = rule.Dynamic.Select((d, i) => (Expr)new TermExpr(rule.At, new CallTerm(rule.At, null, "eq", [d, new ConstTerm(rule.At, name[i])])));
        return new RuleDefinition
        {
            At = rule.At,
            Module = rule.Module,
            Path = rule.Path,
            IsDefault = false,
            Value = rule.Value,
            Body = [.. rule.Body.Take(length), .. names, .. rule.Body.Skip(length)],
            Syntax = rule.Syntax,
        };
    }

    private static List<TestCase> Nest(List<(RValue[] Path, bool Passed)> cases, int level) =>
    [
        .. cases.GroupBy(c => c.Path[level]).Select(group =>
        {
            var below = group.Where(c => c.Path.Length > level + 1).ToList();
            return new TestCase(group.Key is RString s ? s.Value : group.Key.ToString(), group.All(c => c.Passed), below.Count > 0 ? Nest(below, level + 1) : []);
        }),
    ];
}
