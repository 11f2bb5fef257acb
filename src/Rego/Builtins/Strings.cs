using System.Text;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

internal static class Strings
{
    // A policy that builds more than this builds by mistake or malice.
    internal const int MaxLength = 16 * 1024 * 1024;

    public static void Register(Registrar t)
    {
        t.Add("concat", "s ta", Concat);
        t.Add("contains", "s s", (_, a) => RBool.Of(a[0].Str().Contains(a[1].Str(), StringComparison.Ordinal)));
        t.Add("startswith", "s s", (_, a) => RBool.Of(a[0].Str().StartsWith(a[1].Str(), StringComparison.Ordinal)));
        t.Add("endswith", "s s", (_, a) => RBool.Of(a[0].Str().EndsWith(a[1].Str(), StringComparison.Ordinal)));
        t.Add("lower", "s", (_, a) => a[0].Str().AsSpan().IndexOfAnyExcept(LowerAlready) < 0 ? a[0] : new RString(Ascii.IsValid(a[0].Str()) ? a[0].Str().ToLowerInvariant() : MapRunes(a[0].Str(), Lower)));
        t.Add("upper", "s", (_, a) => new RString(Ascii.IsValid(a[0].Str()) ? a[0].Str().ToUpperInvariant() : MapRunes(a[0].Str(), Upper)));
        t.Add("split", "s s", Split);
        t.Add("replace", "s s s", (e, a) =>
        {
            if (a[1].Str().Length == 0) return Between(e, a[0].Str(), a[2].Str());
            var times = a[2].Str().Length > a[1].Str().Length ? Count(a[0].Str(), a[1].Str()) : 0;
            if (a[0].Str().Length + ((long)times * (a[2].Str().Length - a[1].Str().Length)) > MaxLength) return e.Fail("string is too long");
            return Limited(e, a[0].Str().Replace(a[1].Str(), a[2].Str(), StringComparison.Ordinal));
        });
        t.Add("strings.replace_n", "o s", ReplaceN);
        t.Add("strings.reverse", "s", (_, a) =>
        {
            var runes = a[0].Str().EnumerateRunes().ToArray();
            Array.Reverse(runes);
            return new RString(string.Concat(runes));
        });
        t.Add("strings.count", "s s", (_, a) => RNumber.Of(Count(a[0].Str(), a[1].Str())));
        t.Add("strings.any_prefix_match", "sta sta", (e, a) => AnyMatch(e, "strings.any_prefix_match", a, (x, y) => x.StartsWith(y, StringComparison.Ordinal)));
        t.Add("strings.any_suffix_match", "sta sta", (e, a) => AnyMatch(e, "strings.any_suffix_match", a, (x, y) => x.EndsWith(y, StringComparison.Ordinal)));
        t.Add("trim", "s s", (_, a) => Same(a[0], Trim(a[0].Str(), a[1].Str(), true, true)));
        t.Add("trim_left", "s s", (_, a) => Same(a[0], Trim(a[0].Str(), a[1].Str(), true, false)));
        t.Add("trim_right", "s s", (_, a) => Same(a[0], Trim(a[0].Str(), a[1].Str(), false, true)));
        t.Add("trim_prefix", "s s", (_, a) => a[0].Str().StartsWith(a[1].Str(), StringComparison.Ordinal) ? new RString(a[0].Str()[a[1].Str().Length..]) : a[0]);
        t.Add("trim_suffix", "s s", (_, a) => a[0].Str().EndsWith(a[1].Str(), StringComparison.Ordinal) ? new RString(a[0].Str()[..^a[1].Str().Length]) : a[0]);
        t.Add("trim_space", "s", (_, a) => Same(a[0], a[0].Str().Trim()));
        t.Add("substring", "s n n", Substring);
        t.Add("indexof", "s s", (e, a) => IndexOf(e, a[0].Str(), a[1].Str()));
        t.Add("indexof_n", "s s", IndexOfN);
        t.Add("sprintf", "s a", (e, a) =>
        {
            // An argument may be asked for by its number as often as there are verbs.
            var largest = 0L;
            foreach (var item in a[1].Items()) largest = Math.Max(largest, item.Weight * 32L);
            if (largest > 1024 && largest * a[0].Str().AsSpan().Count('%') > MaxLength) return e.Fail("sprintf: string is too long");
            return Limited(e, GoFormat.Sprintf(a[0].Str(), a[1].Items()));
        });
        t.Add("format_int", "n n", FormatInt);
        t.Add("strings.render_template", "s o", (e, a) =>
        {
            try
            {
                return Limited(e, new GoTemplate(e, a[0].Str()).Render(a[1]));
            }
            catch (FormatException fault)
            {
                return e.Fail($"strings.render_template: {fault.Message}");
            }
        });
        t.Add("internal.template_string", "a", Template);
    }

