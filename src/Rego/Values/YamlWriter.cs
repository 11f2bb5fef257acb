using System.Globalization;
using System.Text;
using Rego.Builtins;

namespace Rego.Values;

/// <summary>YAML as sigs.k8s.io/yaml writes it: block style, keys in their natural order, texts plain where they can be.</summary>
internal sealed class YamlWriter
{
    private const int Width = 80;
    private const int LongestKey = 128;

    private readonly StringBuilder _text = new();

    private YamlWriter()
    {
    }

    public static string Write(RValue value)
    {
        var writer = new YamlWriter();
        writer.Node(value, 0, 2);
        return writer._text.ToString();
    }

    /// <param name="indent">Where the entries of a collection stand.</param>
    /// <param name="under">Where the further lines of a text stand.</param>
    private void Node(RValue value, int indent, int under)
    {
        switch (value)
        {
            case RObject { Count: > 0 } o: Mapping(o, indent); break;
            case RArray { Count: > 0 } a: Sequence(a.Items, indent); break;
            case RSet { Count: > 0 } s: Sequence(s.Elements, indent); break;
            case RObject: _text.Append("{}\n"); break;
            case RArray or RSet: _text.Append("[]\n"); break;
            case RString s:
                Scalar(s.Value, under, isKey: false);
                _text.Append('\n');
                break;
            case RNumber n: _text.Append(Number(n)).Append('\n'); break;
            default: _text.Append(GoJson.Of(value)).Append('\n'); break;
        }
    }

    // A number goes through Go's own: whole ones of 64 bits stay, all others are floats.
    private static string Number(RNumber n)
    {
        if (n is { IsInt64: true, IsIntegerText: true }) return n.Int64.ToString(CultureInfo.InvariantCulture);
        if (n.IsIntegerText && ulong.TryParse(n.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var large)) return large.ToString(CultureInfo.InvariantCulture);
        var real = n.ToDouble();
        return double.IsFinite(real) ? GoFloat.Format(real, 'g', -1) : n.Text;
    }

    private void Mapping(RObject o, int indent)
    {
        var entries = new List<(string Key, RValue Value)>(o.Count);
        for (var i = 0; i < o.Count; i++) entries.Add((o.Keys[i] is RString s ? s.Value : GoJson.Of(o.Keys[i]), o.Values[i]));
        entries.Sort((x, y) => NaturalOrder(x.Key, y.Key));
        for (var i = 0; i < entries.Count; i++)
        {
            if (i > 0) _text.Append(' ', indent);
            var (key, value) = entries[i];
            var isSimple = RawBytes.Of(key).Length <= LongestKey && !key.Contains('\n', StringComparison.Ordinal);
            if (isSimple)
            {
                Scalar(key, indent + 2, isKey: true);
            }
            else
            {
                _text.Append("? ");
                Scalar(key, indent + 2, isKey: false);
                _text.Append('\n').Append(' ', indent);
            }
            _text.Append(':');
            switch (value)
            {
                case RObject { Count: > 0 } when isSimple:
                    _text.Append('\n').Append(' ', indent + 2);
                    Node(value, indent + 2, indent + 2);
                    break;
                case RArray { Count: > 0 } or RSet { Count: > 0 } when isSimple:
                    _text.Append('\n').Append(' ', indent);
                    Node(value, indent, indent + 2);
                    break;
                default:
                    _text.Append(' ');
                    Node(value, indent + 2, indent + 2);
                    break;
            }
        }
    }

