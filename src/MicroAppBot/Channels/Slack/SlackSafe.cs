using System.Security.Cryptography;
using System.Text;

namespace MicroAppBot.Channels.Slack;

/// <summary>
/// Seals what must not lie readable in the store or its backups (AES-256-GCM), and signs what a browser carries for us, each with
/// a key of its own made from the one secret of the settings. A key on the same disk as the store would protect nothing.
/// </summary>
internal sealed class SlackSafe
{
    private const string Mark = "v1:";
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _sealing;
    private readonly byte[] _signing;

    public SlackSafe(string secret)
    {
        byte[] KeyFor(string use) => HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, salt: null, Encoding.UTF8.GetBytes("microappbot " + use));
        (_sealing, _signing) = (KeyFor("slack tokens"), KeyFor("slack install state"));
    }

    /// <param name="about">What it belongs to; it opens for nothing else.</param>
    public string Seal(string text, string about)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var box = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceSize));
        using var cipher = new AesGcm(_sealing, TagSize);
        cipher.Encrypt(box.AsSpan(0, NonceSize), plain, box.AsSpan(NonceSize + TagSize), box.AsSpan(NonceSize, TagSize), Encoding.UTF8.GetBytes(about));
        return Mark + Convert.ToBase64String(box);
    }

    /// <returns>Null when it was sealed with another secret, for something else, or is damaged.</returns>
    public string? Open(string sealedText, string about)
    {
        try
        {
            if (!sealedText.StartsWith(Mark, StringComparison.Ordinal)) return null;
            var box = Convert.FromBase64String(sealedText[Mark.Length..]);
            if (box.Length < NonceSize + TagSize) return null;
            var plain = new byte[box.Length - NonceSize - TagSize];
            using var cipher = new AesGcm(_sealing, TagSize);
            cipher.Decrypt(box.AsSpan(0, NonceSize), box.AsSpan(NonceSize + TagSize), box.AsSpan(NonceSize, TagSize), plain, Encoding.UTF8.GetBytes(about));
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException)
        {
            return null;
        }
    }

    public string Sign(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(_signing, Encoding.UTF8.GetBytes(text)));

    public bool IsSigned(string text, string signature) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(text)), Encoding.UTF8.GetBytes(signature));
}
