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
            var skipped = node.Name.StartsWith(TestNames.SkipPrefix, StringComparison.Ordinal);
            if (!skipped && !node.Name.StartsWith(TestNames.Prefix, StringComparison.Ordinal)) continue;
            var rules = node.HasDynamic ? tree.DynamicOf(node) : tree.StaticOf(node);
            if (rules.Count == 0 || node.Kind == DocKind.Function) continue;
            var at = rules[0].At;
            var home = node;
            for (var depth = Depth(node); depth > rules[0].Module.Package.Count; depth--) home = home.Parent!;
            var (package, path) = (home.WrittenPath, node.WrittenPath);
            // The number of a test that shares its name is shown without quotes.
            var test = node.Parent == home ? node.Name : path[package.Length..].TrimStart('.');
            var name = $"{package}.{test}";
            if (only is not null && !only(name)) continue;
            var outcome = new TestOutcome(name, at.File, at.Row, at.Col, TestState.Skipped, null, TimeSpan.Zero) { Package = package, Path = path };
            if (skipped)
            {
                outcomes.Add(outcome);
                continue;
            }
            outcome = Run(policy, outcome, options);
            if (node.HasDynamic && outcome.State is TestState.Passed or TestState.Failed) outcome = TestCases.Judge(outcome, policy, context, tree, rules, options);
            if (outcome.State == TestState.Failed && !node.HasDynamic) outcome = Explained(outcome, policy, context, tree, rules, options);
            outcomes.Add(outcome);
        }
        return [.. outcomes.OrderBy(o => o.File, StringComparer.Ordinal).ThenBy(o => o.Row).ThenBy(o => o.Col)];
    }

    private static int Depth(DocNode node) => node.Parent is null ? 0 : Depth(node.Parent) + 1;

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

    private static TestOutcome Run(CompiledPolicy policy, TestOutcome test, EvaluationOptions options)
    {
        var (printed, notes) = (new List<string>(), new List<string>());
        var start = Stopwatch.GetTimestamp();
        RegoEvaluationException? error = null;
        RValue? value = null;
        try
        {
            value = policy.Evaluate(test.Path, null, options with { Print = printed.Add, Note = notes.Add });
        }
        catch (RegoEvaluationException fault)
        {
            error = fault;
        }
        var state = error is not null ? TestState.Error : Holds(value) ? TestState.Passed : TestState.Failed;
        var message = state switch
        {
            TestState.Error => error!.Message,
            TestState.Failed => value is null ? "the test is undefined: one of its expressions does not hold" : $"the test is {value}, and not true",
            _ => null,
        };
        return test with { State = state, Message = message, Error = error, Duration = Stopwatch.GetElapsedTime(start), Printed = printed, Notes = notes };
    }

    // A test with computed names (test_x[case]) holds when every case does.
    private static bool Holds(RValue? value) => value switch
    {
        RObject { Count: > 0 } o => o.Values.ToArray().All(Holds),
        RBool { Value: true } => true,
        _ => false,
    };
}
