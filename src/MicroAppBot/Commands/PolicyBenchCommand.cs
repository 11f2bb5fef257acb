using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using MicroAppBot.Policies;
using Rego;

namespace MicroAppBot.Commands;

/// <summary><c>policy bench</c>: how fast one query is answered in this process, and what it allocates.</summary>
internal static class PolicyBenchCommand
{
    private const int MaxSamples = 1_000_000;

    public static Command Create(Func<string>? content)
    {
        var query = new Argument<string>("query") { Description = "A Rego query, such as data.microapps.decision." };
        var data = new Option<string[]>("--data", "-d") { Description = "A file or folder with rules and data; the shipped policies when left out." };
        var bundle = new Option<string[]>("--bundle", "-b") { Description = "A bundle, as a folder or .tar.gz." };
        var input = new Option<string?>("--input", "-i") { Description = "The input document; - reads it from the standard input." };
        var old = new Option<bool>("--v0-compatible") { Description = "Read rules as Rego v0 unless they say otherwise." };
        var seconds = new Option<double>("--seconds") { Description = "How long to measure, after a second of warming up.", DefaultValueFactory = _ => 3 };
        seconds.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && !(double.TryParse(token.Value, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= 600))
                result.AddError("--seconds is a number above 0 and at most 600.");
        });
        var pretty = new Option<bool>("--pretty") { Description = "Several lines instead of one." };
        var command = new Command("bench", "Measure a query: evaluations a second, microseconds and bytes per evaluation.") { query, data, bundle, input, old, seconds, pretty };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                var version = parsed.GetValue(old) ? RegoVersion.V0 : RegoVersion.V1;
                var bundles = parsed.GetValue(bundle) ?? [];
                var named = parsed.GetValue(data) is { Length: > 0 } given ? given : bundles.Length > 0 ? [] : [Path.Combine(content?.Invoke() ?? ContentPlace.Root, "policies")];
                var policy = PolicyLoading.Compile(PolicyLoading.Merge([PolicySources.Load(named, version), .. bundles.Select(one => PolicyLoading.Bundle(one, version))]));
                var document = PolicyLoading.Input(parsed.GetValue(input));
                var asked = parsed.GetValue(query)!;
                var run = Evaluator(policy, asked, document, version);
                if (!run())
                    error.WriteLine($"{asked} is undefined for this input; measured all the same.");
                output.WriteLine(Measure(asked, run, TimeSpan.FromSeconds(parsed.GetValue(seconds))).ToJsonString(parsed.GetValue(pretty) ? ConsoleJson.Indented : ConsoleJson.OneLine));
                return 0;
            }
            catch (Exception fault) when (PolicyFaults.Are(fault))
            {
                PolicyFaults.Write(error, fault);
                return 2;
            }
        });
        return command;
    }

    /// <summary>A document's path is asked as the bot and its OPA endpoint ask; anything else as a query.</summary>
    private static Func<bool> Evaluator(CompiledPolicy policy, string query, Rego.Values.RValue? input, RegoVersion version)
    {
        try
        {
            policy.Evaluate(query, input);
            return () => policy.Evaluate(query, input) is not null;
        }
        catch (RegoCompileException)
        {
            var prepared = policy.Prepare(query, new QueryPlace(null, [], version));
            return () => prepared.Run(input).Count > 0;
        }
    }

    /// <summary>Microseconds for that many runs.</summary>
    private static double Batch(Func<bool> run, int batch)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < batch; i++)
            run();
        return (Stopwatch.GetTimestamp() - start) * 1e6 / Stopwatch.Frequency;
    }

    private static JsonObject Measure(string query, Func<bool> run, TimeSpan time)
    {
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < TimeSpan.FromSeconds(1);)
            run();
        // A batch is long enough that reading the clock does not count.
        var batch = 1;
        while (batch < 1 << 20 && Enumerable.Range(0, 5).Min(_ => Batch(run, batch)) < 20)
            batch *= 2;

        var samples = new List<double>();
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        long count = 0;
        var all = Stopwatch.StartNew();
        while (all.Elapsed < time && samples.Count < MaxSamples)
        {
            samples.Add(Batch(run, batch) / batch);
            count += batch;
        }

        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes - (samples.Capacity * sizeof(double) * 2);
        var seconds = all.Elapsed.TotalSeconds;
        samples.Sort();
        return new JsonObject
        {
            ["query"] = query,
            ["evals_per_second"] = Math.Round(count / seconds),
            ["p50_us"] = Math.Round(samples[samples.Count / 2], 3),
            ["p99_us"] = Math.Round(samples[(int)(samples.Count * 0.99)], 3),
            ["bytes_per_eval"] = Math.Max(0, bytes / count),
        };
    }
}
