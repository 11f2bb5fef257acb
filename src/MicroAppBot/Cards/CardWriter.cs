using System.Text.Json.Nodes;
using MicroAppBot.Cards.BlockKit;
using MicroAppBot.Cards.Templating;

namespace MicroAppBot.Cards;

/// <summary>
/// How data enters a card of ours: escaped for where it stands, as long as there is room, and never as structure. What the data
/// lacks becomes a dash and is noted: the person gets a card, the author gets to know.
/// </summary>
internal sealed class CardWriter(CardWriter.Room room) : Writer
{
    /// <summary>How much room texts and lists get; lengths in UTF-16 units.</summary>
    public sealed record Room(int Markdown, int Plain, int Value, int Rows);

    private const string Nothing = "–";

    public List<string> Notes { get; } = [];
    public bool Shortened { get; private set; }

    public override string Text(TextPlace place, string text, bool made) => Text(place, text, made, lines: false);

    private string Text(TextPlace place, string text, bool made, bool lines)
    {
        switch (place)
        {
            case TextPlace.Markdown or TextPlace.MarkdownLine:
                Shortened |= text.Length > room.Markdown;
                return Spaced(text, CardText.Escape(text, room.Markdown, lines && place == TextPlace.Markdown), made);
            case TextPlace.Mrkdwn:
                Shortened |= text.Length > room.Markdown;
                // One line: a line break in what somebody wrote must not begin a line that looks like ours
                return Spaced(text, SlackText.Literal(CardText.Plain(text, room.Markdown)), made);
            case TextPlace.Plain:
                Shortened |= text.Length > room.Plain;
                return Spaced(text, CardText.Plain(text, room.Plain), made);
            case TextPlace.Structure when text.Length > room.Value:
                Shortened = true;
                return text[..(char.IsHighSurrogate(text[room.Value - 1]) ? room.Value - 1 : room.Value)];
            default:
                return text;
        }
    }

    public override JsonNode? Whole(TextPlace place, Value value, bool made)
    {
        if (place == TextPlace.Data || value.Kind == Kind.Null)
            return value.ToNode();
        if (value.Kind is Kind.List or Kind.Map)
        {
            Notes.Add("a list or a map cannot be all of a value in a card: repeat an element over it with $data");
            return JsonValue.Create(Nothing);
        }
        return place == TextPlace.Structure && value.Kind != Kind.Text ? value.ToNode() : JsonValue.Create(Text(place, value.AsText(), made, lines: true));
    }

    // Escaping trims: around a name in bold a space would show the asterisks. Where the card made the text, its spaces are meant
    private static string Spaced(string text, string escaped, bool made) =>
        !made || escaped.Length == 0 ? escaped : (text[0] == ' ' ? " " : "") + escaped + (text[^1] == ' ' ? " " : "");

    public override int Rows(int count)
    {
        Shortened |= count > room.Rows;
        return Math.Min(count, room.Rows);
    }

    public override string Missing(string path)
    {
        Notes.Add("the data has no " + path);
        return Nothing;
    }

    public override string Faulty(string file, string pointer, string why)
    {
        Notes.Add($"{pointer}: {why}");
        return Nothing;
    }

    public override string FaultyPart(Expression part, string file, string pointer, string why) => Faulty(file, pointer, why);
}
