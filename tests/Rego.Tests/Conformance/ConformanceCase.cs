using System.IO.Compression;
using System.Text;
using Rego.Values;

namespace Rego.Tests.Conformance;

/// <summary>One case of OPA's own suite.</summary>
internal sealed record ConformanceCase(string Folder, RObject Fields)
{
    public string Note => Folder + ": " + ((RString)Fields.Get("note")!).Value;

    public static List<ConformanceCase> ReadAll(string folder)
    {
        var cases = new List<ConformanceCase>();
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            if (!file.EndsWith(".json", StringComparison.Ordinal) && !file.EndsWith(".json.gz", StringComparison.Ordinal)) continue;
            var value = RValue.Parse(Read(file));
            var list = value as RArray ?? (RArray)((RObject)value).Get("cases")!;
            var name = Path.GetFileName(file).Split('.')[0];
            foreach (var item in list.Items) cases.Add(new ConformanceCase(name, (RObject)item));
        }
        return cases;
    }

    private static string Read(string file)
    {
        using var stream = File.OpenRead(file);
        if (!file.EndsWith(".gz", StringComparison.Ordinal)) return new StreamReader(stream, Encoding.UTF8).ReadToEnd();
        using var unpacked = new GZipStream(stream, CompressionMode.Decompress);
        return new StreamReader(unpacked, Encoding.UTF8).ReadToEnd();
    }

    /// <summary>Null when the case behaves as OPA's runner demands, otherwise what it did instead.</summary>
    public string? Run(RegoVersion version)
    {
        var wantCode = Text("want_error_code");
        var wantError = Text("want_error");
        var wanted = Fields.Get("want_result") as RArray;
        try
        {
            var results = Evaluate(version);
            if (wantCode is not null || wantError is not null)
            {
                if (wanted is null) return $"wanted {wantCode} {wantError}, got {results}";
            }
            if (wanted is null) return null;
            var want = Normal(wanted);
            return want.Equals(results) ? null : $"wanted {want}, got {results}";
        }
        catch (RegoEvaluationException fault)
        {
            if (wantCode is null && wantError is null) return "halted: " + fault.Message;
            if (wantCode is not null && fault.Code != wantCode) return $"wanted {wantCode}, halted: {fault.Message}";
            // OPA's text has the row only.
            var opa = $"{fault.File}:{fault.Row}: {fault.Code}: {fault.Reason}";
            if (wantError is not null && !opa.Contains(wantError, StringComparison.Ordinal)) return $"wanted '{wantError}', halted: {fault.Message}";
            return null;
        }
        catch (RegoCompileException fault)
        {
            return "did not compile: " + fault.Message.Split('\n')[0];
        }
#pragma warning disable CA1031 // A runner reports whatever the evaluator does.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return "crashed: " + fault.GetType().Name + " " + fault.Message + " " + fault.StackTrace?.Split('\n')[0].Trim();
        }
    }

    private string? Text(string field) => Fields.Get(field) is RString s ? s.Value : null;

    private RSet Evaluate(RegoVersion version)
    {
        var modules = new List<RegoModule>();
        if (Fields.Get("modules") is RArray list)
        {
            for (var i = 0; i < list.Count; i++) modules.Add(new RegoModule($"test-{i}.rego", ((RString)list[i]).Value) { Version = version });
        }
        var sleep = new HostBuiltin("test.sleep", 1, _ => RNull.Instance);
        var policy = RegoCompiler.Compile(modules, Fields.Get("data"), new CompileOptions { RejectDataOverRules = false, Builtins = [sleep] });
        var input = Fields.Get("input");
        if (Text("input_term") is { } term)
            input = RegoCompiler.Compile([]).Prepare("x = " + term).Run(null)[0].Bindings["x"];
        var strict = Fields.Get("strict_error") is RBool { Value: true };
        var results = policy.Prepare(Text("query")!).Run(input, new EvaluationOptions { StrictBuiltinErrors = strict });
        var sort = Fields.Get("sort_bindings") is RBool { Value: true };
        return RSet.Of(results.Select(r => Bindings(r, sort)));
    }

    private static RObject Bindings(QueryResult result, bool sort)
    {
        var builder = new RObjectBuilder();
        foreach (var (name, value) in result.Bindings)
        {
            var json = RValue.Parse(value.ToJson());
            if (sort && json is RArray a)
            {
                var items = a.Items.ToArray();
                Array.Sort(items, RValueOrder.Instance);
                json = new RArray(items);
            }
            builder.Set(name, json);
        }
        return builder.Build();
    }

    private RSet Normal(RArray wanted)
    {
        var sort = Fields.Get("sort_bindings") is RBool { Value: true };
        return RSet.Of(wanted.Items.ToArray().Select(w =>
        {
            var o = (RObject)w;
            var builder = new RObjectBuilder();
            for (var i = 0; i < o.Count; i++)
            {
                var value = o.Values[i];
                if (sort && value is RArray a)
                {
                    var items = a.Items.ToArray();
                    Array.Sort(items, RValueOrder.Instance);
                    value = new RArray(items);
                }
                builder.Set(o.Keys[i], value);
            }
            return (RValue)builder.Build();
        }));
    }
}
