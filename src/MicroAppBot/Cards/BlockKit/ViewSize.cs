using System.Text;
using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>Keeps a view below what Slack takes: first the second lines of choices go, then long lists become ones to search in, then text from the end.</summary>
internal static class ViewSize
{
    private const int ShortList = 10;

    public static void Fit(JsonObject view, List<CardLoss> losses)
    {
        var blocks = (JsonArray)view["blocks"]!;
        if (Fits(view))
            return;
        foreach (var input in blocks.OfType<JsonObject>().Where(block => block["element"]?["options"] is JsonArray).Select(block => (JsonObject)block["element"]!))
            foreach (var option in ((string[])["options", "initial_options"]).SelectMany(name => input[name] as JsonArray ?? []).Append(input["initial_option"]).OfType<JsonObject>())
                option.Remove("description");
        foreach (var block in blocks.OfType<JsonObject>().Where(block => block["element"]?["options"] is JsonArray { Count: > ShortList }).ToList())
        {
            if (Fits(view))
                return;
            var element = (JsonObject)block["element"]!;
            element["type"] = element["type"]!.GetValue<string>().Replace("static", "external", StringComparison.Ordinal);
            element.Remove("options");
            element["min_query_length"] = 1;
            losses.Add(new CardLoss("/" + block["block_id"], "all lists together are too long for one view: this one is searched in"));
        }
        for (var i = blocks.Count - 1; i >= 0 && !Fits(view); i--)
            if (blocks[i]!["type"]!.GetValue<string>() is not ("input" or "actions"))
            {
                losses.Add(new CardLoss($"/blocks/{i}", "the view would be larger than Slack takes"));
                blocks.RemoveAt(i);
            }
    }

    private static bool Fits(JsonObject view) => Encoding.UTF8.GetByteCount(view.ToJsonString(CardLibrary.Json)) <= SlackLimits.ViewBytes;
}
