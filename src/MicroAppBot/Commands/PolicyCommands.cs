using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using MicroAppBot.Content;
using MicroAppBot.Policies;
using Rego;
using Rego.Values;

namespace MicroAppBot.Commands;

/// <summary><c>policy test</c> and <c>policy eval</c>: what OPA's own <c>opa test</c> and <c>opa eval</c> do, without OPA.</summary>
public static class PolicyCommands
{
    /// <param name="content">Where the content folders are, asked when the command runs; null: see <see cref="ContentPlace"/>.</param>
    public static Command Create(Func<string>? content = null) => new("policy", "Test and evaluate policies.") { Test(content), Eval() };

    // policy test [folder]: exit 0 when all pass, 1 otherwise
    private static Command Test(Func<string>? content)
    {
        var folder = new Argument<string?>("folder") { Description = "Rules, their tests and their data; the shipped policies when left out.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("test", "Run every test_ rule, name the failures, and print PASS: n/m.") { folder };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                var path = parsed.GetValue(folder) ?? Path.Combine(content?.Invoke() ?? ContentPlace.Root, "policies");
                return Report(Compile(PolicySources.Load([path])).RunTests(), output);
            }
            catch (RegoCompileException broken)
            {
                foreach (var fault in broken.Errors)
                    error.WriteLine(fault);
                return 1;
            }
            catch (Exception fault) when (fault is ContentException or IOException or UnauthorizedAccessException or FormatException)
            {
                error.WriteLine(fault.Message);
                return 1;
            }
        });
        return command;
    }

    private static int Report(IReadOnlyList<TestOutcome> outcomes, TextWriter output)
    {
        var run = outcomes.Where(outcome => outcome.State != TestState.Skipped).ToList();
        foreach (var outcome in run.Where(outcome => outcome.State != TestState.Passed))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{outcome.File}:{outcome.Row}: {outcome.Name}: {(outcome.State == TestState.Error ? "ERROR" : "FAIL")}{(outcome.Message is { Length: > 0 } why ? $" ({why})" : "")}"));
            foreach (var line in outcome.Printed)
                output.WriteLine($"    {line}");
        }

        var passed = run.Count(outcome => outcome.State == TestState.Passed);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PASS: {passed}/{run.Count}"));
        return passed == run.Count ? 0 : 1;
    }

    // policy eval -d … -i … '<query>': exit 0 with a result or {}, 2 with errors
    private static Command Eval()
    {
        var query = new Argument<string>("query") { Description = "A Rego query, such as data.microapps.decision." };
        var data = new Option<string[]>("--data", "-d") { Description = "A file or folder with rules and data; may be given more than once." };
        var input = new Option<string?>("--input", "-i") { Description = "The input document; - reads it from the standard input." };
        var old = new Option<bool>("--v0-compatible") { Description = "Read rules as Rego v0 unless they say otherwise." };
        var strict = new Option<bool>("--strict-builtin-errors") { Description = "Halt where a builtin function fails, instead of leaving it undefined." };
        var command = new Command("eval", "Evaluate a query and print its result as OPA does.") { query, data, input, old, strict };
        command.SetAction(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            try
            {
                var sources = PolicySources.Load(parsed.GetValue(data) ?? [], parsed.GetValue(old) ? RegoVersion.V0 : RegoVersion.V1);
                var document = parsed.GetValue(input) is { } file ? InputFile.Read(file) : null;
                var results = Compile(sources)
                    .Prepare(parsed.GetValue(query)!)
                    .Run(document is null ? null : RValue.Parse(document), new EvaluationOptions { StrictBuiltinErrors = parsed.GetValue(strict) });
                output.WriteLine(Json(results).ToJsonString(ConsoleJson.Indented));
                return 0;
            }
            catch (RegoCompileException broken)
            {
                return Fail(output, broken.Errors.Select(fault => Error(fault.Message, fault.Code, fault.File, fault.Row, fault.Col)));
            }
            catch (RegoEvaluationException halted)
            {
                return Fail(output, [Error(halted.Reason, halted.Code, halted.File, halted.Row, halted.Col)]);
            }
            catch (Exception fault) when (fault is ContentException or IOException or UnauthorizedAccessException or FormatException)
            {
                return Fail(output, [new JsonObject { ["message"] = fault.Message }]);
            }
        });
        return command;
    }

    private static CompiledPolicy Compile(PolicySources sources) => RegoCompiler.Compile(sources.Modules, RValue.Parse(sources.Data.ToJsonString()));

    private static JsonObject Json(IReadOnlyList<QueryResult> results)
    {
        if (results.Count == 0)
            return [];
        var list = new JsonArray();
        foreach (var result in results)
        {
            var one = new JsonObject
            {
                ["expressions"] = new JsonArray([.. result.Expressions.Select(expression => new JsonObject
                {
                    ["value"] = Json(expression.Value),
                    ["text"] = expression.Text,
                })]),
            };
            if (result.Bindings.Count > 0)
                one["bindings"] = new JsonObject(result.Bindings.Select(bound => KeyValuePair.Create(bound.Key, Json(bound.Value))));
            list.Add(one);
        }

        return new JsonObject { ["result"] = list };
    }

    private static JsonNode? Json(RValue value) => JsonNode.Parse(value.ToJson());

    private static int Fail(TextWriter output, IEnumerable<JsonObject> errors)
    {
        output.WriteLine(new JsonObject { ["errors"] = new JsonArray([.. errors]) }.ToJsonString(ConsoleJson.Indented));
        return 2;
    }

    private static JsonObject Error(string message, string code, string file, int row, int col) => new()
    {
        ["message"] = message,
        ["code"] = code,
        ["location"] = new JsonObject { ["file"] = file, ["row"] = row, ["col"] = col },
    };
}
