using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MicroAppBot.Policies;
using Rego;
using Rego.Values;

namespace MicroAppBot.Commands;

/// <summary><c>policy bench</c>: how fast one query is answered in this process, and what it allocates.</summary>
internal sealed class PolicyBenchCommand
{
    private static readonly string[] Formats = ["line", "json", "pretty", "gobench"];

    private readonly Func<string>? content;

    private readonly Argument<string?> query = new("query") { Description = "A Rego query, such as data.microapps.decision.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string[]> data = new("--data", "-d") { Description = "A file or folder with rules and data; the shipped policies when left out.", HelpName = "path" };
    private readonly Option<string[]> bundle = new("--bundle", "-b") { Description = "A bundle, as a folder or .tar.gz.", HelpName = "path" };
    private readonly Option<string?> input = new("--input", "-i") { Description = "The input document; - reads it from the standard input.", HelpName = "file" };
    private readonly Option<bool> inputStdin = new("--stdin-input", "-I") { Description = "Read the input document from the standard input." };
    private readonly Option<bool> queryStdin = new("--stdin") { Description = "Read the query from the standard input." };
    private readonly Option<string?> package = new("--package") { Description = "The package the query stands in.", HelpName = "name" };
    private readonly Option<string[]> import = new("--import") { Description = "An import the query may use; may be given more than once.", HelpName = "path" };
    private readonly Option<string> format = new("--format", "-f") { Description = "line (JSON in one line), json (with OPA's members too), pretty, gobench.", DefaultValueFactory = _ => "line", HelpName = "format" };
    private readonly Option<double> seconds = new("--seconds") { Description = "How long to measure, after a second of warming up.", DefaultValueFactory = _ => 3, HelpName = "n" };
    private readonly Option<int> count = PolicyLoading.Count("How often to measure.");
    private readonly Option<bool> benchmem = new("--benchmem") { Description = "Tell bytes; --benchmem=false leaves them out.", DefaultValueFactory = _ => true };
    private readonly Option<bool> fail = new("--fail") { Description = "Exit 1 when the query is undefined, which is the default; --fail=false measures all the same.", DefaultValueFactory = _ => true };
    private readonly Option<bool> metrics = new("--metrics") { Description = "Accepted.", DefaultValueFactory = _ => true };
    private readonly Option<bool> pretty = new("--pretty") { Description = "The JSON in several lines." };
    private readonly Option<bool> partial = new("--partial", "-p") { Description = "Partial evaluation is not supported." };
    private readonly Option<string[]> unknowns = new("--unknowns", "-u") { Hidden = true };
    private readonly Option<bool> e2e = new("--e2e") { Description = "Not supported: ask the running bot's /v1 instead." };
    private readonly PolicyFlags flags = new();

    private PolicyBenchCommand(Func<string>? content)
    {
        this.content = content;
        format.AcceptOnlyFromAmong(Formats);
        seconds.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && !(double.TryParse(token.Value, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= 600))
                result.AddError("--seconds is a number above 0 and at most 600.");
        });
    }

    // Exit 0 with figures, 1 without
    public static Command Create(Func<string>? content)
    {
        var bench = new PolicyBenchCommand(content);
        var command = new Command("bench", "Measure a query: evaluations a second, microseconds and bytes per evaluation.")
        {
            bench.query, bench.data, bench.bundle, bench.input, bench.inputStdin, bench.queryStdin, bench.package, bench.import, bench.format, bench.seconds, bench.count, bench.benchmem, bench.fail, bench.metrics,
            bench.pretty, bench.partial, bench.unknowns, bench.e2e,
        };
        foreach (var option in bench.flags.All)
            command.Options.Add(option);
        command.SetAction(bench.Run);
        return command;
    }

    private string? Misused(ParseResult parsed)
    {
        if (parsed.GetValue(partial))
            return "partial evaluation (--partial) is not supported";
        if (parsed.GetValue(e2e))
            return "--e2e is not supported: ask the running bot's /v1 instead";
        if (parsed.GetValue(queryStdin) && parsed.GetValue(inputStdin))
            return "specify --stdin or --stdin-input but not both";
        return (parsed.GetValue(query) is null) != parsed.GetValue(queryStdin) ? "specify query argument or --stdin, one of them" : null;
    }

    private int Run(ParseResult parsed)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (Misused(parsed) is { } misuse)
        {
            error.WriteLine($"Error: {misuse}");
            return 1;
        }

        try
        {
            var asked = parsed.GetValue(query) ?? Encoding.UTF8.GetString(InputFile.Read("-")).Trim();
            var bundles = parsed.GetValue(bundle) ?? [];
            var named = parsed.GetValue(data) is { Length: > 0 } given ? given : bundles.Length > 0 ? [] : [Path.Combine(content?.Invoke() ?? ContentPlace.Root, "policies")];
            var policy = PolicyLoading.Compile(flags.Load(parsed, named, bundles), flags.Compile(parsed, new CompileOptions()));
            var document = PolicyLoading.Input(parsed.GetValue(inputStdin) ? "-" : parsed.GetValue(input));
            var run = Evaluator(policy, asked, document, new QueryPlace(parsed.GetValue(package), parsed.GetValue(import) ?? [], flags.Version(parsed)));
            if (!run())
            {
                if (parsed.GetValue(fail))
                {
                    error.WriteLine($"1 error occurred: undefined result: {asked} has none for this input (--fail=false measures all the same)");
                    return 1;
                }

                error.WriteLine($"{asked} is undefined for this input; measured all the same.");
            }

            for (var round = 0; round < parsed.GetValue(count); round++)
                Write(output, parsed, asked, PolicyMeasure.Of(() => run(), TimeSpan.FromSeconds(parsed.GetValue(seconds))));
            return 0;
        }
        catch (Exception fault) when (PolicyFaults.Are(fault))
        {
            if (parsed.GetValue(format) == "json")
                output.WriteLine(PolicyFaults.Json(fault).ToJsonString(ConsoleJson.Indented));
            else
                PolicyFaults.Write(error, fault);
            return 1;
        }
    }

    private void Write(TextWriter output, ParseResult parsed, string asked, PolicyMeasure measure)
    {
        var bytes = parsed.GetValue(benchmem);
        switch (parsed.GetValue(format))
        {
            case "gobench":
                output.WriteLine($"BenchmarkOPAEval\t{measure.Line(bytes)}");
                break;
            case "pretty":
                List<IReadOnlyList<string>> rows = [["samples", measure.Runs.ToString(CultureInfo.InvariantCulture)], ["ns/op", PolicyMeasure.Number(measure.NanosecondsPerRun)]];
                if (bytes)
                    rows.Add(["B/op", measure.BytesPerRun.ToString(CultureInfo.InvariantCulture)]);
                rows.Add(["p50 ns", PolicyMeasure.Number(measure.At(0.5) * 1000)]);
                rows.Add(["p99 ns", PolicyMeasure.Number(measure.At(0.99) * 1000)]);
                PolicyTable.Write(output, [], rows, 1);
                break;
            case "json":
                var all = Figures(asked, measure, bytes);
                foreach (var (name, value) in measure.Json())
                    all[name] = value?.DeepClone();
                output.WriteLine(all.ToJsonString(ConsoleJson.Indented));
                break;
            default:
                output.WriteLine(Figures(asked, measure, bytes).ToJsonString(parsed.GetValue(pretty) ? ConsoleJson.Indented : ConsoleJson.OneLine));
                break;
        }
    }

    private static JsonObject Figures(string asked, PolicyMeasure measure, bool bytes)
    {
        var figures = new JsonObject
        {
            ["query"] = asked,
            ["evals_per_second"] = Math.Round(measure.Runs / measure.Total.TotalSeconds),
            ["p50_us"] = Math.Round(measure.At(0.5), 3),
            ["p99_us"] = Math.Round(measure.At(0.99), 3),
        };
        if (bytes)
            figures["bytes_per_eval"] = measure.BytesPerRun;
        return figures;
    }

    /// <summary>A document's path is asked as the bot and its OPA endpoint ask; anything else as a query.</summary>
    private static Func<bool> Evaluator(CompiledPolicy policy, string query, RValue? input, QueryPlace place)
    {
        try
        {
            policy.Evaluate(query, input);
            return () => policy.Evaluate(query, input) is not null;
        }
        catch (RegoCompileException)
        {
            var prepared = policy.Prepare(query, place);
            return () => prepared.Run(input).Count > 0;
        }
    }
}
