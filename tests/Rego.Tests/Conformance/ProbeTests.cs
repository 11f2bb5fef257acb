using System.Globalization;
using System.Text;
using Rego.Values;

namespace Rego.Tests.Conformance;

/// <summary>Probes with OPA's own answer, results as well as refusals; a folder above the cases of REGO_CONFORMANCE.</summary>
public class ProbeTests(ITestOutputHelper output)
{
    private const int Floor = 248;

    [Fact]
    public void The_evaluator_answers_probes_as_OPA_did()
    {
        var file = OpaSuiteTests.Beside("probes.jsonl");
        Assert.SkipUnless(file is not null && File.Exists(file), "no probes: set REGO_CONFORMANCE to a folder of OPA's test cases");
        var lines = File.ReadAllLines(file!).Where(l => l.Length > 0).ToList();
        var failures = new StringBuilder();
        var passed = 0;
        foreach (var line in lines)
        {
            var probe = (RObject)RValue.Parse(line);
            var problem = Try(probe);
            if (problem is null) passed++;
            else failures.AppendLine(CultureInfo.InvariantCulture, $"{probe.Get("modules")}\t{problem}");
        }
        var path = Path.Combine(AppContext.BaseDirectory, "probes-failures.txt");
        File.WriteAllText(path, failures.ToString());
        var text = string.Create(CultureInfo.InvariantCulture, $"probes: {passed} of {lines.Count}");
        output.WriteLine(text);
        Console.WriteLine(text);
        Assert.True(passed >= Floor, $"{passed} probes agree, at least {Floor} must; see {path}");
    }

    private static string? Try(RObject probe)
    {
        var answer = (RObject)probe.Get("opa_1_7_1")!;
        var v0 = probe.Get("v0") is RBool { Value: true };
        if (answer.Get("result") is { } result)
        {
            var fields = new RObjectBuilder();
            fields.SetAll(probe);
            fields.Set("note", probe.Get("id")!);
            fields.Set("want_result", result);
            return new ConformanceCase("probes", fields.Build()).Run(v0 ? RegoVersion.V0 : RegoVersion.V1);
        }
        var code = ((RString)answer.Get("code")!).Value;
        try
        {
            var modules = ((RArray)probe.Get("modules")!).Items.ToArray().Select((m, i) => new RegoModule($"m{i}.rego", ((RString)m).Value) { Version = v0 ? RegoVersion.V0 : RegoVersion.V1 });
            var strict = probe.Get("strict_error") is RBool { Value: true };
            var results = RegoCompiler.Compile(modules, probe.Get("data")).Prepare(((RString)probe.Get("query")!).Value).Run(probe.Get("input"), new EvaluationOptions { StrictBuiltinErrors = strict });
            return $"wanted {code}, got {results.Count} results; OPA: {answer.Get("error")}";
        }
        catch (RegoCompileException fault)
        {
            return fault.Errors.Any(e => e.Code == code) ? null : $"wanted {code}, got {fault.Message}; OPA: {answer.Get("error")}";
        }
        catch (RegoEvaluationException fault)
        {
            return fault.Code == code ? null : $"wanted {code}, got {fault.Message}";
        }
    }
}
