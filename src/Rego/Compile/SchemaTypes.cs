using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

using static StaticType;

/// <summary>What JSON schemas and the "schemas" of metadata say of input and data.</summary>
internal sealed class SchemaTypes(CompileContext context, IReadOnlyDictionary<string, RValue> schemas)
{
    /// <summary>For queries: what the schemas say is known from the modules.</summary>
    public static readonly SchemaTypes None = new(new CompileContext(Builtins.BuiltinTable.With([])), new Dictionary<string, RValue>());

    private static readonly MoreMembers Anything = new(Any, Any);

    private readonly Dictionary<string, StaticType?> _known = new(StringComparer.Ordinal);

    /// <summary>The type of every input, from the schema at "".</summary>
    public StaticType? Input { get; private set; }

    public void ReadInput()
    {
        if (!schemas.TryGetValue("", out var schema)) return;
        try
        {
            Input = new JsonSchemaType(schema).Type();
        }
        catch (FormatException fault)
        {
            context.Report("rego_type_error", new Location("", 0, 0), fault.Message);
        }
    }

    /// <summary>Puts the types that hold for one rule into its environment: outer scopes first, later ones go over earlier ones.</summary>
    public void Apply(ModuleSyntax module, RuleSyntax rule, Location at, TypeEnvironment env)
    {
        if (context.Annotations is not { HasSchemas: true }) return;
        foreach (var schema in context.Annotations.SchemasOf(module, rule))
        {
            if (TypeOf(schema, at) is not { } type) continue;
            var (root, args) = schema.Path is RefTerm r ? (((VarTerm)r.Head).Name, r.Args) : (((VarTerm)schema.Path).Name, []);
            if (args.FirstOrDefault(a => a is not ConstTerm) is { } loose)
            {
                context.Report("rego_type_error", at, $"error getting key from value: {TermText.Of(loose)}");
                continue;
            }
            var keys = args.Select(a => ((ConstTerm)a).Value).ToList();
            if (keys.Count == 0) env.Put(root, [], type);
            else env.Put(root, [], Override(keys, 0, env.Reference(new VarTerm(at, root), []), type));
        }
    }

    private StaticType? TypeOf(SchemaAnnotation annotation, Location at)
    {
        if (annotation.Schema is null) return Read(annotation.Definition!, at);
        if (schemas.Count == 0) return null;
        if (_known.TryGetValue(annotation.Schema, out var known)) return known;
        if (!schemas.TryGetValue(annotation.Schema, out var schema))
        {
            context.Report("rego_type_error", at, $"undefined schema: {annotation.Shown}");
            return null;
        }
        return _known[annotation.Schema] = Read(schema, at);
    }

    private StaticType? Read(RValue schema, Location at)
    {
        try
        {
            return new JsonSchemaType(schema).Type();
        }
        catch (FormatException fault)
        {
            context.Report("rego_type_error", at, fault.Message);
            return null;
        }
    }

    private static ObjectType Override(List<RValue> keys, int at, StaticType? type, StaticType with)
    {
        if (type is not ObjectType o) return Fresh(keys, at, with, Anything);
        var known = new List<Member>();
        var found = false;
        foreach (var member in o.Known)
        {
            if (RValue.Compare(member.Key, keys[at]) != 0)
            {
                known.Add(member);
                continue;
            }
            found = true;
            known.Add(new Member(member.Key, at + 1 == keys.Count ? with : Override(keys, at + 1, member.Type, with)));
        }
        if (!found) known.AddRange(Fresh(keys, at, with, o.More).Known);
        return new ObjectType(known, o.More);
    }

    private static ObjectType Fresh(List<RValue> keys, int at, StaticType with, MoreMembers? more) =>
        new([new Member(keys[at], at + 1 == keys.Count ? with : Fresh(keys, at + 1, with, more))], more);
}
