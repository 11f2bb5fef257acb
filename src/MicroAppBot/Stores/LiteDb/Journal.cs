using LiteDB;
using MicroAppBot.Desk;

namespace MicroAppBot.Stores.LiteDb;

/// <summary>
/// What changes often and is soon over (a conversation's state, the outbox) is written as one small document a batch, the
/// journal, and folded into its collections now and then: ten turns of a conversation become one write, and a message that
/// was sent meanwhile none. These are the journal's lines; applying them in order gives the state.
/// </summary>
internal abstract record JournalLine
{
    private JournalLine() { }

    /// <param name="Turn">The turn handled; null for a sweep.</param>
    public sealed record Spoke(string PersonId, long Version, string Json, HandledTurn? Turn) : JournalLine;

    public sealed record Reached(Contact Contact, long Sequence) : JournalLine;

    public sealed record Queued(OutboxMessage Message) : JournalLine;

    public sealed record Tried(string MessageId, DateTimeOffset NotBefore, int Attempts, int MayHaveArrived, DateTimeOffset? FirstTriedAt, bool PutOff) : JournalLine;

    public sealed record Left(string MessageId) : JournalLine;

    public sealed record Shown(SentCard Card) : JournalLine;

    public sealed record Set(string Name, string Value) : JournalLine;

    public BsonDocument ToBson() => this switch
    {
        Spoke s => new() { ["k"] = "s", ["p"] = s.PersonId, ["v"] = s.Version, ["j"] = s.Json, ["t"] = s.Turn?.TurnId, ["r"] = s.Turn?.ReplyJson },
        Reached r => Documents.Of(r.Contact, r.Sequence).With("k", "r"),
        Queued q => Documents.Of(q.Message).With("k", "q"),
        Tried t => new() { ["k"] = "t", ["i"] = t.MessageId, ["nb"] = t.NotBefore.UtcTicks, ["n"] = t.Attempts, ["m"] = t.MayHaveArrived, ["f"] = Documents.Ticks(t.FirstTriedAt), ["po"] = t.PutOff },
        Left l => new() { ["k"] = "l", ["i"] = l.MessageId },
        Shown s => Documents.Of(s.Card).With("k", "c"),
        Set s => new() { ["k"] = "w", ["n"] = s.Name, ["v"] = s.Value },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static JournalLine FromBson(BsonDocument line) => line["k"].AsString switch
    {
        "s" => new Spoke(line["p"].AsString, line["v"].AsInt64, line["j"].AsString, line["t"].IsNull ? null : new HandledTurn(line["t"].AsString, Documents.Text(line["r"]))),
        "r" => new Reached(Documents.ToContact(line), line["q"].AsInt64),
        "q" => new Queued(Documents.ToMessage(line)),
        "t" => new Tried(line["i"].AsString, Documents.Time(line["nb"]), line["n"].AsInt32, line["m"].AsInt32, Documents.TimeOrNull(line["f"]), line["po"] == true),
        "l" => new Left(line["i"].AsString),
        "c" => new Shown(Documents.ToSentCard(line)),
        "w" => new Set(line["n"].AsString, line["v"].AsString),
        var other => throw new InvalidDataException($"The journal holds a line of an unknown kind '{other}'."),
    };
}
