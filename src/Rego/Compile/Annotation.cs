using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>One "# METADATA" block: what it says, and what it stands at.</summary>
/// <param name="Value">As rego.metadata.rule() shows it: only known members, none empty.</param>
internal sealed record Annotation(Location At, string Scope, bool IsEntrypoint, RObject Value, IReadOnlyList<SchemaAnnotation> Schemas);

/// <summary>A schema for a document: one of the schemas the compiler was given, or one written on the spot.</summary>
/// <param name="Path">input, data or a reference into them.</param>
/// <param name="Schema">Its path below "schema", parts separated by slashes; null for a definition.</param>
/// <param name="Shown">The reference as people write it.</param>
internal sealed record SchemaAnnotation(Term Path, string? Schema, string? Shown, RValue? Definition);

/// <summary>The comments of one block to an <see cref="Annotation"/>, with OPA's members, kinds and words (v1/ast/parser.go).</summary>
internal sealed class AnnotationReader(string file, List<Comment> lines)
{
    /// <summary>Where the fault is, when it is told by line.</summary>
    public Location? FaultAt { get; private set; }

    /// <exception cref="FormatException">The block is not metadata.</exception>
    public Annotation Read(Location at)
    {
        var text = string.Join('\n', lines.Select(l => l.Text.StartsWith(' ') ? l.Text[1..] : l.Text));
        if (string.IsNullOrWhiteSpace(text)) throw new FormatException("expected METADATA block, found whitespace");
        var raw = Raw(text);
        var fields = raw switch
        {
            RObject o => o,
            RNull => RObject.Empty,
            _ => throw Unfit(1, raw, "ast.rawAnnotation"),
        };
        var builder = new RObjectBuilder();
        foreach (var key in new[] { "title", "description" })
        {
            if (Text(fields, key) is { Length: > 0 } said) builder.Set(key, new RString(said));
        }
        var entrypoint = fields.Get("entrypoint") switch
        {
            null or RNull => false,
            RBool b => b.Value,
            var other => throw Unfit(LineOf("entrypoint"), other, "bool"),
        };
        if (entrypoint) builder.Set("entrypoint", RBool.True);
        if (List(fields, "organizations", "[]string") is { Count: > 0 } organizations)
            builder.Set("organizations", new RArray([.. organizations.Select(o => new RString(Scalar(o, "organizations")))]));
        if (List(fields, "related_resources", "[]interface {}") is { Count: > 0 } resources) builder.Set("related_resources", new RArray([.. resources.Select(Resource)]));
        var schemas = (List(fields, "schemas", "[]map[string]interface {}") ?? []).ConvertAll(Schema);
        if (List(fields, "authors", "[]interface {}") is { Count: > 0 } authors) builder.Set("authors", new RArray([.. authors.Select(Author)]));
        if (schemas.Count > 0) builder.Set("schemas", new RArray([.. schemas.Select(Shown)]));
        if (Map(fields, "custom") is { Count: > 0 } custom) builder.Set("custom", custom);
        _ = Map(fields, "compile");
        return new Annotation(at, Text(fields, "scope") ?? "", entrypoint, builder.Build(), schemas);
    }

    private RValue Raw(string text)
    {
        try
        {
            return YamlText.Read(text, refusesDoubles: true);
        }
        catch (FormatException fault)
        {
            // What libyaml says of a second colon in one line, and on which.
            var said = System.Text.RegularExpressions.Regex.Replace(fault.Message, "^yaml: line ([0-9]+): found invalid mapping",
                found => $"yaml: line {int.Parse(found.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) + 1}: mapping values are not allowed in this context");
            var told = System.Text.RegularExpressions.Regex.Match(said, "^yaml: line ([0-9]+):");
            if (told.Success) At(int.Parse(told.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture));
            else At(0);
            throw new FormatException(said + Hints(), fault);
        }
    }

    private void At(int line)
    {
        var comment = lines[Math.Min(line, lines.Count - 1)];
        FaultAt = new Location(file, comment.Row, comment.Col);
    }

