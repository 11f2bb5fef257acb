using System.Diagnostics;
using Rego.Compile;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Evaluate;

/// <summary>Runs the tests of a policy one by one, each as a query of its own.</summary>
internal static class TestRun
{
    public static List<TestOutcome> All(CompiledPolicy policy, CompileContext context, RuleTree tree, Func<string, bool>? only, EvaluationOptions options)
    {
        var outcomes = new List<TestOutcome>();
        foreach (var node in tree.Nodes)
        {
            var skipped = node.Name.StartsWith("todo_test_", StringComparison.Ordinal);
            if (!skipped && !node.Name.StartsWith("test_", StringComparison.Ordinal)) continue;
            var rules = node.HasDynamic ? tree.DynamicOf(node) : tree.StaticOf(node);
            if (rules.Count == 0 || node.Kind == DocKind.Function) continue;
            var name = node.PathText;
            if (only is not null && !only(name)) continue;
            var at = rules[0].At;
            if (skipped)
            {
                outcomes.Add(new TestOutcome(name, at.File, at.Row, TestState.Skipped, null, TimeSpan.Zero));
                continue;
            }
            var outcome = Run(policy, name, at, options);
            if (node.HasDynamic && outcome.State is TestState.Passed or TestState.Failed) outcome = TestCases.Judge(outcome, policy, context, tree, rules, options);
            if (outcome.State == TestState.Failed && !node.HasDynamic) outcome = Explained(outcome, policy, context, tree, rules, options);
            outcomes.Add(outcome);
        }
        return outcomes;
    }

    private static TestOutcome Explained(TestOutcome outcome, CompiledPolicy policy, CompileContext context, RuleTree tree, IReadOnlyList<RuleDefinition> rules, EvaluationOptions options)
    {
        var failures = new FailurePoint(policy, context, tree, null, options);
        var (failed, reasons) = (new List<FailedStatement>(), new List<string>());
        foreach (var rule in rules)
        {
            for (var branch = rule; branch is not null; branch = branch.Else)
            {
                try
                {
                    if (failures.Of(branch, out _, out _) is not { } statement) continue;
                    failed.Add(statement);
                    reasons.Add(statement.ToString());
                }
                catch (RegoEvaluationException fault)
                {
                    reasons.Add(fault.Message);
                }
            }
        }
        return reasons.Count == 0 ? outcome : outcome with { Message = string.Join('\n', reasons), Failed = failed };
    }

    private static TestOutcome Run(CompiledPolicy policy, string name, Location at, EvaluationOptions options)
    {
        var printed = new List<string>();
        var start = Stopwatch.GetTimestamp();
        TestState state;
        string? message = null;
        try
        {
            var value = policy.Evaluate(name, null, options with { Print = printed.Add });
            state = Holds(value) ? TestState.Passed : TestState.Failed;
            if (state == TestState.Failed) message = value is null ? "the test is undefined: one of its expressions does not hold" : $"the test is {value}";
        }
        catch (RegoEvaluationException fault)
        {
            state = TestState.Error;
            message = fault.Message;
        }
        return new TestOutcome(name, at.File, at.Row, state, message, Stopwatch.GetElapsedTime(start)) { Printed = printed };
    }

    // A test with computed names (test_x[case]) holds when every case does.
    private static bool Holds(RValue? value) => value switch
    {
        RObject { Count: > 0 } o => o.Values.ToArray().All(Holds),
        null or RBool { Value: false } => false,
        _ => true,
    };
}
