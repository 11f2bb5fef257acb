using System.Globalization;
using System.Text;

namespace Rego.Tests.Conformance;

/// <summary>OPA's own cases. The folder is named by REGO_CONFORMANCE; without it and without the default place the tests are skipped.</summary>
public class OpaSuiteTests(ITestOutputHelper output)
{
    // Raise these as the evaluator learns; never lower them.
    private const int FloorV1 = 1459;
    private const int FloorV0 = 1248;

    [Fact]
    public void The_evaluator_agrees_with_OPAs_own_cases()
    {
        var folder = Environment.GetEnvironmentVariable("REGO_CONFORMANCE") ?? Default("v1");
        Assert.SkipUnless(folder is not null && Directory.Exists(folder), "no conformance cases: set REGO_CONFORMANCE to a folder of OPA's test cases");
        var passed = Run(folder!, RegoVersion.V1, "conformance");
        Assert.True(passed >= FloorV1, $"{passed} cases pass, at least {FloorV1} must");
    }

    [Fact]
    public void The_evaluator_agrees_with_the_cases_of_the_old_grammar()
    {
        var folder = Beside("v0-derived");
        Assert.SkipUnless(folder is not null && Directory.Exists(folder), "no cases of version 0 beside those of REGO_CONFORMANCE");
        var passed = Run(folder!, RegoVersion.V0, "conformance-v0");
        Assert.True(passed >= FloorV0, $"{passed} cases pass, at least {FloorV0} must");
    }

    /// <summary>A file or folder beside the folder of cases.</summary>
    internal static string? Beside(string name)
    {
        var folder = Environment.GetEnvironmentVariable("REGO_CONFORMANCE") ?? Default("v1");
        return folder is null ? null : Path.Combine(folder, "..", name);
    }

    private int Run(string folder, RegoVersion version, string title)
    {
        var cases = ConformanceCase.ReadAll(folder);
        var failures = new StringBuilder();
        var byFolder = new SortedDictionary<string, (int Passed, int All)>(StringComparer.Ordinal);
        var passed = 0;
        foreach (var one in cases)
        {
            var problem = one.Run(version);
            var counts = byFolder.GetValueOrDefault(one.Folder);
            byFolder[one.Folder] = (counts.Passed + (problem is null ? 1 : 0), counts.All + 1);
            if (problem is null) passed++;
            else failures.Append(one.Note).Append('\t').AppendLine(problem);
        }
        var file = Path.Combine(AppContext.BaseDirectory, title + "-failures.txt");
        File.WriteAllText(file, failures.ToString());
        var text = string.Create(CultureInfo.InvariantCulture, $"{title}: {passed} of {cases.Count}");
        output.WriteLine(text);
        Console.WriteLine(text);
        foreach (var (name, (good, all)) in byFolder)
        {
            if (good < all) output.WriteLine($"  {name}: {good} of {all}");
        }
        output.WriteLine("failing cases: " + file);
        return passed;
    }

    private static string? Default(string version)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "MicroAppBot.sln"))) continue;
            return Path.Combine(folder.FullName, "..", "shared", "rego-conformance", version);
        }
        return null;
    }
}
