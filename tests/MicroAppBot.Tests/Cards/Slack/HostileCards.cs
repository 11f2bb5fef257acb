using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Cards.Slack;

/// <summary>Valid Adaptive Cards that nobody would write: every element, every length, every text that has ever done harm. The same seed makes the same card.</summary>
internal sealed class HostileCards(int seed)
{
    private static readonly string[] Words =
    [
        "<!channel>", "<https://x.example|y>", "<@U123>", "<!subteam^S1|all>", "&amp;", "a & b < c > d", "*bold*", "**bold**", "_it_ __x__", "~no~", "`code`", "> quote", ":tada:", "\u202Eevil\u202C",
        "\u2066x\u2069", "\u2068open", "\u0000\u0007\u001b[31m", "שלום עולם", "👩‍👩‍👧‍👦", "e\u0301\u0301\u0301\u0301", "\ud800", "[t](https://x.example/a|b)", "[t](javascript:alert(1))", "line\nline\n\nline", "- a\n- b",
        "{{DATE(2026-05-04T06:08:39Z,SHORT)}}", "{{DATE(x)}}", "\\*not\\*", "", " ", "plain words", "https://bare.example/path", "•", "|", "\u2028", "\t",
    ];

    private static readonly int[] Lengths = [0, 1, 20, 74, 75, 76, 149, 150, 151, 299, 1999, 2001, 2999, 3000, 3001, 5000, 12_000];

    private readonly Random _random = new(seed);
    private int _inputs;

    public JsonObject Card() => Card(0);

    private JsonObject Card(int depth) => new()
    {
        ["type"] = "AdaptiveCard",
        ["version"] = "1.5",
        ["fallbackText"] = Text(),
        ["body"] = Many(depth == 0 ? _random.Next(0, 70) : _random.Next(0, 5), () => Element(depth)),
        ["actions"] = Many(depth == 0 ? One(0, 1, 3, 6, 26, 120) : _random.Next(0, 3), () => Action(depth)),
    };

    private JsonObject Element(int depth)
    {
        var element = _random.Next(depth > 2 ? 10 : 16) switch
        {
            0 or 1 or 2 => With("TextBlock", ("text", Text()), ("size", One("Small", "Default", "Large")), ("weight", One("Bolder", "Default")), ("color", One("Good", "Attention", "Default")), ("isSubtle", Maybe()), ("spacing", One("None", "Small", "Large")), ("style", One("heading", "default")), ("fontType", One("Monospace", "Default")), ("maxLines", One(1, 3, 0))),
            3 => With("FactSet", ("facts", Many(One(0, 1, 11, 25), () => new JsonObject { ["title"] = Text(), ["value"] = Text() }))),
            4 => With("RichTextBlock", ("inlines", new JsonArray(With("TextRun", ("text", Text()), ("italic", Maybe())), JsonValue.Create(Text())))),
            5 => With("Image", ("url", One("https://pic.example/a.png", "data:image/png;base64,AAAA", "http://10.0.0.1/x.png", "https://localhost/x.png")), ("altText", Text())),
            6 => With("ImageSet", ("images", Many(12, () => With("Image", ("url", "https://pic.example/a.png"), ("altText", Text()))))),
            7 => With("ActionSet", ("actions", Many(One(0, 1, 7), () => Action(depth)))),
            8 => Input(),
            9 => With("Unheard", ("fallback", depth > 2 ? JsonValue.Create("drop") : Element(depth + 1))),
            10 or 11 => With("Container", ("style", One("good", "attention", "emphasis", "default")), ("items", Many(_random.Next(0, 6), () => Element(depth + 1))), ("selectAction", _random.Next(4) == 0 ? Action(depth) : null)),
            12 or 13 => With("ColumnSet", ("columns", Many(_random.Next(0, 5), () => With("Column", ("items", Many(_random.Next(0, 3), () => Element(depth + 1))), ("selectAction", _random.Next(5) == 0 ? Action(3) : null)))), ("selectAction", _random.Next(4) == 0 ? Action(3) : null)),
            14 => With("Table", ("rows", Many(One(0, 2, 120), () => With("TableRow", ("cells", Many(_random.Next(1, 23), () => With("TableCell", ("items", new JsonArray(With("TextBlock", ("text", Text(longest: 80))))))))))), ("firstRowAsHeader", Maybe())),
            _ => With("Media", ("sources", new JsonArray(new JsonObject { ["url"] = "https://video.example/a.mp4" })), ("altText", Text())),
        };
        if (_random.Next(8) == 0)
            element["separator"] = true;
        if (_random.Next(20) == 0)
            element["isVisible"] = false;
        return element;
    }

