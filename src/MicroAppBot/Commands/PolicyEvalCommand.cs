using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using MicroAppBot.Policies;
using Rego;
using Rego.Values;

namespace MicroAppBot.Commands;

/// <summary><c>policy eval</c>: one query over rules, data and input, printed as <c>opa eval</c> prints it.</summary>
internal static class PolicyEvalCommand
{
    private static readonly string[] Formats = ["json", "pretty", "values", "bindings", "raw", "discard"];

    // Exit 0 with a result or {}; 1 when --fail or --fail-defined says so; 2 with errors
    public static Command Create()
    {
        var query = new Argument<string?>("query") { Description = "A Rego query, such as data.microapps.decision.", Arity = ArgumentArity.ZeroOrOne };
        var data = new Option<string[]>("--data", "-d") { Description = "A file or folder with rules and data; may be given more than once." };
        var bundle = new Option<string[]>("--bundle", "-b") { Description = "A bundle, as a folder or .tar.gz; may be given more than once." };
        var input = new Option<string?>("--input", "-i") { Description = "The input document; - reads it from the standard input." };
        var inputStdin = new Option<bool>("--stdin-input", "-I") { Description = "Read the input document from the standard input." };
        var queryStdin = new Option<bool>("--stdin") { Description = "Read the query from the standard input." };
        var format = new Option<string>("--format", "-f") { Description = string.Join(", ", Formats) + ".", DefaultValueFactory = _ => "json" };
        format.AcceptOnlyFromAmong(Formats);
        var fail = new Option<bool>("--fail") { Description = "Exit 1 when the query is undefined." };
        var failDefined = new Option<bool>("--fail-defined") { Description = "Exit 1 when the query is defined." };
        var package = new Option<string?>("--package") { Description = "The package the query stands in." };
        var import = new Option<string[]>("--import") { Description = "An import the query may use; may be given more than once." };
        var old = new Option<bool>("--v0-compatible") { Description = "Read rules and query as Rego v0 unless they say otherwise." };
        var newer = new Option<bool>("--v1-compatible") { Description = "Read rules and query as Rego v1; this is the default." };
        var strict = new Option<bool>("--strict-builtin-errors") { Description = "Halt where a builtin function fails, instead of leaving it undefined." };
        var strictRules = new Option<bool>("--strict", "-S") { Description = "Unused variables, arguments and imports are errors too." };
        var explain = new Option<string>("--explain") { Description = "off, notes (of trace()), fails or full (which rules fired and what stopped the others).", DefaultValueFactory = _ => "off" };
        explain.AcceptOnlyFromAmong("off", "notes", "fails", "full");
        var metrics = new Option<bool>("--metrics") { Description = "Add how long loading, compiling and evaluating took." };
        var instrument = new Option<bool>("--instrument") { Description = "As --metrics." };
        var profile = new Option<bool>("--profile") { Description = "Add how often each statement ran and how long it took." };
        var coverage = new Option<bool>("--coverage") { Description = "Add which lines ran." };
        var partial = new Option<bool>("--partial", "-p") { Description = "Partial evaluation is not supported." };
        var timeout = GoDuration.Option("Halt after this time, such as 5s, and for no other reason; 2 seconds, 5 million steps or 512 MB when left out.");
        var command = new Command("eval", "Evaluate a query and print its result as OPA does.")
        {
            query, data, bundle, input, inputStdin, queryStdin, format, fail, failDefined, package, import, old, newer, strict, strictRules, explain, metrics, instrument, profile, coverage, partial, timeout,
        };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (parsed.GetValue(partial))
            {
                error.WriteLine("Partial evaluation (--partial) is not supported: evaluate with the whole input.");
                return 2;
            }

            if ((parsed.GetValue(query) is null) != parsed.GetValue(queryStdin) || (parsed.GetValue(queryStdin) && parsed.GetValue(inputStdin)))
            {
                error.WriteLine("Give the query as an argument or with --stdin; only one thing can come from the standard input.");
                return 2;
            }

            var shape = parsed.GetValue(format)!;
            try
            {
                var asked = parsed.GetValue(query) ?? System.Text.Encoding.UTF8.GetString(InputFile.Read("-"));
                var version = parsed.GetValue(old) ? RegoVersion.V0 : RegoVersion.V1;
                var clock = new PolicyMetrics();
                var sources = PolicyLoading.Merge([PolicySources.Load(parsed.GetValue(data) ?? [], version), .. (parsed.GetValue(bundle) ?? []).Select(one => PolicyLoading.Bundle(one, version))]);
                var document = PolicyLoading.Input(parsed.GetValue(inputStdin) ? "-" : parsed.GetValue(input));
                clock.Lap("timer_rego_load_files_ns");
                var policy = PolicyLoading.Compile(sources, new CompileOptions { Record = parsed.GetValue(coverage) || parsed.GetValue(profile), Strict = parsed.GetValue(strictRules) });
                clock.Lap("timer_rego_module_compile_ns");
                var prepared = policy.Prepare(asked, new QueryPlace(parsed.GetValue(package), parsed.GetValue(import) ?? [], version));
                clock.Lap("timer_rego_query_compile_ns");
                var notes = new List<string>();
                var options = new EvaluationOptions
                {
                    StrictBuiltinErrors = parsed.GetValue(strict),
                    Print = error.WriteLine,
                    Note = notes.Add,
                    Deadline = parsed.GetValue(timeout) ?? EvaluationOptions.Default.Deadline,
                    // Who names a time means it.
                    StepBudget = parsed.GetValue(timeout) is null ? EvaluationOptions.Default.StepBudget : 0,
                    MaxAllocatedBytes = parsed.GetValue(timeout) is null ? EvaluationOptions.Default.MaxAllocatedBytes : 0,
                };
                var results = prepared.Run(document, options);
                clock.Lap("timer_rego_query_eval_ns");

                var more = new JsonObject();
                if (parsed.GetValue(metrics) || parsed.GetValue(instrument))
                    more["metrics"] = clock.Json();
                if (parsed.GetValue(profile))
                    more["profile"] = PolicyReports.Profile(policy.Profile);
                if (parsed.GetValue(coverage))
                    more["coverage"] = PolicyReports.Coverage(policy.Coverage!);
                var words = Words(parsed.GetValue(explain)!, notes, policy, asked, document, options);
                if (words.Count > 0)
                    more["explanation"] = new JsonArray([.. words.Select(line => (JsonNode)line)]);
                PolicyResults.Write(output, shape, results, more);
                return results.Count == 0 ? (parsed.GetValue(fail) ? 1 : 0) : parsed.GetValue(failDefined) ? 1 : 0;
            }
            catch (Exception fault) when (PolicyFaults.Are(fault))
            {
                if (shape is "json" or "discard")
                    output.WriteLine(PolicyFaults.Json(fault).ToJsonString(ConsoleJson.Indented));
                else
                    PolicyFaults.Write(error, fault);
                return 2;
            }
        });
        return command;
    }

    private static IReadOnlyList<string> Words(string how, List<string> notes, CompiledPolicy policy, string query, RValue? input, EvaluationOptions options)
    {
        if (how is "off")
            return [];
        if (how is "notes")
            return notes;
        try
        {
            return policy.Explain(query.Split('=')[0].Trim(), input, options with { Print = null, Note = null }).InWords();
        }
        catch (RegoCompileException)
        {
            return ["Only the path of a rule or package (data.…) can be explained."];
        }
    }
}

/// <summary>How long each stage took, under OPA's names.</summary>
internal sealed class PolicyMetrics
{
    private readonly JsonObject laps = [];
    private long since = Stopwatch.GetTimestamp();

    public void Lap(string name)
    {
        laps[name] = (long)Stopwatch.GetElapsedTime(since).TotalNanoseconds;
        since = Stopwatch.GetTimestamp();
    }

    public JsonObject Json() => laps;
}
