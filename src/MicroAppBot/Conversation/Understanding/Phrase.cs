namespace MicroAppBot.Conversation.Understanding;

/// <summary>
/// A phrase of the lexicon, ready to be looked for. Written as words with: <c>a|b</c> either, <c>(a)</c> optional, <c>..</c> up to five
/// other words of the same sentence, <c>gehalt-</c> begins with, <c>-gehalt</c> ends with, <c>-gehalt-</c> contains, <c>^US</c> in capitals only.
/// </summary>
/// <param name="Parts">Ids of the elements; <see cref="Gap"/> for a gap.</param>
/// <param name="Meaning">What it stands for.</param>
/// <param name="Written">As it stands in the file.</param>
internal sealed record Phrase(int[] Parts, Meaning Meaning, string Written)
{
    public const int Gap = -1;
    public bool HasGap { get; } = Array.IndexOf(Parts, Gap) >= 0;

    /// <summary>All plain sequences of elements a written phrase stands for, or null with the reason it cannot be read.</summary>
    public static (List<List<string>>? Sequences, string? Why) Spread(string written)
    {
        List<List<string>> all = [[]];
        foreach (var raw in written.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var optional = raw.Length > 2 && raw[0] == '(' && raw[^1] == ')';
            var choices = (optional ? raw[1..^1] : raw).Split('|');
            if (choices.Any(c => c.Trim('-', '^').Length == 0)) return (null, $"'{raw}' in '{written}' holds no word");
            // Many single words in one place are one element of their own: spread out they would multiply
            if (choices.Length > 3 && choices.All(IsOneWord)) choices = ["|" + string.Join('|', choices.Select(c => Spelling.Fold(c)).Distinct().Order(StringComparer.Ordinal))];
            List<List<string>> next = optional ? [.. all.Select(s => s.ToList())] : [];
            foreach (var choice in choices)
                next.AddRange(all.Select(s => (List<string>)[.. s, .. Elements(choice)]));
            if (next.Count > 400) return (null, $"'{written}' stands for more than 400 phrases: split it");
            all = next;
        }
        all.RemoveAll(s => s.Count == 0);
        return all.Count == 0 ? (null, "an empty phrase") : (all, null);
    }

    private static bool IsOneWord(string choice) => choice.All(char.IsLetterOrDigit);

    private static IEnumerable<string> Elements(string choice)
    {
        if (choice[0] == '|') { yield return choice; yield break; }
        if (choice == "..") { yield return ".."; yield break; }
        if (choice[0] == '^') { yield return choice; yield break; }
        var begins = choice[0] == '-'; var ends = choice[^1] == '-';
        if (begins || ends)
        {
            yield return (begins ? "-" : "") + Spelling.Fold(choice.Trim('-')) + (ends ? "-" : "");
            yield break;
        }
        foreach (var word in Message.Words(choice)) yield return word;
    }
}
