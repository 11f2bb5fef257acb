namespace MicroAppBot.Cards;

/// <summary>
/// A card that was written wrongly: the author mends it, a person in the chat never sees it. Names the file, the place in it
/// (a line and column, or a JSON pointer) and what is wrong.
/// </summary>
public sealed class CardFault : Exception
{
    public CardFault(string file, string place, string why, int line = 0) : base($"{file}{(line > 0 ? $":{line}" : "")}{Rest(place, line)}: {why}")
        => (File, Place, Why, Line) = (file, place, why, line);

    public CardFault() : this("", "", "unknown fault") { }
    public CardFault(string message) : this("", "", message) { }
    public CardFault(string message, Exception inner) : base(message, inner) => (File, Place, Why) = ("", "", message);

    /// <summary>The card's file name.</summary>
    public string File { get; }

    /// <summary><c>line 3, column 14</c> where the text is not JSON, else a JSON pointer such as <c>/body/0/text</c>.</summary>
    public string Place { get; }

    public string Why { get; }

    /// <summary>The line in the file, from 1; 0 where the fault is of no line.</summary>
    public int Line { get; }

    // The line is said once
    private static string Rest(string place, int line) =>
        place.Length == 0 ? "" : line > 0 && place.StartsWith($"line {line}, ", StringComparison.Ordinal) ? place[$"line {line}".Length..] : " " + place;
}
