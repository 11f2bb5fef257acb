using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.Templating;

/// <summary>
/// How values enter an expanded template. This one does what the reference engine does: values as they are, <c>${path}</c> where
/// there is nothing, a fault where an expression fails. The card library has one that escapes, shortens and takes note instead.
/// </summary>
internal class Writer
{
    public static readonly Writer AsReference = new();

    /// <summary>Text from the data on its way into the card.</summary>
    /// <param name="made">Whether an expression made it (its spaces are meant), or it stands so in the data.</param>
    public virtual string Text(TextPlace place, string text, bool made) => text;

    /// <summary>The value of a property that is one expression and nothing else.</summary>
    public virtual JsonNode? Whole(TextPlace place, Value value, bool made) =>
        value.Kind == Kind.Text ? JsonValue.Create(Text(place, value.Text, made)) : value.ToNode();

    /// <summary>How many of so many rows of a repeated element are drawn.</summary>
    public virtual int Rows(int count) => count;

    /// <summary>What stands where a path leads nowhere.</summary>
    public virtual string Missing(string path) => "${" + path + "}";

    /// <summary>What stands where a whole value cannot be had.</summary>
    public virtual string Faulty(string file, string pointer, string why) => throw new CardFault(file, pointer, why);

    /// <summary>What stands where a part of a text cannot be had.</summary>
    public virtual string FaultyPart(Expression part, string file, string pointer, string why) => "${" + part + "}";
}
