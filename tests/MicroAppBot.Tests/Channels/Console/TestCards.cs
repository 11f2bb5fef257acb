using System.Text.Json.Nodes;
using MicroAppBot.Cards;
using MicroAppBot.Content;
using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Channels.Console;

/// <summary>The real cards with their sample data; and one of an older kind, whose button is an <c>Action.Submit</c>.</summary>
internal static class TestCards
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "cards");

    public static CardLibrary Library { get; } = CardLibrary.Load(
        Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories)
            .Select(file => new ContentFile("cards/" + Path.GetRelativePath(Folder, file).Replace('\\', '/'), File.ReadAllText(file))));

    public static JsonObject Draw(string name, JsonObject data) => name == "older" ? Older() : Library.Draw(name, data);

    /// <summary>A card as a message, with the data of one of its samples.</summary>
    public static Message.Card Sample(string card, string what) =>
        new(card, Library.Samples.Single(s => s.Card == card && s.What == what).Data.DeepClone().AsObject());

    private static JsonObject Older() => JsonNode.Parse(
        """
        {"type": "AdaptiveCard", "version": "1.4", "body": [{"type": "TextBlock", "text": "Team Lunch ends tomorrow"}],
         "actions": [{"type": "Action.Submit", "title": "Keep it", "data": {"verb": "app.renew", "app": "a1"}}]}
        """)!.AsObject();
}
