using System.IO.Compression;
using Microsoft.AspNetCore.Http.Features;
using Rego.Values;

namespace MicroAppBot.Policies.Api;

/// <summary>What OPA's REST API accepts as a request: JSON or YAML, plain or gzipped, and its flags.</summary>
internal sealed class OpaRequest(HttpContext http)
{
    private const string Malformed = "body contains malformed input document: ";
    private const string TooLarge = "request body too large";

    /// <summary>Unpacked; a manifest has a few kilobytes.</summary>
    private const int MostBytes = 16 * 1024 * 1024;

    public bool Pretty => Flag("pretty");

    public bool Metrics => Flag("metrics") || Flag("instrument");

    public bool Provenance => Flag("provenance");

    public bool StrictBuiltinErrors => Flag("strict-builtin-errors");

    /// <summary><c>notes</c>, <c>fails</c>, <c>full</c> or <c>debug</c>; null for everything else, as OPA reads it.</summary>
    public string? Explain => http.Request.Query["explain"].FirstOrDefault(mode => mode is "notes" or "fails" or "full" or "debug");

    /// <summary>Who asks, as OPA's decision log names them: address and port.</summary>
    public string RequestedBy => http.Connection.RemoteIpAddress is { } address ? new System.Net.IPEndPoint(address, http.Connection.RemotePort).ToString() : "";

    /// <summary>Trace and span, where the asker is in one (a <c>traceparent</c> was sent).</summary>
    public (string Trace, string Span)? Span => http.Request.Headers.TraceParent is [{ } parent] && parent.Split('-') is ["00", { Length: 32 } trace, { Length: 16 } span, _]
        && (trace + span).All(char.IsAsciiHexDigitLower) ? (trace, span) : null;

    /// <summary>OPA's reading of a flag: there without a value, or with the value true.</summary>
    public bool Flag(string name) => http.Request.Query.TryGetValue(name, out var values)
        && (values is [null or ""] || values.Any(v => string.Equals(v, "true", StringComparison.OrdinalIgnoreCase)));

    /// <summary>The parts of the path after a prefix. An escaped slash belongs to its part, so the path is read as it was sent.</summary>
    public IReadOnlyList<string> PathAfter(string prefix)
    {
        var raw = http.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } sent ? sent : http.Request.Path.Value ?? "";
        var path = raw.Split('?', '#')[0];
        var at = path.IndexOf(prefix, StringComparison.Ordinal);
        return at < 0 ? [] : [.. path[(at + prefix.Length)..].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
    }

    /// <summary>The body as a value; null when it is empty.</summary>
    /// <param name="malformed">How the message begins when it is neither JSON nor YAML.</param>
    /// <exception cref="FormatException">It cannot be read; the message says why.</exception>
    public async Task<RValue?> BodyAsync(CancellationToken cancel, string malformed = Malformed)
    {
        var bytes = await BytesAsync(cancel);
        if (bytes.AsSpan().Trim(" \t\r\n"u8).IsEmpty) return null;
        try
        {
            return http.Request.ContentType?.Contains("yaml", StringComparison.OrdinalIgnoreCase) == true ? YamlData.Value(bytes) : RValue.Parse(bytes);
        }
        catch (FormatException odd)
        {
            throw new FormatException(malformed + odd.Message, odd);
        }
    }

    /// <summary>The input out of a body of version 1. One that is null counts as none, as in OPA.</summary>
    /// <inheritdoc cref="BodyAsync" path="/exception"/>
    public async Task<RValue?> InputOfBodyAsync(CancellationToken cancel) => await BodyAsync(cancel) switch
    {
        null or RNull => null,
        RObject members => members.Get("input") is RNull ? null : members.Get("input"),
        _ => throw new FormatException(Malformed + "the body must be an object with the key \"input\""),
    };

    /// <summary>One JSON value out of the address.</summary>
    /// <exception cref="FormatException">It is not JSON.</exception>
    public RValue? InputOfQuery()
    {
        if (http.Request.Query["input"] is not [.., { } text]) return null;
        try
        {
            return RValue.Parse(text);
        }
        catch (FormatException odd)
        {
            throw new FormatException("parameter contains malformed input document: " + odd.Message, odd);
        }
    }

    private async Task<byte[]> BytesAsync(CancellationToken cancel)
    {
        if (http.Request.ContentLength > MostBytes) throw new FormatException(TooLarge);
        var zipped = http.Request.Headers.ContentEncoding.Any(e => e?.Contains("gzip", StringComparison.OrdinalIgnoreCase) == true);
        await using var body = zipped ? new GZipStream(http.Request.Body, CompressionMode.Decompress) : http.Request.Body;
        using var all = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            for (int read; (read = await body.ReadAsync(buffer, cancel)) > 0;)
            {
                if (all.Length + read > MostBytes) throw new FormatException(TooLarge);
                all.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException broken)
        {
            throw new FormatException($"could not decompress the body: {broken.Message}", broken);
        }
        catch (BadHttpRequestException beyond) when (beyond.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new FormatException(TooLarge, beyond);
        }
        return all.ToArray();
    }
}
