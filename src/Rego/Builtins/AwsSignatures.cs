using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>providers.aws.sign_req: AWS signature version 4 on a request in http.send's shape.</summary>
internal static class AwsSignatures
{
    private const string Name = "providers.aws.sign_req";
    private const string Algorithm = "AWS4-HMAC-SHA256";

    private static readonly string[] RequestKeys = ["method", "url"];
    private static readonly string[] ConfigKeys = ["aws_access_key", "aws_region", "aws_secret_access_key", "aws_service"];
    private static readonly HashSet<string> Unsigned = ["authorization", "user-agent", "x-amzn-trace-id"];

    public static void Register(Registrar t) => t.Add(Name, "o o n", Sign);

    private static RValue? Sign(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var (request, config, time) = ((RObject)args[0], (RObject)args[1], args[2].Num());
        if (Lacks(e, request, RequestKeys, 1, "request") || Lacks(e, config, ConfigKeys, 2, "AWS config")) return null;
        if (!time.IsInt64 || time.Int64 < 0) return e.Fault("eval_type_error", $"{Name}: operand 3 could not convert time_ns value into a unix timestamp");
        if (!Uri.TryCreate(request.Get("url")!.Str(), UriKind.Absolute, out var url)) return e.Fail($"{Name}: invalid url");
        var service = config.Get("aws_service")!.Str();
        var body = request.Get("raw_body") is RString raw ? raw.Value : request.Get("body") is { } value ? GoJson.Of(value) : "";
        var hash = config.Get("disable_payload_signing") is RBool { Value: true } ? "UNSIGNED-PAYLOAD" : Hash(body);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(time.Int64 / 1_000_000);
        var stamp = now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var own = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = url.Authority, ["x-amz-date"] = stamp };
        if (service is "s3" or "glacier") own["x-amz-content-sha256"] = hash;
        if (config.Get("aws_session_token") is RString token) own["x-amz-security-token"] = token.Value;

        var signed = new SortedDictionary<string, string>(own, StringComparer.Ordinal);
        var headers = new RObjectBuilder();
        if (request.Get("headers") is RObject given)
        {
            headers.SetAll(given);
            for (var i = 0; i < given.Count; i++)
            {
                var key = given.Keys[i] is RString s ? s.Value.ToLowerInvariant() : given.Keys[i].ToString();
                // A header of the request is signed as it came, also where ours takes its place in the result: OPA does so.
                if (!Unsigned.Contains(key)) signed[key] = given.Values[i] is RString text ? text.Value : string.Join(',', given.Values[i].Items().ToArray().Select(v => v is RString x ? x.Value : v.ToString()));
            }
        }
        foreach (var (key, text) in own) headers.Set(key, new RString(text));
        headers.Set("Authorization", new RString(Authorization(config, service, request.Get("method")!.Str(), url, signed, hash, stamp)));
        var result = new RObjectBuilder(request.Count + 1);
        result.SetAll(request);
        result.Set("headers", headers.Build());
        return result.Build();
    }

    private static string Authorization(RObject config, string service, string method, Uri url, SortedDictionary<string, string> headers, string hash, string stamp)
    {
        var day = stamp[..8];
        var scope = $"{day}/{config.Get("aws_region")!.Str()}/{service}/aws4_request";
        var names = string.Join(';', headers.Keys);
        var path = url.OriginalString.IndexOf('/', url.OriginalString.IndexOf("://", StringComparison.Ordinal) + 3) < 0 ? "" : url.AbsolutePath;
        var canonical = $"{method}\n{path}\n{url.Query.TrimStart('?')}\n{string.Concat(headers.Select(h => $"{h.Key}:{h.Value}\n"))}\n{names}\n{hash}";
        var text = $"{Algorithm}\n{stamp}\n{scope}\n{Hash(canonical)}";
        var key = Encoding.UTF8.GetBytes("AWS4" + config.Get("aws_secret_access_key")!.Str());
        foreach (var part in scope.Split('/')) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
        return $"{Algorithm} Credential={config.Get("aws_access_key")!.Str()}/{scope},SignedHeaders={names},Signature={signature}";
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static bool Lacks(Evaluation e, RObject o, string[] required, int operand, string what)
    {
        var missing = required.Where(k => o.Get(k) is null).ToList();
        var wrong = required.Where(k => o.Get(k) is not (null or RString)).ToList();
        if (missing.Count > 0) e.Fault("eval_type_error", $"{Name}: operand {operand} missing required {what} parameters(s): {{{string.Join(", ", missing.Select(m => $"\"{m}\""))}}}");
        else if (wrong.Count > 0) e.Fault("eval_type_error", $"{Name}: operand {operand} invalid values for required {what} parameters(s): {{{string.Join(", ", wrong.Select(m => $"\"{m}\""))}}}");
        return missing.Count + wrong.Count > 0;
    }
}
