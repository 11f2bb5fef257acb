using System.Text.Json.Nodes;
using Governance.People;

namespace MicroAppBot.Desk;

/// <summary>One thing somebody said or clicked, verified by its channel.</summary>
/// <param name="Id">The channel's own id of it, prefixed by the channel (<c>teams:…</c>): the same turn twice is one turn.</param>
/// <param name="Account">Who did it, as the channel verified it.</param>
/// <param name="Person">The person this account belongs to.</param>
/// <param name="Contact">Where this person can be reached from now on; kept with the commit. Null where the turn says nothing new.</param>
/// <param name="AnswerDirectly">
/// True where the channel shows the reply in its own response (a click). False where the reply has to be sent
/// (a message): then it goes through the outbox, in the same commit.
/// </param>
/// <param name="Transcript">What the console shows of the turn itself; goes into the turn's commit (<see cref="Commit.Transcript"/>).</param>
/// <param name="AnswerAt">
/// The channel's address of the place it was said at, where the answer belongs there and not into the person's own chat (a
/// thread of a channel). When that place is gone, the person's own chat is told. Never kept as where they can be reached.
/// </param>
/// <param name="AnswerId">The id that the first message of the answer gets, where the channel has to know it before it is sent (UUIDv7).</param>
/// <param name="ReturnsReply">The reply is sent, and comes back to the channel besides: a form in which the answer was given goes on with it.</param>
/// <param name="OthersReadAlong">
/// Set where <paramref name="AnswerAt"/> is read by others: only what is for all (<see cref="Message.ForAll"/>) is said there, and the rest
/// goes into the person's own chat.
/// </param>
public sealed record Turn(
    string Id, ChannelAccount Account, Person Person, Said Said, Contact? Contact, bool AnswerDirectly, IReadOnlyList<NewTranscriptLine>? Transcript = null,
    string? AnswerAt = null, string? AnswerId = null, bool ReturnsReply = false, bool OthersReadAlong = false);

/// <summary>The account that clicked or typed: kept beside the person, for the audit.</summary>
/// <param name="Channel"><c>teams</c>, <c>slack</c> or <c>console</c>.</param>
/// <param name="Id">AAD object id, Slack user id, or the person's own id in the console.</param>
public sealed record ChannelAccount(string Channel, string Id);

/// <summary>What was said: words, a button, or that somebody opened the chat for the first time.</summary>
public abstract record Said
{
    private Said() { }

    /// <summary>Typed words, as typed (mentions of the bot removed). May be hostile, empty or very long.</summary>
    public sealed record Text(string Words) : Said;

    /// <summary>A card's button. Carries ids, never authority.</summary>
    /// <param name="Verb">A verb of design §3.6.</param>
    /// <param name="Data">The button's data with the inputs of the card merged in; values come from the client.</param>
    /// <param name="CardId">Our id of the card it was pressed on, if known.</param>
    public sealed record Press(string Verb, JsonObject Data, string? CardId) : Said;

    /// <summary>The bot was added or the chat opened: greet once.</summary>
    public sealed record Arrived : Said;
}

/// <summary>Where a person can be reached on a channel; the channel knows how to read <paramref name="Address"/>.</summary>
/// <param name="Address">The channel's own reference (JSON), without secrets.</param>
/// <param name="Dead">Set when the channel said that this person cannot be reached there any more.</param>
public sealed record Contact(string PersonId, string Channel, string Address, bool Dead = false);
