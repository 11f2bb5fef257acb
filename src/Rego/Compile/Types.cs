using Rego.Builtins;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>The type errors that literals show without further inference.</summary>
internal static class Types
{
    public static void CheckCall(CompileContext context, CallTerm call)
    {
        var builtin = context.Builtins.Find(call.Builtin!)!;
        if (call.Builtin is "eq" or "equal")
        {
            if (call.Args.Count == 2 && KindOf(call.Args[0]) is { } l && KindOf(call.Args[1]) is { } r && l != r)
                context.Report("rego_type_error", call.At, $"match error\n\tleft  : {Name(l)}\n\tright : {Name(r)}");
            return;
        }
        for (var i = 0; i < builtin.Arity; i++)
        {
            if (KindOf(call.Args[i]) is not { } kind || builtin.Accepts(i, kind)) continue;
            context.Report("rego_type_error", call.At,
                $"{call.Builtin}: invalid argument(s)\n\thave: ({string.Join(", ", call.Args.Take(builtin.Arity).Select(a => KindOf(a) is { } k ? Name(k) : "any"))}, ???)\n\twant: ({builtin.Signature})");
            return;
        }
    }

    private static RKind? KindOf(Term term) => term switch
    {
        ConstTerm c => c.Value.Kind,
        ArrayTerm => RKind.Array,
        ObjectTerm => RKind.Object,
        SetTerm => RKind.Set,
        ComprehensionTerm { Kind: ComprehensionKind.Array } => RKind.Array,
        ComprehensionTerm { Kind: ComprehensionKind.Set } => RKind.Set,
        ComprehensionTerm => RKind.Object,
        _ => null,
    };

    private static string Name(RKind kind) => kind switch
    {
        RKind.Null => "null",
        RKind.Boolean => "boolean",
        RKind.Number => "number",
        RKind.String => "string",
        RKind.Array => "array",
        RKind.Object => "object",
        _ => "set",
    };
}
