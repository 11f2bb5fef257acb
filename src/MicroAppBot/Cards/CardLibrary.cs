using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Cards.Templating;
using MicroAppBot.Content;
using MicroAppBot.Desk;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Cards;

/// <summary>A card as it was drawn.</summary>
/// <param name="Card">Adaptive Card 1.5, ready for Teams, the console and the reference renderer.</param>
/// <param name="Notes">What the data lacked or a card file got wrong; empty when all is well. For the log and for tests, not for people.</param>
/// <param name="Shortened">Whether texts or lists were cut so that the card fits.</param>
public sealed record Drawing(JsonObject Card, IReadOnlyList<string> Notes, bool Shortened);

/// <summary>
/// All cards, parsed and checked once. <see cref="Draw"/> fills one with data; what each wants is in <c>cards/README.md</c>.
/// Safe for use from many threads.
/// </summary>
public sealed partial class CardLibrary : ICardPen
{
    /// <summary>28 KB in UTF-16: what every way into Teams takes (some take more).</summary>
    public const int MostCharacters = 28 * 1024 / 2;

    // From roomy to tight: the first in which the card fits is taken
    private static readonly CardWriter.Room[] Rooms =
    [
        new(800, 160, int.MaxValue, 40), new(400, 100, int.MaxValue, 20), new(200, 75, int.MaxValue, 12), new(100, 50, 1000, 8), new(60, 30, 200, 5), new(40, 20, 60, 3),
    ];

    /// <summary>How cards are written as text: as the budget counts them, and as channels should send them.</summary>
    public static JsonSerializerOptions Json { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly HashSet<string> Tones = new(StringComparer.Ordinal) { "good", "warning", "attention", "accent", "emphasis" };

    private readonly Dictionary<string, CardTemplate> _templates;

    private readonly ILogger _log;

    private CardLibrary(Dictionary<string, CardTemplate> templates, IReadOnlyList<CardSample> samples, ILogger log) => (_templates, Samples, _log) = (templates, samples, log);

    /// <param name="files">The content folder's <c>cards/**/*.json</c>; those under <c>samples/</c> are sample data.</param>
    /// <param name="log">Hears of every card whose data left a gap.</param>
    /// <exception cref="CardFault">A card that is not JSON, that Teams would not accept, or with an expression that cannot be read; a sample of no card.</exception>
    public static CardLibrary Load(IEnumerable<ContentFile> files, ILogger<CardLibrary>? log = null)
    {
        var all = files.ToLookup(file => file.Name.Contains("samples/", StringComparison.Ordinal));
        var templates = new Dictionary<string, CardTemplate>(StringComparer.Ordinal);
        foreach (var file in all[false])
        {
            if (!templates.TryAdd(file.ShortName, TemplateOf(file)))
                throw new CardFault(file.Name, "", $"there is another card called '{file.ShortName}'");
        }
        return new CardLibrary(templates, [.. all[true].Select(CardSample.Read)], log ?? NullLogger<CardLibrary>.Instance);
    }

    /// <summary>A pointer says which part is meant, and the line where to look for it.</summary>
    private static CardTemplate TemplateOf(ContentFile file)
    {
        var doubled = new List<ContentFault>();
        var text = JsonText.Of(file, doubled);
        try
        {
            var json = CardTemplate.Read(file.Name, file.Text);
            CardShape.Check(file.Name, json);
            return CardTemplate.Parse(file.Name, json);
        }
        catch (CardFault fault) when (fault.Line == 0)
        {
            throw text is not null ? new CardFault(fault.File, fault.Place, fault.Why, text.LineOf(fault.Place))
                : doubled.Count > 0 ? new CardFault(fault.File, "", doubled[0].Why, doubled[0].Line)
                : fault;
        }
    }

    public IEnumerable<string> Names => _templates.Keys;

    /// <summary>Sample data for every card, to look at and to test with.</summary>
    public IReadOnlyList<CardSample> Samples { get; }

    /// <summary>Fills a card. Never fails on data: what is absent becomes a dash, what is too long is shortened.</summary>
    /// <param name="card">The card's name, such as <c>approval</c>.</param>
    /// <param name="data">As <c>cards/README.md</c> says; read, not kept.</param>
    /// <exception cref="CardFault">There is no card of that name.</exception>
    public JsonObject Draw(string card, JsonNode? data)
    {
        var drawing = DrawWithNotes(card, data);
        if (drawing.Notes.Count > 0)
            DrawnWithGaps(card, string.Join("; ", drawing.Notes.Distinct()));
        return drawing.Card;
    }

    JsonObject ICardPen.Draw(string card, JsonObject data) => Draw(card, data);

    /// <inheritdoc cref="Draw"/>
    /// <returns>The card, and what was amiss with it.</returns>
    public Drawing DrawWithNotes(string card, JsonNode? data)
    {
        if (!_templates.TryGetValue(card, out var template))
            throw new CardFault(card + ".json", "", $"there is no such card; there are {string.Join(", ", _templates.Keys)}");
        Drawing? drawing = null;
        if (data is JsonObject { } whole && whole["tight"] is JsonObject tight)
        {
            drawing = Fill(template, Without(whole), new CardWriter(Rooms[0]), Rooms[0]);
            if (!drawing.Shortened && LengthOf(drawing.Card) <= MostCharacters)
                return drawing;
            data = Without(whole, tight);
        }
        foreach (var room in Rooms)
        {
            drawing = Fill(template, data, new CardWriter(room), room);
            if (LengthOf(drawing.Card) <= MostCharacters)
                return drawing;
        }
        return drawing! with { Notes = [.. drawing.Notes, $"the card has {LengthOf(drawing.Card)} characters, {MostCharacters} are safe"] };
    }

    /// <summary>The length of a card as it counts against <see cref="MostCharacters"/>.</summary>
    public static int LengthOf(JsonObject card) => card.ToJsonString(Json).Length;

    // What does not fit in whole is said in other words by whoever made the data, before it is cut
    private static JsonObject Without(JsonObject whole, JsonObject? tight = null)
    {
        var said = new JsonObject(whole.Where(member => member.Key != "tight").Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        foreach (var (key, value) in tight ?? [])
            said[key] = value?.DeepClone();
        return said;
    }

    private static Drawing Fill(CardTemplate template, JsonNode? data, CardWriter writer, CardWriter.Room room)
    {
        var card = (JsonObject)template.Expand(data, null, null, writer)!;
        var finish = new CardFinish((data as JsonObject)?["ids"] as JsonObject);
        if ((data as JsonObject)?["note"] is JsonObject note && card["body"] is JsonArray body)
            body.Insert(0, Note(note, room));
        finish.Finish(card);
        return new Drawing(card, [.. writer.Notes, .. finish.Notes], writer.Shortened);
    }

    // A word about the card itself (changed meanwhile, not your seat): the same on every card, so no card file can forget it
    private static JsonObject Note(JsonObject note, CardWriter.Room room) => new()
    {
        ["type"] = "Container",
        ["style"] = TextOf(note["tone"]) is { } tone && Tones.Contains(tone) ? tone : "emphasis",
        ["items"] = new JsonArray(new JsonObject
        {
            ["type"] = "TextBlock",
            ["wrap"] = true,
            ["weight"] = "Bolder",
            ["text"] = CardText.Escape(TextOf(note["text"]) ?? "", room.Markdown),
        }),
    };

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The card {Card} was drawn with gaps: {Notes}")]
    private partial void DrawnWithGaps(string card, string notes);
}
