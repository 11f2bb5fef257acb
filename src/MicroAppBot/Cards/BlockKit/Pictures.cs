using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>Images, which Slack fetches itself from the public internet; where it could not, their words.</summary>
internal static class Pictures
{
    // Slack takes 2,000; nobody listens to that
    private const int Words = 300;

    /// <returns>An image element, or null where Slack could not show it; and its words.</returns>
    public static (JsonObject? Picture, JsonObject Words) Of(JsonObject image, Spot path, List<CardLoss> losses)
    {
        var alt = Elements.Text(image, "altText");
        var address = WebAddress.OfImage(Elements.Text(image, "url"));
        if (string.IsNullOrWhiteSpace(alt))
        {
            alt = address is not null && Path.GetFileName(new Uri(address).AbsolutePath) is { Length: > 0 } file ? Uri.UnescapeDataString(file) : "Image";
            losses.Add(new CardLoss(path + "/altText", "missing: the file's name stands for it"));
        }
        if (address is null)
            losses.Add(new CardLoss(path + "/url", "not a public https address, so Slack cannot fetch it: its words stand for it"));
        var words = Kit.Plain((address is null ? "Image: " : "") + alt, Words, "Image");
        return (address is null ? null : new JsonObject { ["type"] = "image", ["image_url"] = address, ["alt_text"] = words["text"]!.GetValue<string>() }, words);
    }

    public static JsonObject Block(JsonObject picture, JsonObject _) =>
        new() { ["type"] = "image", ["image_url"] = picture["image_url"]!.DeepClone(), ["alt_text"] = picture["alt_text"]!.DeepClone() };
}
