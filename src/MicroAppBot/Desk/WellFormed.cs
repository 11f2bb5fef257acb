using System.Text;
using System.Text.Json;

namespace MicroAppBot.Desk;

/// <summary>
/// Text that a store can take: halves of surrogate pairs have no UTF-8. They cannot come in through JSON; what would get
/// past that is refused before it is written beside other people's turns.
/// </summary>
public static class WellFormed
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly JsonDocumentOptions Once = new() { AllowDuplicateProperties = false };

    /// <summary>JSON from outside, in which nothing is there twice: which one counts would be a guess.</summary>
    /// <exception cref="JsonException">It is not that.</exception>
    public static async Task<JsonDocument> ReadJsonAsync(Stream body, CancellationToken cancel)
    {
        try
        {
            return await JsonDocument.ParseAsync(body, Once, cancel);
        }
        catch (InvalidOperationException fault)
        {
            // A name that cannot be read cannot be compared with the others
            throw new JsonException("A name in it has characters that are no text.", fault);
        }
    }

    /// <summary>Whether every name and text in it can be read: JSON may write half of a surrogate pair, or bytes that are no UTF-8.</summary>
    public static bool IsText(JsonElement json)
    {
        try
        {
            return json.ValueKind switch
            {
                JsonValueKind.String => json.GetString() is not null,
                JsonValueKind.Array => json.EnumerateArray().All(IsText),
                JsonValueKind.Object => json.EnumerateObject().All(member => member.Name is not null && IsText(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <exception cref="ArgumentException">Some text in it is not well-formed.</exception>
    public static void Demand(Commit commit)
    {
        foreach (var s in commit.Streams)
        {
            Demand(s.StreamId, s.SnapshotJson, s.Keys.Kind, s.Keys.State, s.Keys.Name, s.Keys.AppId);
            foreach (var text in s.EventsJson.Concat(s.Keys.Owners).Concat(s.Keys.Waiting)) Demand(text);
        }
        if (commit.Conversation is { } c) Demand(c.PersonId, c.Json, c.Turn?.TurnId, c.Turn?.ReplyJson);
        foreach (var m in commit.Messages) Demand(m.Id, m.ToId, m.Channel);
        Demand(commit.ActedOn);
        Demand(commit.Contact);
        Demand(commit.Transcript);
    }

    /// <inheritdoc cref="Demand(Commit)"/>
    public static void Demand(DeliveryMark mark)
    {
        Demand(mark.MessageId, mark.Why);
        foreach (var c in mark.Cards ?? []) Demand(c.Id, c.PersonId, c.Channel, c.Address, c.ChannelMessageId, c.CardName, c.About?.Kind, c.About?.Id);
        foreach (var id in (mark.ToldToo ?? []).Concat(mark.Seen ?? [])) Demand(id);
        Demand(mark.Contact);
        Demand(mark.Transcript);
    }

    /// <inheritdoc cref="Demand(Commit)"/>
    public static void Demand(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (text is not null) Strict.GetByteCount(text);
        }
    }

    private static void Demand(Contact? contact) => Demand(contact?.PersonId, contact?.Channel, contact?.Address);

    private static void Demand(IReadOnlyList<NewTranscriptLine>? lines)
    {
        foreach (var line in lines ?? []) Demand(line.PersonId, line.Id, line.Json);
    }
}