    /// <summary>A colon that no blank follows is what most often breaks a block, and no blank is what YAML takes for none.</summary>
    private string Hints()
    {
        var hints = "";
        foreach (var comment in lines)
        {
            var parts = comment.Text.Split(':')[1..];
            var symbols = new List<string>();
            for (var i = 0; i < parts.Length; i++)
            {
                if ((parts[i].Length == 0 && i == parts.Length - 1) || parts[i].StartsWith(' ') || parts[i].StartsWith('\t'))
                {
                    symbols.Clear();
                    break;
                }
                symbols.Add(parts[i].Length == 0 ? "'\\ufffd'" : Quoted(parts[i].EnumerateRunes().First()));
            }
            if (symbols.Count > 0)
                hints += $"\n  Hint: on line {comment.Row}, symbol(s) [{string.Join(' ', symbols)}] immediately following a key/value separator ':' is not a legal yaml space character";
        }
        return hints;
    }

    private static string Quoted(System.Text.Rune rune) => rune.IsAscii ? $"'{rune}'" : rune.Value > 0xFFFF ? $"'\\U{rune.Value:x8}'" : $"'\\u{rune.Value:x4}'";

    private int LineOf(string key)
    {
        var i = lines.FindIndex(l => l.Text.TrimStart().StartsWith(key + ":", StringComparison.Ordinal));
        return i < 0 ? 1 : i + 1;
    }

    private FormatException Unfit(int line, RValue value, string into)
    {
        var what = value switch
        {
            RObject => "!!map",
            RArray => "!!seq",
            RBool => $"!!bool `{value}`",
            RNumber n => $"{(n.IsInt64 ? "!!int" : "!!float")} `{value}`",
            RString s => $"!!str `{(s.Value.Length > 10 ? s.Value[..7] + "..." : s.Value)}`",
            _ => "!!null",
        };
        At(line);
        return new FormatException($"yaml: unmarshal errors:\n  line {line}: cannot unmarshal {what} into {into}");
    }

    private string? Text(RObject fields, string key) => fields.Get(key) is null or RNull ? null : Scalar(fields.Get(key)!, key);

    private string Scalar(RValue value, string key) => value switch
    {
        RString s => s.Value,
        RNull => "",
        RObject or RArray => throw Unfit(LineOf(key), value, "string"),
        _ => value.ToString() ?? "",
    };

    private List<RValue>? List(RObject fields, string key, string kind) => fields.Get(key) switch
    {
        null or RNull => null,
        RArray a => [.. a.Items.ToArray()],
        var other => throw Unfit(LineOf(key), other, kind),
    };

    private RObject? Map(RObject fields, string key) => fields.Get(key) switch
    {
        null or RNull => null,
        RObject o => o,
        var other => throw Unfit(LineOf(key), other, "map[string]interface {}"),
    };

    private static RObject Resource(RValue resource)
    {
        var builder = new RObjectBuilder();
        switch (resource)
        {
            case RString { Value.Length: 0 }: throw new FormatException($"invalid related-resource definition {Go(resource)}: ref URL may not be empty string");
            case RString s:
                builder.Set("ref", new RString(Url(s.Value, resource)));
                break;
            case RObject o:
                var reference = (o.Get("ref") as RString)?.Value.Trim() ?? "";
                if (reference.Length == 0) throw new FormatException($"invalid related-resource definition {Go(resource)}: 'ref' value required in object");
                builder.Set("ref", new RString(Url(reference, resource)));
                if ((o.Get("description") as RString)?.Value.Trim() is { Length: > 0 } description) builder.Set("description", new RString(description));
                break;
            default: throw new FormatException($"invalid related-resource definition {Go(resource)}: invalid value type, must be string or map");
        }
        return builder.Build();
    }

    private static string Url(string text, RValue resource)
    {
        var fault = text.Any(char.IsControl) ? "net/url: invalid control character in URL"
            : text.StartsWith(':') ? "missing protocol scheme"
            : System.Text.RegularExpressions.Regex.Match(text, "%(?![0-9a-fA-F]{2}).{0,2}") is { Success: true } bad ? $"invalid URL escape \"{bad.Value}\""
            : null;
        if (fault is not null) throw new FormatException($"invalid related-resource definition {Go(resource)}: parse {Builtins.GoFormat.Quote(text)}: {fault}");
        return text.Replace(" ", "%20", StringComparison.Ordinal);
    }

