using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>
/// The choices of an <c>Input.ChoiceSet</c> and the values they have in Slack: the same, or <c>#3</c> where Slack would not take it (empty,
/// longer than 150, there twice).
/// </summary>
internal sealed class Choices
{
    private readonly List<(string Title, string Value, string Token)> _all = [];

    public Choices(JsonObject input)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (choice, _) in Elements.In(input, "choices", ""))
        {
            var value = Elements.Scalar(choice["value"]) ?? "";
            var fits = value.Length is > 0 and <= SlackLimits.OptionValue && value[0] != '#' && SlackText.Clean(value, lines: false) == value && seen.Add(value);
            _all.Add((Elements.Scalar(choice["title"]) ?? value, value, fits ? value : $"#{_all.Count}"));
        }
        var initial = Elements.Scalar(input["value"]) ?? "";
        IsMulti = Elements.Flag(input, "isMultiSelect");
        Initial = initial.Length == 0 ? [] : IsMulti ? [.. initial.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)] : [initial];
    }

    public bool IsMulti { get; }

    /// <summary>The values chosen beforehand.</summary>
    public IReadOnlyList<string> Initial { get; }

    public int Count => _all.Count;

    public IEnumerable<string> Values => _all.Select(choice => choice.Value);

    /// <summary>The card's value for a value that came from Slack; itself where it is none of ours.</summary>
    public string ValueOf(string token) => _all.Find(choice => choice.Token == token) is { Token: not null } found ? found.Value : token;

    /// <summary>Options of Slack, all or those whose title has the typed words.</summary>
    public IEnumerable<JsonObject> Options(string? typed = null) =>
        _all.Where(choice => typed is null || choice.Title.Contains(typed, StringComparison.OrdinalIgnoreCase)).Select(Option);

    /// <summary>Those chosen beforehand; each equals its option to the letter, as Slack wants it.</summary>
    public IEnumerable<JsonObject> InitialOptions => _all.Where(choice => Initial.Contains(choice.Value)).DistinctBy(choice => choice.Value).Select(Option);

    private static JsonObject Option((string Title, string Value, string Token) choice)
    {
        var option = new JsonObject { ["text"] = Kit.Plain(choice.Title, SlackLimits.OptionText, "–"), ["value"] = choice.Token };
        var clean = SlackText.Plain(choice.Title, int.MaxValue);
        if (clean.Length > SlackLimits.OptionText)
        {
            // What is cut goes on below
            var shown = option["text"]!["text"]!.GetValue<string>().TrimEnd('…').Length;
            option["description"] = Kit.Plain("…" + clean[Math.Min(shown, clean.Length - 1)..].Trim(), SlackLimits.OptionText);
        }
        return option;
    }
}