    private JsonObject Input()
    {
        var id = _random.Next(12) == 0 ? new string('i', 300) + _inputs++ : $"input{_inputs++}";
        var input = _random.Next(6) switch
        {
            0 => With("Input.Text", ("value", Text()), ("maxLength", One(1, 100, 9000)), ("minLength", One(0, 3, 4000)), ("isMultiline", Maybe()), ("style", One("text", "email", "url", "tel", "password"))),
            1 => With("Input.Number", ("value", One(0.0, -1.5, 1e20)), ("min", -5), ("max", 1_000_000)),
            2 => With("Input.Date", ("value", One("2026-05-04", "2026-02-30", "soon"))),
            3 => With("Input.Time", ("value", One("09:30", "24:61", "noon"))),
            4 => With("Input.Toggle", ("title", Text()), ("value", One("true", "no")), ("valueOn", "yes"), ("valueOff", "no")),
            _ => With("Input.ChoiceSet", ("style", One("expanded", "compact", "filtered")), ("isMultiSelect", Maybe()), ("value", One("v1", "v1,v2", "")),
                ("choices", Many(One(0, 2, 10, 11, 100, 101), () => new JsonObject { ["title"] = Text(), ["value"] = One("v1", "v2", "", new string('v', 151), "#1", $"v{_random.Next(500)}") }))),
        };
        (input["id"], input["label"], input["placeholder"], input["isRequired"]) = (id, Text(), Text(), Maybe());
        return input;
    }

    private JsonObject Action(int depth)
    {
        var action = _random.Next(depth > 2 ? 4 : 6) switch
        {
            0 or 1 or 2 => With("Action.Execute", ("data", new JsonObject { ["verb"] = One("request.approve", "say", "", new string('v', 400), "bad verb!"), ["text"] = Text() }), ("associatedInputs", One("auto", "none"))),
            3 => With("Action.OpenUrl", ("url", One("https://open.example/", "javascript:alert(1)", "mailto:a@x.example", "https://open.example/" + new string('p', 3100)))),
            4 => With("Action.ShowCard", ("card", Card(depth + 1))),
            _ => With("Action.ToggleVisibility", ("targetElements", new JsonArray("input0"))),
        };
        (action["title"], action["style"], action["mode"]) = (Text(), One("positive", "destructive", "default"), One("primary", "primary", "secondary"));
        if (_random.Next(10) == 0)
            action["isEnabled"] = false;
        if (_random.Next(5) == 0)
            action["tooltip"] = Text();
        return action;
    }

    public string Text(int longest = int.MaxValue)
    {
        var length = Math.Min(longest, Lengths[_random.Next(_random.Next(8) == 0 ? Lengths.Length : 3)]);
        var text = new System.Text.StringBuilder(Words[_random.Next(Words.Length)]);
        while (text.Length < length)
            text.Append(One(" ", "", "\n")).Append(Words[_random.Next(Words.Length)]);
        return text.ToString();
    }

    private bool Maybe() => _random.Next(2) == 0;

    private T One<T>(params T[] of) => of[_random.Next(of.Length)];

    private static JsonArray Many(int count, Func<JsonObject> make) => new([.. Enumerable.Range(0, count).Select(_ => make())]);

    private static JsonObject With(string type, params (string Name, object? Value)[] members)
    {
        var map = new JsonObject { ["type"] = type };
        foreach (var (name, value) in members)
            if (value is not null)
                map[name] = value switch { JsonNode node => node, string text => text, bool flag => flag, int number => number, double number => number, _ => throw new NotSupportedException(name) };
        return map;
    }
}
