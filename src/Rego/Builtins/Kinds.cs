using Rego.Values;

namespace Rego.Builtins;

/// <summary>Questions about a value's kind, and the old casts.</summary>
internal static class Kinds
{
    public static void Register(Registrar t)
    {
        t.Add("type_name", "*", (_, a) => new RString(a[0].TypeName));
        Is(t, "is_null", RKind.Null);
        Is(t, "is_boolean", RKind.Boolean);
        Is(t, "is_number", RKind.Number);
        Is(t, "is_string", RKind.String);
        Is(t, "is_array", RKind.Array);
        Is(t, "is_object", RKind.Object);
        Is(t, "is_set", RKind.Set);
        t.Add("cast_array", "at", (_, a) => a[0] is RSet s ? new RArray(s.SortedElements) : a[0]);
        t.Add("cast_set", "at", (_, a) => a[0] is RArray x ? RSet.Of(x.Items.ToArray()) : a[0]);
        t.Add("cast_string", "s", (_, a) => a[0]);
        t.Add("cast_boolean", "b", (_, a) => a[0]);
        t.Add("cast_null", "z", (_, a) => a[0]);
        t.Add("cast_object", "o", (_, a) => a[0]);
    }

    private static void Is(Registrar t, string name, RKind kind) => t.Add(name, "*", (_, a) => RBool.Of(a[0].Kind == kind));
}
