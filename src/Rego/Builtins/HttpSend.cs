using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>http.send and net.lookup_ip_addr: asked and answered here, carried by the host if it wants to.</summary>
internal static class HttpSend
{
    private const int MaxBody = 16 * 1024 * 1024;
    private const int MaxRetries = 10;
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

    private sealed class Refusal(string message, string code = "eval_http_send_internal_error", bool isOperand = false) : Exception(message)
    {
        public string Code { get; } = code;

        public bool IsOperand { get; } = isOperand;
    }

    /// <summary>What is wrong with a request's members, as an operand's fault; null when nothing is.</summary>
    public static string? KeysFault(RObject request)
    {
        var unknown = request.SortedKeys.Where(k => k is not RString s || !RequestKeys.Contains(s.Value)).ToList();
        if (unknown.Count > 0) return $"operand 1 invalid request parameters(s): {{{string.Join(", ", unknown)}}}";
        var missing = RequiredKeys.Where(k => request.Get(k) is null).ToList();
        return missing.Count > 0 ? $"operand 1 missing required request parameters(s): {{{string.Join(", ", missing.Select(m => new RString(m)))}}}" : null;
    }

    private static RValue? Send(Evaluation e, RObject request)
    {
        if (request.Get("raise_error") is { } raise and not RBool) return e.Fail("http.send: invalid value for raise_error field");
        try
        {
            if (KeysFault(request) is { } keys) throw new Refusal(keys, isOperand: true);
            CheckSwitches(request);
            var key = ("http.send", KeyOf(request));
            if (e.QueryCache.TryGetValue(key, out var known)) return known;
            var answer = Ask(e, request, e.Outside?.Send ?? throw new Refusal("sending requests is not allowed here", "eval_http_send_network_error"));
            e.QueryCache[key] = answer;
            return answer;
        }
        catch (Refusal refusal)
        {
            if (request.Get("raise_error") is RBool { Value: false })
                return Failed(refusal.Code, refusal.Code == "eval_http_send_network_error" ? refusal.Message : $"http.send: {refusal.Message}");
            return e.Fault(refusal.IsOperand ? "eval_type_error" : "eval_builtin_error", $"http.send: {refusal.Message}");
        }
    }

    private static void CheckSwitches(RObject request)
    {
        foreach (var name in new[] { "cache", "force_cache", "force_json_decode", "force_yaml_decode" })
        {
            if (request.Get(name) is { } value and not RBool) throw new Refusal($"invalid value for \"{name}\" field");
        }
        if (request.Get("force_cache") is RBool { Value: true } && request.Get("force_cache_duration_seconds") is null) throw new Refusal("'force_cache' set but 'force_cache_duration_seconds' parameter is missing");
        if (request.Get("max_retry_attempts") is { } attempts and not RNumber { IsInt64: true, Int64: >= 0 }) throw new Refusal($"invalid value {attempts} for field \"max_retry_attempts\"");
        if (request.Get("caching_mode") is { } mode && mode is not RString { Value: "serialized" or "deserialized" })
            throw new Refusal(mode is RString text ? $"invalid value specified for \"caching_mode\" field: {text.Value}" : "invalid value for \"caching_mode\" field");
    }

    /// <summary>Requests are the same when they differ in nothing but headers the policy says do not matter.</summary>
    private static RObject KeyOf(RObject request)
    {
        if (request.Get("cache_ignored_headers") is not RArray ignored || request.Get("headers") is not RObject headers) return request;
        var key = new RObjectBuilder();
        key.SetAll(request);
        var kept = new RObjectBuilder();
        for (var i = 0; i < headers.Count; i++)
        {
            if (!ignored.Items.Contains(headers.Keys[i])) kept.Set(headers.Keys[i], headers.Values[i]);
        }
        key.Set("headers", kept.Build());
        key.Set("cache_ignored_headers", RNull.Instance);
        return key.Build();
    }

