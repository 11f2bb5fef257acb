using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>Resolved terms as people would write them.</summary>
internal static class TermText
{
    public static string Of(Term term) => term switch
    {
        ConstTerm c => c.Value.ToString(),
        VarTerm v => v.IsWildcard ? "_" : v.Display,
        RefTerm r => Of(r.Head) + string.Concat(r.Args.Select(Step)),
        ArrayTerm a => $"[{string.Join(", ", a.Items.Select(Of))}]",
        SetTerm { Items.Count: 0 } => "set()",
        SetTerm s => $"{{{string.Join(", ", s.Items.Select(Of))}}}",
        ObjectTerm o => $"{{{string.Join(", ", o.Entries.Select(e => $"{Of(e.Key)}: {Of(e.Value)}"))}}}",
        CallTerm c => $"{c.Builtin ?? Of(c.Operator!)}({string.Join(", ", c.Args.Select(Of))})",
        _ => "…",
    };

    private static string Step(Term arg) => arg is ConstTerm { Value: RString s } && IsName(s.Value) ? "." + s.Value : $"[{Of(arg)}]";

    public static bool IsName(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '_') && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !Lexer.IsAnyKeyword(text);
}
