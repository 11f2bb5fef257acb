using Rego.Values;

namespace Rego.Tests;

/// <summary>Short ways to compile and ask in tests.</summary>
internal static class Policy
{
    public static CompiledPolicy Of(params string[] modules) =>
        RegoCompiler.Compile(modules.Select((m, i) => new RegoModule($"m{i}.rego", m)));

    /// <summary>The JSON of data.t.p, or "undefined"; the module is given without its package line.</summary>
    public static string P(string rules, string? input = null, EvaluationOptions? options = null) =>
        Of("package t\n" + rules).Evaluate("data.t.p", input is null ? null : RValue.Parse(input), options)?.ToJson() ?? "undefined";

    public static IReadOnlyList<RegoError> Errors(params string[] modules)
    {
        try
        {
            Of(modules);
            return [];
        }
        catch (RegoCompileException fault)
        {
            return fault.Errors;
        }
    }
}
