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
        Assert.Equal("eval_http_send_network_error", Refused("p := http.send({\"method\": \"get\", \"url\": \"http://x\"})", strict).Code);
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

        Assert.Equal("eval_http_send_network_error", Refused("p := http.send({\"method\": \"get\", \"url\": \"http://a\"})", down).Code);
        Assert.Equal("""{"error":{"code":"eval_http_send_network_error","message":"connection refused"},"status_code":0}""", Policy.P("p := http.send({\"method\": \"get\", \"url\": \"http://a\", \"raise_error\": false})", null, down));
    }

    [Theory]
    [InlineData("{\"method\": \"get\", \"url\": \"ftp://a/x\"}", "unsupported URL scheme ftp")]
    [InlineData("{\"method\": \"get\", \"url\": \"/x\"}", "unsupported URL scheme file")]
    [InlineData("{\"method\": \"get\", \"url\": \"http://b.example\"}", "host b.example is not allowed")]
    [InlineData("{\"method\": \"get\", \"url\": \"http://a.example\", \"timeout\": \"soon\"}", "'timeout' is neither")]
    [InlineData("{\"method\": \"get\", \"url\": \"http://a.example\", \"tls_insecure_skip_verify\": true}", "tls_insecure_skip_verify is not supported")]
    [InlineData("{\"method\": \"get\"}", "missing required request parameters(s): {\"url\"}")]
    [InlineData("{\"method\": \"get\", \"url\": \"http://a.example\", \"headers\": {\"a\": 1}}", "headers must be strings")]
    public void A_request_that_may_not_leave_is_refused(string request, string message)
    {
        Assert.Contains(message, Refused($"p := http.send({request})", With(_ => Json("1"), "a.example")).Reason, StringComparison.Ordinal);
        Assert.Empty(_sent);
    }

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
