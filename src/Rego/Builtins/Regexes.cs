using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
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
            var x = GlobPattern.Read(a[0].Str(), out var error);
            var y = x is null ? null : GlobPattern.Read(a[1].Str(), out error);
            return x is null || y is null ? e.Fail($"regex.globs_match: {error}") : RBool.Of(GlobPattern.Intersect(e, x, y));
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
        if (Compile(e, "regex.find_n", args[0]) is not { } pattern) return null;
        // Finding nothing is the common case, and asking for that alone costs least.
        if (!pattern.IsMatch(args[1].Str())) return RArray.Empty;
        var limit = args[2].Num().IsInt64 ? args[2].Num().Int64 : -1;
        var found = new List<RValue>();
        foreach (var match in Matches(e, pattern, args[1].Str(), limit)) found.Add(new RString(match.Value));
        return new RArray([.. found]);
    }

    private static RValue? Submatches(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (Compile(e, "regex.find_all_string_submatch_n", args[0]) is not { } pattern) return null;
        // Finding nothing is the common case, and asking for that alone costs least.
        if (!pattern.IsMatch(args[1].Str())) return RArray.Empty;
        var limit = args[2].Num().IsInt64 ? args[2].Num().Int64 : -1;
        var found = new List<RValue>();
        foreach (var match in Matches(e, pattern, args[1].Str(), limit))
        {
            var groups = new RValue[pattern.Groups + 1];
            for (var i = 0; i <= pattern.Groups; i++) groups[i] = new RString(match.Groups[i].Value);
            found.Add(new RArray(groups));
        }
        return new RArray([.. found]);
    }

    /// <summary>A text with patterns between delimiters: "urn:foo:{.*}".</summary>
    private static RValue? TemplateMatch(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var (template, text, open, close) = (args[0].Str(), args[1].Str(), args[2].Str(), args[3].Str());
        if (open.Length != 1 || close.Length != 1) return e.Fail("regex.template_match: start and end delimiter has to be exactly one character long");
        var pattern = new StringBuilder("^");
        for (var at = 0; at < template.Length;)
        {
            var start = template.IndexOf(open[0], at);
            var literal = start < 0 ? template[at..] : template[at..start];
            foreach (var c in literal) pattern.Append(char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c) ? "\\" : "").Append(c);
            if (start < 0) break;
            var depth = 0;
            var end = start;
            do
            {
                if (template[end] == open[0]) depth++;
                if (template[end] == close[0]) depth--;
                end++;
            }
            while (depth > 0 && end < template.Length);
            if (depth > 0) return e.Fail($"regex.template_match: unbalanced braces in {GoFormat.Quote(template)}");
            pattern.Append('(').Append(template, start + 1, end - start - 2).Append(')');
            at = end;
        }
        pattern.Append('$');
        return Compile(e, "regex.template_match", new RString(pattern.ToString())) is { } p ? RBool.Of(p.IsMatch(text)) : null;
    }

    /// <summary>Matches as Go finds them: an empty match right behind another match does not count.</summary>
    private static IEnumerable<Match> Matches(Evaluation e, Re2Pattern pattern, string text, long limit)
    {
        var n = 0L;
        var end = -1;
        for (var match = pattern.Regex.Match(text); match.Success && (limit < 0 || n < limit); match = match.NextMatch())
        {
            e.Tick();
            if (match.Length == 0 && match.Index == end) continue;
            end = match.Index + match.Length;
            n++;
            yield return match;
        }
    }

    private static RValue? Split(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (Compile(e, "regex.split", args[0]) is not { } pattern) return null;
        var text = args[1].Str();
        var parts = new List<RValue>();
        var start = 0;
        foreach (var match in Matches(e, pattern, text, -1))
        {
            if (match.Length == 0 && (match.Index == 0 || match.Index == text.Length)) continue;
            if (match.Index + match.Length == 0) continue;
            parts.Add(new RString(text[start..match.Index]));
            start = match.Index + match.Length;
        }
        parts.Add(new RString(text[start..]));
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
            result.Append(text, start, match.Index - start);
            Expand(result, replacement, match, pattern);
            start = match.Index + match.Length;
            if (result.Length > Strings.MaxLength) return e.Fail("regex.replace: string is too long");
        }
        result.Append(text, start, text.Length - start);
        return new RString(result.ToString());
    }

    /// <summary>Go's templates: $1, ${1}, $name, ${name}, $$; a name is as long as letters, digits and underscores go.</summary>
    private static void Expand(StringBuilder into, string template, Match match, Re2Pattern pattern)
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
            while (to < template.Length && (char.IsLetterOrDigit(template[to]) || template[to] == '_')) to++;
            if (to == from || (brace && (to >= template.Length || template[to] != '}')))
            {
                into.Append('$');
                continue;
            }
            var name = template[from..to];
            var number = int.TryParse(name, out var n) ? n : pattern.Names.GetValueOrDefault(name, -1);
            if (number >= 0 && number <= pattern.Groups) into.Append(match.Groups[number].Value);
            i = brace ? to : to - 1;
        }
    }
}
