using System.Text.Json.Nodes;

namespace MicroAppBot.Desk;

/// <summary>What the bot answers to one turn, in order. No channel's words: a card's name and its data, or a plain line.</summary>
/// <param name="Replaces">True when the first message takes the place of the card that was clicked.</param>
public sealed record Reply(IReadOnlyList<Message> Messages, bool Replaces = false)
{
    /// <summary>Nothing to say.</summary>
    public static readonly Reply Silence = new([]);

    public static Reply Card(string name, JsonObject data, bool replaces = false, CardSubject? about = null) => new([new Message.Card(name, data, about)], replaces);

    public static Reply Line(string words) => new([new Message.Line(words)]);
}

/// <summary>One message: a card by name with its data, or a line of text.</summary>
public abstract record Message
{
    private Message() { }

    /// <summary>True for what concerns nobody in particular (help, the rules) and may be read by whoever reads along.</summary>
    public bool ForAll { get; init; }

    /// <param name="Name">File name in <c>cards/</c> without the ending.</param>
    /// <param name="About">What the card shows, where it has to be drawn again when that changes.</param>
    public sealed record Card(string Name, JsonObject Data, CardSubject? About = null) : Message;

    public sealed record Line(string Words) : Message;
}

/// <summary>What a card shows: a card of a request or an app is drawn again, in place, when its subject changes.</summary>
/// <param name="Kind"><c>request</c> or <c>app</c>.</param>
/// <param name="Id">Its id.</param>
public sealed record CardSubject(string Kind, string Id);
