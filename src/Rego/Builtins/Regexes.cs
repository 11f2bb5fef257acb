using System.Collections.Concurrent;
using System.Text;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

internal static class Regexes
{
    private const int MaxCached = 512;
    private const int CompileSteps = 5_000;

    private static readonly ConcurrentDictionary<string, (Re2Pattern? Pattern, string? Error)> Cache = new(StringComparer.Ordinal);

    public static void Register(Registrar t)
    {
        t.Add("regex.match", "s s", (e, a) => Compile(e, "regex.match", a[0]) is { } p ? RBool.Of(p.IsMatch(a[1].Str())) : null);
        t.Add("re_match", "s s", (e, a) => Compile(e, "re_match", a[0]) is { } p ? RBool.Of(p.IsMatch(a[1].Str())) : null);
        t.Add("regex.is_valid", "*", (_, a) => RBool.Of(a[0] is RString s && Find(s.Value).Pattern is not null));
        t.Add("regex.find_n", "s s n", FindN);
        t.Add("regex.find_all_string_submatch_n", "s s n", Submatches);
        t.Add("regex.split", "s s", Split);
        t.Add("regex.replace", "s s s", Replace);
        t.Add("regex.template_match", "s s s s", TemplateMatch);
        t.Add("regex.globs_match", "s s", (e, a) =>
        {
            var x = GlobIntersection.Read(a[0].Str(), out var error);
            var y = x is null ? null : GlobIntersection.Read(a[1].Str(), out error);
            return x is null || y is null ? e.Fail($"regex.globs_match: {error}") : RBool.Of(GlobIntersection.Intersect(e, x, y));
        });
        t.Add("glob.match", "s az s", Globs.Match);
        t.Add("glob.quote_meta", "s", (_, a) => new RString(Globs.Quote(a[0].Str())));
    }

    public static (Re2Pattern? Pattern, string? Error) Find(string pattern)
    {
        if (Cache.TryGetValue(pattern, out var known)) return known;
        var result = Re2Pattern.Read(pattern);
        if (Cache.Count >= MaxCached) Cache.Clear();
        Cache[pattern] = result;
        return result;
    }

    private static Re2Pattern? Compile(Evaluation e, string name, RValue text)
    {
        var pattern = (RString)text;
        if (pattern.Attachment is Re2Pattern ready) return ready;
        // To make one takes as long as a few thousand steps.
        if (!Cache.ContainsKey(pattern.Value)) e.Spend(CompileSteps);
        var (compiled, error) = Find(pattern.Value);
        if (compiled is null) e.Fail($"{name}: error parsing regexp: {error}");
        else pattern.Attachment = compiled;
        return compiled;
    }

    private static RValue? FindN(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (!e.Int("regex.find_n", 3, args[2], out var limit)) return null;
        if (Compile(e, "regex.find_n", args[0]) is not { } pattern) return null;
        var text = args[1].Str();
        // Finding nothing is the common case, and asking for that alone costs least.
        if (!pattern.IsMatch(text)) return RArray.Empty;
        var found = new List<RValue>();
        foreach (var match in Matches(e, pattern, text, limit)) found.Add(new RString(text[match[0]..match[1]]));
        return new RArray([.. found]);
    }

    private static RValue? Submatches(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (!e.Int("regex.find_all_string_submatch_n", 3, args[2], out var limit)) return null;
        if (Compile(e, "regex.find_all_string_submatch_n", args[0]) is not { } pattern) return null;
        var text = args[1].Str();
        if (!pattern.IsMatch(text)) return RArray.Empty;
        var found = new List<RValue>();
        foreach (var match in Matches(e, pattern, text, limit))
        {
            var groups = new RValue[pattern.Groups + 1];
            for (var i = 0; i <= pattern.Groups; i++) groups[i] = match[2 * i] < 0 ? RString.Empty : new RString(text[match[2 * i]..match[(2 * i) + 1]]);
            found.Add(new RArray(groups));
        }
        return new RArray([.. found]);
    }

    /// <summary>A text with patterns between delimiters: "urn:foo:{.*}".</summary>
    private static RValue? TemplateMatch(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var (template, text, open, close) = (args[0].Str(), args[1].Str(), args[2].Str(), args[3].Str());
        // OPA counts bytes, and tells the length of the start delimiter whichever of them it complains of.
        var length = RawBytes.Of(open).Length;
        if (length != 1) return e.Fail($"regex.template_match: start delimiter has to be exactly one character long but is {length} long");
        if (RawBytes.Of(close).Length != 1) return e.Fail($"regex.template_match: end delimiter has to be exactly one character long but is {length} long");
        if (Parts(template, open[0], close[0]) is not { } parts) return e.Fail($"regex.template_match: unbalanced braces in {GoFormat.Quote(template)}");
        var pattern = new StringBuilder("^");
        var at = 0;
        foreach (var (from, to) in parts)
        {
            pattern.Append(Quote(template[at..from])).Append('(').Append(template, from + 1, to - from - 2).Append(')');
            // Each must be a pattern by itself as well: a parenthesis may not reach from one into the next.
            if (Compile(e, "regex.template_match", new RString($"^{template[(from + 1)..(to - 1)]}$")) is null) return null;
            at = to;
        }
        pattern.Append(Quote(template[at..])).Append('$');
        return Compile(e, "regex.template_match", new RString(pattern.ToString())) is { } p ? RBool.Of(p.IsMatch(text)) : null;
    }

