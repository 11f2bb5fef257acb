using System.Globalization;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>http.send and net.lookup_ip_addr: asked and answered here, carried by the host if it wants to.</summary>
internal static class HttpSend
{
    private const int MaxBody = 16 * 1024 * 1024;
    private const long DefaultTimeoutNs = 5_000_000_000;

    private static readonly string[] RequiredKeys = ["method", "url"];

    private static readonly HashSet<string> RequestKeys =
    [
        "method", "url", "body", "enable_redirect", "force_json_decode", "force_yaml_decode", "headers", "raw_body", "tls_use_system_certs",
        "tls_ca_cert", "tls_ca_cert_file", "tls_ca_cert_env_variable", "tls_client_cert", "tls_client_cert_file", "tls_client_cert_env_variable",
        "tls_client_key", "tls_client_key_file", "tls_client_key_env_variable", "tls_insecure_skip_verify", "tls_server_name", "timeout", "cache",
        "force_cache", "force_cache_duration_seconds", "raise_error", "caching_mode", "max_retry_attempts", "cache_ignored_headers",
    ];

    public static void Register(Registrar t)
    {
        t.Add("http.send", "o", (e, a) => Send(e, (RObject)a[0]));
        t.Add("net.lookup_ip_addr", "s", LookUp);
    }

    private static RValue? Send(Evaluation e, RObject request)
    {
        var unknown = request.SortedKeys.Where(k => k is not RString s || !RequestKeys.Contains(s.Value)).ToList();
        if (unknown.Count > 0) return e.Fault("eval_type_error", $"http.send: operand 1 invalid request parameters(s): {{{string.Join(", ", unknown)}}}");
        var missing = RequiredKeys.Where(k => request.Get(k) is null).ToList();
        if (missing.Count > 0) return e.Fault("eval_type_error", $"http.send: operand 1 missing required request parameters(s): {{{string.Join(", ", missing.Select(m => new RString(m)))}}}");
        if (e.Outside?.Send is not { } send) return e.Fault("eval_http_send_network_error", "http.send: sending requests is not allowed here");
        if (request.SortedKeys.OfType<RString>().FirstOrDefault(k => k.Value.StartsWith("tls_", StringComparison.Ordinal) && k.Value != "tls_use_system_certs") is { } tls)
            return e.Fail($"http.send: {tls.Value} is not supported: certificates are the host's");
        if (e.QueryCache.TryGetValue(("http.send", request), out var known)) return known;
        var answer = Ask(e, request, send);
        if (answer is not null) e.QueryCache[("http.send", request)] = answer;
        return answer;
    }

    private static RValue? Ask(Evaluation e, RObject request, Func<OutgoingRequest, CancellationToken, IncomingAnswer> send)
    {
        if (request.Get("method") is not RString method) return e.Fault("eval_type_error", "http.send: operand 1 'method' must be a string");
        if (request.Get("url") is not RString address || !Uri.TryCreate(address.Value, UriKind.Absolute, out var url)) return e.Fail("http.send: 'url' is not an absolute URL");
        if (url.Scheme is not ("http" or "https")) return e.Fail($"http.send: unsupported URL scheme {url.Scheme}");
        if (e.Outside!.AllowedHosts is { } hosts && !hosts.Contains(url.IdnHost)) return e.Fail($"http.send: host {url.IdnHost} is not allowed");
        if (Timeout(request.Get("timeout")) is not { } timeout) return e.Fail("http.send: 'timeout' is neither nanoseconds nor a duration");
        var headers = new List<KeyValuePair<string, string>>();
        if (request.Get("headers") is RObject given)
        {
            for (var i = 0; i < given.Count; i++)
            {
                if (given.Keys[i] is not RString name || given.Values[i] is not RString value) return e.Fault("eval_type_error", "http.send: operand 1 headers must be strings");
                headers.Add(KeyValuePair.Create(name.Value, value.Value));
            }
        }
        var body = request.Get("raw_body") is RString raw ? raw.Value : request.Get("body") is { } json ? GoJson.Of(json) : "";
        if (request.Get("raw_body") is null && body.Length > 0 && !headers.Any(h => h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))) headers.Add(KeyValuePair.Create("Content-Type", "application/json"));
        try
        {
            return Told(e, request, send(new OutgoingRequest(method.Value.ToUpperInvariant(), url, headers, body, timeout, request.Get("enable_redirect") is RBool { Value: true }), e.Cancellation));
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or TimeoutException)
        {
            return request.Get("raise_error") is RBool { Value: false } ? Failed("eval_http_send_network_error", fault.Message) : e.Fault("eval_http_send_network_error", $"http.send: {fault.Message}");
        }
    }

    private static TimeSpan? Timeout(RValue? value)
    {
        long? ns = value switch
        {
            null => DefaultTimeoutNs,
            RNumber { IsInt64: true, Int64: > 0 } n => n.Int64,
            RString s when GoTime.Duration(s.Value) is { } d and > 0 => d,
            _ => null,
        };
        return ns is { } known ? TimeSpan.FromTicks(known / 100) : null;
    }

    private static RObject? Told(Evaluation e, RObject request, IncomingAnswer answer)
    {
        if (answer.Body.Length > MaxBody)
        {
            e.Fail("http.send: the answer is too long");
            return null;
        }
        var o = new RObjectBuilder();
        o.Set("status", new RString(string.Create(CultureInfo.InvariantCulture, $"{answer.StatusCode} {answer.Status}").TrimEnd()));
        o.Set("status_code", RNumber.Of(answer.StatusCode));
        var headers = new RObjectBuilder();
        foreach (var (name, values) in answer.Headers) headers.Set(name.ToLowerInvariant(), new RArray([.. values.Select(v => (RValue)new RString(v))]));
        o.Set("headers", headers.Build());
        o.Set("raw_body", new RString(answer.Body));
        var type = answer.Headers.Where(h => h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).SelectMany(h => h.Value).FirstOrDefault() ?? "";
        if (Decoded(request, type, answer.Body) is { } body) o.Set("body", body);
        return o.Build();
    }

    /// <summary>The body when it says it is JSON or YAML, or the policy says so; null where it is neither.</summary>
    private static RValue? Decoded(RObject request, string type, string body)
    {
        try
        {
            if (request.Get("force_json_decode") is RBool { Value: true } || type.Contains("json", StringComparison.OrdinalIgnoreCase)) return RValue.Parse(body);
            if (request.Get("force_yaml_decode") is RBool { Value: true } || type.Contains("yaml", StringComparison.OrdinalIgnoreCase)) return YamlText.Read(body);
            return RNull.Instance;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static RObject Failed(string code, string message)
    {
        var error = new RObjectBuilder();
        error.Set("code", new RString(code));
        error.Set("message", new RString(message));
        var o = new RObjectBuilder();
        o.Set("status_code", RNumber.Of(0));
        o.Set("error", error.Build());
        return o.Build();
    }

    private static RValue? LookUp(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (e.Outside?.LookUp is not { } lookUp) return e.Fail("net.lookup_ip_addr: looking up names is not allowed here");
        var name = args[0].Str();
        if (e.Outside.AllowedHosts is { } hosts && !hosts.Contains(name)) return e.Fail($"net.lookup_ip_addr: host {name} is not allowed");
        var key = ("net.lookup_ip_addr", args[0]);
        if (e.QueryCache.TryGetValue(key, out var known)) return known;
        try
        {
            return e.QueryCache[key] = RSet.Of(lookUp(name, e.Cancellation).Select(a => (RValue)new RString(a)));
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return e.Fail($"net.lookup_ip_addr: {fault.Message}");
        }
    }
}
