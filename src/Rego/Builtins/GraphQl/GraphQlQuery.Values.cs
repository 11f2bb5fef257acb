using System.Globalization;
using System.Numerics;
using Rego.Values;

namespace Rego.Builtins.GraphQl;

// Values, variables, and fields that are asked for twice.
internal sealed partial class GraphQlQuery
{
    private const int Variable = 0, Int = 1, Float = 2, Str = 3, Block = 4, Bool = 5, Null = 6, Enum = 7, Items = 8, Members = 9;

    // Comparing every field with every other of its name grows with the square.
    private const int MaxComparisons = 100_000;

    private int _comparisons;

    private static int KindOf(RObject value) => value.Get("Kind") is RNumber { IsInt64: true } n ? (int)n.Int64 : -1;

    private static string Shown(RObject value) => KindOf(value) switch
    {
        Variable => "$" + value.Text("Raw"),
        Str or Block => GoFormat.Quote(value.Text("Raw")),
        Items => $"[{string.Join(",", value.List("Children").Select(c => Shown(c.Node("Value"))))}]",
        Members => $"{{{string.Join(",", value.List("Children").Select(c => $"{c.Text("Name")}:{Shown(c.Node("Value"))}"))}}}",
        _ => value.Text("Raw"),
    };

    private void CheckValue(RObject value, RObject type)
    {
        var kind = KindOf(value);
        if (kind == Variable) return;
        if (kind == Null)
        {
            if (type.IsRequired()) throw Fault(value, $"Expected value of type \"{type.TypeText()}\", found {Shown(value)}.");
            return;
        }
        if (type.Get("Elem") is RObject element)
        {
            // One item stands for a list of one.
            if (kind != Items) CheckValue(value, element);
            else foreach (var child in value.List("Children")) CheckValue(child.Node("Value"), element);
            return;
        }
        if (!_schema.Types.TryGetValue(type.Text("NamedType"), out var known)) return;
        switch (known.Kind)
        {
            case "SCALAR": CheckScalar(value, kind, known); break;
            case "ENUM":
                if (kind != Enum || known.Values.All(v => v.Text("Name") != value.Text("Raw")))
                    throw Fault(value, kind is Str or Block ? $"Enum \"{type.TypeText()}\" cannot represent non-enum value: {Shown(value)}." : $"Value \"{value.Text("Raw")}\" does not exist in \"{type.TypeText()}\" enum.");
                break;
            case "INPUT_OBJECT": CheckObject(value, kind, type, known); break;
        }
    }

    private void CheckScalar(RObject value, int kind, GraphQlType known)
    {
        var fits = known.Name switch
        {
            "Int" => kind == Int,
            "Float" => kind is Int or Float,
            "String" => kind is Str or Block,
            "Boolean" => kind == Bool,
            "ID" => kind is Int or Str or Block,
            _ => true,
        };
        if (known.IsBuiltIn && !fits) throw Fault(value, $"{known.Name} cannot represent {(known.Name is "Int" ? "non-integer" : known.Name is "Float" ? "non numeric" : known.Name is "ID" ? "a non-string and non-integer" : $"a non {known.Name.ToLowerInvariant()}")} value: {Shown(value)}");
        if (known is { IsBuiltIn: true, Name: "Int" } && (!BigInteger.TryParse(value.Text("Raw"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) || n < int.MinValue || n > int.MaxValue))
            throw Fault(value, $"Int cannot represent non 32-bit signed integer value: {Shown(value)}");
    }

    private void CheckObject(RObject value, int kind, RObject type, GraphQlType known)
    {
        if (kind != Members) throw Fault(value, $"Expected value of type \"{type.TypeText()}\", found {Shown(value)}.");
        var given = value.List("Children");
        Twice(given, c => c.Text("Name"), name => $"There can be only one input field named \"{name}\".");
        foreach (var field in known.Fields.Where(f => f.Node("Type").IsRequired() && f.Get("DefaultValue") is null))
        {
            if (given.All(g => g.Text("Name") != field.Text("Name"))) throw Fault(value, $"Field \"{known.Name}.{field.Text("Name")}\" of required type \"{field.Node("Type").TypeText()}\" was not provided.");
        }
        foreach (var child in given)
        {
            var field = known.Field(child.Text("Name")) ?? throw Fault(child, $"Field \"{child.Text("Name")}\" is not defined by type \"{known.Name}\".");
            CheckValue(child.Node("Value"), field.Node("Type"));
        }
    }

    /// <summary>Every variable an operation reads, in its fragments too, is one of its own and fits where it stands; every one of its own is read.</summary>
    private void CheckUses(RObject operation, IReadOnlyList<RObject> variables)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var of = operation.Text("Name") is { Length: > 0 } name ? $" by operation \"{name}\"" : "";
        var owners = Reached(operation).Select(s => s.Text("Name")).Distinct().Where(_fragments.ContainsKey).Select(n => _fragments[n]).ToList();
        Visit(operation, _schema.Roots[operation.Text("Operation")]);
        foreach (var fragment in owners) Visit(fragment, Condition(fragment));
        if (variables.FirstOrDefault(v => !used.Contains(v.Text("Variable"))) is { } idle)
            throw Fault(idle, $"Variable \"${idle.Text("Variable")}\" is never used{(of.Length > 0 ? $" in operation \"{operation.Text("Name")}\"" : "")}.");

