namespace MicroAppBot.Conversation.Understanding;

/// <summary>A message (or the part of it that is one request) with everything the lexicon found in it.</summary>
internal sealed class Sight(Message message, Lexicon lexicon, IReadOnlyList<Mention> mentions)
{
    public Message Message => message;
    public Lexicon Lexicon => lexicon;
    public IReadOnlyList<Mention> Mentions => mentions;
    public List<Because> Because { get; } = [];

    public IEnumerable<Mention> Of(Facet facet) => mentions.Where(m => m.Facet == facet && !m.RuledOut);
    private readonly HashSet<int> ends = [.. mentions.Where(m => m.Facet is Facet.Negation && m.Id == "end").Select(m => m.First)];

    /// <summary>True where a word ("but", "only") ends what a negation before it rules out.</summary>
    public bool EndsScope(int token) => ends.Contains(token);

    public bool Has(Facet facet) => Of(facet).Any();
    public int SentenceOf(Mention m) => message.Tokens[m.First].Sentence;
    public int ClauseOf(Mention m) => message.Tokens[m.First].Clause;

    private readonly HashSet<int> pretences = [.. mentions.Where(m => m.Facet is Facet.Pretence).Select(m => message.Tokens[m.First].Clause)];

    /// <summary>True for a token in a clause that only claims a rank or gives the bot an order.</summary>
    public bool IsPretence(int token) => pretences.Contains(message.Tokens[token].Clause);

    /// <summary>The person's own words.</summary>
    public string Said(Mention m)
    {
        var last = message.Tokens[m.Last];
        var from = message.Tokens[m.First].Start;
        var to = Math.Min(message.Text.Length, last.Start + last.Written.Length);
        return to - from > 80 ? message.Text[from..(from + 80)] : message.Text[from..to];
    }

    public void Note(string slot, string value, Mention m) => Note(slot, value, Said(m));

    public void Note(string slot, string value, string words)
    {
        if (!Because.Any(b => b.Slot == slot && b.Value == value)) Because.Add(new(slot, value, words));
    }

    /// <summary>The same message seen through some of its tokens only.</summary>
    public Sight Part(int first, int last) => new(message, lexicon, [.. mentions.Where(m => m.First >= first && m.Last <= last)]);
}
