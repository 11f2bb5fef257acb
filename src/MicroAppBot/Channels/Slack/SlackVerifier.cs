using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace MicroAppBot.Channels.Slack;

/// <summary>
/// Whether a request comes from Slack and is fresh: <c>v0=HMAC-SHA256(secret, "v0:" + timestamp + ":" + raw body)</c>
/// (docs.slack.dev, "Verifying requests from Slack"). Two secrets count while one is being changed for the other.
/// </summary>
internal sealed partial class SlackVerifier(SlackSettings settings, TimeProvider time, ILogger<SlackVerifier> log)
{
    public const string TimestampHeader = "X-Slack-Request-Timestamp";
    public const string SignatureHeader = "X-Slack-Signature";

    private const string Version = "v0=";

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    /// <summary>On both sides: a request from the future could be kept and shown again for as long.</summary>
    private const long MostSecondsApart = 300;

    private readonly byte[][] _secrets = [.. settings.SigningSecrets.Select(Encoding.UTF8.GetBytes)];

    /// <param name="body">As it came over the wire, before anything was read in it.</param>
    public bool Vouches(IHeaderDictionary headers, ReadOnlySpan<byte> body)
    {
        if (_secrets.Length == 0) return Refuse("no signing secret is set");
        if (Only(headers[TimestampHeader]) is not { } stamp || Only(headers[SignatureHeader]) is not { } signature) return Refuse("a header is missing or comes twice");
        if (!long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var sent)) return Refuse("the timestamp is none");
        if (Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - sent) > MostSecondsApart) return Refuse("the timestamp is too far from now");

        Span<byte> claimed = stackalloc byte[SHA256.HashSizeInBytes];
        if (!signature.StartsWith(Version, StringComparison.Ordinal) || !IsLowerHex(signature.AsSpan(Version.Length))
            || Convert.FromHexString(signature.AsSpan(Version.Length), claimed, out _, out var written) != OperationStatus.Done || written != claimed.Length)
        {
            return Refuse("the signature is none of version v0");
        }
        Span<byte> computed = stackalloc byte[SHA256.HashSizeInBytes];
        var vouches = false;
        foreach (var secret in _secrets)
        {
            using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
            hash.AppendData("v0:"u8);
            hash.AppendData(Encoding.ASCII.GetBytes(stamp));
            hash.AppendData(":"u8);
            hash.AppendData(body);
            hash.GetHashAndReset(computed);
            // All of them are tried: how long it takes tells nobody which one it was
            vouches |= CryptographicOperations.FixedTimeEquals(computed, claimed);
        }
        return vouches || Refuse("the signature does not fit");
    }

    private static string? Only(StringValues header) => header is [{ Length: > 0 } one] ? one : null;

    private static bool IsLowerHex(ReadOnlySpan<char> text) => text.Length == 2 * SHA256.HashSizeInBytes && !text.ContainsAnyExcept(LowerHex);

    private bool Refuse(string why)
    {
        Refused(why);
        return false;
    }

    // Nothing of the request itself: what is no signature of today may be one of a secret that is still in use elsewhere
    [LoggerMessage(Level = LogLevel.Warning, Message = "A request to Slack's endpoints was not let in: {Why}.")]
    private partial void Refused(string why);
}
