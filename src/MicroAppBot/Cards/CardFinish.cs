using System.Text.Json.Nodes;

namespace MicroAppBot.Cards;

/// <summary>
/// The last touch to an expanded card: ids and fallbacks on every action, and nothing left over where data was absent (no null, no
/// empty container, no blank line, no link that is not a web address).
/// </summary>
/// <param name="ids">What every action carries.</param>
/// <param name="hints">Whether what the card says of its actions in Slack stays.</param>
internal sealed class CardFinish(JsonObject? ids, bool hints)
{
    private static readonly HashSet<string> Vessels = new(StringComparer.Ordinal) { "Container", "Column", "ColumnSet", "ActionSet", "FactSet", "RichTextBlock" };
    private static readonly string[] Contents = ["items", "columns", "actions", "facts", "inlines"];

    // What a click brings back must come back whole: cut, it would say something else
    private const int MostCarried = 1000;

    // What fits on a button, in Teams on a phone and in Slack
    private const int LongestTitle = 75;

    public List<string> Notes { get; } = [];

    public void Finish(JsonObject card) => Tidy(card);

    /// <returns>False where nothing of it is left to show.</returns>
    private bool Tidy(JsonObject node)
    {
        List<string>? absent = null;
        foreach (var (key, value) in node)
        {
            if (value is null || (value is JsonObject inner && key is not ("data" or "slack") && !Tidy(inner)))
                (absent ??= []).Add(key);
            else if (value is JsonArray list && key != "data")
                Tidy(list, key);
        }
        foreach (var key in absent ?? [])
            node.Remove(key);

        var type = node["type"]?.GetValue<string>();
        if (!hints)
            node.Remove("slack");
        if (type?.StartsWith("Action.", StringComparison.Ordinal) == true && node["title"]?.GetValue<string>() is { Length: > LongestTitle } title)
            node["title"] = CardText.Plain(title, LongestTitle);
        return type switch
        {
            null => true,
            "Action.Execute" => Complete(node),
            "Action.OpenUrl" => IsWebAddress(node),
            "TextBlock" => node["text"]?.GetValue<string>() is { Length: > 0 },
            _ when Vessels.Contains(type) => Contents.Any(name => node[name] is JsonArray { Count: > 0 }),
            _ => true,
        };
    }

    private void Tidy(JsonArray list, string name)
    {
        for (var i = list.Count - 1; i >= 0; i--)
            if (list[i] is JsonObject item && !Tidy(item))
                list.RemoveAt(i);
        if (name != "actions" || list.Count <= CardShape.MostActions)
            return;
        Notes.Add($"{list.Count} buttons in one row: Teams shows {CardShape.MostActions}");
        while (list.Count > CardShape.MostActions)
            list.RemoveAt(list.Count - 1);
    }

    private bool Complete(JsonObject action)
    {
        if (action["data"] is not JsonObject data)
            return true;
        if (data.Any(member => member.Value is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > MostCarried))
        {
            Notes.Add($"a button of {data["verb"]} would carry more than {MostCarried} characters, so it was left out");
            return false;
        }
        if (ids is not null)
            foreach (var (name, id) in ids)
                if (id is not null && !data.ContainsKey(name))
                    data.Add(name, id.DeepClone());
        action["verb"] = data["verb"]?.DeepClone();

        // Clients from before universal actions send a Submit; the handler cannot tell the difference
        var fallback = new JsonObject { ["type"] = "Action.Submit", ["data"] = data.DeepClone(), ["msTeams"] = new JsonObject { ["feedback"] = new JsonObject { ["hide"] = true } } };
        foreach (var same in (string[])["title", "style", "associatedInputs", "tooltip"])
            if (action[same] is { } value)
                fallback[same] = value.DeepClone();
        action["fallback"] = fallback;
        return true;
    }

    private bool IsWebAddress(JsonObject action)
    {
        if (Uri.TryCreate(action["url"]?.GetValue<string>(), UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp))
            return true;
        Notes.Add("a link is no web address, so its button was left out");
        return false;
    }
}
