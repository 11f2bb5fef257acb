using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>Resolved terms as people would write them.</summary>
internal static class TermText
{
    public static string Of(Term term) => term switch
    {
        ConstTerm c => c.Value.ToString(),
        VarTerm v => v.IsWildcard ? "_" : v.IsGenerated ? $"__local{v.Name[1..]}__" : v.Display,
        BuiltinTerm b => b.Name,
        RefTerm r => Of(r.Head) + string.Concat(r.Args.Select(Step)),
        ArrayTerm a => $"[{string.Join(", ", a.Items.Select(Of))}]",
        SetTerm { Items.Count: 0 } => "set()",
        SetTerm s => $"{{{string.Join(", ", s.Items.Select(Of))}}}",
        ObjectTerm o => $"{{{string.Join(", ", o.Entries.Select(e => $"{Of(e.Key)}: {Of(e.Value)}"))}}}",
        CallTerm { Args: [var left, var right] } c when Infix.Of(c.Builtin) is { } infix => $"{Operand(left)} {infix} {Operand(right)}",
        CallTerm { Builtin: "internal.member_3", Args: [var key, var value, var domain] } => $"{Of(key)}, {Of(value)} in {Of(domain)}",
        CallTerm c => $"{c.Builtin ?? Of(c.Operator!)}({string.Join(", ", c.Args.Select(Of))})",
        ComprehensionTerm { Kind: ComprehensionKind.Array } c => $"[{Of(c.Value)} | …]",
        ComprehensionTerm { Key: { } key } c => $"{{{Of(key)}: {Of(c.Value)} | …}}",
        ComprehensionTerm c => $"{{{Of(c.Value)} | …}}",
        _ => "…",
    };

    private static string Operand(Term term) => term is CallTerm c && Infix.Of(c.Builtin) is not null ? $"({Of(term)})" : Of(term);

    private static string Step(Term arg) => arg is ConstTerm { Value: RString s } && IsName(s.Value) ? "." + s.Value : $"[{Of(arg)}]";

    public static bool IsName(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '_') && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !Lexer.IsAnyKeyword(text);
}
