using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>
/// The "# METADATA" comments of all modules: what rego.metadata.rule() and rego.metadata.chain() answer.
/// A block belongs to the package, rule or import that follows it; its scope is rule, document, package or subpackages.
/// </summary>
internal sealed class Annotations(CompileContext context)
{
    private readonly Dictionary<RuleSyntax, List<RObject>> _rules = [];
    private readonly Dictionary<string, RObject> _documents = [];
    private readonly Dictionary<string, RObject> _packages = [];
    private readonly Dictionary<string, RObject> _subpackages = [];

    public void Read(ModuleSyntax module)
    {
        foreach (var (start, end, lines) in Blocks(module))
        {
            RObject fields;
            try
            {
                if (YamlText.Read(string.Join('\n', lines)) is not RObject o)
                {
                    context.Report("rego_parse_error", new Location(module.File, start, 1), "expected METADATA block, found whitespace");
                    continue;
                }
                fields = o;
            }
            catch (FormatException fault)
            {
                context.Report("rego_parse_error", new Location(module.File, start, 1), fault.Message);
                continue;
            }
            Attach(module, end, fields);
        }
    }

    private void Attach(ModuleSyntax module, int end, RObject fields)
    {
        var rule = module.Rules.Where(r => r.At.Row > end).MinBy(r => r.At.Row);
        var nextRow = rule?.At.Row ?? int.MaxValue;
        var isPackage = module.PackageAt.Row > end;
        if (!isPackage && module.Imports.Any(i => i.At.Row > end && i.At.Row < nextRow)) return;
        var scope = (fields.Get("scope") as RString)?.Value ?? (isPackage ? "package" : "rule");
        var annotation = Normal(fields, scope);
        var package = string.Join('\0', module.Package);
        switch (scope)
        {
            case "package": _packages.TryAdd(package, annotation); break;
            case "subpackages": _subpackages.TryAdd(package, annotation); break;
            case "document" when rule is not null: _documents.TryAdd(PathKey(module, rule), annotation); break;
            case "rule" when rule is not null && !isPackage:
                if (!_rules.TryGetValue(rule, out var list)) _rules[rule] = list = [];
                list.Add(annotation);
                break;
            default:
                context.Report("rego_parse_error", new Location(module.File, end, 1), $"annotation scope '{scope}' must be applied to {(isPackage ? "package" : "rule")}");
                break;
        }
    }

    private static IEnumerable<(int Start, int End, List<string> Lines)> Blocks(ModuleSyntax module)
    {
        for (var i = 0; i < module.Comments.Count; i++)
        {
            if (module.Comments[i].Text.Trim() != "METADATA") continue;
            var start = module.Comments[i];
            var lines = new List<string>();
            var row = start.Row;
            while (i + 1 < module.Comments.Count && module.Comments[i + 1] is var next && next.Row == row + 1 && next.Col == start.Col && next.Text.Trim() != "METADATA")
            {
                lines.Add(next.Text.StartsWith(' ') ? next.Text[1..] : next.Text);
                row++;
                i++;
            }
            yield return (start.Row, row, lines);
        }
    }

    private static RObject Normal(RObject fields, string scope)
    {
        var builder = new RObjectBuilder();
        builder.SetAll(fields);
        builder.Set("scope", new RString(scope));
        if (fields.Get("authors") is RArray authors) builder.Set("authors", new RArray([.. authors.Items.ToArray().Select(Author)]));
        if (fields.Get("related_resources") is RArray resources)
        {
            builder.Set("related_resources", new RArray([.. resources.Items.ToArray().Select(r =>
            {
                if (r is not RString s) return r;
                var resource = new RObjectBuilder();
                resource.Set("ref", s);
                return resource.Build();
            })]));
        }
        return builder.Build();
    }

    private static RValue Author(RValue author)
    {
        if (author is not RString s) return author;
        var builder = new RObjectBuilder();
        var open = s.Value.IndexOf('<', StringComparison.Ordinal);
        if (open >= 0 && s.Value.EndsWith('>'))
        {
            var name = s.Value[..open].Trim();
            if (name.Length > 0) builder.Set("name", new RString(name));
            builder.Set("email", new RString(s.Value[(open + 1)..^1]));
        }
        else
        {
            builder.Set("name", new RString(s.Value.Trim()));
        }
        return builder.Build();
    }

    private static string PathKey(ModuleSyntax module, RuleSyntax rule) => string.Join('\0', PathOf(module, rule));

    private static List<string> PathOf(ModuleSyntax module, RuleSyntax rule)
    {
        var path = new List<string>(module.Package) { ((VarTerm)rule.Ref[0]).Name };
        foreach (var term in rule.Ref.Skip(1))
        {
            if (term is not ConstTerm { Value: RString s }) break;
            path.Add(s.Value);
        }
        return path;
    }

    /// <summary>The title of a rule, or else of its document; null without one.</summary>
    public string? TitleOf(ModuleSyntax module, RuleSyntax rule)
    {
        var annotation = _rules.TryGetValue(rule, out var list) ? list[^1] : _documents.GetValueOrDefault(PathKey(module, rule));
        return (annotation?.Get("title") as RString)?.Value;
    }

    public RValue Rule(RuleSyntax rule) => _rules.TryGetValue(rule, out var list) ? list[^1] : RObject.Empty;

    public RValue Chain(ModuleSyntax module, RuleSyntax rule)
    {
        var path = PathOf(module, rule);
        var entries = new List<RValue>();
        if (_rules.TryGetValue(rule, out var own))
        {
            for (var i = own.Count - 1; i >= 0; i--) entries.Add(Entry(path, own[i]));
        }
        else
        {
            entries.Add(Entry(path, null));
        }
        if (_documents.TryGetValue(string.Join('\0', path), out var document)) entries.Add(Entry(path, document));
        if (_packages.TryGetValue(string.Join('\0', module.Package), out var package)) entries.Add(Entry(module.Package, package));
        for (var n = module.Package.Count; n > 0; n--)
        {
            var above = module.Package.Take(n).ToList();
            if (_subpackages.TryGetValue(string.Join('\0', above), out var sub)) entries.Add(Entry(above, sub));
        }
        return new RArray([.. entries]);
    }

    private static RObject Entry(IReadOnlyList<string> path, RObject? annotation)
    {
        var builder = new RObjectBuilder();
        builder.Set("path", new RArray([.. path.Select(p => (RValue)new RString(p))]));
        if (annotation is not null) builder.Set("annotations", annotation);
        return builder.Build();
    }
}
