using Governance.Catalogue;
using MicroAppBot.Content;
using YamlDotNet.RepresentationModel;
namespace MicroAppBot.Conversation.Understanding;

/// <summary>All word knowledge, built once from the content files and then only read; safe to share between threads.</summary>
public sealed class Lexicon
{
    private readonly Dictionary<string, int> words = new(StringComparer.Ordinal), begins = new(StringComparer.Ordinal), ends = new(StringComparer.Ordinal), inside = new(StringComparer.Ordinal), written = new(StringComparer.Ordinal), capitals = new(StringComparer.Ordinal);
    private readonly Dictionary<int, List<Phrase>> byFirst = [];
    private readonly Dictionary<string, List<string>> misspelt = new(StringComparer.Ordinal);
    private readonly HashSet<string> fillers = new(StringComparer.Ordinal), ordinary = new(StringComparer.Ordinal);
    private readonly Dictionary<(string People, string Field), string[]> combinations = [];
    private readonly Dictionary<string, HashSet<string>> ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> destinations = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> choices = new(StringComparer.Ordinal);
    private readonly Dictionary<int, List<int>> choicesOf = [];
    private readonly Dictionary<string, string> twins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DataClass> classes = new(StringComparer.Ordinal);
    private int elements;

    private Lexicon() { }

    /// <summary>Number of phrases, each way of writing counted.</summary>
    public int Count { get; private set; }

    /// <summary>Builds the lexicon from the texts of <c>templates/**/*.yaml</c>.</summary>
    /// <param name="files">Name (with its folders, which say what the file is) and text of each file.</param>
    /// <returns>The lexicon of what could be read, and every fault found.</returns>
    public static (Lexicon Lexicon, IReadOnlyList<ContentFault> Faults) Read(IEnumerable<(string File, string Text)> files)
    {
        Lexicon lexicon = new();
        List<ContentFault> faults = [];
        foreach (var (file, text) in files)
            LexiconFile.Read(file, text,
                (line, phrase, meaning) => { if (lexicon.Add(phrase, meaning) is { } why) faults.Add(new(file, line, why)); },
                (people, field, kinds) => lexicon.combinations[(people, field)] = kinds,
                lexicon.AddConnector, faults);
        lexicon.LearnMisspellings();
        return (lexicon, faults);
    }

    /// <summary>The class of a connector's most sensitive field; null for one that is not in the catalogue.</summary>
    public DataClass? ClassOf(string connector) => classes.TryGetValue(connector, out var dataClass) ? dataClass : null;

    /// <summary>Connectors with a masked twin, and that twin.</summary>
    public IReadOnlyDictionary<string, string> MaskedTwins => twins;

    /// <summary>Ids of one facet that some phrase leads to.</summary>
    public IReadOnlySet<string> Ids(Facet facet) => ids.TryGetValue(facet.ToString(), out var known) ? known : new HashSet<string>();

    /// <summary>Kinds of data that a field of these people is; empty when the combination says nothing.</summary>
    public IReadOnlyList<string> Combine(string people, string field) => combinations.GetValueOrDefault((people, field)) ?? [];

    /// <summary>The catalogue connector a host belongs to, or null.</summary>
    public string? ConnectorOf(string host) => destinations.GetValueOrDefault(host);

    internal bool IsFiller(string word) => fillers.Contains(word);

    internal IReadOnlyList<Phrase> StartingWith(int element) => byFirst.TryGetValue(element, out var list) ? list : [];

    private void AddConnector(string id, YamlMappingNode file)
    {
        classes[id] = LexiconFile.ClassOf(file);
        if (LexiconFile.Value(file, "host") is { } host) destinations.TryAdd(host, id);
        if (LexiconFile.Value(file, "masked_twin") is { } twin) twins[id] = twin;
    }

    private string? Add(string phraseWritten, Meaning meaning)
    {
        var (sequences, why) = Phrase.Spread(phraseWritten);
        if (sequences is null) return why;
        if (!ids.TryGetValue(meaning.Facet.ToString(), out var known)) ids[meaning.Facet.ToString()] = known = new(StringComparer.Ordinal);
        known.Add(meaning.Id);
        foreach (var sequence in sequences)
        {
            if (meaning.Facet is Facet.Filler) { fillers.UnionWith(sequence); continue; }
            if (meaning.Facet is Facet.Known) { ordinary.UnionWith(sequence); continue; }
            if (sequence[0] == ".." || sequence[^1] == "..") return $"'{phraseWritten}' begins or ends with a gap";
            Phrase phrase = new([.. sequence.Select(e => Element(e, meaning.Facet))], meaning, phraseWritten);
            if (!byFirst.TryGetValue(phrase.Parts[0], out var list)) byFirst[phrase.Parts[0]] = list = [];
            list.Add(phrase);
            Count++;
        }
        return null;
    }

