using System.IO.Compression;

namespace MicroAppBot.Policies.Api;

/// <summary>JSON that is gzipped where OPA does it: an answer about data or partial evaluation, not a small one, to who takes it packed.</summary>
internal sealed class PackableJson(byte[] body, int status) : IResult
{
    /// <summary>OPA's <c>gzip.min_length</c>.</summary>
    private const int LeastBytes = 1024;

    public async Task ExecuteAsync(HttpContext http)
    {
        var answer = http.Response;
        answer.StatusCode = status;
        answer.ContentType = "application/json";
        var bytes = body;
        if (IsPackedAt(http.Request))
        {
            answer.Headers.Append("Vary", "Accept-Encoding");
            if (body.Length >= LeastBytes && TakesGzip(http.Request))
            {
                answer.Headers.ContentEncoding = "gzip";
                bytes = Packed();
            }
        }
        answer.ContentLength = bytes.Length;
        await answer.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private byte[] Packed()
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true)) zip.Write(body);
        return bytes.ToArray();
    }

    private static bool IsPackedAt(HttpRequest request) =>
        (HttpMethods.IsPost(request.Method) && request.Path.StartsWithSegments("/v1/compile", StringComparison.Ordinal))
        || ((HttpMethods.IsPost(request.Method) || HttpMethods.IsGet(request.Method))
            && (request.Path.StartsWithSegments("/v1/data", StringComparison.Ordinal) || request.Path.StartsWithSegments("/v0/data", StringComparison.Ordinal)));

    private static bool TakesGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(e => e.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && e.Quality is null or > 0);
}
