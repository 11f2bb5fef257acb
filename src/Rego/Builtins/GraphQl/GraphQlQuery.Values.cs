using System.Globalization;
using System.Numerics;
using Rego.Values;

namespace Rego.Builtins.GraphQl;

// What is asked of values and of the variables among them.
internal sealed partial class GraphQlQuery
{
    private const int Variable = 0, Int = 1, Float = 2, Str = 3, Block = 4, Bool = 5, Null = 6, Enum = 7, Items = 8, Members = 9;

    private static int KindOf(RObject value) => value.Get("Kind") is RNumber { IsInt64: true } n ? (int)n.Int64 : -1;

    private static string Shown(RObject value) => KindOf(value) switch
    {
        Variable => "$" + value.Text("Raw"),
        Str or Block => GoFormat.Quote(value.Text("Raw")),
        Items => $"[{string.Join(",", value.List("Children").Select(c => Shown(c.Node("Value"))))}]",
        Members => $"{{{string.Join(",", value.List("Children").Select(c => $"{c.Text("Name")}:{Shown(c.Node("Value"))}"))}}}",
        _ => value.Text("Raw"),
    };

    private void OnValue(RObject value, int kind, RObject? type, GraphQlType? known, bool hasDefault)
    {
        var variable = kind == Variable && _operation is not null ? _variables.FirstOrDefault(v => v.Text("Variable") == value.Text("Raw")) : null;
        if (kind == Variable && _operation is not null && variable is null)
            Tell(value, $"Variable \"{Shown(value)}\" is not defined{(_operation.Text("Name") is { Length: > 0 } name ? $" by operation \"{name}\"" : "")}.");
        if (kind == Members) CheckMembersOnce(value);
        if (type is not null && known is not null) CheckType(value, kind, type, known);
        if (variable is not null && type is not null && !Fits(variable, type, hasDefault))
            Tell(value, $"Variable \"{Shown(value)}\" of type \"{variable.Node("Type").TypeText()}\" used in position expecting type \"{type.TypeText()}\".");
    }

    private void CheckMembersOnce(RObject value)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var child in value.List("Children").Where(c => !seen.Add(c.Text("Name")))) Tell(child, $"There can be only one input field named \"{child.Text("Name")}\".");
    }

    private void CheckType(RObject value, int kind, RObject type, GraphQlType known)
    {
        if (kind == Null && type.IsRequired()) Tell(value, $"Expected value of type \"{type.TypeText()}\", found {Shown(value)}.");
        var isCustom = known.Kind == "SCALAR" && known.Name is not ("Int" or "Float" or "String" or "Boolean" or "ID");
        if (isCustom) return;
        if (IsOutOfRange(value)) Tell(value, Unexpected(value, type, known));
        var fits = kind switch
        {
            Items => type.Get("Elem") is not null,
            Int => known.Name is "Int" or "Float" or "ID",
            Float => known.Name == "Float",
            Str or Block => known.Kind == "ENUM" || known.Name is "String" or "ID",
            Bool => known.Name == "Boolean",
            Enum => known.Kind == "ENUM",
            _ => true,
        };
        if (!fits) Tell(value, Unexpected(value, type, known));
        else if (known.Kind == "ENUM" && kind is Str or Block or Enum) CheckEnum(value, kind, type, known);
        else if (kind == Members) CheckObject(value, known);
    }

    private void CheckEnum(RObject value, int kind, RObject type, GraphQlType known)
    {
        var (raw, names) = (value.Text("Raw"), known.Values.Select(v => v.Text("Name")).ToList());
        if (known.Kind != "ENUM" || (kind == Enum && names.Contains(raw))) return;
        var message = kind == Enum ? $"Value \"{raw}\" does not exist in \"{type.TypeText()}\" enum." : $"Enum \"{type.TypeText()}\" cannot represent non-enum value: {Shown(value)}.";
        Tell(value, message + _suggestions.Near("Did you mean the enum value", raw, names));
    }

    private void CheckObject(RObject value, GraphQlType known)
    {
        var given = value.List("Children");
        foreach (var field in known.Fields.Where(f => f.Node("Type").IsRequired() && f.Get("DefaultValue") is null && given.All(g => g.Text("Name") != f.Text("Name"))))
        {
            Tell(value, $"Field \"{known.Name}.{field.Text("Name")}\" of required type \"{field.Node("Type").TypeText()}\" was not provided.");
        }
        if (known.Directives.Exists(d => d.Text("Name") == "oneOf")) CheckOneOf(value, given, known);
        foreach (var child in given.Where(g => known.Field(g.Text("Name")) is null))
        {
            Tell(child, $"Field \"{child.Text("Name")}\" is not defined by type \"{known.Name}\".{_suggestions.Near("Did you mean", child.Text("Name"), known.Fields.Select(f => f.Text("Name")))}");
        }
    }

    private void CheckOneOf(RObject value, IReadOnlyList<RObject> given, GraphQlType known)
    {
        if (given.Count != 1)
        {
            Tell(value, $"OneOf Input Object \"{known.Name}\" must specify exactly one key.");
            return;
        }
        var only = given[0].Node("Value");
        if (KindOf(only) == Null) Tell(only, $"Field \"{known.Name}.{known.Fields[0].Text("Name")}\" must be non-null.");
        var variable = KindOf(only) == Variable ? _variables.FirstOrDefault(v => v.Text("Variable") == only.Text("Raw")) : null;
        if (variable is not null && !variable.Node("Type").IsRequired()) Tell(only, $"Variable \"{only.Text("Raw")}\" must be non-nullable to be used for OneOf Input Object \"{known.Name}\".");
    }

    /// <summary>A number in here is more than OPA's 64 bits can hold.</summary>
    private static bool IsOutOfRange(RObject value) => KindOf(value) switch
    {
        Int => !long.TryParse(value.Text("Raw"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        Float => !double.TryParse(value.Text("Raw"), NumberStyles.Float, CultureInfo.InvariantCulture, out var d) || !double.IsFinite(d),
        Items or Members => value.List("Children").Any(c => IsOutOfRange(c.Node("Value"))),
        _ => false,
    };

    private static string Unexpected(RObject value, RObject type, GraphQlType known)
    {
        var (text, shown) = (type.TypeText(), Shown(value));
        return text switch
        {
            "Int" or "Int!" when BigInteger.TryParse(value.Text("Raw"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) && (n < int.MinValue || n > int.MaxValue) =>
                $"Int cannot represent non 32-bit signed integer value: {shown}",
            "Int" or "Int!" => $"Int cannot represent non-integer value: {shown}",
            "String" or "String!" or "[String]" => $"String cannot represent a non string value: {shown}",
            "Boolean" or "Boolean!" => $"Boolean cannot represent a non boolean value: {shown}",
            "Float" or "Float!" => $"Float cannot represent non numeric value: {shown}",
            "ID" or "ID!" => $"ID cannot represent a non-string and non-integer value: {shown}",
            _ when known.Kind == "ENUM" => $"Enum \"{text}\" cannot represent non-enum value: {shown}.",
            _ => $"Expected value of type \"{text}\", found {shown}.",
        };
    }

    private static bool Fits(RObject variable, RObject wanted, bool hasDefault) =>
        (hasDefault || HasDefault(variable) ? Nullable(wanted) : wanted).Accepts(variable.Node("Type"));

    private static RObject Nullable(RObject type)
    {
        var builder = new RObjectBuilder();
        builder.SetAll(type);
        builder.Set(new RString("NonNull"), RBool.False);
        return builder.Build();
    }
}
