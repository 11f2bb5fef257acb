namespace MicroAppBot.Conversation.Understanding;

/// <summary>Finds the colleague that is meant, out of those who may be named.</summary>
internal static class PersonReader
{
    private const int MostNamed = 4;

    public static (string? Id, string? Refusal) Read(Message message, string text, IReadOnlyList<Candidate> people)
    {
        if (people.FirstOrDefault(p => Mentions(text, p.Email) || text.Trim().Equals(p.Id, StringComparison.OrdinalIgnoreCase)) is { } exact) return (exact.Id, null);
        var words = message.Tokens.Select(t => t.Word).ToList();
        if (words.Count == 1 && words[0] is "me" or "myself" or "ich" or "moi" or "yo") return (null, "The co-owner is somebody else than you: they answer when you are away. Who could that be?");
        var scored = people.Select(p => (Person: p, Points: Points(p, words))).Where(s => s.Points > 0).OrderByDescending(s => s.Points).ToList();
        if (scored.Count == 0) return (null, "I know no colleague by that name. Their full name or work e-mail would help.");
        var best = scored.Where(s => s.Points == scored[0].Points).Select(s => s.Person).ToList();
        return best.Count == 1 ? (best[0].Id, null)
            : (null, $"There is more than one: {string.Join(", ", best.Take(MostNamed).Select(p => $"{p.Name} ({p.Email})"))}. Which one do you mean?");
    }

    // A slip in a long name is forgiven; a first name counts less than both together
    private static int Points(Candidate person, List<string> words)
    {
        var points = 0;
        foreach (var part in Message.Words(person.Name))
        {
            if (part.Length < 2) continue;
            if (words.Contains(part)) points += 4;
            else if (part.Length >= 5 && words.Any(w => w.Length >= 4 && Spelling.Distance(w, part) == 1)) points += 3;
        }
        return points;
    }

    private static bool Mentions(string text, string email) => email.Length > 3 && text.Contains(email, StringComparison.OrdinalIgnoreCase);
}
