using System.Text.Json;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Console;

/// <summary>
/// What is unread in everybody's inbox. Kept in memory and caught up from the transcript when somebody looks; what was
/// seen is a setting of the store, so that it outlives a restart and is the same in every window.
/// </summary>
public sealed class ConsoleInbox(IStore store) : IDisposable
{
    private const string SeenKey = "console-seen";
    private const int Page = 500;

    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<string, Box> _boxes = new(StringComparer.Ordinal);
    private Dictionary<string, long>? _seen;
    private long _last;

    public void Dispose() => _one.Dispose();

    /// <summary>The last sequence number anybody's line has, and the inbox of each person who has one.</summary>
    public async Task<(long Sequence, IReadOnlyDictionary<string, Unread> Boxes)> LookAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            await CatchUpAsync(cancel);
            return (_last, _boxes.ToDictionary(b => b.Key, b => b.Value.Unread, StringComparer.Ordinal));
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Somebody has read this person's inbox up to the line with this sequence number.</summary>
    public async Task SeeAsync(string personId, long sequence, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            await CatchUpAsync(cancel);
            sequence = Math.Min(sequence, _last);
            var seen = await SeenAsync(cancel);
            if (sequence <= seen.GetValueOrDefault(personId)) return;
            seen[personId] = sequence;
            if (_boxes.TryGetValue(personId, out var box)) box.See(sequence);
            await store.SaveSettingAsync(SeenKey, JsonSerializer.Serialize(seen), cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task CatchUpAsync(CancellationToken cancel)
    {
        var seen = await SeenAsync(cancel);
        while (true)
        {
            var lines = await store.TranscriptAsync(null, _last, Page, cancel);
            foreach (var line in lines)
            {
                if (!_boxes.TryGetValue(line.PersonId, out var box)) _boxes[line.PersonId] = box = new Box();
                box.Add(line, seen.GetValueOrDefault(line.PersonId));
                _last = line.Sequence;
            }
            if (lines.Count < Page) return;
        }
    }

    private async ValueTask<Dictionary<string, long>> SeenAsync(CancellationToken cancel) =>
        _seen ??= await store.SettingAsync(SeenKey, cancel) is { } kept ? JsonSerializer.Deserialize<Dictionary<string, long>>(kept) ?? [] : [];

    private sealed class Box
    {
        private readonly SortedSet<long> _unread = [];
        private Unread _last = new(0, "", default);

        public Unread Unread => _last with { Count = _unread.Count };

        /// <summary>A card that is drawn again in place is not news, so only where a line stands counts.</summary>
        public void Add(TranscriptLine line, long seen)
        {
            if (line.FromPerson) return;
            if (line.Position > seen) _unread.Add(line.Position);
            var shown = ConsoleLine.Of(line);
            _last = new Unread(0, Short(string.IsNullOrWhiteSpace(shown.Text) ? ConsoleLine.FirstWords(shown.Card) : shown.Text), line.At);
        }

        public void See(long sequence) => _unread.RemoveWhere(position => position <= sequence);

        private static string Short(string words)
        {
            const int Room = 140;
            words = string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            if (words.Length <= Room) return words;
            // Never half of a surrogate pair
            return words[..(char.IsHighSurrogate(words[Room - 1]) ? Room - 1 : Room)] + "…";
        }
    }
}

/// <param name="Count">Messages nobody has looked at yet.</param>
/// <param name="Excerpt">The latest message in a few words.</param>
public sealed record Unread(int Count, string Excerpt, DateTimeOffset At);
