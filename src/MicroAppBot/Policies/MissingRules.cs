using System.Text.RegularExpressions;
using Governance.Manifests;
using MicroAppBot.Content;
using Rego;

namespace MicroAppBot.Policies;

/// <summary>
/// Rules that others rely on and that are not there. To Rego they are just undefined, and a rulebook without them would say
/// nothing against anything: a file that was deleted, or a package or a rule whose name was misspelt, must stop the start.
/// </summary>
internal sealed partial class MissingRules
{
    /// <summary>What is asked for from outside of the rules: by the bot, and by gateways that ask it about access.</summary>
    private static readonly (string Package, string Rule)[] AskedFor = [("microapps", "decision"), ("microapps.access", "allow")];

    private readonly List<Module> _modules;
    private readonly ILookup<string, string> _rules;
    private readonly List<ContentFault> _faults = [];

    private MissingRules(IEnumerable<RegoModule> modules)
    {
        _modules = [.. modules.Select(m => Module.Of(m.File, m.Text))];
        _rules = _modules.SelectMany(m => m.Rules.Select(rule => (m.Package, rule))).ToLookup(r => r.Package, r => r.rule, StringComparer.Ordinal);
    }

    public static IReadOnlyList<ContentFault> In(IReadOnlyList<RegoModule> modules)
    {
        var missing = new MissingRules(modules);
        foreach (var module in missing._modules)
        {
            missing.CheckImports(module);
            missing.CheckReferences(module);
        }
        foreach (var (package, rule) in AskedFor) missing.CheckAskedFor(package, rule);
        missing.CheckSlips();
        return missing._faults;
    }

    /// <summary>Where the rule that everything is asked of stands: what it says wrongly is to be mended there, or in what it names.</summary>
    public static (string File, int Line) PlaceOfDecision(IReadOnlyList<RegoModule> modules)
    {
        var (package, rule) = AskedFor[0];
        return modules.Select(m => Module.Of(m.File, m.Text)).FirstOrDefault(m => m.Package == package && m.Rules.Contains(rule, StringComparer.Ordinal)) is { } module
            ? (module.File, 1 + module.Code.AsSpan(0, Regex.Match(module.Code, $@"^{rule}\b", RegexOptions.Multiline).Index).Count('\n'))
            : ("policies", 0);
    }

    private void CheckImports(Module module)
    {
        foreach (Match import in Import().Matches(module.Code))
        {
            if (!IsThere(import.Groups[1].Value)) Fault(module, import.Groups[1].Index, $"data.{import.Groups[1].Value} is imported here, and no file has it.");
        }
    }

    private void CheckReferences(Module module)
    {
        var names = Import().Matches(module.Code).Select(i => (Alias: i.Groups[2].Success ? i.Groups[2].Value : i.Groups[1].Value.Split('.')[^1], Package: i.Groups[1].Value))
            .Where(i => _rules.Contains(i.Package)).ToDictionary(i => i.Alias, i => i.Package, StringComparer.Ordinal);
        var imports = Import().Matches(module.Code);
        foreach (Match said in Reference().Matches(module.Code))
        {
            // What is imported is looked at as an import
            if (imports.Any(i => said.Index >= i.Index && said.Index < i.Index + i.Length)) continue;
            var (head, rest) = (said.Groups[1].Value, said.Groups[2].Value);
            if (head == "data")
            {
                // The longest package that the path begins with; what comes next is a rule of it
                var parts = rest.Split('.');
                var length = Enumerable.Range(1, parts.Length - 1).LastOrDefault(n => _rules.Contains(string.Join('.', parts.Take(n))));
                if (parts[0] == "microapps" && length > 0) CheckRule(module, said.Index, string.Join('.', parts.Take(length)), parts[length]);
            }
            else if (names.TryGetValue(head, out var package))
            {
                CheckRule(module, said.Index, package, rest.Split('.')[0]);
            }
        }
    }

    private void CheckRule(Module module, int at, string package, string rule)
    {
        if (_rules[package].Contains(rule, StringComparer.Ordinal) || IsThere($"{package}.{rule}")) return;
        Fault(module, at, $"The package {package} has no rule “{rule}”.{Meant(rule, _rules[package])}");
    }

