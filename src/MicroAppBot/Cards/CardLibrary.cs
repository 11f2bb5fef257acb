using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Cards.BlockKit;
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

    /// <summary>Slack's name, as a channel's and as the member of a card that holds what it has of its own there.</summary>
    private const string Slack = "slack";

    private readonly Dictionary<string, CardTemplate> _templates;
    private readonly Dictionary<string, CardTemplate> _slackVersions;

    private readonly ILogger _log;

    private CardLibrary(Dictionary<string, CardTemplate> templates, Dictionary<string, CardTemplate> slackVersions, IReadOnlyList<CardSample> samples, ILogger log) =>
        (_templates, _slackVersions, Samples, _log) = (templates, slackVersions, samples, log);

    /// <param name="files">The content folder's <c>cards/**/*.json</c>; those under <c>samples/</c> are sample data.</param>
    /// <param name="log">Hears of every card whose data left a gap.</param>
    /// <exception cref="CardFault">A card that is not JSON, that Teams would not accept, or with an expression that cannot be read; a sample of no card.</exception>
    public static CardLibrary Load(IEnumerable<ContentFile> files, ILogger<CardLibrary>? log = null)
    {
        var all = files.ToLookup(file => file.Name.Contains("samples/", StringComparison.Ordinal));
        var templates = new Dictionary<string, CardTemplate>(StringComparer.Ordinal);
        var slackVersions = new Dictionary<string, CardTemplate>(StringComparer.Ordinal);
        foreach (var file in all[false])
        {
            if (file.ShortName.EndsWith("." + Slack, StringComparison.Ordinal))
                slackVersions[file.ShortName[..^(Slack.Length + 1)]] = TemplateOf(file, HandMade.Check);
            else if (!templates.TryAdd(file.ShortName, TemplateOf(file, CardShape.Check)))
                throw new CardFault(file.Name, "", $"there is another card called '{file.ShortName}'");
        }
        if (slackVersions.Keys.FirstOrDefault(name => !templates.ContainsKey(name)) is { } alone)
            throw new CardFault(all[false].First(file => file.ShortName == $"{alone}.{Slack}").Name, "", $"there is no card {alone}.json that it is a version of");
        return new CardLibrary(templates, slackVersions, [.. all[true].Select(CardSample.Read)], log ?? NullLogger<CardLibrary>.Instance);
    }

    /// <summary>A pointer says which part is meant, and the line where to look for it.</summary>
    private static CardTemplate TemplateOf(ContentFile file, Action<string, JsonNode?> check)
    {
        var doubled = new List<ContentFault>();
        var text = JsonText.Of(file, doubled);
        try
        {
            var json = CardTemplate.Read(file.Name, file.Text);
            check(file.Name, json);
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
    /// <param name="channel">For Slack, the card has its hand-made version with it where there is one.</param>
    public JsonObject Draw(string card, JsonNode? data, string? channel = null)
    {
        var drawing = DrawWithNotes(card, data, channel);
        if (drawing.Notes.Count > 0)
            DrawnWithGaps(card, string.Join("; ", drawing.Notes.Distinct()));
        return drawing.Card;
    }

    JsonObject ICardPen.Draw(string card, JsonObject data) => Draw(card, data);

    JsonObject ICardPen.DrawFor(string channel, string card, JsonObject data) => Draw(card, data, channel);

    /// <summary>Whether a card is made by hand for Slack.</summary>
    public bool HasSlackVersion(string card) => _slackVersions.ContainsKey(card);

    /// <inheritdoc cref="Draw"/>
    /// <returns>The card, and what was amiss with it.</returns>
    public Drawing DrawWithNotes(string card, JsonNode? data, string? channel = null)
    {
        if (!_templates.TryGetValue(card, out var template))
            throw new CardFault(card + ".json", "", $"there is no such card; there are {string.Join(", ", _templates.Keys)}");
        Drawing? drawing = null;
        if (data is JsonObject { } whole && whole["tight"] is JsonObject tight)
        {
            var roomy = Without(whole);
            drawing = Fill(template, roomy, new CardWriter(Rooms[0]), Rooms[0], hints: channel == Slack);
            if (!drawing.Shortened && LengthOf(drawing.Card) <= MostCharacters)
                return Whole(drawing, roomy, Rooms[0]);
            data = Without(whole, tight);
        }
        foreach (var room in Rooms)
        {
            drawing = Fill(template, data, new CardWriter(room), room, hints: channel == Slack);
            if (LengthOf(drawing.Card) <= MostCharacters)
                return Whole(drawing, data, room);
        }
        return drawing! with { Notes = [.. drawing.Notes, $"the card has {LengthOf(drawing.Card)} characters, {MostCharacters} are safe"] };

        Drawing Whole(Drawing drawn, JsonNode? of, CardWriter.Room room) =>
            channel == Slack && _slackVersions.TryGetValue(card, out var version) ? WithVersion(drawn, version, of, room) : drawn;
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

    // It travels inside the card: who keeps the card keeps both
    private static Drawing WithVersion(Drawing drawing, CardTemplate version, JsonNode? data, CardWriter.Room room)
    {
        var writer = new CardWriter(room);
        if (version.Expand(data, null, null, writer) is not JsonObject own || own["blocks"] is not JsonArray blocks)
            return drawing;
        if ((data as JsonObject)?["note"] is JsonObject note)
            blocks.Insert(0, Kit.Section(Kit.Written($"*{SlackText.Literal(CardText.Plain(TextOf(note["text"]) ?? "", room.Markdown))}*")));
        drawing.Card[Slack] = own;
        return drawing with { Notes = [.. drawing.Notes, .. writer.Notes], Shortened = drawing.Shortened || writer.Shortened };
    }

    private static Drawing Fill(CardTemplate template, JsonNode? data, CardWriter writer, CardWriter.Room room, bool hints)
    {
        var card = (JsonObject)template.Expand(data, null, null, writer)!;
        var finish = new CardFinish((data as JsonObject)?["ids"] as JsonObject, hints);
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