    /// <summary>Where the outermost parts between delimiters are; null when one of them has no partner.</summary>
    private static List<(int From, int To)>? Parts(string template, char open, char close)
    {
        var parts = new List<(int, int)>();
        var (level, start) = (0, 0);
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] == open)
            {
                if (++level == 1) start = i;
            }
            else if (template[i] == close)
            {
                level--;
                if (level == 0) parts.Add((start, i + 1));
                else if (level < 0) return null;
            }
        }
        return level == 0 ? parts : null;
    }

    private static string Quote(string literal)
    {
        var text = new StringBuilder();
        foreach (var c in literal)
        {
            if (@"\.+*?()|[]{}^$".Contains(c, StringComparison.Ordinal)) text.Append('\\');
            text.Append(c);
        }
        return text.ToString();
    }

    /// <summary>Matches as Go finds them: an empty match right behind another match does not count.</summary>
    private static IEnumerable<int[]> Matches(Evaluation e, Re2Pattern pattern, string text, long limit)
    {
        if (pattern.IsRuledOut(text)) yield break;
        var n = 0L;
        var end = -1;
        for (var at = 0; at <= text.Length && (limit < 0 || n < limit);)
        {
            e.Tick();
            if (pattern.Match(text, at) is not { } match) break;
            var accept = true;
            if (match[1] == at)
            {
                accept = match[0] != end;
                at += at < text.Length && char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
            }
            else
            {
                at = match[1];
            }
            end = match[1];
            if (!accept) continue;
            n++;
            yield return match;
        }
    }

    private static RValue? Split(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (Compile(e, "regex.split", args[0]) is not { } pattern) return null;
        var text = args[1].Str();
        if (args[0].Str().Length > 0 && text.Length == 0) return new RArray([RString.Empty]);
        var parts = new List<RValue>();
        var (start, end) = (0, 0);
        foreach (var match in Matches(e, pattern, text, -1))
        {
            end = match[0];
            if (match[1] != 0) parts.Add(new RString(text[start..end]));
            start = match[1];
        }
        if (end != text.Length) parts.Add(new RString(text[start..]));
        return new RArray([.. parts]);
    }

    private static RValue? Replace(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var (text, replacement) = (args[0].Str(), args[2].Str());
        if (Compile(e, "regex.replace", args[1]) is not { } pattern) return null;
        if (!pattern.IsMatch(text)) return args[0];
        var result = new StringBuilder();
        var start = 0;
        foreach (var match in Matches(e, pattern, text, -1))
        {
            result.Append(text, start, match[0] - start);
            Expand(result, replacement, text, match, pattern);
            start = match[1];
            if (result.Length > Strings.MaxLength) return e.Fail("regex.replace: string is too long");
        }
        result.Append(text, start, text.Length - start);
        return new RString(result.ToString());
    }

    /// <summary>Go's templates: $1, ${1}, $name, ${name}, $$; a name is as long as letters, digits and underscores go.</summary>
    private static void Expand(StringBuilder into, string template, string text, int[] match, Re2Pattern pattern)
    {
        for (var i = 0; i < template.Length; i++)
        {
            if (template[i] != '$' || i + 1 >= template.Length)
            {
                into.Append(template[i]);
                continue;
            }
            if (template[i + 1] == '$')
            {
                into.Append('$');
                i++;
                continue;
            }
            var brace = template[i + 1] == '{';
            var from = brace ? i + 2 : i + 1;
            var to = from;
            while (to < template.Length && (char.IsLetter(template[to]) || char.IsDigit(template[to]) || template[to] == '_')) to++;
            if (to == from || (brace && (to >= template.Length || template[to] != '}')))
            {
                into.Append('$');
                continue;
            }
            var name = template[from..to];
            // A number has no zeros in front: $01 is a name.
            var isNumber = name.All(char.IsAsciiDigit) && name.Length <= 9 && (name.Length == 1 || name[0] != '0');
            var number = isNumber ? int.Parse(name, System.Globalization.CultureInfo.InvariantCulture) : pattern.Names.GetValueOrDefault(name, -1);
            if (number >= 0 && number <= pattern.Groups && match[2 * number] >= 0) into.Append(text, match[2 * number], match[(2 * number) + 1] - match[2 * number]);
            i = brace ? to : to - 1;
        }
    }
}
