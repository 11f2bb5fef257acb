using System.IO.Compression;
using System.Text;
using MicroAppBot.Content;
using Microsoft.AspNetCore.Http.Features;
using Rego.Values;

namespace MicroAppBot.Policies.Api;

/// <summary>What OPA's REST API accepts as a request: JSON or YAML, plain or gzipped, and its flags.</summary>
internal sealed class OpaRequest(HttpContext http)
{
    /// <summary>Unpacked; a manifest has a few kilobytes.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    public bool Pretty => Flag("pretty");

    public bool Metrics => Flag("metrics") || Flag("instrument");

    public bool Provenance => Flag("provenance");

    public bool StrictBuiltinErrors => Flag("strict-builtin-errors");

    /// <summary><c>off</c>, <c>notes</c>, or what cannot be done here: <c>full</c>, <c>fails</c>, <c>debug</c>.</summary>
    public string Explain => http.Request.Query["explain"] is [.., { Length: > 0 } mode] ? mode : "off";

    /// <summary>Who asks, as OPA's decision log names them: address and port.</summary>
    public string RequestedBy => http.Connection.RemoteIpAddress is { } address ? new System.Net.IPEndPoint(address, http.Connection.RemotePort).ToString() : "";

    /// <summary>OPA's reading of a flag: there without a value, or with the value true.</summary>
    public bool Flag(string name) => http.Request.Query.TryGetValue(name, out var values)
        && (values.Count == 0 || values.Any(v => string.IsNullOrEmpty(v) || string.Equals(v, "true", StringComparison.OrdinalIgnoreCase)));

    /// <summary>The parts of the path after a prefix. An escaped slash belongs to its part, so the path is read as it was sent.</summary>
    public IReadOnlyList<string> PathAfter(string prefix)
    {
        var raw = http.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } sent ? sent : http.Request.Path.Value ?? "";
        var path = raw.Split('?', '#')[0];
        var at = path.IndexOf(prefix, StringComparison.Ordinal);
        return at < 0 ? [] : [.. path[(at + prefix.Length)..].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
    }

    /// <summary>The body as a value; null when there is none.</summary>
    /// <exception cref="FormatException">It cannot be read; the message says why.</exception>
    public async Task<RValue?> BodyAsync(CancellationToken cancel)
    {
        var bytes = await BytesAsync(cancel);
        if (bytes.AsSpan().Trim(" \t\r\n"u8).IsEmpty) return null;
        if (http.Request.ContentType?.Contains("yaml", StringComparison.OrdinalIgnoreCase) != true) return RValue.Parse(bytes);
        try
        {
            using var text = new StreamReader(new MemoryStream(bytes), new UTF8Encoding(false, throwOnInvalidBytes: true));
            return YamlData.Read(text, "body") is { } document ? RValue.Parse(document.ToJsonString()) : null;
        }
        catch (Exception e) when (e is ContentException or DecoderFallbackException or InvalidOperationException)
        {
            throw new FormatException(e is ContentException broken ? broken.Faults[0].Why : e.Message, e);
        }
    }

    /// <summary>One JSON value out of the address.</summary>
    /// <exception cref="FormatException">It is not JSON.</exception>
    public RValue? InputOfQuery() => http.Request.Query["input"] is [.., { Length: > 0 } text] ? RValue.Parse(text) : null;

    private async Task<byte[]> BytesAsync(CancellationToken cancel)
    {
        var zipped = http.Request.Headers.ContentEncoding.Any(e => string.Equals(e, "gzip", StringComparison.OrdinalIgnoreCase));
        await using var body = zipped ? new GZipStream(http.Request.Body, CompressionMode.Decompress) : http.Request.Body;
        using var all = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await body.ReadAsync(buffer, cancel)) > 0;)
            {
                if (all.Length + read > MostBytes) throw new FormatException($"the body is larger than {MostBytes / 1024 / 1024} MB");
                all.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException broken)
        {
            throw new FormatException("could not decompress the body", broken);
        }
        return all.ToArray();
    }
}
