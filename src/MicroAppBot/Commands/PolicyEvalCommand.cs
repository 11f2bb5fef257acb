using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Rego;
using Rego.Values;

namespace MicroAppBot.Commands;

/// <summary><c>policy eval</c>: one query over rules, data and input, printed as <c>opa eval</c> prints it.</summary>
internal sealed class PolicyEvalCommand
{
    private static readonly string[] Formats = ["json", "values", "bindings", "pretty", "source", "raw", "discard"];

    private readonly Argument<string[]> query = new("query") { Description = "A Rego query, such as data.microapps.decision.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string[]> data = new("--data", "-d") { Description = "A file or folder with rules and data, or a.b:file for data below a.b; may be given more than once.", HelpName = "path" };
    private readonly Option<string[]> bundle = new("--bundle", "-b") { Description = "A bundle, as a folder or .tar.gz; may be given more than once.", HelpName = "path" };
    private readonly Option<string?> input = new("--input", "-i") { Description = "The input document, JSON or YAML; - reads it from the standard input.", HelpName = "file" };
    private readonly Option<bool> inputStdin = new("--stdin-input", "-I") { Description = "Read the input document from the standard input." };
    private readonly Option<bool> queryStdin = new("--stdin") { Description = "Read the query from the standard input." };
    private readonly Option<string> format = new("--format", "-f") { Description = $"{string.Join(", ", Formats)}.", DefaultValueFactory = _ => "json", HelpName = "format" };
    private readonly Option<bool> fail = new("--fail") { Description = "Exit 1 when the query is undefined." };
    private readonly Option<bool> failDefined = new("--fail-defined") { Description = "Exit 1 when the query is defined." };
    private readonly Option<string?> package = new("--package") { Description = "The package the query stands in.", HelpName = "name" };
    private readonly Option<string[]> import = new("--import") { Description = "An import the query may use; may be given more than once.", HelpName = "path" };
    private readonly Option<bool> strict = new("--strict-builtin-errors") { Description = "Halt where a builtin function fails, instead of leaving it undefined." };
    private readonly Option<bool> show = new("--show-builtin-errors") { Description = "Tell the errors of builtin functions besides the result." };
    private readonly Option<bool> strictRules = new("--strict", "-S") { Description = "Unused variables, arguments and imports are errors too." };
    private readonly Option<string> explain = new("--explain") { Description = "off, notes (of trace()), fails or full (which rules fired and what stopped the others).", DefaultValueFactory = _ => "off", HelpName = "mode" };
    private readonly Option<bool> varValues = new("--var-values") { Description = "Show values in what --explain tells." };
    private readonly Option<bool> metrics = new("--metrics") { Description = "Add how long loading, compiling and evaluating took." };
    private readonly Option<bool> instrument = new("--instrument") { Description = "As --metrics." };
    private readonly Option<bool> profile = new("--profile") { Description = "Add how often the statements of each line ran and how long they took." };
    private readonly Option<string[]> profileSort = new("--profile-sort") { Description = "total_time_ns, num_eval, num_redo, num_gen_expr, file or line; may be given more than once.", HelpName = "column" };
    private readonly Option<int> profileLimit = new("--profile-limit") { Description = "How many lines of the profile; 0 for all.", DefaultValueFactory = _ => 10, HelpName = "n" };
    private readonly Option<int> prettyLimit = new("--pretty-limit") { Description = "Cut the cells of pretty tables after so many characters.", HelpName = "n" };
    private readonly Option<bool> coverage = new("--coverage") { Description = "Add which lines ran." };
    private readonly Option<int> count = PolicyLoading.Count("How often to evaluate; with more than one, metrics and profile are told as statistics.");
    private readonly Option<TimeSpan?> timeout = GoDuration.Option("Halt after this time, such as 5s, and for no other reason; 2 seconds, 5 million steps or 256 MB when left out.");
    private readonly Option<bool> partial = new("--partial", "-p") { Description = "Partial evaluation is not supported, nor what belongs to it." };
    private readonly Option<string[]> unknowns = new("--unknowns", "-u") { Hidden = true };
    private readonly Option<string[]> disableInlining = new("--disable-inlining") { Hidden = true };
    private readonly Option<bool> shallowInlining = new("--shallow-inlining") { Hidden = true };
    private readonly Option<bool> nondeterministic = new("--nondeterminstic-builtins") { Hidden = true };
    private readonly Option<bool> noIndexing = new("--disable-indexing") { Hidden = true };
    private readonly Option<bool> noEarlyExit = new("--disable-early-exit") { Hidden = true };
    private readonly Option<bool> readAst = new("--read-ast-values-from-store") { Hidden = true };
    private readonly Option<int> optimize = new("--optimize", "-O") { Description = "Accepted; policies are always compiled for speed.", HelpName = "level" };
    private readonly Option<string[]> entrypoint = new("--entrypoint", "-e") { Hidden = true };
    private readonly PolicyFlags flags = new();

    // Exit 0 with a result or {}; 1 when --fail or --fail-defined says so; 2 with errors
    public static Command Create() => new PolicyEvalCommand().Build();

    private Command Build()
    {
        format.AcceptOnlyFromAmong(Formats);
        explain.AcceptOnlyFromAmong("off", "notes", "fails", "full", "debug");
        var command = new Command("eval", "Evaluate a query and print its result as OPA does.")
        {
            query, data, bundle, input, inputStdin, queryStdin, format, fail, failDefined, package, import, strict, show, strictRules, explain, varValues, metrics, instrument, profile, profileSort,
            profileLimit, prettyLimit, coverage, count, timeout, partial, unknowns, disableInlining, shallowInlining, nondeterministic, noIndexing, noEarlyExit, readAst, optimize, entrypoint,
        };
        foreach (var option in flags.All)
            command.Options.Add(option);
        command.SetAction(Run);
        return command;
    }

    private string? Misused(ParseResult parsed)
    {
        var words = parsed.GetValue(query) ?? [];
        if (words.Length > 0 && parsed.GetValue(queryStdin))
            return "specify query argument or --stdin but not both";
        if (words.Length == 0 && !parsed.GetValue(queryStdin))
            return "specify query argument or --stdin";
        if (words.Length > 1)
            return $"specify at most one query argument (there are {words.Length}: {string.Join(" · ", words)})";
        if (parsed.GetValue(queryStdin) && parsed.GetValue(inputStdin))
            return "specify --stdin or --stdin-input but not both";
        if (parsed.GetValue(inputStdin) && parsed.GetValue(input) is { Length: > 0 })
            return "specify --stdin-input or --input but not both";
        if (parsed.GetValue(fail) && parsed.GetValue(failDefined))
            return "specify --fail or --fail-defined but not both";
        return parsed.GetValue(format) == "source" && !parsed.GetValue(partial) ? "invalid output format for evaluation: source is for partial evaluation, which is not supported" : null;
    }

    private int Run(ParseResult parsed)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (Misused(parsed) is { } misuse)
        {
            error.WriteLine($"Error: {misuse}");
            return 1;
        }

        if (parsed.GetValue(partial))
        {
            error.WriteLine("Partial evaluation (--partial, --unknowns) is not supported: evaluate with the whole input.");
            return 2;
        }

        if (parsed.GetValue(strict) && parsed.GetValue(show))
        {
            error.WriteLine("cannot use --show-builtin-errors with --strict-builtin-errors, --strict-builtin-errors will return the first built-in error encountered immediately");
            return 2;
        }

        var shape = parsed.GetValue(format)!;
        var run = new PolicyEvaluation();
        try
        {
            var asked = parsed.GetValue(query) is [var word] ? word : Encoding.UTF8.GetString(InputFile.Read("-"));
            Evaluate(parsed, asked, run, error);
        }
        catch (Exception fault) when (PolicyFaults.Are(fault))
        {
            run.Fault = fault;
        }

        PolicyResults.Write(output, error, shape, run, parsed.GetValue(prettyLimit));
        return run.Fault is not null ? 2 : run.Results.Count == 0 ? (parsed.GetValue(fail) ? 1 : 0) : parsed.GetValue(failDefined) ? 1 : 0;
    }