    private static RObject Ask(Evaluation e, RObject request, Func<OutgoingRequest, CancellationToken, IncomingAnswer> send)
    {
        foreach (var key in request.SortedKeys.OfType<RString>())
        {
            if (key.Value is "method" or "url" or "raw_body" && request.Get(key) is not RString) throw new Refusal($"\"{key.Value}\" must be a string");
            if (key.Value.StartsWith("tls_", StringComparison.Ordinal) && key.Value != "tls_use_system_certs") throw new Refusal($"{key.Value} is not supported: certificates are the host's");
        }
        var (method, address) = (request.Get("method")!.Str().Trim('"').ToUpperInvariant(), request.Get("url")!.Str().Trim('"'));
        var label = $"{method[..Math.Min(1, method.Length)]}{(method.Length > 0 ? method[1..].ToLowerInvariant() : "Get")} {GoFormat.Quote(address)}";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new Refusal($"{label}: unsupported protocol scheme {GoFormat.Quote(address.Contains(':', StringComparison.Ordinal) ? address[..address.IndexOf(':', StringComparison.Ordinal)] : "")}", "eval_http_send_network_error");
        if (e.Outside!.AllowedHosts is { } hosts && !hosts.Contains(url.IdnHost)) throw new Refusal($"unallowed host: {url.IdnHost}");
        var timeout = Timeout(request.Get("timeout"));
        var headers = new List<KeyValuePair<string, string>>();
        if (request.Get("headers") is { } wanted)
        {
            if (wanted is not RObject given) throw new Refusal("invalid type for headers key");
            for (var i = 0; i < given.Count; i++)
            {
                if (given.Values[i] is not RString value) throw new Refusal($"invalid type for headers value {GoFormat.Quote(given.Values[i].ToString())}");
                headers.Add(KeyValuePair.Create(given.Keys[i] is RString name ? name.Value : GoJson.Of(given.Keys[i]), value.Value));
            }
        }
        var body = request.Get("raw_body") is RString raw ? raw.Value.Trim('"') : request.Get("body") is { } json ? GoJson.Of(json) : "";
        if (request.Get("raw_body") is null && body.Length > 0 && !headers.Any(h => h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))) headers.Add(KeyValuePair.Create("Content-Type", "application/json"));
        var outgoing = new OutgoingRequest(method, url, headers, body, timeout, request.Get("enable_redirect") is RBool { Value: true });
        for (var left = request.Get("max_retry_attempts") is RNumber n ? Math.Min(n.Int64, MaxRetries) : 0; ; left--)
        {
            try
            {
                return Told(request, e.Uncounted(() => send(outgoing, e.Cancellation)));
            }
            catch (TimeoutException)
            {
                if (left == 0) throw new Refusal($"{label}: request timed out", "eval_http_send_network_error");
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException)
            {
                if (left == 0) throw new Refusal($"{label}: {fault.Message}", "eval_http_send_network_error");
            }
        }
    }

    private static TimeSpan Timeout(RValue? value)
    {
        long ns;
        switch (value)
        {
            case null: ns = DefaultTimeoutNs; break;
            case RNumber n: ns = n.IsPlainInt64 ? n.Int64 : throw new Refusal($"invalid timeout number value {n}, must be int64"); break;
            case RString s when long.TryParse(s.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var plain): ns = plain; break;
            case RString s: ns = GoTime.Duration(s.Value, out var wrong) ?? throw new Refusal($"invalid timeout value {s}: {wrong}"); break;
            default: throw new Refusal($"operand 1 'timeout' must be one of {{string, number}} but got {value.TypeName}", isOperand: true);
        }
        // Go takes no time at all for no limit; a policy's request always has one.
        return TimeSpan.FromTicks((ns > 0 ? ns : DefaultTimeoutNs) / 100);
    }

    private static RObject Told(RObject request, IncomingAnswer answer)
    {
        if (answer.Body.Length > MaxBody) throw new Refusal("the answer is too long");
        var o = new RObjectBuilder();
        o.Set("status", new RString(string.Create(CultureInfo.InvariantCulture, $"{answer.StatusCode} {answer.Status}").TrimEnd()));
        o.Set("status_code", RNumber.Of(answer.StatusCode));
        var headers = new RObjectBuilder();
        foreach (var (name, values) in answer.Headers) headers.Set(name.ToLowerInvariant(), new RArray([.. values.Select(v => (RValue)new RString(v))]));
        o.Set("headers", headers.Build());
        o.Set("raw_body", new RString(answer.Body));
        var type = answer.Headers.Where(h => h.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).SelectMany(h => h.Value).FirstOrDefault() ?? "";
        o.Set("body", Decoded(request, type, answer.Body));
        return o.Build();
    }

    /// <summary>The body when it says it is JSON or YAML, or the policy says so; null where it is neither.</summary>
    private static RValue Decoded(RObject request, string type, string body)
    {
        try
        {
            var media = type.Split(';')[0].Trim().ToLowerInvariant();
            var isJson = media == "application/json" || (media.StartsWith("application/", StringComparison.Ordinal) && media.EndsWith("+json", StringComparison.Ordinal));
            if (request.Get("force_json_decode") is RBool { Value: true } || isJson) return RValue.Parse(body);
            if (request.Get("force_yaml_decode") is RBool { Value: true } || type.Contains("application/yaml", StringComparison.Ordinal) || type.Contains("application/x-yaml", StringComparison.Ordinal)) return YamlText.Read(body);
        }
        catch (FormatException)
        {
            // Told as null; the text is in raw_body.
        }
        return RNull.Instance;
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
        var name = args[0].Str();
        // An address is its own answer, and nobody is asked for it.
        if (IPAddress.TryParse(name, out var address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == name))
            return RSet.Of([new RString((address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString())]);
        if (e.Outside?.LookUp is not { } lookUp) return e.Fail("net.lookup_ip_addr: looking up names is not allowed here");
        if (e.Outside.AllowedHosts is { } hosts && !hosts.Contains(name)) return e.Fail($"net.lookup_ip_addr: unallowed host: {name}");
        var key = ("net.lookup_ip_addr", args[0]);
        if (e.QueryCache.TryGetValue(key, out var known)) return known;
        try
        {
            return e.QueryCache[key] = RSet.Of(lookUp(name, e.Cancellation).Select(a => (RValue)new RString(a)));
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or TimeoutException or SocketException)
        {
            return e.Fail($"net.lookup_ip_addr: {fault.Message}");
        }
    }
}
