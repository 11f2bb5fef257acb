using System.Globalization;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Evaluate;

/// <summary>Which rules are tests, and what tests are called.</summary>
internal static class TestNames
{
    public const string Prefix = "test_";

    public const string SkipPrefix = "todo_test_";

    /// <summary>Gives the second test of a name the name test_x#01, and so on, so that each is judged by itself.</summary>
    public static void Separate(IReadOnlyList<ModuleSyntax> modules)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var module in modules.OrderBy(m => m.File, StringComparer.Ordinal))
        {
            foreach (var rule in module.Rules.Where(r => !r.IsDefault && r.Args is null))
            {
                var at = rule.Ref.ToList().FindIndex(term => NameOf(term)?.StartsWith(Prefix, StringComparison.Ordinal) ?? false);
                if (at < 0) continue;
                var key = string.Join('\0', [.. module.Package, .. rule.Ref.Take(at + 1).Select(NameOf)]);
                seen.TryGetValue(key, out var before);
                seen[key] = before + 1;
                if (before == 0 || rule.Ref.Count > at + 1) continue;
                var name = string.Create(CultureInfo.InvariantCulture, $"{NameOf(rule.Ref[at])}#{before:00}");
                for (var branch = rule; branch is not null; branch = branch.Else)
                {
                    var term = branch.Ref[at];
                    Term renamed = term is VarTerm ? new VarTerm(term.At, name) : new ConstTerm(term.At, new RString(name));
                    branch.Ref = [.. branch.Ref.Take(at), renamed, .. branch.Ref.Skip(at + 1)];
                }
            }
        }
    }

    private static string? NameOf(Term term) => term switch
    {
        VarTerm v => v.Name,
        ConstTerm { Value: RString s } => s.Value,
        _ => null,
    };
}