    private void Evaluate(ParseResult parsed, string asked, PolicyEvaluation run, TextWriter error)
    {
        var profiled = parsed.GetValue(profile) || parsed.GetResult(profileSort) is { Implicit: false } || parsed.GetResult(profileLimit) is { Implicit: false };
        var measured = profiled || parsed.GetValue(metrics) || parsed.GetValue(instrument);
        var columns = (parsed.GetValue(profileSort) ?? []).SelectMany(one => one.Split(',')).ToList();
        var rounds = new List<(PolicyMetrics Clock, JsonArray Profile)>();
        RValue? document = null;
        CompiledPolicy? policy = null;
        var notes = new List<string>();
        var time = GoDuration.Of(parsed, timeout);
        var options = new EvaluationOptions
        {
            StrictBuiltinErrors = parsed.GetValue(strict),
            Print = error.WriteLine,
            Note = notes.Add,
            BuiltinError = parsed.GetValue(show) ? run.BuiltinErrors.Add : null,
            // Who names a time means it.
            Deadline = time ?? EvaluationOptions.Default.Deadline,
            ProcessorTime = time is null ? EvaluationOptions.Default.ProcessorTime : TimeSpan.Zero,
            StepBudget = time is null ? EvaluationOptions.Default.StepBudget : 0,
            MaxAllocatedBytes = time is null ? EvaluationOptions.Default.MaxAllocatedBytes : 0,
        };
        for (var round = 0; round < parsed.GetValue(count); round++)
        {
            var clock = new PolicyMetrics();
            var sources = flags.Load(parsed, parsed.GetValue(data) ?? [], parsed.GetValue(bundle) ?? []);
            clock.Lap("timer_rego_load_files_ns");
            document = round == 0 ? PolicyLoading.Input(parsed.GetValue(inputStdin) ? "-" : parsed.GetValue(input)) : document;
            clock.Lap("timer_rego_input_parse_ns");
            policy = PolicyLoading.Compile(sources, flags.Compile(parsed, new CompileOptions { Record = parsed.GetValue(coverage) || profiled, Strict = parsed.GetValue(strictRules) }));
            clock.Lap("timer_rego_module_compile_ns");
            var prepared = policy.Prepare(asked, new QueryPlace(parsed.GetValue(package), parsed.GetValue(import) ?? [], flags.Version(parsed)));
            clock.Lap("timer_rego_query_compile_ns");
            try
            {
                var results = prepared.Run(document, options with { Note = round == 0 ? options.Note : null, BuiltinError = round == 0 ? options.BuiltinError : null });
                if (round == 0)
                    run.Results = results;
            }
            catch (RegoEvaluationException fault)
            {
                run.Fault = fault;
            }

            clock.Lap("timer_rego_query_eval_ns");
            rounds.Add((clock, profiled ? PolicyReports.Profile(policy.Profile, columns, parsed.GetValue(profileLimit)) : []));
        }

        if (measured && rounds is [var once])
            run.More["metrics"] = once.Clock.Json();
        else if (measured)
            run.More["aggregated_metrics"] = PolicyMetrics.Statistics([.. rounds.Select(one => one.Clock.Json())]);
        if (parsed.GetValue(coverage))
            run.More["coverage"] = PolicyReports.Coverage(policy!.Coverage!);
        var told = Explanation(parsed.GetValue(explain)!, parsed.GetValue(varValues), notes, policy!, asked, document, options);
        if (told.Count > 0)
            run.More["explanation"] = new JsonArray([.. told.Select(line => (JsonNode)line)]);
        if (profiled)
            run.More[rounds.Count == 1 ? "profile" : "aggregated_profile"] = rounds.Count == 1 ? rounds[0].Profile : PolicyReports.Aggregated([.. rounds.Select(one => one.Profile)]);
    }

    private static IReadOnlyList<string> Explanation(string how, bool values, List<string> notes, CompiledPolicy policy, string query, RValue? input, EvaluationOptions options)
    {
        if (how is "off")
            return [];
        if (how is "notes")
            return notes;
        try
        {
            return policy.Explain(query.Split([":=", "="], StringSplitOptions.None)[^1].Trim(), input, options with { Print = null, Note = null, BuiltinError = null }).AsTrace(onlyFails: how == "fails", values);
        }
        catch (RegoCompileException)
        {
            return ["Only the path of a rule or package (data.…) can be explained."];
        }
        catch (RegoEvaluationException)
        {
            return [];
        }
    }
}

/// <summary>What came of an evaluation: results or a fault, errors of builtins, and metrics, coverage and the like as members of the output.</summary>
internal sealed class PolicyEvaluation
{
    public IReadOnlyList<QueryResult> Results { get; set; } = [];

    public Exception? Fault { get; set; }

    public List<RegoEvaluationException> BuiltinErrors { get; } = [];

    public JsonObject More { get; } = [];
}