    private static RObject Author(RValue author)
    {
        var (name, email) = author switch
        {
            RString s => Named(s.Value) ?? throw new FormatException($"invalid author definition {Go(author)}: author is an empty string"),
            RObject o => ((o.Get("name") as RString)?.Value.Trim() ?? "", (o.Get("email") as RString)?.Value.Trim() ?? ""),
            _ => throw new FormatException($"invalid author definition {Go(author)}: invalid value type, must be string or map"),
        };
        if (author is RObject && name.Length + email.Length == 0) throw new FormatException($"invalid author definition {Go(author)}: 'name' and/or 'email' values required in object");
        var builder = new RObjectBuilder();
        if (name.Length > 0) builder.Set("name", new RString(name));
        if (email.Length > 0) builder.Set("email", new RString(email));
        return builder.Build();
    }

    private static (string Name, string Email)? Named(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return null;
        var last = words[^1];
        return last.Length >= 2 && last[0] == '<' && last[^1] == '>' ? (string.Join(' ', words[..^1]), last[1..^1]) : (string.Join(' ', words), "");
    }

    private SchemaAnnotation Schema(RValue pair)
    {
        if (pair is not RObject o) throw Unfit(LineOf("schemas"), pair, "map[string]interface {}");
        var key = o.Count == 0 ? "" : Scalar(o.Keys[0], "schemas");
        if (Reference(key) is not { } path || (path is RefTerm r ? r.Head : path) is not VarTerm { Name: "input" or "data" }) throw new FormatException("invalid document reference");
        switch (o.Values[0])
        {
            case RString s:
                var (schema, shown) = SchemaPath(s.Value) ?? throw new FormatException("invalid schema reference");
                return new SchemaAnnotation(path, schema, shown, null);
            case RObject definition: return new SchemaAnnotation(path, null, null, definition);
            default: throw new FormatException($"invalid schema declaration for path {Builtins.GoFormat.Quote(key)}");
        }
    }

    private static Term? Reference(string text)
    {
        try
        {
            return Parser.ParseTerm("", text) is var term and (RefTerm or VarTerm) ? term : null;
        }
        catch (SyntaxFault)
        {
            return null;
        }
    }

    private static (string Path, string Shown)? SchemaPath(string text)
    {
        switch (Reference(text))
        {
            case VarTerm { Name: "schema" }: return ("", "schema");
            case RefTerm { Head: VarTerm { Name: "schema" } } r when r.Args.All(a => a is ConstTerm { Value: RString }):
                return (string.Join('/', r.Args.Select(a => ((RString)((ConstTerm)a).Value).Value)), TermText.Of(r));
            default: return null;
        }
    }

    private static RObject Shown(SchemaAnnotation schema)
    {
        var builder = new RObjectBuilder();
        builder.Set("path", new RArray([.. Steps(schema.Path)]));
        if (schema.Schema is not null) builder.Set("schema", new RArray([new RString("schema"), .. schema.Schema.Length == 0 ? [] : schema.Schema.Split('/').Select(p => (RValue)new RString(p))]));
        if (schema.Definition is not null) builder.Set("definition", schema.Definition);
        return builder.Build();
    }

    private static IEnumerable<RValue> Steps(Term path) =>
        path is RefTerm r ? r.Args.Select(a => a is ConstTerm c ? c.Value : new RString(TermText.Of(a))).Prepend(new RString(((VarTerm)r.Head).Name)) : [new RString(((VarTerm)path).Name)];

    /// <summary>As Go shows it.</summary>
    private static string Go(RValue value) => value switch
    {
        RString s => s.Value,
        RObject o => $"map[{string.Join(' ', Enumerable.Range(0, o.Count).Select(i => $"{Go(o.Keys[i])}:{Go(o.Values[i])}"))}]",
        RArray a => $"[{string.Join(' ', a.Items.ToArray().Select(Go))}]",
        RNumber => $"%!s(int={value})",
        RBool => $"%!s(bool={value})",
        _ => "%!s(<nil>)",
    };
}
