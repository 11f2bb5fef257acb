using System.Buffers;

namespace Rego.Builtins;

/// <summary>
/// Texts of which a pattern needs at least one wherever it matches. Looking for them first answers most questions that end with "no",
/// for a fraction of what the pattern itself takes. A pattern that is read halfway only has none.
/// </summary>
internal sealed class RequiredText
{
    private const int MaxTexts = 64;
    private const int MaxClass = 8;

    private readonly SearchValues<string> _texts;
    private readonly bool _ignoresCase;

    private RequiredText(IReadOnlyList<string> texts, bool ignoresCase)
    {
        _ignoresCase = ignoresCase;
        _texts = SearchValues.Create([.. texts], ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
    }

    /// <summary>False when the pattern cannot match this text.</summary>
    public bool IsIn(string text) =>
        // Outside ASCII a pattern and a comparison without case know different letters to be the same.
        (_ignoresCase && !System.Text.Ascii.IsValid(text)) || text.AsSpan().ContainsAny(_texts);

    /// <param name="pattern">In RE2's syntax; it has been read without a fault.</param>
    public static RequiredText? Of(string pattern)
    {
        var reader = new Reader(pattern);
        var needs = reader.Read();
        if (needs?.Needed is not { } texts || (reader.IgnoresCase && texts.Any(t => !System.Text.Ascii.IsValid(t)))) return null;
        return new RequiredText(texts, reader.IgnoresCase);
    }

    /// <summary>What a part of a pattern matches, if that can be listed, and what it needs to hold somewhere in any case.</summary>
    private sealed record Part(IReadOnlyList<string>? Exact, IReadOnlyList<string>? Required)
    {
        public static readonly Part Anything = new(null, null);
        public static readonly Part Empty = new([""], null);

        public IReadOnlyList<string>? Needed => Required ?? (Exact is { } e && e.All(t => t.Length > 0) ? e : null);
    }

    private sealed class Reader(string pattern)
    {
        private int _at;

        public bool IgnoresCase { get; private set; }

        /// <summary>Null when something is not understood.</summary>
        public Part? Read()
        {
            var part = Alternatives();
            return _at == pattern.Length ? part : null;
        }

        private bool More => _at < pattern.Length;

        private Part? Alternatives()
        {
            var parts = new List<Part>();
            while (true)
            {
                if (Sequence() is not { } part) return null;
                parts.Add(part);
                if (!More || pattern[_at] != '|') break;
                _at++;
            }
            if (parts.Count == 1) return parts[0];
            return new Part(
                Union(parts.Select(p => p.Exact)),
                Union(parts.Select(p => p.Needed)));
        }

        private static List<string>? Union(IEnumerable<IReadOnlyList<string>?> lists)
        {
            var all = new List<string>();
            foreach (var list in lists)
            {
                if (list is null) return null;
                all.AddRange(list);
            }
            return all.Count <= MaxTexts ? [.. all.Distinct(StringComparer.Ordinal)] : null;
        }

        private Part? Sequence()
        {
            IReadOnlyList<string> run = [""];
            IReadOnlyList<string>? best = null;
            var isExact = true;
            while (More && pattern[_at] is not ('|' or ')'))
            {
                if (Atom() is not { } atom) return null;
                atom = Repeated(atom);
                if (atom.Exact is { } exact && exact.Count * run.Count <= MaxTexts)
                {
                    run = [.. run.SelectMany(head => exact.Select(tail => head + tail))];
                    continue;
                }
                isExact = false;
                best = Better(best, run);
                best = Better(best, atom.Needed);
                run = [""];
            }
            if (isExact) return new Part(run, null);
            return new Part(null, Better(best, run));
        }

        private static IReadOnlyList<string>? Better(IReadOnlyList<string>? best, IReadOnlyList<string>? other)
        {
            if (other is null || other.Any(t => t.Length == 0)) return best;
            return best is null || other.Min(t => t.Length) > best.Min(t => t.Length) ? other : best;
        }

        private Part Repeated(Part atom)
        {
            while (More)
            {
                switch (pattern[_at])
                {
                    case '*':
                        _at++;
                        atom = Part.Anything;
                        break;
                    case '?':
                        _at++;
                        atom = new Part(atom.Exact is { } e ? [.. e.Append("").Distinct(StringComparer.Ordinal)] : null, null);
                        break;
                    case '+':
                        _at++;
                        atom = new Part(null, atom.Needed);
                        break;
                    case '{':
                        {
                            var close = pattern.IndexOf('}', _at);
                            // A brace that is no count stands for itself; whoever has one of those does without.
                            if (close < 0 || !char.IsAsciiDigit(pattern[_at + 1])) return Part.Anything;
                            atom = pattern[_at + 1] == '0' ? Part.Anything : new Part(null, atom.Needed);
                            _at = close + 1;
                            break;
                        }
                    default: return atom;
                }
            }
            return atom;
        }

        private Part? Atom()
        {
            var c = pattern[_at++];
            switch (c)
            {
                case '(': return Group();
                case '[': return Class();
                case '.': return Part.Anything;
                case '^' or '$': return Part.Empty;
                case '\\': return Escape();
                case '{' or '*' or '+' or '?': return null;
                default: return new Part([c.ToString()], null);
            }
        }

        private Part? Group()
        {
            if (More && pattern[_at] == '?')
            {
                _at++;
                if (More && pattern[_at] is 'P' or '<')
                {
                    _at = pattern.IndexOf('>', _at) + 1;
                }
                else
                {
                    for (; More && pattern[_at] is not (':' or ')'); _at++) IgnoresCase |= pattern[_at] == 'i';
                    if (!More) return null;
                    if (pattern[_at++] == ')') return Part.Empty;
                }
            }
            var inside = Alternatives();
            if (inside is null || !More) return null;
            _at++;
            return inside;
        }

        private Part? Escape()
        {
            if (!More) return null;
            var c = pattern[_at++];
            switch (c)
            {
                case 'd' or 'D' or 'w' or 'W' or 's' or 'S': return Part.Anything;
                case 'b' or 'B' or 'A' or 'z': return Part.Empty;
                case 'n': return new Part(["\n"], null);
                case 't': return new Part(["\t"], null);
                default: return char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c) ? new Part([c.ToString()], null) : null;
            }
        }

        private Part? Class()
        {
            var members = new List<string>();
            var isOpen = false;
            if (More && pattern[_at] == '^')
            {
                _at++;
                isOpen = true;
            }
            for (var first = true; More && (pattern[_at] != ']' || first); first = false)
            {
                var c = pattern[_at++];
                if (c == '[' && More && pattern[_at] == ':') return null;
                if (c == '\\')
                {
                    if (!More) return null;
                    c = pattern[_at++];
                    if (c is 'd' or 'D' or 'w' or 'W' or 's' or 'S') isOpen = true;
                    else if (char.IsAsciiLetterOrDigit(c) || !char.IsAscii(c)) return null;
                }
                if (_at + 1 < pattern.Length && pattern[_at] == '-' && pattern[_at + 1] != ']') isOpen = true;
                members.Add(c.ToString());
            }
            if (!More) return null;
            _at++;
            return isOpen || members.Count > MaxClass || members.Any(m => char.IsSurrogate(m[0])) ? Part.Anything : new Part(members, null);
        }
    }
}
