using Rego.Values;

namespace Rego.Tests;

public class HttpSendTests
{
    private readonly List<OutgoingRequest> _sent = [];

    private EvaluationOptions With(Func<OutgoingRequest, IncomingAnswer> answer, params string[] hosts) => new()
    {
        StrictBuiltinErrors = true,
        Outside = new OutsideWorld
        {
            AllowedHosts = hosts.Length == 0 ? null : hosts.ToHashSet(),
            LookUp = (name, _) => name == "nowhere" ? throw new IOException("no such host") : ["10.0.0.1", "10.0.0.2"],
            Send = (request, _) =>
            {
                _sent.Add(request);
                return answer(request);
            },
        },
    };

    private static IncomingAnswer Json(string body) => new(200, "OK", new Dictionary<string, IReadOnlyList<string>> { ["Content-Type"] = ["application/json"] }, body);

    private static RegoEvaluationException Refused(string rules, EvaluationOptions options) => Assert.Throws<RegoEvaluationException>(() => Policy.P(rules, null, options));

    [Fact]
    public void Nothing_is_sent_unless_the_host_allows_it()
    {
        var strict = new EvaluationOptions { StrictBuiltinErrors = true };
        Assert.Contains("http.send: sending requests is not allowed here", Refused("p := http.send({\"method\": \"get\", \"url\": \"http://x\"})", strict).Reason, StringComparison.Ordinal);
        Assert.Contains("not allowed here", Refused("p := net.lookup_ip_addr(\"x\")", strict).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_is_carried_by_the_host_and_told_as_OPA_tells_it()
    {
        var p = Policy.P("p := http.send({\"method\": \"post\", \"url\": \"https://a.example/x\", \"body\": {\"n\": 1}, \"headers\": {\"X-A\": \"b\"}, \"timeout\": \"2s\"})", null, With(_ => Json("{\"ok\":true}")));

        Assert.Equal("""{"body":{"ok":true},"headers":{"content-type":["application/json"]},"raw_body":"{\"ok\":true}","status":"200 OK","status_code":200}""", p);
        var sent = Assert.Single(_sent);
        Assert.Equal(("POST", "{\"n\":1}", TimeSpan.FromSeconds(2), false), (sent.Method, sent.Body, sent.Timeout, sent.FollowRedirects));
        Assert.Equal(["X-A=b", "Content-Type=application/json"], sent.Headers.Select(h => $"{h.Key}={h.Value}"));
    }

    [Fact]
    public void Equal_requests_of_one_query_are_sent_once()
    {
        var n = 0;
        var options = With(_ => Json($"{++n}"));

        Assert.Equal("[1,1,2]", Policy.P("ask(path) := http.send({\"method\": \"get\", \"url\": concat(\"\", [\"http://a/\", path])}).body\np := [ask(\"x\"), ask(\"x\"), ask(\"y\")]", null, options));
        Assert.Equal(2, _sent.Count);
    }

    [Fact]
    public void A_failing_network_halts_or_is_told_as_the_policy_wants()
    {
        var down = With(_ => throw new HttpRequestException("connection refused"));

        var refused = Refused("p := http.send({\"method\": \"get\", \"url\": \"http://a\"})", down);
        Assert.Equal(("eval_builtin_error", "http.send: Get \"http://a\": connection refused"), (refused.Code, refused.Reason));
        Assert.Equal("""{"error":{"code":"eval_http_send_network_error","message":"Get \"http://a\": connection refused"},"status_code":0}""", Policy.P("p := http.send({\"method\": \"get\", \"url\": \"http://a\", \"raise_error\": false})", null, down));
    }

    [Theory]
    [InlineData("{\"method\": \"get\", \"url\": \"ftp://a/x\"}", "http.send: Get \"ftp://a/x\": unsupported protocol scheme \"ftp\"")]
    [InlineData("{\"method\": \"get\", \"url\": \"/x\"}", "http.send: Get \"/x\": unsupported protocol scheme \"\"")]
    [InlineData("{\"method\": \"get\", \"url\": \"http://b.example\"}", "http.send: unallowed host: b.example")]
    [InlineData("{\"method\": \"get\", \"url\": \"http://a.example\", \"timeout\": \"soon\"}", "http.send: invalid timeout value \"soon\": time: invalid duration \"soon\"")]
    [InlineData("{\"method\": \"get\", \"url\": \"http://a.example\", \"timeout\": 1.5}", "http.send: invalid timeout number value 1.5, must be int64")]
    [InlineData("{\"method\": \"get\", \"url\": \"http://a.example\", \"timeout\": true}", "http.send: operand 1 'timeout' must be one of {string, number} but got boolean")]
    [InlineData("{\"method\": \"get\", \"url\": \"http://a.example\", \"tls_insecure_skip_verify\": true}", "http.send: tls_insecure_skip_verify is not supported: certificates are the host's")]
    [InlineData("{\"method\": \"get\"}", "http.send: operand 1 missing required request parameters(s): {\"url\"}")]
    [InlineData("{\"method\": \"get\", \"url\": \"http://a.example\", \"x\": 1, \"b\": 2}", "http.send: operand 1 invalid request parameters(s): {\"b\", \"x\"}")]
    [InlineData("{\"method\": \"get\", \"url\": 1}", "http.send: \"url\" must be a string")]
    [InlineData("{\"method\": \"get\", \"url\": \"http://a.example\", \"raise_error\": 1}", "http.send: invalid value for raise_error field")]
    [InlineData("{\"method\": \"get\", \"url\": \"http://a.example\", \"cache\": 1}", "http.send: invalid value for \"cache\" field")]
    [InlineData("{\"method\": \"get\", \"url\": \"http://a.example\", \"force_cache\": true}", "http.send: 'force_cache' set but 'force_cache_duration_seconds' parameter is missing")]
    [InlineData("{\"method\": \"get\", \"url\": \"http://a.example\", \"max_retry_attempts\": -1}", "http.send: invalid value -1 for field \"max_retry_attempts\"")]
    [InlineData("{\"method\": \"get\", \"url\": \"http://a.example\", \"headers\": 1}", "http.send: invalid type for headers key")]
    [InlineData("{\"method\": \"get\", \"url\": \"http://a.example\", \"headers\": {\"a\": 1}}", "http.send: invalid type for headers value \"1\"")]
    public void A_request_that_may_not_leave_is_refused(string request, string message)
    {
        Assert.Equal(message, Refused($"p := http.send({request})", With(_ => Json("1"), "a.example")).Reason);
        Assert.Empty(_sent);
    }

    [Fact]
    public void A_request_that_fails_is_told_to_a_policy_that_wants_to_know()
    {
        Assert.Equal("""{"error":{"code":"eval_http_send_internal_error","message":"http.send: operand 1 missing required request parameters(s): {\"url\"}"},"status_code":0}""", Policy.P("p := http.send({\"method\": \"get\", \"raise_error\": false})"));
        Assert.Equal("""{"error":{"code":"eval_http_send_network_error","message":"sending requests is not allowed here"},"status_code":0}""", Policy.P("p := http.send({\"method\": \"get\", \"url\": \"http://a\", \"raise_error\": false})"));
    }

    [Fact]
    public void A_failed_request_is_tried_again_as_often_as_the_policy_says()
    {
        var options = With(_ => _sent.Count < 3 ? throw new IOException("reset") : Json("1"));

        Assert.Equal("1", Policy.P("p := http.send({\"method\": \"get\", \"url\": \"http://a\", \"max_retry_attempts\": 2}).body", null, options));
        Assert.Equal(3, _sent.Count);
    }

    [Fact]
    public void Headers_that_do_not_matter_make_no_other_request()
    {
        var p = Policy.P("ask(id) := http.send({\"method\": \"get\", \"url\": \"http://a\", \"headers\": {\"x-id\": id}, \"cache_ignored_headers\": [\"x-id\"]}).status_code\np := [ask(\"1\"), ask(\"2\")]", null, With(_ => Json("1")));

        Assert.Equal("[200,200]", p);
        Assert.Single(_sent);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8", "{\"a\": 1}", "", "{\"a\":1}")]
    [InlineData("application/problem+json", "{\"a\": 1}", "", "{\"a\":1}")]
    [InlineData("text/json", "{\"a\": 1}", "", "null")]
    [InlineData("application/json", "{\"a\":", "", "null")]
    [InlineData("text/plain", "1", ", \"force_json_decode\": true", "1")]
    [InlineData("application/yaml", "a: b", "", "{\"a\":\"b\"}")]
    [InlineData("text/plain", "a: b", ", \"force_yaml_decode\": true", "{\"a\":\"b\"}")]
    [InlineData("text/html", "<p>", "", "null")]
    public void The_body_is_read_by_its_type_or_as_the_policy_says(string type, string body, string more, string expected)
    {
        var options = With(_ => new IncomingAnswer(200, "OK", new Dictionary<string, IReadOnlyList<string>> { ["Content-Type"] = [type] }, body));

        Assert.Equal(expected, Policy.P($"p := http.send({{\"method\": \"get\", \"url\": \"http://a\"{more}}}).body", null, options));
    }

    [Theory]
    [InlineData("127.0.0.1", "[\"127.0.0.1\"]")]
    [InlineData("::1", "[\"::1\"]")]
    [InlineData("::ffff:1.2.3.4", "[\"1.2.3.4\"]")]
    public void An_address_is_its_own_answer_also_where_nobody_may_be_asked(string name, string expected) => Assert.Equal(expected, Policy.P($"p := net.lookup_ip_addr(\"{name}\")"));

    [Fact]
    public void Names_are_looked_up_by_the_host()
    {
        Assert.Equal("""["10.0.0.1","10.0.0.2"]""", Policy.P("p := net.lookup_ip_addr(\"a\")", null, With(_ => Json("1"))));
        Assert.Contains("no such host", Refused("p := net.lookup_ip_addr(\"nowhere\")", With(_ => Json("1"))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_runtime_is_what_the_host_says() =>
        Assert.Equal("\"test\"", Policy.P("p := opa.runtime().env.NAME", null, new EvaluationOptions { Runtime = (RObject)RValue.Parse("""{"env": {"NAME": "test"}}""") }));
}
