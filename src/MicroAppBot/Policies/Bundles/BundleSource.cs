using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using MicroAppBot.Content;

namespace MicroAppBot.Policies.Bundles;

/// <summary>Where one bundle comes from, and the copy of the last good one.</summary>
/// <param name="keep">The folder of the kept copies.</param>
internal sealed class BundleSource(BundleSettings settings, BundleKey? key, string keep, HttpClient http)
{
    /// <summary>Stands in where the server gives no entity tag.</summary>
    private const string HashTag = "sha256:";

    private string? _tag;

    public BundleSettings Settings => settings;

    /// <summary>The bundle in force; null before the first.</summary>
    public Bundle? Now { get; set; }

    /// <summary>What is wrong with what is there, while it is not what is in force; null otherwise.</summary>
    public IReadOnlyList<ContentFault>? Refused { get; set; }

    /// <summary>What is there is looked at again, though it did not change.</summary>
    public void Forget() => _tag = null;

    /// <summary>What is there, when it is another one than was seen last; null when nothing changed.</summary>
    /// <exception cref="BundleAwayException">It cannot be had.</exception>
    /// <exception cref="ContentException">It is no good bundle.</exception>
    public async Task<Fetched?> LookAsync(CancellationToken cancel)
    {
        if (settings.Url is not null) return await FetchAsync(settings.Url, cancel);
        var path = settings.Path!;
        try
        {
            if (Directory.Exists(path))
            {
                var folder = BundleReader.ReadFolder(settings.Name, path, key);
                return Seen(Convert.ToHexString(SHA256.HashData(BundleWriter.Pack(folder.Files))), folder, null);
            }
            if (new FileInfo(path).Length > BundleReader.MostPackedBytes) throw Bundle.Fault(settings.Name, "", $"It is larger than {BundleReader.MostPackedBytes >> 20} MB.");
            var bytes = await File.ReadAllBytesAsync(path, cancel);
            var tag = Convert.ToHexString(SHA256.HashData(bytes));
            return tag == _tag ? null : Seen(tag, () => BundleReader.Read(settings.Name, bytes, key), bytes);
        }
        catch (Exception away) when (away is IOException or UnauthorizedAccessException)
        {
            throw new BundleAwayException(settings.Name, $"It cannot be read: {away.Message}");
        }
    }

    /// <summary>The last good one, as it was kept; null when there is none that verifies.</summary>
    public Bundle? Kept()
    {
        try
        {
            if (!File.Exists(KeptFile)) return null;
            var bundle = BundleReader.Read(settings.Name, File.ReadAllBytes(KeptFile), key);
            _tag = File.Exists(KeptFile + ".etag") ? File.ReadAllText(KeptFile + ".etag") : null;
            return bundle;
        }
        catch (Exception e) when (e is ContentException or IOException)
        {
            return null;
        }
    }

    /// <summary>Keeps one that was put in force, for a start at which the server is away.</summary>
    public void Keep(Fetched good)
    {
        if (settings.Url is null || good.Archive is null) return;
        Directory.CreateDirectory(keep);
        var temporary = KeptFile + ".new";
        File.WriteAllBytes(temporary, good.Archive);
        File.Move(temporary, KeptFile, overwrite: true);
        File.WriteAllText(KeptFile + ".etag", good.Tag);
    }

    private string KeptFile => Path.Combine(keep, settings.Name + ".tar.gz");

    private async Task<Fetched?> FetchAsync(Uri url, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30 + settings.LongPollSeconds));
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            if (settings.Token is { Length: > 0 } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            // As it came: OPA's servers are not strict about quotes
            if (_tag is not null && !_tag.StartsWith(HashTag, StringComparison.Ordinal)) request.Headers.TryAddWithoutValidation("If-None-Match", _tag);
            // As OPA asks: whole bundles only, and how long the server may wait for a newer one
            request.Headers.TryAddWithoutValidation("Prefer", settings.LongPollSeconds > 0 ? $"modes=snapshot;wait={settings.LongPollSeconds}" : "modes=snapshot");
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (answer.StatusCode == HttpStatusCode.NotModified) return null;
            if (!answer.IsSuccessStatusCode) throw new BundleAwayException(settings.Name, $"{url.Host} answered {(int)answer.StatusCode}.");
            var bytes = await BytesAsync(answer, limit.Token);
            var tag = answer.Headers.NonValidated.TryGetValues("ETag", out var tags) ? tags.ToString() : HashTag + Convert.ToHexString(SHA256.HashData(bytes));
            return tag == _tag ? null : Seen(tag, () => BundleReader.Read(settings.Name, bytes, key), bytes);
        }
        catch (HttpRequestException away)
        {
            throw new BundleAwayException(settings.Name, $"{url.Host} cannot be reached: {away.Message.TrimEnd('.')}.");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new BundleAwayException(settings.Name, $"{url.Host} did not answer in time.");
        }
    }

    private async Task<byte[]> BytesAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, cancel)) > 0;)
        {
            if (all.Length + read > BundleReader.MostPackedBytes) throw Bundle.Fault(settings.Name, "", $"It is larger than {BundleReader.MostPackedBytes >> 20} MB.");
            all.Write(buffer, 0, read);
        }
        return all.ToArray();
    }

    /// <summary>A bad one is remembered as seen too: it is told once, and not fetched again until it changes.</summary>
    private Fetched Seen(string tag, Func<Bundle> read, byte[] bytes)
    {
        _tag = tag;
        return new Fetched(read(), tag, bytes);
    }

    private Fetched? Seen(string tag, Bundle bundle, byte[]? bytes)
    {
        if (tag == _tag) return null;
        _tag = tag;
        return new Fetched(bundle, tag, bytes);
    }
}

/// <param name="Tag">The server's entity tag, or a hash.</param>
/// <param name="Archive">As it came; null for a folder.</param>
internal sealed record Fetched(Bundle Bundle, string Tag, byte[]? Archive);
