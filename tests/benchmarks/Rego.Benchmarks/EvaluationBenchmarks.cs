using System.Globalization;
using BenchmarkDotNet.Attributes;
using Rego.Values;

namespace Rego.Benchmarks;

/// <summary>The measures that OPA is known by: a trivial allow, a role-based decision, a hundred deny rules of which one fires.</summary>
[MemoryDiagnoser]
public class EvaluationBenchmarks
{
    private CompiledPolicy _allow = null!;
    private CompiledPolicy _roles = null!;
    private CompiledPolicy _denials = null!;
    private CompiledPolicy _review = null!;
    private RValue _allowInput = null!;
    private RValue _rolesInput = null!;
    private RValue _denialsInput = null!;
    private RValue _reviewInput = null!;
    private string _json = "";

    [GlobalSetup]
    public void Compile()
    {
        _allow = Of("package t\ndefault allow := false\nallow if input.role == \"admin\"");
        _allowInput = RValue.Parse("""{"role": "admin"}""");

        var users = string.Join(',', Enumerable.Range(0, 1000).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"user{i}\":{{\"roles\":[\"role{i % 50}\",\"role{(i + 7) % 50}\",\"role{(i + 14) % 50}\"]}}")));
        var roles = string.Join(',', Enumerable.Range(0, 50).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"role{i}\":{{\"permissions\":[{{\"action\":\"read\",\"resource\":\"r{i}\"}},{{\"action\":\"write\",\"resource\":\"r{i}\"}}]}}")));
        _roles = Of("package t\ndefault allow := false\nallow if {\n\tsome role in data.users[input.user].roles\n\tsome permission in data.roles[role].permissions\n\tpermission.action == input.action\n\tpermission.resource == input.resource\n}", $"{{\"users\":{{{users}}},\"roles\":{{{roles}}}}}");
        _rolesInput = RValue.Parse("""{"user": "user500", "action": "write", "resource": "r14"}""");

        _denials = Of("package t\n" + string.Join('\n', Enumerable.Range(0, 100).Select(i => string.Create(CultureInfo.InvariantCulture, $"deny contains \"no {i}\" if {{ input.kind == \"k{i}\"; input.on }}"))));
        _denialsInput = RValue.Parse("""{"kind": "k70", "on": true}""");

        _review = Of("""
            package t
            findings contains {"rule": "host", "message": sprintf("%s is not allowed", [host])} if {
                some host in input.hosts
                not host in allowed
            }
            findings contains {"rule": "owner", "message": "owner and co-owner are the same"} if input.owner == input.co_owner
            allowed := {h | some c in input.connectors; h := data.connectors[c].host}
            decision := {"allow": count(findings) == 0, "findings": sort([f.message | some f in findings]), "hosts": concat(", ", allowed)}
            """, """{"connectors": {"crm": {"host": "crm.example.com"}, "mail": {"host": "mail.example.com"}}}""");
        _json = """{"owner": "ada", "co_owner": "bob", "hosts": ["crm.example.com", "evil.example.org"], "connectors": ["crm", "mail"]}""";
        _reviewInput = RValue.Parse(_json);
    }

    [Benchmark(Baseline = true)]
    public RValue? Trivial_allow() => _allow.Evaluate("data.t.allow", _allowInput);

    [Benchmark]
    public RValue? Roles_of_a_thousand_users() => _roles.Evaluate("data.t.allow", _rolesInput);

    [Benchmark]
    public RValue? A_hundred_denials_with_one_that_fires() => _denials.Evaluate("data.t.deny", _denialsInput);

    [Benchmark]
    public RValue? A_small_review() => _review.Evaluate("data.t.decision", _reviewInput);

    [Benchmark]
    public string A_small_review_from_JSON_to_JSON() => _review.Evaluate("data.t.decision", RValue.Parse(_json))!.ToJson();

    private static CompiledPolicy Of(string module, string data = "{}") =>
        RegoCompiler.Compile([new RegoModule("bench.rego", module)], RValue.Parse(data));
}
