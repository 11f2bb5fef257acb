using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>
/// The "# METADATA" comments of all modules: what rego.metadata.rule() and rego.metadata.chain() answer, and the schemas for the type checker.
/// A block belongs to the package or rule that follows it; its scope is rule, document, package or subpackages.
/// </summary>
internal sealed class Annotations(CompileContext context)
{
    private readonly Dictionary<RuleSyntax, List<Annotation>> _rules = [];
    private readonly Dictionary<string, Annotation> _packages = [];

    // Documents and subpackages share their paths, as in OPA.
    private readonly Dictionary<string, Annotation> _paths = [];
    private readonly List<(Annotation Annotation, string Key, ModuleSyntax Module)> _read = [];

    /// <summary>Reads the blocks of one module.</summary>
    public void Read(ModuleSyntax module)
    {
        foreach (var (start, lines) in MetadataBlocks.Of(module))
        {
            var at = new Location(module.File, start.Row, start.Col);
            var reader = new AnnotationReader(module.File, lines);
            try
            {
                Attach(module, reader.Read(at));
            }
            catch (FormatException fault)
            {
                context.Report("rego_parse_error", reader.FaultAt ?? at, fault.Message);
            }
        }
    }

    private void Attach(ModuleSyntax module, Annotation annotation)
    {
        var row = annotation.At.Row;
        var rule = module.Rules.Find(r => r.At.Row > row);
        var next = module.PackageAt.Row > row ? "package" : module.Imports.Exists(i => i.At.Row > row && i.At.Row < (rule?.At.Row ?? int.MaxValue)) ? "import" : rule is null ? null : "rule";
        HasSchemas |= annotation.Schemas.Count > 0;
        if (annotation.Scope.Length == 0)
        {
            var scope = next == "rule" && annotation.IsEntrypoint ? "document" : next ?? "";
            annotation = annotation with { Scope = scope };
        }
        var wanted = annotation.Scope switch { "rule" or "document" => "rule", "package" or "subpackages" => "package", _ => null };
        if (wanted is null)
            Report(annotation, $"invalid annotation scope '{annotation.Scope}'. Use one of 'rule', 'document', 'package', or 'subpackages'");
        else if (wanted != next)
            Report(annotation, $"annotation scope '{annotation.Scope}' must be applied to {wanted}{(next is null ? "" : $" (have {next})")}");
        if (annotation.IsEntrypoint && annotation.Scope is not ("document" or "package"))
            Report(annotation, $"annotation entrypoint applied to non-document or package scope '{annotation.Scope}'");
        if (wanted is null || wanted != next) return;
        var builder = new RObjectBuilder();
        builder.SetAll(annotation.Value);
        builder.Set("scope", new RString(annotation.Scope));
        annotation = annotation with { Value = builder.Build() };
        if (annotation.Scope == "rule")
        {
            if (!_rules.TryGetValue(rule!, out var list)) _rules[rule!] = list = [];
            list.Add(annotation);
            return;
        }
        _read.Add((annotation, annotation.Scope == "document" ? Key(PathOf(module, rule!)) : Key(module.Package), module));
    }

    private void Report(Annotation annotation, string message) => context.Report("rego_parse_error", annotation.At, message);

    /// <summary>Puts the blocks of all modules together: a package or document may have one of each scope only.</summary>
    public void Join()
    {
        foreach (var (annotation, key, _) in _read.OrderBy(r => r.Module.File, StringComparer.Ordinal))
        {
            var into = annotation.Scope == "package" ? _packages : _paths;
            if (into.TryGetValue(key, out var other)) context.Report("rego_type_error", annotation.At, $"{annotation.Scope} annotation redeclared: {other.At.File}:{other.At.Row}");
            else into[key] = annotation;
        }
    }

    private static string Key(IEnumerable<string> path) => string.Join('\0', path);

    private static string Key(IEnumerable<RValue> path) => Key(path.Select(p => p is RString s ? s.Value : "\u0001" + p));

    private static List<RValue> PathOf(ModuleSyntax module, RuleSyntax rule)
    {
        var path = new List<RValue>(module.Package.Select(p => new RString(p))) { new RString(((VarTerm)rule.Ref[0]).Name) };
        foreach (var term in rule.Ref.Skip(1))
        {
            if (term is not ConstTerm c) break;
            path.Add(c.Value);
        }
        return path;
    }

    /// <summary>The title of a rule, or else of its document; null without one.</summary>
    public string? TitleOf(ModuleSyntax module, RuleSyntax rule)
    {
        var annotation = _rules.TryGetValue(rule, out var list) ? list[^1] : _paths.GetValueOrDefault(Key(PathOf(module, rule)));
        return (annotation?.Value.Get("title") as RString)?.Value;
    }

    public RValue Rule(RuleSyntax rule) => _rules.TryGetValue(rule, out var list) ? list[^1].Value : RObject.Empty;

    public RValue Chain(ModuleSyntax module, RuleSyntax rule)
    {
        var path = PathOf(module, rule);
        var package = module.Package.Select(p => (RValue)new RString(p)).ToList();
        var entries = new List<RValue>();
        if (_rules.TryGetValue(rule, out var own))
        {
            for (var i = own.Count - 1; i >= 0; i--) entries.Add(Entry(path, own[i]));
        }
        else
        {
            entries.Add(Entry(path, null));
        }
        if (_paths.TryGetValue(Key(path), out var document)) entries.Add(Entry(path, document));
        if (_packages.TryGetValue(Key(package), out var annotation)) entries.Add(Entry(package, annotation));
        for (var n = package.Count; n > 0; n--)
        {
            var above = package.Take(n).ToList();
            if (_paths.TryGetValue(Key(above), out var sub)) entries.Add(Entry(above, sub));
        }
        return new RArray([.. entries]);
    }

    /// <summary>Some block names a schema.</summary>
    public bool HasSchemas { get; private set; }

    /// <summary>The schemas that hold for one rule, outer scopes first.</summary>
    public IEnumerable<SchemaAnnotation> SchemasOf(ModuleSyntax module, RuleSyntax rule)
    {
        for (var n = 1; n <= module.Package.Count; n++)
        {
            if (!_paths.TryGetValue(Key(module.Package.Take(n)), out var sub)) continue;
            foreach (var schema in sub.Schemas) yield return schema;
        }
        if (_packages.TryGetValue(Key(module.Package), out var package))
        {
            foreach (var schema in package.Schemas) yield return schema;
        }
        if (_paths.Count > 0 && _paths.TryGetValue(Key(PathOf(module, rule)), out var document))
        {
            foreach (var schema in document.Schemas) yield return schema;
        }
        if (!_rules.TryGetValue(rule, out var own)) yield break;
        foreach (var schema in own.SelectMany(a => a.Schemas)) yield return schema;
    }

    private static RObject Entry(IReadOnlyList<RValue> path, Annotation? annotation)
    {
        var builder = new RObjectBuilder();
        builder.Set("path", new RArray([.. path]));
        if (annotation is not null) builder.Set("annotations", annotation.Value);
        return builder.Build();
    }
}
