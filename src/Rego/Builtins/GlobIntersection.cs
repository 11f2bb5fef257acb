using Rego.Evaluate;

namespace Rego.Builtins;

/// <summary>
/// The small patterns of regex.globs_match (characters, ., sets, + and *), and whether two of them have a text in common
/// that is not empty.
/// </summary>
internal sealed class GlobIntersection
{
    private sealed record Unit(List<(int From, int To)> Ranges, char Flag);

    private readonly List<Unit> _units = [];

    public static GlobIntersection? Read(string text, out string error)
    {
        error = "";
        var pattern = new GlobIntersection();
        var runes = text.EnumerateRunes().ToArray();
        for (var i = 0; i < runes.Length; i++)
        {
            List<(int, int)> ranges;
            switch (runes[i].Value)
            {
                case '.': ranges = [(0, 0x10FFFF)]; break;
                case '[':
                    {
                        ranges = [];
                        var j = i + 1;
                        for (; j < runes.Length && runes[j].Value != ']'; j++)
                        {
                            if (runes[j].Value == '\\' && j + 1 < runes.Length) j++;
                            var from = runes[j].Value;
                            if (j + 2 < runes.Length && runes[j + 1].Value == '-' && runes[j + 2].Value != ']')
                            {
                                if (runes[j + 2].Value < from)
                                {
                                    error = Fault(text, j, "range-invalid");
                                    return null;
                                }
                                ranges.Add((from, runes[j + 2].Value));
                                j += 2;
                            }
                            else
                            {
                                ranges.Add((from, from));
                            }
                        }
                        if (j >= runes.Length)
                        {
                            error = Fault(text, i, "set-open '[' with no following ']'");
                            return null;
                        }
                        i = j;
                        break;
                    }
                case ']':
                    error = Fault(text, i + 1, "set-close ']' with no preceding '['");
                    return null;
                case '+' or '*':
                    error = Fault(text, i + 1, $"flag '{runes[i]}' must be preceded by a non-flag");
                    return null;
                default:
                    if (runes[i].Value == '\\' && i + 1 < runes.Length) i++;
                    ranges = [(runes[i].Value, runes[i].Value)];
                    break;
            }
            var flag = i + 1 < runes.Length && runes[i + 1].Value is '+' or '*' ? (char)runes[++i].Value : ' ';
            pattern._units.Add(new Unit(ranges, flag));
        }
        return pattern;
    }

    private static string Fault(string text, int at, string why) => $"input:{text}, pos:{at}, {why}: the input provided is invalid";

    /// <summary>Walks both patterns together; a state is a place in each.</summary>
    public static bool Intersect(Evaluation e, GlobIntersection a, GlobIntersection b)
    {
        var seen = new HashSet<(int, int, bool, bool)>();
        var queue = new Queue<(int I, int J, bool InI, bool InJ)>();
        queue.Enqueue((0, 0, false, false));
        while (queue.TryDequeue(out var state))
        {
            e.Tick();
            if (!seen.Add(state)) continue;
            var (i, j, inI, inJ) = state;
            if (i >= a._units.Count && j >= b._units.Count) return true;
            // Passing over a unit that may be absent, or has been met often enough.
            if (a.MayPass(i, inI)) queue.Enqueue((i + 1, j, false, inJ));
            if (b.MayPass(j, inJ)) queue.Enqueue((i, j + 1, inI, false));
            if (i >= a._units.Count || j >= b._units.Count || !Overlap(a._units[i], b._units[j])) continue;
            foreach (var (nextI, metI) in a.After(i))
            {
                foreach (var (nextJ, metJ) in b.After(j)) queue.Enqueue((nextI, nextJ, metI, metJ));
            }
        }
        return false;
    }

    private bool MayPass(int at, bool met) => at < _units.Count && (_units[at].Flag == '*' || (_units[at].Flag == '+' && met));

    private IEnumerable<(int, bool)> After(int at) => _units[at].Flag == ' ' ? [(at + 1, false)] : [(at, true)];

    private static bool Overlap(Unit a, Unit b)
    {
        foreach (var (from, to) in a.Ranges)
        {
            foreach (var (otherFrom, otherTo) in b.Ranges)
            {
                if (from <= otherTo && otherFrom <= to) return true;
            }
        }
        return false;
    }
}
