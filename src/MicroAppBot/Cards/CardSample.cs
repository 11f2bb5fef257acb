using System.Text.Json.Nodes;
using MicroAppBot.Cards.Templating;
using MicroAppBot.Content;

namespace MicroAppBot.Cards;

/// <summary>Data to look at a card with.</summary>
/// <param name="Card">The card it is for.</param>
/// <param name="What">What it shows: the file <c>approval.medium.json</c> shows the approval card of a medium risk.</param>
public sealed record CardSample(string Card, string What, JsonNode Data)
{
    /// <exception cref="CardFault">Not JSON, or a name without a card and a what.</exception>
    internal static CardSample Read(ContentFile file)
    {
        var name = file.ShortName.Split('.', 2);
        if (name.Length != 2 || name[1].Length == 0)
            throw new CardFault(file.Name, "", "a sample is called <card>.<what>.json");
        return new CardSample(name[0], name[1], CardTemplate.Read(file.Name, file.Text) ?? throw new CardFault(file.Name, "", "a sample is an object"));
    }
}
