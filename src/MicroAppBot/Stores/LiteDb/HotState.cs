using MicroAppBot.Desk;

namespace MicroAppBot.Stores.LiteDb;

/// <summary>
/// What the journal's lines add up to, in memory beside the file. It is changed by the store's thread only, after the lines
/// are on disk; anybody may read. Remembers what has to be folded into the collections.
/// </summary>
internal sealed class HotState
{
    /// <summary>Turn ids remembered per conversation, and how many of them with their reply.</summary>
    private const int RememberedTurns = 64;
    private const int RememberedReplies = 8;

    /// <summary>Conversations kept at hand, by the characters they hold.</summary>
    private const long CacheCharacters = 24_000_000;

    private readonly Lock _sync = new();
    private readonly OutboxShelf _outbox = new();
    private readonly Dictionary<string, List<(Contact Contact, long Sequence)>> _contacts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);
    private Dictionary<string, StoredConversation> _recent = new(StringComparer.Ordinal);
    private Dictionary<string, StoredConversation> _older = new(StringComparer.Ordinal);
    private long _recentCharacters;

    /// <summary>Numbers messages, transcript lines and uses of contacts. Touched by the store's thread only.</summary>
    public long Sequence { get; set; }

    public Unfolded Unfolded { get; private set; } = new();

    public StoredConversation? Conversation(string personId)
    {
        lock (_sync)
        {
            return Unfolded.Conversations.GetValueOrDefault(personId) ?? _recent.GetValueOrDefault(personId) ?? _older.GetValueOrDefault(personId);
        }
    }

    /// <summary>Keeps a conversation that was read from the file at hand, unless a newer one is there already.</summary>
    public void Remember(StoredConversation conversation)
    {
        lock (_sync)
        {
            if (Conversation(conversation.PersonId) is null) Cache(conversation);
        }
    }

    public IReadOnlyList<Contact> Contacts(string personId)
    {
        lock (_sync)
        {
            return _contacts.TryGetValue(personId, out var found) ? [.. found.OrderByDescending(c => c.Sequence).Select(c => c.Contact)] : [];
        }
    }

    public OutboxMessage? Message(string id)
    {
        lock (_sync) return _outbox.Find(id);
    }

    public IReadOnlyList<OutboxMessage> Due(DateTimeOffset now, int limit)
    {
        lock (_sync) return _outbox.Due(now, limit);
    }

    public IReadOnlyList<OutboxMessage> MessagesFor(string recipient)
    {
        lock (_sync) return _outbox.For(recipient);
    }

    /// <summary>Those whose every contact is dead.</summary>
    public IReadOnlyList<string> DeadEnds()
    {
        lock (_sync) return [.. _contacts.Where(c => c.Value.Count > 0 && c.Value.All(known => known.Contact.Dead)).Select(c => c.Key).Order(StringComparer.Ordinal)];
    }

    public DateTimeOffset? NextMessage
    {
        get { lock (_sync) return _outbox.Next; }
    }

    public string? Setting(string name)
    {
        lock (_sync) return _settings.GetValueOrDefault(name);
    }

    /// <summary>Cards that are not in their collection yet.</summary>
    public IReadOnlyList<SentCard> UnfoldedCards()
    {
        lock (_sync) return [.. Unfolded.Cards.Values];
    }

    public SentCard? UnfoldedCard(string id)
    {
        lock (_sync) return Unfolded.Cards.GetValueOrDefault(id);
    }

    /// <summary>The conversation as it is after a line.</summary>
    public static StoredConversation After(StoredConversation? before, JournalLine.Spoke line)
    {
        List<HandledTurn> handled = [.. before?.Handled ?? []];
        if (line.Turn is { } turn) handled.Add(turn);
        if (handled.Count > RememberedTurns) handled.RemoveRange(0, handled.Count - RememberedTurns);
        for (var i = handled.Count - RememberedReplies - 1; i >= 0 && handled[i].ReplyJson is not null; i--) handled[i] = handled[i] with { ReplyJson = null };
        return new StoredConversation(line.PersonId, line.Json, handled, line.Version);
    }

    /// <param name="kept">Reads a conversation from the file, for lines about one that is not at hand.</param>
    public void Apply(IReadOnlyList<JournalLine> lines, Func<string, StoredConversation?> kept)
    {
        foreach (var line in lines)
        {
            var before = line is JournalLine.Spoke spoke ? Conversation(spoke.PersonId) ?? kept(spoke.PersonId) : null;
            lock (_sync) Apply(line, before);
        }
    }

    /// <summary>Takes in what the collections hold; nothing of it is to be folded again.</summary>
    public void Load(IEnumerable<OutboxMessage> messages, IEnumerable<(Contact, long)> contacts, IEnumerable<(string Name, string Value)> settings)
    {
        lock (_sync)
        {
            foreach (var message in messages)
            {
                _outbox.Put(message);
                Unfolded.InCollection.Add(message.Id);
            }
            foreach (var (contact, sequence) in contacts) Put(contact, sequence);
            foreach (var (name, value) in settings) _settings[name] = value;
        }
    }

    /// <summary>All that was unfolded is in the collections now.</summary>
    public void Folded()
    {
        lock (_sync)
        {
            foreach (var conversation in Unfolded.Conversations.Values) Cache(conversation);
            var inCollection = Unfolded.InCollection;
            inCollection.ExceptWith(Unfolded.Gone);
            inCollection.UnionWith(Unfolded.Messages);
            Unfolded = new Unfolded { InCollection = inCollection };
        }
    }

    private void Apply(JournalLine line, StoredConversation? before)
    {
        switch (line)
        {
            case JournalLine.Spoke spoke:
                Unfolded.Conversations[spoke.PersonId] = After(before, spoke);
                _recent.Remove(spoke.PersonId);
                _older.Remove(spoke.PersonId);
                break;
            case JournalLine.Reached reached:
                Put(reached.Contact, reached.Sequence);
                Unfolded.Contacts[(reached.Contact.PersonId, reached.Contact.Channel)] = (reached.Contact, reached.Sequence);
                Sequence = Math.Max(Sequence, reached.Sequence);
                break;
            case JournalLine.Queued queued:
                _outbox.Put(queued.Message);
                Unfolded.Messages.Add(queued.Message.Id);
                Sequence = Math.Max(Sequence, queued.Message.Sequence);
                break;
            case JournalLine.Tried tried when _outbox.Find(tried.MessageId) is { } message:
                _outbox.Put(message with { NotBefore = tried.NotBefore, Attempts = tried.Attempts, MayHaveArrived = tried.MayHaveArrived, FirstTriedAt = tried.FirstTriedAt, PutOff = tried.PutOff });
                Unfolded.Messages.Add(message.Id);
                break;
            case JournalLine.Left left:
                _outbox.Remove(left.MessageId);
                Unfolded.Messages.Remove(left.MessageId);
                if (Unfolded.InCollection.Contains(left.MessageId)) Unfolded.Gone.Add(left.MessageId);
                break;
            case JournalLine.Shown shown:
                Unfolded.Cards[shown.Card.Id] = shown.Card;
                break;
            case JournalLine.Set set:
                _settings[set.Name] = set.Value;
                Unfolded.Settings[set.Name] = set.Value;
                break;
        }
    }

    private void Put(Contact contact, long sequence)
    {
        if (!_contacts.TryGetValue(contact.PersonId, out var known)) _contacts[contact.PersonId] = known = [];
        known.RemoveAll(c => c.Contact.Channel == contact.Channel);
        known.Add((contact, sequence));
    }

    /// <summary>Two generations: what was not asked for while the newer one filled up is let go.</summary>
    private void Cache(StoredConversation conversation)
    {
        _recent[conversation.PersonId] = conversation;
        _recentCharacters += conversation.Json.Length + conversation.Handled.Sum(h => (h.ReplyJson?.Length ?? 0) + h.TurnId.Length);
        if (_recentCharacters < CacheCharacters / 2) return;
        (_older, _recent, _recentCharacters) = (_recent, new(StringComparer.Ordinal), 0);
    }
}

/// <summary>What the collections do not hold yet.</summary>
internal sealed class Unfolded
{
    public Dictionary<string, StoredConversation> Conversations { get; } = new(StringComparer.Ordinal);
    public Dictionary<(string, string), (Contact Contact, long Sequence)> Contacts { get; } = [];
    public Dictionary<string, SentCard> Cards { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids of messages to be written.</summary>
    public HashSet<string> Messages { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids of messages to be taken out.</summary>
    public HashSet<string> Gone { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids of messages their collection holds.</summary>
    public HashSet<string> InCollection { get; init; } = new(StringComparer.Ordinal);
}
