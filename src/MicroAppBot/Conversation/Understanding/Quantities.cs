using System.Globalization;

namespace MicroAppBot.Conversation.Understanding;

/// <summary>Durations and amounts of money in a message.</summary>
internal static class Quantities
{
    /// <summary>A length of time: "two weeks", "30 days", "a fortnight".</summary>
    public readonly record struct Span(int Days, int First, int Last);

    /// <summary>An amount of money; currency null when none was named.</summary>
    public readonly record struct Amount(decimal Value, string? Currency, int First, int Last);

    public static IEnumerable<Span> Spans(Sight sight)
    {
        foreach (var unit in sight.Mentions.Where(m => m.Facet is Facet.Duration))
        {
            var length = decimal.Parse(unit.Id, CultureInfo.InvariantCulture);
            var before = NumberBefore(sight, unit.First);
            if (before is { } n) yield return new((int)Math.Min(100_000, Math.Ceiling(n.Value * length)), n.First, unit.Last);
        }
    }

    public static IEnumerable<Amount> Amounts(Sight sight)
    {
        var tokens = sight.Message.Tokens;
        foreach (var currency in sight.Mentions.Where(m => m.Facet is Facet.Currency))
        {
            if (currency.Last + 1 < tokens.Count && Number(sight, currency.Last + 1) is { } after && tokens[currency.First].Word is "$" or "€" or "£" or "usd" or "eur" or "gbp")
                yield return new(Thousands(sight, after.Value, after.Last), currency.Id, currency.First, after.Last);
            else if (NumberBefore(sight, currency.First) is { } n) yield return new(n.Value, currency.Id, n.First, currency.Last);
        }
    }

    private static decimal Thousands(Sight sight, decimal value, int last) =>
        last + 1 < sight.Message.Tokens.Count && sight.Message.Tokens[last + 1].Word == "k" ? value * 1000 : value;

    public static (decimal Value, int First, int Last)? NumberBefore(Sight sight, int at)
    {
        var tokens = sight.Message.Tokens;
        var i = at - 1;
        if (i < 0) return null;
        if (tokens[i].Word == "k" && i > 0 && Number(sight, i - 1) is { } thousands) return (thousands.Value * 1000, thousands.First, i);
        // "two more weeks", "another couple of days"
        for (var back = 0; back < 3 && i >= 0; back++, i--)
        {
            if (Number(sight, i) is { } n) return n;
            if (!sight.Lexicon.IsFiller(tokens[i].Word) && tokens[i].Word is not ("more" or "mehr" or "weitere" or "of" or "mas" or "de" or "full" or "working" or "calendar")) return null;
        }
        return null;
    }

    public static (decimal Value, int First, int Last)? Number(Sight sight, int at)
    {
        var word = sight.Message.Tokens[at].Word;
        if (char.IsDigit(word[0]) && Digits(word) is { } value) return (value, at, at);
        foreach (var m in sight.Mentions)
            if (m.Facet is Facet.Number && m.Last == at) return (decimal.Parse(m.Id, CultureInfo.InvariantCulture), m.First, m.Last);
        return null;
    }

    // 1,000 and 1.000 are a thousand; 49.50 and 49,50 are not
    private static decimal? Digits(string word)
    {
        var mark = word.LastIndexOfAny(['.', ',']);
        var plain = mark < 0 ? word
            : word.Length - mark - 1 == 3 ? word.Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal)
            : word[..mark].Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal) + "." + word[(mark + 1)..];
        return plain.Length <= 15 && decimal.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    /// <summary>How long the app shall live, and whether it is wished for ever.</summary>
    public static (int? Days, bool WithoutEnd) Lifetime(Sight sight, bool isCampaign, bool isRenewal = false)
    {
        var withoutEnd = sight.Of(Facet.Lifetime).FirstOrDefault(m => m.Id == "endless");
        if (withoutEnd is not null) sight.Note("ttlDays", "without end", withoutEnd);
        foreach (var span in Spans(sight))
        {
            // "80 dollars a month" is a price, no life time
            if (Amounts(sight).Any(a => a.Last == span.First - 1)) continue;
            var near = sight.Of(Facet.Lifetime).Where(m => m.Last < span.First && span.First - m.Last <= 3 || m.First > span.Last && m.First - span.Last <= 2).ToList();
            if (near.Any(m => m.Id == "not-life" && (m.Last < span.First ? span.First - m.Last == 1 : m.First - span.Last == 1))) continue;
            if (!isCampaign && !isRenewal && !near.Any(m => m.Id == "life")) continue;
            sight.Note("ttlDays", span.Days.ToString(CultureInfo.InvariantCulture), Words(sight, span.First, span.Last));
            return (span.Days, withoutEnd is not null);
        }
        return (null, withoutEnd is not null);
    }

    /// <summary>The monthly cap in USD, or an amount in another currency that must be asked about.</summary>
    public static (decimal? Usd, bool OtherCurrency) Cap(Sight sight)
    {
        foreach (var amount in Amounts(sight))
        {
            var near = sight.Of(Facet.Cap).Where(m => m.Last < amount.First && amount.First - m.Last <= 5 || m.First > amount.Last && m.First - amount.Last <= 5).ToList();
            if (!near.Any(m => m.Id == "cap") || near.Any(m => m.Id == "not-cap")) continue;
            // The money of the app is no data of the app
            foreach (var m in sight.Mentions.Where(m => m.Facet is Facet.Kind && Math.Abs(m.First - amount.First) <= 5 && m.Id == "financial-plan")) m.RuledOut = true;
            if (amount.Currency is not "USD") return (null, true);
            sight.Note("costCapUsd", amount.Value.ToString(CultureInfo.InvariantCulture), Words(sight, amount.First, amount.Last));
            return (amount.Value, false);
        }
        return (null, false);
    }

    private static string Words(Sight sight, int first, int last)
    {
        var to = sight.Message.Tokens[last];
        return sight.Message.Text[sight.Message.Tokens[first].Start..Math.Min(sight.Message.Text.Length, to.Start + to.Written.Length)];
    }
}