        void Visit(RObject owner, GraphQlType type)
        {
            foreach (var directive in owner.List("Directives")) Values(directive, _schema.Directives.GetValueOrDefault(directive.Text("Name")));
            foreach (var selection in owner.List("SelectionSet"))
            {
                if (IsField(selection))
                {
                    var definition = Definition(type, selection.Text("Name"));
                    Values(selection, definition);
                    Visit(selection, definition is null ? type : _schema.Types.GetValueOrDefault(definition.Node("Type").TypeName(), type));
                }
                else
                {
                    Visit(selection, IsInline(selection) && selection.Text("TypeCondition").Length > 0 ? _schema.Types.GetValueOrDefault(selection.Text("TypeCondition"), type) : type);
                }
            }
        }

        void Values(RObject owner, RObject? definition)
        {
            foreach (var argument in owner.List("Arguments"))
            {
                var wanted = definition?.List("Arguments").FirstOrDefault(a => a.Text("Name") == argument.Text("Name"));
                Value(argument.Node("Value"), wanted?.Node("Type"), wanted?.Get("DefaultValue") is not null);
            }
        }

        void Value(RObject value, RObject? type, bool hasDefault)
        {
            if (KindOf(value) == Variable)
            {
                var called = value.Text("Raw");
                used.Add(called);
                var variable = variables.FirstOrDefault(v => v.Text("Variable") == called) ?? throw Fault(value, $"Variable \"${called}\" is not defined{of}.");
                if (type is not null && !Fits(variable, type, hasDefault))
                    throw Fault(value, $"Variable \"${called}\" of type \"{variable.Node("Type").TypeText()}\" used in position expecting type \"{type.TypeText()}\".");
                return;
            }
            var known = type is null ? null : _schema.Types.GetValueOrDefault(type.TypeName());
            foreach (var child in value.List("Children"))
            {
                if (KindOf(value) == Items) Value(child.Node("Value"), type?.Get("Elem") as RObject ?? type, false);
                else Value(child.Node("Value"), known?.Field(child.Text("Name"))?.Node("Type"), known?.Field(child.Text("Name"))?.Get("DefaultValue") is not null);
            }
        }
    }

    private static bool Fits(RObject variable, RObject wanted, bool hasDefault)
    {
        var type = variable.Node("Type");
        var isSafe = type.IsRequired() || hasDefault || (variable.Get("DefaultValue") is RObject standard && KindOf(standard) != Null);
        if (wanted.IsRequired() && !isSafe) return false;
        return Nullable(wanted).Accepts(Nullable(type));
    }

    private static RObject Nullable(RObject type)
    {
        var builder = new RObjectBuilder();
        builder.SetAll(type);
        builder.Set(new RString("NonNull"), RBool.False);
        return builder.Build();
    }

    /// <summary>Fields that answer under one name must be the same field with the same arguments.</summary>
    private void Overlaps(IReadOnlyList<RObject> selections, GraphQlType parent)
    {
        var byAlias = new Dictionary<string, List<(RObject Field, GraphQlType Parent)>>(StringComparer.Ordinal);
        Collect(selections, parent, byAlias, []);
        foreach (var (alias, fields) in byAlias)
        {
            for (var i = 0; i < fields.Count; i++)
            {
                for (var j = i + 1; j < fields.Count; j++) Compare(alias, fields[i], fields[j]);
            }
            var below = fields.SelectMany(f => f.Field.List("SelectionSet")).ToList();
            if (below.Count > 0 && Definition(fields[0].Parent, fields[0].Field.Text("Name")) is { } definition && _schema.Types.TryGetValue(definition.Node("Type").TypeName(), out var type)) Overlaps(below, type);
        }
    }

    private void Compare(string alias, (RObject Field, GraphQlType Parent) a, (RObject Field, GraphQlType Parent) b)
    {
        if (++_comparisons > MaxComparisons) throw Fault(b.Field, "too many fields of one name to compare");
        if (ReferenceEquals(a.Field, b.Field)) return;
        var areExclusive = a.Parent != b.Parent && a.Parent.Kind == "OBJECT" && b.Parent.Kind == "OBJECT";
        if (!areExclusive)
        {
            if (a.Field.Text("Name") != b.Field.Text("Name"))
                throw Fault(a.Field, $"Fields \"{alias}\" conflict because \"{a.Field.Text("Name")}\" and \"{b.Field.Text("Name")}\" are different fields. Use different aliases on the fields to fetch both if this was intentional.");
            if (!SameArguments(a.Field, b.Field))
                throw Fault(a.Field, $"Fields \"{alias}\" conflict because they have differing arguments. Use different aliases on the fields to fetch both if this was intentional.");
        }
        if (Definition(a.Parent, a.Field.Text("Name")) is not { } x || Definition(b.Parent, b.Field.Text("Name")) is not { } y) return;
        if (!SameShape(x.Node("Type"), y.Node("Type")))
            throw Fault(a.Field, $"Fields \"{alias}\" conflict because they return conflicting types \"{x.Node("Type").TypeText()}\" and \"{y.Node("Type").TypeText()}\". Use different aliases on the fields to fetch both if this was intentional.");
    }

    private bool SameShape(RObject a, RObject b)
    {
        if (a.IsRequired() != b.IsRequired()) return false;
        if (a.Get("Elem") is RObject x) return b.Get("Elem") is RObject y && SameShape(x, y);
        if (b.Get("Elem") is not null) return false;
        var isLeaf = new[] { a, b }.Any(t => _schema.Types.TryGetValue(t.Text("NamedType"), out var type) && type.IsLeaf);
        return !isLeaf || a.Text("NamedType") == b.Text("NamedType");
    }

    private static bool SameArguments(RObject a, RObject b)
    {
        var (x, y) = (a.List("Arguments"), b.List("Arguments"));
        return x.Count == y.Count && x.All(p => y.Any(q => p.Text("Name") == q.Text("Name") && Shown(p.Node("Value")) == Shown(q.Node("Value"))));
    }

    private void Collect(IReadOnlyList<RObject> selections, GraphQlType parent, Dictionary<string, List<(RObject, GraphQlType)>> into, HashSet<string> seen)
    {
        foreach (var selection in selections)
        {
            if (IsField(selection))
            {
                if (!into.TryGetValue(selection.Text("Alias"), out var list)) into[selection.Text("Alias")] = list = [];
                list.Add((selection, parent));
            }
            else if (IsInline(selection))
            {
                Collect(selection.List("SelectionSet"), _schema.Types.GetValueOrDefault(selection.Text("TypeCondition"), parent), into, seen);
            }
            else if (seen.Add(selection.Text("Name")) && _fragments.TryGetValue(selection.Text("Name"), out var fragment))
            {
                Collect(fragment.List("SelectionSet"), _schema.Types.GetValueOrDefault(fragment.Text("TypeCondition"), parent), into, seen);
            }
        }
    }
}