    private int Element(string element, Facet facet)
    {
        if (element == "..") return Phrase.Gap;
        if (element[0] == '|') return Choice(element, facet);
        var (table, key) = element switch
        {
            ['^', ..] => (capitals, element[1..]),
            // "drops a file" takes nothing back, "drop the names" does: cues count only as they are written
            _ when (facet is Facet.Negation or Facet.Correction or Facet.Second) && element[0] != '-' && element[^1] != '-' => (written, element),
            ['-', .., '-'] => (inside, element[1..^1]),
            ['-', ..] => (ends, element[1..]),
            [.., '-'] => (begins, element[..^1]),
            _ => (words, element),
        };
        // A place is a name: a word one letter off is another word
        if (table == words && facet is Facet.Place or Facet.PlaceWide or Facet.PlaceUnsure) ordinary.Add(key);
        if (!table.TryGetValue(key, out var id)) table[key] = id = ++elements;
        return id;
    }

    private int Choice(string element, Facet facet)
    {
        if (choices.TryGetValue(element, out var id)) return id;
        choices[element] = id = ++elements;
        foreach (var word in element[1..].Split('|'))
        {
            var member = Element(word, facet);
            if (!choicesOf.TryGetValue(member, out var list)) choicesOf[member] = list = [];
            list.Add(id);
        }
        return id;
    }

    private const int ShortestMisspelt = 6;

    private void LearnMisspellings()
    {
        foreach (var word in words.Keys)
        {
            if (word.Length < ShortestMisspelt || ordinary.Contains(word) || !word.All(char.IsAsciiLetter)) continue;
            Learn(word, word);
            foreach (var shorter in Spelling.Deletions(word)) Learn(shorter, word);
        }
        void Learn(string key, string word)
        {
            if (!misspelt.TryGetValue(key, out var list)) misspelt[key] = list = [];
            list.Add(word);
        }
    }

    /// <summary>Ids of every element that a token satisfies; sloppy spelling is considered only for a word nothing else knows.</summary>
    internal void ElementsOf(Token token, List<string> forms, List<int> into)
    {
        into.Clear();
        var word = token.Word;
        Spelling.Forms(word, forms);
        foreach (var form in forms) if (words.TryGetValue(form, out var id)) into.Add(id);
        if (written.TryGetValue(word, out var exact)) into.Add(exact);
        if (token.AllCapitals && capitals.TryGetValue(token.Written, out var capital)) into.Add(capital);
        // A longer word is no compound of any language here; looking into it would only cost
        if (word.Length <= 48) Compounds(word, into);
        if (into.Count == 0) Misspelt(word, forms, into);
        for (var i = into.Count - 1; i >= 0; i--) if (choicesOf.TryGetValue(into[i], out var list)) into.AddRange(list);
    }

    private void Misspelt(string word, List<string> forms, List<int> into)
    {
        if (word.Length is < ShortestMisspelt or > 24 || !word.All(char.IsAsciiLetter)) return;
        foreach (var form in forms) if (ordinary.Contains(form)) return;
        foreach (var form in forms)
        {
            if (form.Length < ShortestMisspelt) continue;
            Misspelt(form, form, into);
            foreach (var shorter in Spelling.Deletions(form)) Misspelt(shorter, form, into);
            if (into.Count > 0) return;
        }
    }

    private void Misspelt(string key, string form, List<int> into)
    {
        if (!misspelt.TryGetValue(key, out var candidates)) return;
        foreach (var candidate in candidates)
            // The ends of a word are its grammar, the middle is where fingers slip: "refreshed" is no misspelt "refresher"
            if (candidate[0] == form[0] && candidate[^1] == form[^1] && Spelling.Distance(candidate, form) == 1 && !into.Contains(words[candidate])) into.Add(words[candidate]);
    }

    private void Compounds(string word, List<int> into)
    {
        var span = word.AsSpan();
        var beginning = begins.GetAlternateLookup<ReadOnlySpan<char>>();
        var ending = ends.GetAlternateLookup<ReadOnlySpan<char>>();
        var within = inside.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var n = 3; n <= span.Length; n++)
        {
            if (beginning.TryGetValue(span[..n], out var id)) into.Add(id);
            if (ending.TryGetValue(span[^n..], out id)) into.Add(id);
        }
        for (var from = 0; from + 4 <= span.Length; from++)
            for (var n = 4; from + n <= span.Length && n <= 20; n++)
                if (within.TryGetValue(span.Slice(from, n), out var id)) into.Add(id);
    }
}
