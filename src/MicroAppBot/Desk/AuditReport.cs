using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MicroAppBot.Desk;

/// <summary>What an audit found.</summary>
/// <param name="Faults">What does not fit; empty when everything does.</param>
public sealed record AuditReport(long Streams, long Events, long Anchors, long Snapshots, IReadOnlyList<AuditFault> Faults)
{
    /// <summary>More are counted and not listed: one removed file can make thousands.</summary>
    private const int MostListed = 50;

    public bool IsSound => Faults.Count == 0;

    /// <summary>The finding for a person to read, on several lines.</summary>
    public string InWords()
    {
        var words = new StringBuilder();
        var what = $"{Count(Streams, "stream")}, {Count(Events, "event")}, {Count(Snapshots, "stored state")}, {Count(Anchors, "daily anchor")}";
        if (IsSound)
        {
            words.AppendLine(CultureInfo.InvariantCulture, $"Everything fits: {what}.");
            words.AppendLine("Each event carries the hash of the one before it, the anchors hold the ends of the streams, and the events add up to the stored states.");
            return words.ToString();
        }
        words.AppendLine(CultureInfo.InvariantCulture, $"{Count(Faults.Count, "thing")} {(Faults.Count == 1 ? "does" : "do")} not fit ({what}):");
        foreach (var fault in Faults.Take(MostListed)) words.AppendLine(CultureInfo.InvariantCulture, $"  {fault.Where}: {fault.What}");
        if (Faults.Count > MostListed) words.AppendLine(CultureInfo.InvariantCulture, $"  and {Faults.Count - MostListed} more");
        return words.ToString();
    }

    /// <summary>As the API answers: <c>{sound, words, streams, events, snapshots, anchors, faults: [{where, what}]}</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new { Sound = IsSound, Words = InWords(), Streams, Events, Snapshots, Anchors, Faults }, DeskJson.Options);

    private static string Count(long number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {what}{(number == 1 ? "" : "s")}");
}

/// <param name="Where">A stream's id, or <c>anchor 3</c>, or <c>the store</c>.</param>
/// <param name="What">In plain words.</param>
public sealed record AuditFault(string Where, string What);