    private static RValue? Limited(Evaluation e, string text)
    {
        if (text.Length > MaxLength) return e.Fail("string is too long");
        e.Spend(text.Length / 64);
        return new RString(text);
    }

    // ASCII without capitals: what names, hosts and ids are made of.
    private static readonly System.Buffers.SearchValues<char> LowerAlready = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");

    /// <summary>The value itself when its text did not change.</summary>
    private static RValue Same(RValue value, string text) => ReferenceEquals(text, value.Str()) ? value : new RString(text);

    // .NET leaves these to a culture; Unicode's own table, which Go follows, does not.
    private static Rune Lower(Rune rune) => rune.Value == 0x130 ? new Rune('i') : Rune.ToLowerInvariant(rune);

    private static Rune Upper(Rune rune) => rune.Value switch
    {
        0x131 => new Rune('I'),
        0x17F => new Rune('S'),
        _ => Rune.ToUpperInvariant(rune),
    };

    private static string MapRunes(string text, Func<Rune, Rune> map)
    {
        var builder = new StringBuilder(text.Length);
        Span<char> pair = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes())
        {
            var n = map(rune).EncodeToUtf16(pair);
            builder.Append(pair[..n]);
        }
        return builder.ToString();
    }

    private static RValue? Concat(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var separator = args[0].Str();
        var items = args[1].Items();
        var length = (long)separator.Length * Math.Max(0, items.Length - 1);
        foreach (var item in items)
        {
            // Asked for once more, for the words of the fault.
            if (item is not RString s) return e.Strings("concat", 2, args[1]) is null ? null : RString.Empty;
            length += s.Value.Length;
        }
        if (length > MaxLength) return e.Fail("string is too long");
        if (items.Length == 0) return RString.Empty;
        if (items.Length == 1) return items[0];
        var text = new System.Runtime.CompilerServices.DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[256]);
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0) text.AppendLiteral(separator);
            text.AppendLiteral(items[i].Str());
        }
        return Limited(e, text.ToStringAndClear());
    }

    private static RArray Split(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var (text, separator) = (args[0].Str(), args[1].Str());
        if (separator.Length == 0)
        {
            var runes = new List<RValue>();
            foreach (var rune in text.EnumerateRunes()) runes.Add(new RString(rune.ToString()));
            return new RArray([.. runes]);
        }
        var parts = text.Split(separator);
        e.Spend(parts.Length);
        var items = new RValue[parts.Length];
        for (var i = 0; i < parts.Length; i++) items[i] = new RString(parts[i]);
        return new RArray(items);
    }

    // Go replaces the empty string by putting the new text around every character.
    private static RValue? Between(Evaluation e, string text, string insert)
    {
        if (text.Length * (1L + insert.Length) > MaxLength) return e.Fail("string is too long");
        var builder = new StringBuilder(insert);
        foreach (var rune in text.EnumerateRunes()) builder.Append(rune.ToString()).Append(insert);
        return Limited(e, builder.ToString());
    }

    /// <summary>
    /// All replacements in one pass; at each place the first pattern (in key order) that matches wins, as Go's Replacer. That
    /// one goes by bytes: the empty pattern matches within characters too.
    /// </summary>
    private static RValue? ReplaceN(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var patterns = (RObject)args[0];
        var pairs = new List<(byte[] Old, byte[] New)>();
        foreach (var k in patterns.SortedKeys)
        {
            if (k is not RString key) return e.Fault("eval_type_error", "strings.replace_n: operand 1 non-string key found in pattern object");
            if (patterns.Get(k) is not RString value) return e.Fault("eval_type_error", "strings.replace_n: operand 1 non-string value found in pattern object");
            pairs.Add((RawBytes.Of(key.Value), RawBytes.Of(value.Value)));
        }
        var text = RawBytes.Of(args[1].Str());
        var result = new List<byte>(text.Length);
        var wasEmpty = false;
        for (var at = 0; at <= text.Length;)
        {
            var match = -1;
            for (var i = 0; i < pairs.Count && match < 0; i++)
            {
                if (pairs[i].Old.Length == 0 ? !wasEmpty : text.AsSpan(at).StartsWith(pairs[i].Old)) match = i;
            }
            wasEmpty = match >= 0 && pairs[match].Old.Length == 0;
            if (match < 0)
            {
                if (at < text.Length) result.Add(text[at]);
                at++;
                continue;
            }
            result.AddRange(pairs[match].New);
            if (result.Count > MaxLength) return e.Fail("string is too long");
            at += pairs[match].Old.Length;
        }
        return Limited(e, RawBytes.Text(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(result)));
    }

    private static int Count(string text, string part)
    {
        if (part.Length == 0) return Aggregates.Runes(text) + 1;
        var n = 0;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal)) n++;
        return n;
    }

    private static RBool? AnyMatch(Evaluation e, string name, ReadOnlySpan<RValue> args, Func<string, string, bool> matches)
    {
        var texts = args[0] is RString s ? [s.Value] : e.Strings(name, 1, args[0]);
        var bases = args[1] is RString b ? [b.Value] : e.Strings(name, 2, args[1]);
        if (texts is null || bases is null) return null;
        foreach (var text in texts)
        {
            e.Spend(bases.Count);
            foreach (var part in bases)
            {
                if (matches(text, part)) return RBool.True;
            }
        }
        return RBool.False;
    }

    private static string Trim(string text, string cutset, bool left, bool right)
    {
        if (cutset.Length == 1 && !char.IsSurrogate(cutset[0])) return left && right ? text.Trim(cutset[0]) : left ? text.TrimStart(cutset[0]) : text.TrimEnd(cutset[0]);
        var set = new HashSet<Rune>(cutset.EnumerateRunes().ToArray());
        var start = 0;
        var end = text.Length;
        while (left && start < end)
        {
            Rune.DecodeFromUtf16(text.AsSpan(start, end - start), out var rune, out var n);
            if (!set.Contains(rune)) break;
            start += n;
        }
        while (right && end > start)
        {
            Rune.DecodeLastFromUtf16(text.AsSpan(start, end - start), out var rune, out var n);
            if (!set.Contains(rune)) break;
            end -= n;
        }
        return text[start..end];
    }

    private static RValue? Substring(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var text = args[0].Str();
        if (!e.Int("substring", 2, args[1], out var offset) || !e.Int("substring", 3, args[2], out var length)) return null;
        if (offset < 0) return e.Fail("substring: negative offset");
        var runes = text.EnumerateRunes().ToArray();
        if (offset >= runes.Length) return RString.Empty;
        var from = (int)offset;
        var n = length < 0 ? runes.Length - from : (int)Math.Min(length, runes.Length - from);
        return new RString(string.Concat(runes.AsSpan(from, n).ToArray()));
    }

    private static RValue? IndexOf(Evaluation e, string text, string part)
    {
        if (part.Length == 0) return e.Fail("indexof: empty search character");
        var at = text.IndexOf(part, StringComparison.Ordinal);
        return RNumber.Of(at < 0 ? -1 : Aggregates.Runes(text[..at]));
    }

    private static RValue? IndexOfN(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var (text, part) = (args[0].Str(), args[1].Str());
        if (part.Length == 0) return e.Fail("indexof_n: empty search character");
        var found = new List<RValue>();
        // Counted on from the last place: from the beginning each time, a long text with many places would take minutes
        var (runes, from) = (0L, 0);
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + 1, StringComparison.Ordinal))
        {
            runes += Aggregates.Runes(text[from..at]);
            from = at;
            found.Add(RNumber.Of(runes));
        }
        return new RArray([.. found]);
    }

    private static RValue? FormatInt(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var radix = args[1].Num();
        if (!radix.IsInt64 || !radix.IsIntegerText || radix.Int64 is not (2 or 8 or 10 or 16)) return e.Fault("eval_type_error", "format_int: operand 2 must be one of {2, 8, 10, 16}");
        var number = args[0].Num();
        if (number.IsInt64) return new RString(GoFormat.Radix(number.Int64, (int)radix.Int64));
        return Operators.Float(e, number, out var value) ? new RString(GoFormat.Radix(value.Truncated(), (int)radix.Int64)) : null;
    }

    private static RString Template(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var text = new StringBuilder();
        foreach (var part in args[0].Items())
        {
            switch (part)
            {
                case RString s: text.Append(s.Value); break;
                case RSet { Count: 0 }: text.Append("<undefined>"); break;
                case RSet s when s.Elements[0] is RString inner: text.Append(inner.Value); break;
                case RSet s: RegoText.Write(s.Elements[0], text); break;
                default: RegoText.Write(part, text); break;
            }
        }
        return new RString(text.ToString());
    }

}