    private void CheckAskedFor(string package, string rule)
    {
        if (_rules[package].Contains(rule, StringComparer.Ordinal)) return;
        // Where the package is gone altogether, the imports say so, or the probe does
        if (_modules.Find(m => m.Package == package) is not { } module) return;
        Fault(module, module.PackageAt, $"data.{package}.{rule} is asked for, and no rule is called “{rule}” here.{Meant(rule, _rules[package])}");
    }

    /// <summary>"finding contains" beside "findings contains": a rule that nothing uses, one letter from one that is used.</summary>
    private void CheckSlips()
    {
        var used = AskedFor.Select(a => a.Rule).Concat(_modules.SelectMany(m => Reference().Matches(m.Code)).SelectMany(r => r.Groups[2].Value.Split('.'))).ToHashSet(StringComparer.Ordinal);
        foreach (var module in _modules)
        {
            foreach (var rule in module.Rules.Where(rule => !used.Contains(rule) && Regex.Count(module.Code, $@"\b{Regex.Escape(rule)}\b") <= Regex.Count(module.Code, $@"^{Regex.Escape(rule)}\b", RegexOptions.Multiline)))
            {
                var near = _rules[module.Package].FirstOrDefault(other => used.Contains(other) && other.Length > 3 && OneLetterApart(rule, other));
                if (near is not null) Fault(module, Regex.Match(module.Code, $@"^{Regex.Escape(rule)}\b", RegexOptions.Multiline).Index, $"Nothing uses the rule “{rule}”. Did you mean “{near}”?");
            }
        }
    }

    /// <summary>One letter more, less or another one, or two neighbours swapped.</summary>
    private static bool OneLetterApart(string a, string b)
    {
        var start = a.Zip(b).TakeWhile(pair => pair.First == pair.Second).Count();
        var end = a[start..].Reverse().Zip(b[start..].Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
        var (left, right) = (a[start..^end], b[start..^end]);
        return (left.Length <= 1 && right.Length <= 1) || (left.Length == 2 && right.Length == 2 && left[0] == right[1] && left[1] == right[0]);
    }

    /// <summary>A package, one above it, or a rule in it.</summary>
    private bool IsThere(string path) => _modules.Exists(m => m.Package == path || m.Package.StartsWith(path + ".", StringComparison.Ordinal))
        || (path.LastIndexOf('.') is > 0 and var dot && _rules[path[..dot]].Contains(path[(dot + 1)..], StringComparer.Ordinal));

    private void Fault(Module module, int at, string why) => _faults.Add(new ContentFault(module.File, 1 + module.Code.AsSpan(0, at).Count('\n'), why));

    private static string Meant(string rule, IEnumerable<string> rules) => NearestWord.To(rule, [.. rules]) is { } near ? $" Did you mean “{near}”?" : "";

    /// <summary>Our own names only: everything else under <c>data</c> may be data.</summary>
    [GeneratedRegex(@"^[ \t]*import[ \t]+data\.(microapps(?:\.\w+)*)(?:[ \t]+as[ \t]+(\w+))?", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex(@"(?<![\w.])([A-Za-z_]\w*)\.(\w+(?:\.\w+)*)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^\s*package\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Package();

    [GeneratedRegex(@"^(?:default[ \t]+)?([A-Za-z_]\w*)(?=[ \t]*(?::?=|\(|\[|\.|\{|if\b|contains\b|\r?$))", RegexOptions.Multiline)]
    private static partial Regex Head();

    /// <summary>Comments, and texts in quotes or backticks.</summary>
    [GeneratedRegex("""#[^\n]*|"(?:[^"\\\n]|\\.)*"|`[^`]*`""")]
    private static partial Regex Words();

    /// <param name="Code">The text with comments and strings blanked out, so that every place is where it was.</param>
    private sealed record Module(string File, string Package, int PackageAt, string Code, IReadOnlyList<string> Rules)
    {
        public static Module Of(string file, string text)
        {
            var code = Words().Replace(text, said => string.Concat(said.Value.Select(c => c == '\n' ? c : ' ')));
            var package = MissingRules.Package().Match(code).Groups[1];
            return new Module(file, package.Value, package.Index, code, [.. Head().Matches(code).Select(m => m.Groups[1].Value).Where(name => name is not ("package" or "import" or "else")).Distinct(StringComparer.Ordinal)]);
        }
    }
}
