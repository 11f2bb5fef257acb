using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MicroAppBot.Desk;

/// <summary>
/// How records are chained, so that a change of the past shows. Each event carries the hash of the one before in its
/// stream; once a day an anchor takes up the end of every stream that grew since the anchor before, and that anchor's hash.
/// The same for every store.
/// </summary>
public static class AuditChain
{
    /// <summary>What the first event of a stream, and the first anchor, name as the hash before.</summary>
    public const string Start = "";

    /// <summary>SHA-256 (hex, lower case) over the parts, each with its length before it, so that no two lists of parts read the same.</summary>
    public static string EventHash(string streamId, long version, DateTimeOffset at, string json, string previousHash) =>
        HashOf([streamId, Number(version), Number(at.UtcTicks), json, previousHash]);

    /// <inheritdoc cref="EventHash"/>
    public static string AnchorHash(long number, DateTimeOffset at, IReadOnlyList<AnchoredHead> heads, string previousHash) =>
        HashOf([Number(number), Number(at.UtcTicks), previousHash, .. heads.SelectMany(h => new[] { h.StreamId, Number(h.Version), h.Hash })]);

    private static string HashOf(IReadOnlyList<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes((long)bytes.Length));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The end of a stream at the time of an anchor.</summary>
public sealed record AnchoredHead(string StreamId, long Version, string Hash);

/// <summary>A daily anchor.</summary>
/// <param name="Number">1, 2, 3, …</param>
/// <param name="At">On the system clock.</param>
/// <param name="Heads">The streams that grew since the anchor before: together the anchors hold the end of every stream.</param>
public sealed record AuditAnchor(long Number, DateTimeOffset At, IReadOnlyList<AnchoredHead> Heads, string PreviousHash, string Hash);

/// <summary>How much was ever written.</summary>
public sealed record AuditTotals(long Streams, long Events);
