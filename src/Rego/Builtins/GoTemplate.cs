using System.Globalization;
using System.Text;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>
/// The part of Go's text/template that documents need: fields, variables, range, if, with, else, comments, trimming, and the
/// comparisons, and, or, not, len, index, print and printf. A missing field prints &lt;undefined&gt;. Faults are <see cref="FormatException"/>.
/// </summary>
internal sealed class GoTemplate
{
    private const int MaxDepth = 100;
    private const int MaxOutput = 16 * 1024 * 1024;

    private readonly Evaluation _evaluation;
    private readonly List<(string Text, bool IsAction)> _parts = [];
    private readonly List<(string Name, RValue? Value)> _variables = [];
    private readonly StringBuilder _out = new();
    private RValue _root = RNull.Instance;

    public GoTemplate(Evaluation evaluation, string template)
    {
        _evaluation = evaluation;
        for (var at = 0; at < template.Length;)
        {
            var open = template.IndexOf("{{", at, StringComparison.Ordinal);
            if (open < 0)
            {
                _parts.Add((template[at..], false));
                break;
            }
            var close = template.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0) throw new FormatException("template: unclosed action");
            var text = template[at..open];
            var action = template[(open + 2)..close];
            at = close + 2;
            if (action.StartsWith("- ", StringComparison.Ordinal))
            {
                text = text.TrimEnd();
                action = action[2..];
            }
            if (action.EndsWith(" -", StringComparison.Ordinal))
            {
                action = action[..^2];
                while (at < template.Length && char.IsWhiteSpace(template[at])) at++;
            }
            if (text.Length > 0) _parts.Add((text, false));
            if (!action.TrimStart().StartsWith("/*", StringComparison.Ordinal)) _parts.Add((action.Trim(), true));
        }
    }

    public string Render(RValue value)
    {
        _root = value;
        _variables.Add(("$", value));
        var end = Block(0, value, run: true, depth: 0);
        if (end < _parts.Count) throw new FormatException($"template: unexpected {{{{{_parts[end].Text}}}}}");
        return _out.ToString();
    }

    /// <summary>Renders (or skips) up to an else or end of the enclosing action; answers where that stands.</summary>
    private int Block(int at, RValue dot, bool run, int depth)
    {
        if (depth > MaxDepth) throw new FormatException("template: nested too deeply");
        while (at < _parts.Count)
        {
            _evaluation.Tick();
            var (text, isAction) = _parts[at];
            if (!isAction)
            {
                if (run) Write(text);
                at++;
                continue;
            }
            var word = text.Split(' ', 2)[0];
            switch (word)
            {
                case "end" or "else": return at;
                case "if" or "with" or "range":
                    at = Control(word, text, at, dot, run, depth);
                    break;
                default:
                    if (run) Action(text, dot);
                    at++;
                    break;
            }
        }
        return at;
    }

    private void Write(string text)
    {
        if (_out.Length + text.Length > MaxOutput) throw new FormatException("template: the text is too long");
        _out.Append(text);
    }

    private int Control(string word, string text, int at, RValue dot, bool run, int depth)
    {
        var mark = _variables.Count;
        var body = at + 1;
        int next;
        var taken = false;
        var pipeline = text[word.Length..].Trim();
        if (word == "range")
        {
            next = run ? Range(pipeline, body, dot, depth, out taken) : Block(body, dot, false, depth + 1);
        }
        else
        {
            var value = run ? Pipeline(pipeline, dot) : null;
            taken = run && IsTrue(value);
            next = Block(body, word == "with" && taken ? value! : dot, taken, depth + 1);
        }
        Drop(mark);
        while (next < _parts.Count && _parts[next].Text.StartsWith("else", StringComparison.Ordinal))
        {
            var condition = _parts[next].Text[4..].Trim();
            var open = run && !taken;
            if (condition.StartsWith("if ", StringComparison.Ordinal)) open = open && IsTrue(Pipeline(condition[3..], dot));
            else if (condition.Length > 0) throw new FormatException($"template: unexpected {{{{{_parts[next].Text}}}}}");
            taken |= open;
            next = Block(next + 1, dot, open, depth + 1);
            Drop(mark);
        }
        if (next >= _parts.Count || _parts[next].Text != "end") throw new FormatException("template: unexpected EOF");
        return next + 1;
    }

    private void Drop(int mark) => _variables.RemoveRange(mark, _variables.Count - mark);

    private int Range(string pipeline, int body, RValue dot, int depth, out bool taken)
    {
        string[] names = [];
        var assign = pipeline.IndexOf(":=", StringComparison.Ordinal);
        if (assign >= 0)
        {
            names = [.. pipeline[..assign].Split(',').Select(n => n.Trim())];
            pipeline = pipeline[(assign + 2)..];
        }
        var end = -1;
        var count = 0;
        foreach (var (key, value) in Entries(Pipeline(pipeline, dot)))
        {
            var mark = _variables.Count;
            if (names.Length == 2) _variables.Add((names[0], key));
            if (names.Length > 0) _variables.Add((names[^1], value));
            end = Block(body, value, true, depth + 1);
            Drop(mark);
            count++;
        }
        taken = count > 0;
        return end >= 0 ? end : Block(body, dot, false, depth + 1);
    }

    private static IEnumerable<(RValue Key, RValue Value)> Entries(RValue? value)
    {
        switch (value)
        {
            case RArray a: return a.Items.ToArray().Select((v, i) => ((RValue)RNumber.Of(i), v));
            case RSet s: return s.SortedElements.Select((v, i) => ((RValue)RNumber.Of(i), v));
            case RObject o: return o.SortedKeys.Zip(o.SortedValues);
            case null or RNull: return [];
            default: throw new FormatException($"template: range can't iterate over {value}");
        }
    }

    private void Action(string text, RValue dot)
    {
        if (text.StartsWith('$') && text.IndexOf('=', StringComparison.Ordinal) is var at and > 0)
        {
            var name = text[..at].TrimEnd(':', ' ');
            var value = Pipeline(text[(at + 1)..], dot);
            var i = text[at - 1] == ':' ? -1 : _variables.FindLastIndex(v => v.Name == name);
            if (i < 0) _variables.Add((name, value));
            else _variables[i] = (name, value);
            return;
        }
        Write(Shown(Pipeline(text, dot)));
    }

    private static string Shown(RValue? value) => value switch
    {
        null => "<undefined>",
        RString s => s.Value,
        RNull => "<nil>",
        RArray a => "[" + string.Join(' ', a.Items.ToArray().Select(Shown)) + "]",
        RSet s => "[" + string.Join(' ', s.SortedElements.Select(Shown)) + "]",
        RObject o => "map[" + string.Join(' ', o.SortedKeys.Zip(o.SortedValues, (k, v) => $"{Shown(k)}:{Shown(v)}")) + "]",
        _ => value.ToString(),
    };

    private static bool IsTrue(RValue? value) => value switch
    {
        null or RNull => false,
        RBool b => b.Value,
        RNumber n => n.Sign != 0,
        RString s => s.Value.Length > 0,
        RArray a => a.Count > 0,
        RSet s => s.Count > 0,
        RObject o => o.Count > 0,
        _ => true,
    };

    private RValue? Pipeline(string text, RValue dot)
    {
        var words = Words(text);
        var at = 0;
        RValue? piped = null;
        var hasPiped = false;
        while (true)
        {
            piped = Command(words, ref at, dot, piped, hasPiped, 0);
            hasPiped = true;
            if (at >= words.Count) return piped;
            if (words[at] != "|") throw new FormatException($"template: unexpected {words[at]}");
            at++;
        }
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            var start = i;
            if (char.IsWhiteSpace(c))
            {
                i++;
                continue;
            }
            if (c is '(' or ')' or '|') i++;
            else if (c is '"' or '`')
            {
                for (i++; i < text.Length && text[i] != c; i++)
                {
                    if (c == '"' && text[i] == '\\') i++;
                }
                if (i >= text.Length) throw new FormatException("template: unterminated quoted string");
                i++;
            }
            else
            {
                while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] is not ('(' or ')' or '|')) i++;
            }
            words.Add(text[start..i]);
        }
        return words;
    }

    private RValue? Command(List<string> words, ref int at, RValue dot, RValue? piped, bool hasPiped, int depth)
    {
        if (depth > MaxDepth) throw new FormatException("template: nested too deeply");
        if (at >= words.Count) throw new FormatException("template: missing value for command");
        var first = words[at];
        if (first.Length > 0 && char.IsAsciiLetter(first[0]) && first is not ("true" or "false" or "nil"))
        {
            at++;
            var arguments = new List<RValue?>();
            while (at < words.Count && words[at] is not ("|" or ")")) arguments.Add(Operand(words, ref at, dot, depth));
            if (hasPiped) arguments.Add(piped);
            return Function(first, arguments);
        }
        return Operand(words, ref at, dot, depth);
    }

    private RValue? Operand(List<string> words, ref int at, RValue dot, int depth)
    {
        var word = words[at++];
        switch (word[0])
        {
            case '(':
                {
                    var value = Command(words, ref at, dot, null, false, depth + 1);
                    if (at >= words.Count || words[at] != ")") throw new FormatException("template: unclosed left paren");
                    at++;
                    return value;
                }
            case '.': return Field(dot, word[1..]);
            case '$':
                {
                    var point = word.IndexOf('.', StringComparison.Ordinal);
                    var name = point < 0 ? word : word[..point];
                    var i = _variables.FindLastIndex(v => v.Name == name);
                    if (i < 0) throw new FormatException($"template: undefined variable \"{name}\"");
                    var value = name == "$" ? _root : _variables[i].Value;
                    return point < 0 ? value : Field(value, word[(point + 1)..]);
                }
            case '`': return new RString(word[1..^1]);
            case '"': return RValue.Parse(word);
            default:
                if (word is "true" or "false") return RBool.Of(word == "true");
                if (word == "nil") return RNull.Instance;
                if (Numbers.IsJsonNumber(word)) return RNumber.FromText(word);
                throw new FormatException($"template: unexpected {word}");
        }
    }

    private static RValue? Field(RValue? value, string path)
    {
        foreach (var name in path.Split('.', StringSplitOptions.RemoveEmptyEntries)) value = (value as RObject)?.Get(name);
        return value;
    }

    private static RValue? Function(string name, List<RValue?> arguments)
    {
        RValue Argument(int i) => i < arguments.Count ? arguments[i] ?? RNull.Instance : throw new FormatException($"template: not enough arguments for {name}");

        switch (name)
        {
            case "eq": return RBool.Of(arguments.Skip(1).Any(a => Argument(0).Equals(a ?? RNull.Instance)));
            case "ne": return RBool.Of(!Argument(0).Equals(Argument(1)));
            case "lt": return RBool.Of(RValue.Compare(Argument(0), Argument(1)) < 0);
            case "le": return RBool.Of(RValue.Compare(Argument(0), Argument(1)) <= 0);
            case "gt": return RBool.Of(RValue.Compare(Argument(0), Argument(1)) > 0);
            case "ge": return RBool.Of(RValue.Compare(Argument(0), Argument(1)) >= 0);
            case "not": return RBool.Of(!IsTrue(Argument(0)));
            case "and": return arguments.FirstOrDefault(a => !IsTrue(a), Argument(arguments.Count - 1));
            case "or": return arguments.FirstOrDefault(IsTrue, Argument(arguments.Count - 1));
            case "len":
                return RNumber.Of(Argument(0) switch
                {
                    RString s => Encoding.UTF8.GetByteCount(s.Value),
                    RArray a => a.Count,
                    RSet s => s.Count,
                    RObject o => o.Count,
                    _ => throw new FormatException("template: len of a value without length"),
                });
            case "index":
                {
                    RValue? value = Argument(0);
                    foreach (var key in arguments.Skip(1))
                    {
                        value = value switch
                        {
                            RArray a => a.Get(key ?? RNull.Instance) ?? throw new FormatException("template: index out of range"),
                            RObject o => o.Get(key ?? RNull.Instance),
                            _ => null,
                        };
                    }
                    return value;
                }
            case "print": return new RString(string.Concat(arguments.Select(Shown)));
            case "printf": return new RString(GoFormat.Sprintf(Shown(Argument(0)), arguments.Skip(1).Select(a => a ?? RNull.Instance).ToArray()));
            default: throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"template: function \"{name}\" not defined"));
        }
    }
}
