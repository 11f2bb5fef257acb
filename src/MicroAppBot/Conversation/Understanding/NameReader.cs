using System.Text.RegularExpressions;

namespace MicroAppBot.Conversation.Understanding;

/// <summary>Names of existing apps and requests, as people write them: 'DockPlan', ParcelPulse, my-little-app, R-1042.</summary>
internal static partial class NameReader
{
    public static string? Request(string text) => RequestId().Match(text) is { Success: true } m ? m.Value : null;

    /// <summary>The app named in these tokens, or null.</summary>
    /// <param name="known">Names or titles of apps that exist, if the caller has them: the surest sign.</param>
    public static string? App(Sight sight, int first, int last, IReadOnlyCollection<string> known)
    {
        var tokens = sight.Message.Tokens;
        if (last < first) return null;
        var text = Slice(sight, first, last);
        foreach (var name in known.OrderByDescending(n => n.Length))
            if (name.Length > 1 && text.Contains(name, StringComparison.OrdinalIgnoreCase) && Stands(text, name)) return name;
        if (Quoted().Match(text) is { Success: true } quoted && quoted.Groups["name"].Value.Split(' ').Length <= 5) return quoted.Groups["name"].Value.Trim();
        if (Kebab().Match(text) is { Success: true } kebab && kebab.Value.Count(c => c == '-') >= 2) return kebab.Value;
        // One hyphen is in many a word; it is a name where "app" stands behind it, or where something is to be done with it
        if (BeforeApp().Match(text) is { Success: true } named) return named.Value;
        foreach (var m in sight.Mentions.Where(m => m.HasGap && m.First >= first && m.Last <= last && m.Facet is Facet.Intent or Facet.IntentHint))
            if (OneHyphen().Match(Slice(sight, m.First, m.Last)) is { Success: true } handled) return handled.Value;
        for (var i = first; i <= last; i++)
            if (IsInvented(sight, i)) return tokens[i].Written;
        for (var i = first; i <= last; i++)
        {
            if (!IsWordForApp(tokens[i].Word)) continue;
            var from = i + 1;
            while (from <= last && tokens[from].Word is "called" or "named" or "namens" or "llamada" or "appelee" or "nommee") from++;
            if (from <= last && tokens[from].Capitalised && tokens[from].Written.Length > 1 && tokens[from].Clause == tokens[i].Clause) return Capitals(sight, from, last);
            var back = i - 1;
            if (back >= first && tokens[back].Capitalised && back > 0 && tokens[back].Sentence == tokens[back - 1].Sentence && !IsKnownWord(sight, back))
            {
                while (back - 1 >= first && tokens[back - 1].Capitalised && tokens[back - 1].Sentence == tokens[back].Sentence && !IsKnownWord(sight, back - 1)) back--;
                return Slice(sight, back, i - 1);
            }
        }
        return null;
    }

    /// <summary>A word nobody finds in a dictionary: inner capitals, or letters and digits mixed.</summary>
    public static bool IsInvented(Sight sight, int at)
    {
        var token = sight.Message.Tokens[at];
        var invented = token.InnerCapital || token.Written.Length > 4 && char.IsLetter(token.Written[0]) && token.Written.Any(char.IsDigit) && char.IsLetter(token.Written[^1]);
        return invented && !IsKnownWord(sight, at);
    }

    private static bool IsKnownWord(Sight sight, int at) =>
        sight.Mentions.Any(m => m.First <= at && m.Last >= at && !m.HasGap && m.Facet is not (Facet.Reference or Facet.Stop));

    private static bool IsWordForApp(string word) => word is "app" or "apps" or "tool" or "dashboard" or "form" or "request" or "anwendung" or "application" or "aplicacion" or "formular" or "antrag" or "anfrage" or "demande" or "solicitud";

    private static string Capitals(Sight sight, int from, int last)
    {
        var tokens = sight.Message.Tokens;
        var to = from;
        while (to + 1 <= last && tokens[to + 1].Capitalised && tokens[to + 1].Clause == tokens[from].Clause && to - from < 4) to++;
        return Slice(sight, from, to);
    }

    public static string Slice(Sight sight, int first, int last)
    {
        var end = sight.Message.Tokens[last];
        var from = sight.Message.Tokens[first].Start;
        // A quote just before the first word belongs to what is quoted
        if (from > 0 && sight.Message.Text[from - 1] is '"' or '\'') from--;
        var to = Math.Min(sight.Message.Text.Length, end.Start + end.Written.Length + 1);
        return sight.Message.Text[from..to].TrimEnd(' ', '.', ',', '!', '?');
    }

    private static bool Stands(string text, string name)
    {
        var at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (at + name.Length == text.Length || !char.IsLetterOrDigit(text[at + name.Length]));
    }

    [GeneratedRegex(@"\b[rR]-\d{1,9}\b|(?<=\brequest\s#?)\d{1,9}\b|(?<=\brequest\s(?:no|nr|number)\.?\s)\d{1,9}\b", RegexOptions.CultureInvariant)]
    private static partial Regex RequestId();

    [GeneratedRegex("[\"](?<name>[^\"]{2,60})[\"]|(?<![\\p{L}\\p{N}])'(?<name>[^'\"]{2,60})'(?![\\p{L}\\p{N}])", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b[a-z0-9]+(?:-[a-z0-9]+){2,8}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Kebab();

    [GeneratedRegex(@"\b[a-z][a-z0-9]+-[a-z0-9]{2,}(?=\s+(?:micro\s)?app\b)", RegexOptions.CultureInvariant)]
    private static partial Regex BeforeApp();

    [GeneratedRegex(@"(?<=\s)[a-z][a-z0-9]+-[a-z0-9]{2,}(?=\s)", RegexOptions.CultureInvariant)]
    private static partial Regex OneHyphen();
}
