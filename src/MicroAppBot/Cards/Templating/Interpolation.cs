using System.Text;

namespace MicroAppBot.Cards.Templating;

/// <summary>
/// A text with <c>${…}</c> in it, taken apart. <c>\${</c> is a literal; a <c>${</c> that is never closed stays as it is.
/// A part without an expression is the author's own text.
/// </summary>
internal sealed class Interpolation
{
    public readonly record struct Part(string Literal, Expression? Expression);

    private Interpolation(IReadOnlyList<Part> parts) => Parts = parts;

    public IReadOnlyList<Part> Parts { get; }

    /// <summary>The expression when it is all there is, so that its value keeps its type; null otherwise. A constant is a text, as in the reference.</summary>
    public Expression? Whole => Parts is [{ Expression: { } only and not Expression.Constant }] ? only : null;

    /// <returns>Null for a text without any <c>${</c>: it is what it is.</returns>
    /// <exception cref="FormatException">What stands in <c>${…}</c> is no expression.</exception>
    public static Interpolation? Parse(string text)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
            return null;
        var parts = new List<Part>();
        var literal = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '$' or '`')
            {
                literal.Append(text[at + 1]);
                at += 2;
            }
            else if (text[at] == '$' && EndOfExpression(text, at) is { } end)
            {
                if (literal.Length > 0)
                    parts.Add(new Part(literal.ToString(), null));
                literal.Clear();
                parts.Add(new Part("", ExpressionParser.Parse(text[(at + 2)..(end - 1)])));
                at = end;
            }
            else
            {
                literal.Append(text[at++]);
            }
        }
        if (literal.Length > 0)
            parts.Add(new Part(literal.ToString(), null));
        return new Interpolation(parts);
    }

    // Texts in quotes and maps in braces may contain a brace; a line break may not stand in an expression
    private static int? EndOfExpression(string text, int start)
    {
        if (start + 2 >= text.Length || text[start + 1] != '{' || text[start + 2] == '}')
            return null;
        var depth = 1;
        for (var at = start + 2; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\r' or '\n' or '`':
                    return null;
                case '\'' or '"':
                    var quote = text[at];
                    for (at++; at < text.Length && text[at] != quote; at++)
                        if (text[at] == '\\')
                            at++;
                    break;
                case '{':
                    depth++;
                    break;
                case '}':
                    if (--depth == 0)
                        return at + 1;
                    break;
            }
        }
        return null;
    }
}