    private void Sequence(ReadOnlySpan<RValue> items, int indent)
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) _text.Append(' ', indent);
            _text.Append("- ");
            Node(items[i], indent + 2, indent + 2);
        }
    }

    private void Scalar(string text, int under, bool isKey)
    {
        var look = Look.At(text);
        var isBlock = text.Contains('\n', StringComparison.Ordinal);
        if (isBlock && look.MayBeBlock && !isKey)
        {
            Literal(text, under);
            return;
        }
        if (!isBlock && YamlText.IsPlainText(text))
        {
            if (look.MayBePlain) Folded(text, under, isKey, quoted: false);
            else if (look.MayBeSingle) Folded(text, under, isKey, quoted: true);
            else Double(text, under, isKey);
            return;
        }
        Double(text, under, isKey);
    }

    /// <summary>What a text holds, and so which styles can carry it.</summary>
    private readonly record struct Look(bool MayBePlain, bool MayBeSingle, bool MayBeBlock)
    {
        public static Look At(string text)
        {
            if (text.Length == 0) return new Look(true, true, false);
            var indicators = text.StartsWith("---", StringComparison.Ordinal) || text.StartsWith("...", StringComparison.Ordinal);
            var (special, breaks, breakSpace, spaceBreak, afterSpace, afterBreak, afterBlank) = (false, false, false, false, false, false, true);
            for (var i = 0; i < text.Length; i++)
            {
                var c = text[i];
                var beforeBlank = i + 1 >= text.Length || text[i + 1] is ' ' or '\t';
                indicators |= i == 0
                    ? "#,[]{}&*!|>'\"%@`".Contains(c, StringComparison.Ordinal) || (c is '?' or ':' or '-' && beforeBlank)
                    : (c == ':' && beforeBlank) || (c == '#' && afterBlank);
                special |= !IsPrintable(c);
                breaks |= c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029';
                var isBreak = c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029';
                breakSpace |= c == ' ' && afterBreak;
                spaceBreak |= isBreak && afterSpace;
                (afterSpace, afterBreak) = (c == ' ', isBreak);
                afterBlank = c is ' ' or '\t' || isBreak;
            }
            var atEnds = text[0] is ' ' or '\n' || text[^1] is ' ' or '\n';
            var impossible = spaceBreak || special;
            return new Look(
                !indicators && !atEnds && !breakSpace && !impossible && !breaks,
                !breakSpace && !impossible,
                text[^1] != ' ' && !impossible);
        }
    }

    // What lies beyond 16 bits counts as not printable: the library says so.
    private static bool IsPrintable(char c) => c is '\n' or (>= ' ' and <= '~') or (>= '\u00A0' and <= '\uD7FF') or (>= '\uE000' and <= '\uFFFD' and not '\uFEFF');

    private int Column()
    {
        var column = 0;
        for (var i = _text.Length - 1; i >= 0 && _text[i] != '\n'; i--)
        {
            if (!char.IsLowSurrogate(_text[i])) column++;
        }
        return column;
    }

    private void NewLine(int indent) => _text.Append('\n').Append(' ', indent);

    /// <summary>Plain or between single quotes; a line that has become long ends at the next space.</summary>
    private void Folded(string text, int under, bool isKey, bool quoted)
    {
        if (quoted) _text.Append('\'');
        var column = isKey ? 0 : Column();
        var afterSpace = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var isEdge = quoted && (i == 0 || i == text.Length - 1);
            if (c == ' ' && !isKey && !afterSpace && !isEdge && column > Width && !(i + 1 < text.Length && text[i + 1] == ' '))
            {
                NewLine(under);
                column = under;
            }
            else
            {
                if (c == '\'' && quoted)
                {
                    _text.Append('\'');
                    column++;
                }
                _text.Append(c);
                column++;
            }
            afterSpace = c == ' ';
        }
        if (quoted) _text.Append('\'');
    }

    private void Literal(string text, int under)
    {
        _text.Append('|');
        if (text[0] is ' ' or '\n') _text.Append('2');
        if (text[^1] != '\n') _text.Append('-');
        else if (text.Length == 1 || text[^2] == '\n') _text.Append('+');
        _text.Append('\n');
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length > 0) _text.Append(' ', under).Append(lines[i]);
            if (i < lines.Length - 1) _text.Append('\n');
        }
        // The break behind the last line is the caller's.
        if (text[^1] == '\n') _text.Length--;
    }

    private void Double(string text, int under, bool isKey)
    {
        _text.Append('"');
        var column = isKey ? 0 : Column();
        var afterSpace = false;
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var used);
            var isEdge = i == 0 || i + used >= text.Length;
            i += used;
            if (rune.Value == ' ' && !isKey && !afterSpace && !isEdge && column > Width)
            {
                NewLine(under);
                column = under;
                if (text[i] == ' ')
                {
                    _text.Append('\\');
                    column++;
                }
                afterSpace = true;
                continue;
            }
            afterSpace = rune.Value == ' ';
            var before = _text.Length;
            Escaped(rune);
            column += _text.Length - before;
        }
        _text.Append('"');
    }

    private void Escaped(Rune rune)
    {
        var letter = rune.Value switch
        {
            0 => '0',
            7 => 'a',
            8 => 'b',
            9 => 't',
            10 => 'n',
            11 => 'v',
            12 => 'f',
            13 => 'r',
            27 => 'e',
            '"' => '"',
            '\\' => '\\',
            0x85 => 'N',
            0x2028 => 'L',
            0x2029 => 'P',
            _ => '\0',
        };
        if (letter != '\0') _text.Append('\\').Append(letter);
        else if (rune.IsBmp && IsPrintable((char)rune.Value)) _text.Append((char)rune.Value);
        else if (rune.Value <= 0xFF) _text.Append("\\x").Append(rune.Value.ToString("X2", CultureInfo.InvariantCulture));
        else if (rune.IsBmp) _text.Append("\\u").Append(rune.Value.ToString("X4", CultureInfo.InvariantCulture));
        else _text.Append("\\U").Append(rune.Value.ToString("X8", CultureInfo.InvariantCulture));
    }

    /// <summary>Letters behind everything else, and digits by the number they make: a9 before a10.</summary>
    private static int NaturalOrder(string x, string y)
    {
        var (a, b) = (x.EnumerateRunes().ToArray(), y.EnumerateRunes().ToArray());
        for (var i = 0; i < a.Length && i < b.Length; i++)
        {
            if (a[i] == b[i]) continue;
            var (isLetter, isOther) = (Rune.IsLetter(a[i]), Rune.IsLetter(b[i]));
            if (isLetter != isOther) return isOther ? -1 : 1;
            if (isLetter) return a[i].CompareTo(b[i]);
            var (m, n) = (0L, 0L);
            if (a[i].Value == '0' || b[i].Value == '0')
            {
                for (var j = i - 1; j >= 0 && Rune.IsDigit(a[j]); j--)
                {
                    if (a[j].Value == '0') continue;
                    (m, n) = (1, 1);
                    break;
                }
            }
            var (p, q) = (i, i);
            for (; p < a.Length && Rune.IsDigit(a[p]); p++) m = unchecked((m * 10) + a[p].Value - '0');
            for (; q < b.Length && Rune.IsDigit(b[q]); q++) n = unchecked((n * 10) + b[q].Value - '0');
            return m != n ? m.CompareTo(n) : p != q ? p.CompareTo(q) : a[i].CompareTo(b[i]);
        }
        return a.Length.CompareTo(b.Length);
    }
}
