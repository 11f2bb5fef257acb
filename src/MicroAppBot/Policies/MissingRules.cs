using System.Text.RegularExpressions;
using MicroAppBot.Content;
using Rego;

namespace MicroAppBot.Policies;

/// <summary>
/// Rules that other rules import and that are not there. To Rego they are just undefined, and a rulebook without them
/// would say nothing against anything: a file that was deleted or whose package was misspelt must stop the start.
/// </summary>
internal static partial class MissingRules
{
    public static IReadOnlyList<ContentFault> In(IReadOnlyList<RegoModule> modules)
    {
        var packages = modules.Select(module => (Name: Package().Match(module.Text).Groups[1].Value, module.Text)).ToList();
        return
        [
            .. from module in modules
               from import in Import().Matches(module.Text)
               let path = import.Groups[1].Value
               where !packages.Any(package => IsThere(path, package.Name, package.Text))
               select new ContentFault(module.File, 1 + module.Text.AsSpan(0, import.Index).Count('\n'), $"data.{path} is imported here, and no file has it."),
        ];
    }

    /// <summary>The package itself, one above it, or a rule in it.</summary>
    private static bool IsThere(string path, string package, string text) => path == package
        || package.StartsWith(path + ".", StringComparison.Ordinal)
        || (path.StartsWith(package + ".", StringComparison.Ordinal) && Regex.IsMatch(text, $@"^(?:default\s+)?{Regex.Escape(path[(package.Length + 1)..].Split('.')[0])}\b", RegexOptions.Multiline));

    [GeneratedRegex(@"^\s*package\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Package();

    /// <summary>Our own names only: everything else under <c>data</c> may be data.</summary>
    [GeneratedRegex(@"^[ \t]*import\s+data\.(microapps(?:\.\w+)*)", RegexOptions.Multiline)]
    private static partial Regex Import();
}
