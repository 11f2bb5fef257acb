namespace Governance.Manifests;

/// <summary>Finds the word that was probably meant.</summary>
public static class NearestWord
{
    /// <summary>
    /// The candidate with the smallest edit distance (case aside; two swapped neighbours count once), or null when even that one differs in more than about a third of its letters.
    /// A candidate that contains what was written, or is contained in it, counts as near.
    /// </summary>
    public static string? To(string written, IEnumerable<string> candidates)
    {
        var text = Folded(written);
        if (text.Length is 0 or > 64)
            return null;
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var other = Folded(candidate);
            var distance = Distance(text, other);
            var allowed = Math.Max(2, Math.Max(text.Length, other.Length) / 3);
            if (distance > allowed && text.Length >= 3 && other.Length >= 3 && (other.Contains(text, StringComparison.Ordinal) || text.Contains(other, StringComparison.Ordinal)))
                distance = allowed;
            // "uk" and "us" are one letter apart from nearly anything: a short word is near only to its own letters or its own beginning
            if (other.Length <= 3 && distance > 0)
                distance = text.StartsWith(other, StringComparison.Ordinal) || text.Order().SequenceEqual(other.Order()) ? 1 : int.MaxValue;
            if (distance > allowed || distance >= bestDistance)
                continue;
            (best, bestDistance) = (candidate, distance);
        }

        return best;
    }

    private static string Folded(string text) => text.Trim().ToLowerInvariant().Replace('_', '-').Replace(' ', '-');

    private static int Distance(string a, string b)
    {
        var previousButOne = new int[b.Length + 1];
        var previous = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var current = new int[b.Length + 1];
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1] + 1, previous[j] + 1), previous[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], previousButOne[j - 2] + 1);
            }

            (previousButOne, previous) = (previous, current);
        }

        return previous[b.Length];
    }
}
