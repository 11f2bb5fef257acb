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
        if (Told(e, 2, "missing required AWS config parameters(s)", ConfigKeys.Where(k => config.Get(k) is null))) return null;
        if (Told(e, 2, "invalid values for required AWS config parameters(s)", ConfigKeys.Where(k => config.Get(k) is not RString))) return null;
        if (!time.IsPlainInt64) return e.Fault("eval_type_error", $"{Name}: operand 3 could not convert time_ns value into a unix timestamp");
        if (HttpSend.KeysFault(request) is { } keys) return e.Fault("eval_type_error", $"{Name}: {keys}");
        if (request.Get("headers") is { } wrong and not RObject) return e.Operand(Name, 0, "object", wrong);
        if (Told(e, 1, "invalid values for required request parameters(s)", RequestKeys.Where(k => request.Get(k) is not RString))) return null;
        if (config.Get("disable_payload_signing") is { } flag and not RBool) return e.Fault("eval_type_error", $"{Name}: operand 2 invalid value for 'disable_payload_signing' in AWS config");
        var url = GoUrl.Parse(request.Get("url")!.Str());
        var service = config.Get("aws_service")!.Str();
        var body = request.Get("raw_body") is { } raw ? Text(raw) : request.Get("body") is { } value ? GoJson.Of(value) : "";
        var hash = config.Get("disable_payload_signing") is RBool { Value: true } ? "UNSIGNED-PAYLOAD" : Hash(body);
        var now = DateTimeOffset.UnixEpoch.AddTicks((long)Math.Floor(time.Int64 / 100m));
        var stamp = now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var own = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = url.Host, ["x-amz-date"] = stamp };
        if (service is "s3" or "glacier") own["x-amz-content-sha256"] = hash;
        if (config.Get("aws_session_token") is RString { Value.Length: > 0 } token) own["x-amz-security-token"] = token.Value;

        var signed = new SortedDictionary<string, string>(own, StringComparer.Ordinal);
        var headers = new RObjectBuilder();
        if (request.Get("headers") is RObject given)
        {
            for (var i = 0; i < given.Count; i++)
            {
                var (name, text) = (Text(given.Keys[i]), Text(given.Values[i]));
                headers.Set(name, new RString(text));
                // A header of the request is signed as it came, also where ours takes its place in the result: OPA does so.
                if (!Unsigned.Contains(name.ToLowerInvariant())) signed[name.ToLowerInvariant()] = text;
            }
        }
        headers.Set("Authorization", new RString(Authorization(config, service, request.Get("method")!.Str(), url, signed, hash, stamp)));
        foreach (var (key, text) in own) headers.Set(key, new RString(text));
        var result = new RObjectBuilder(request.Count + 1);
        result.SetAll(request);
        result.Set("headers", headers.Build());
        return result.Build();
    }

    private static string Authorization(RObject config, string service, string method, GoUrl url, SortedDictionary<string, string> headers, string hash, string stamp)
    {
        var day = stamp[..8];
        var scope = $"{day}/{config.Get("aws_region")!.Str()}/{service}/aws4_request";
        var names = string.Join(';', headers.Keys);
        var canonical = $"{method}\n{url.EscapedPath}\n{url.Query}\n{string.Concat(headers.Select(h => $"{h.Key}:{h.Value}\n"))}\n{names}\n{hash}";
        var text = $"{Algorithm}\n{stamp}\n{scope}\n{Hash(canonical)}";
        var key = Encoding.UTF8.GetBytes("AWS4" + config.Get("aws_secret_access_key")!.Str());
        foreach (var part in scope.Split('/')) key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
        return $"{Algorithm} Credential={config.Get("aws_access_key")!.Str()}/{scope},SignedHeaders={names},Signature={signature}";
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Text(RValue value) => value is RString s ? s.Value : "";

    private static bool Told(Evaluation e, int operand, string what, IEnumerable<string> keys)
    {
        var some = keys.ToList();
        if (some.Count > 0) e.Fault("eval_type_error", $"{Name}: operand {operand} {what}: {{{string.Join(", ", some.Select(k => $"\"{k}\""))}}}");
        return some.Count > 0;
    }
}
