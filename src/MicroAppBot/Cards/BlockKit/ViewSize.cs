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
        var sizes = blocks.Select(SizeOf).ToList();
        var excess = SizeOf(view) - SlackLimits.ViewBytes;
        if (excess <= 0)
            return;
        foreach (var shorten in (Func<JsonObject, bool>[])[WithoutDescriptions, ToSearchIn])
            for (var i = 0; i < blocks.Count && excess > 0; i++)
                if (blocks[i]!["element"] is JsonObject element && shorten(element))
                {
                    losses.Add(new CardLoss("/" + blocks[i]!["block_id"], "all lists together are too long for one view: this one is shortened"));
                    Resized(i);
                }
        for (var i = blocks.Count - 1; i >= 0 && excess > 0; i--)
            if (blocks[i]!["type"]!.GetValue<string>() is not ("input" or "actions"))
            {
                losses.Add(new CardLoss($"/blocks/{i}", "the view would be larger than Slack takes"));
                excess -= sizes[i];
                blocks.RemoveAt(i);
            }
        // Nothing but very many questions and buttons is left
        for (var i = blocks.Count - 1; i > 0 && excess > 0; i--)
        {
            losses.Add(new CardLoss($"/blocks/{i}", "the view would be larger than Slack takes"));
            excess -= SizeOf(blocks[i]);
            blocks.RemoveAt(i);
        }

        void Resized(int i)
        {
            var size = SizeOf(blocks[i]);
            excess -= sizes[i] - size;
            sizes[i] = size;
        }
    }

    private static bool WithoutDescriptions(JsonObject element)
    {
        var any = false;
        foreach (var option in ((string[])["options", "initial_options"]).SelectMany(name => element[name] as JsonArray ?? []).Append(element["initial_option"]).OfType<JsonObject>())
            any |= option.Remove("description");
        return any;
    }

    private static bool ToSearchIn(JsonObject element)
    {
        if (element["options"] is not JsonArray { Count: > ShortList })
            return false;
        element["type"] = element["type"]!.GetValue<string>().Replace("static", "external", StringComparison.Ordinal);
        element.Remove("options");
        element["min_query_length"] = 1;
        return true;
    }

    private static int SizeOf(JsonNode? node) => Encoding.UTF8.GetByteCount(node!.ToJsonString(CardLibrary.Json));
}
