using System.Text;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>glob.match: *, ?, [..], [!..], {a,b}, ** across delimiters.</summary>
internal static class Globs
{
    public static RValue? Match(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var delimiters = "";
        if (args[1] is RArray list)
        {
            if (e.Strings("glob.match", 2, list) is not { } strings) return null;
            delimiters = list.Count == 0 ? "." : string.Concat(strings);
        }
        var (pattern, error) = Regexes.Find(Translate(args[0].Str(), delimiters));
        if (pattern is null) return e.Fail($"glob.match: {error}");
        return RBool.Of(pattern.Regex.IsMatch(args[2].Str()));
    }

    public static string Quote(string text)
    {
        var builder = new StringBuilder();
        foreach (var c in text)
        {
            if (c is '*' or '?' or '\\' or '[' or ']' or '{' or '}') builder.Append('\\');
            builder.Append(c);
        }
        return builder.ToString();
    }

    private static string Translate(string glob, string delimiters)
    {
        var outside = delimiters.Length == 0 ? "(?s:.)" : "[^" + string.Concat(delimiters.Select(ClassEscape)) + "]";
        var text = new StringBuilder("^(?:");
        var depth = 0;
        for (var i = 0; i < glob.Length; i++)
        {
            var c = glob[i];
            switch (c)
            {
                case '*':
                    if (i + 1 < glob.Length && glob[i + 1] == '*')
                    {
                        text.Append("(?s:.)*");
                        i++;
                    }
                    else
                    {
                        text.Append(outside).Append('*');
                    }
                    break;
                case '?': text.Append(outside); break;
                case '\\' when i + 1 < glob.Length:
                    i++;
                    text.Append(Escape(glob[i]));
                    break;
                case '[':
                    {
                        var close = glob.IndexOf(']', i + 1);
                        if (close < 0)
                        {
                            text.Append("\\[");
                            break;
                        }
                        var inner = glob[(i + 1)..close];
                        text.Append('[');
                        if (inner.StartsWith('!') || inner.StartsWith('^'))
                        {
                            text.Append('^');
                            inner = inner[1..];
                        }
                        foreach (var x in inner) text.Append(x == '-' ? "-" : ClassEscape(x));
                        text.Append(']');
                        i = close;
                        break;
                    }
                case '{':
                    depth++;
                    text.Append("(?:");
                    break;
                case '}' when depth > 0:
                    depth--;
                    text.Append(')');
                    break;
                case ',' when depth > 0: text.Append('|'); break;
                default: text.Append(Escape(c)); break;
            }
        }
        return text.Append(")$").ToString();
    }

    private static string ClassEscape(char c) => c is '\\' or ']' or '[' or '^' or '-' ? "\\" + c : c.ToString();

    private static string Escape(char c) => c < 0x80 && !char.IsAsciiLetterOrDigit(c) ? "\\" + c : c.ToString();
}
