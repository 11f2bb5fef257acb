namespace Rego.Tests;

/// <summary>Builtins against what OPA 1.7 answers (or Go's own documentation says) for the same call.</summary>
public class BuiltinTests
{
    [Theory]
    // strings
    [InlineData("split(\"a,b\", \",\")", "[\"a\",\"b\"]")]
    [InlineData("concat(\"-\", {\"b\", \"a\"})", "\"a-b\"")]
    [InlineData("trim(\"xxaxx\", \"x\")", "\"a\"")]
    [InlineData("substring(\"abcdef\", 2, -1)", "\"cdef\"")]
    [InlineData("substring(\"åäö😀\", 3, 1)", "\"😀\"")]
    [InlineData("indexof(\"åäö\", \"ö\")", "2")]
    [InlineData("count(\"😀\")", "1")]
    [InlineData("indexof_n(\"aba\", \"a\")", "[0,2]")]
    [InlineData("lower(\"ÄB\")", "\"äb\"")]
    [InlineData("upper(\"ß\")", "\"ß\"")]
    [InlineData("strings.reverse(\"aé\")", "\"éa\"")]
    [InlineData("strings.replace_n({\"a\": \"b\", \"b\": \"c\"}, \"ab\")", "\"bc\"")]
    [InlineData("replace(\"aa\", \"a\", \"b\")", "\"bb\"")]
    [InlineData("strings.any_prefix_match([\"abc\"], [\"x\", \"ab\"])", "true")]
    [InlineData("format_int(255, 16)", "\"ff\"")]
    [InlineData("format_int(1e2, 10)", "\"100\"")]
    // sprintf as Go has it
    [InlineData("sprintf(\"%d\", [\"s\"])", "\"%!d(string=s)\"")]
    [InlineData("sprintf(\"%s\", [1])", "\"%!s(int=1)\"")]
    [InlineData("sprintf(\"%v\", [])", "\"%!v(MISSING)\"")]
    [InlineData("sprintf(\"x\", [1])", "\"x%!(EXTRA int=1)\"")]
    [InlineData("sprintf(\"%d\", [1e2])", "\"%!d(float64=100)\"")]
    [InlineData("sprintf(\"%d\", [1.5])", "\"%!d(float64=1.5)\"")]
    [InlineData("sprintf(\"%5.2f|%-5d|%05d|%+d|%x|%X\", [3.14159, 7, 42, 1, 255, 255])", "\" 3.14|7    |00042|+1|ff|FF\"")]
    [InlineData("sprintf(\"%q %v %v\", [\"a\\\"b\", [1, \"x\"], {\"k\": null}])", "\"\\\"a\\\\\\\"b\\\" [1, \\\"x\\\"] {\\\"k\\\": null}\"")]
    [InlineData("sprintf(\"%v %v %v\", [10/4, 1e21, 123456789.5])", "\"2.5 1e+21 1.234567895e+08\"")]
    [InlineData("sprintf(\"%s%%\", [123456789123456789123])", "\"123456789123456789123%\"")]
    [InlineData("sprintf(\"%t %v\", [true, true])", "\"%!t(string=true) true\"")]
    [InlineData("sprintf(\"%.0f %.0f %.1f\", [0.5, 1.5, 0.25])", "\"0 2 0.2\"")]
    [InlineData("sprintf(\"%e %g\", [123456.789, 0.00001])", "\"1.234568e+05 1e-05\"")]
    // regex by RE2's rules
    [InlineData("regex.match(\"a.c\", \"xabcx\")", "true")]
    [InlineData("regex.match(\"^\\\\d+$\", \"١٢\")", "false")]
    [InlineData("regex.match(\"b$\", \"ab\\n\")", "false")]
    [InlineData("regex.match(\"(?m)b$\", \"ab\\nc\")", "true")]
    [InlineData("regex.match(\"^[[:alpha:]]+\\\\z\", \"abc\")", "true")]
    [InlineData("regex.match(`\\Qa.b\\E`, \"axb\")", "false")]
    [InlineData("regex.match(`[^\\s]x`, \" x\")", "false")]
    [InlineData("regex.replace(\"abc\", \"(b)\", \"[$1]\")", "\"a[b]c\"")]
    [InlineData("regex.replace(\"ab\", \"(?P<n>a)\", \"${n}${n}\")", "\"aab\"")]
    [InlineData("regex.split(\"b*\", \"abbbc\")", "[\"a\",\"c\"]")]
    [InlineData("regex.find_n(\"a*\", \"baac\", -1)", "[\"\",\"aa\",\"\"]")]
    [InlineData("regex.find_all_string_submatch_n(\"a(x*)b\", \"-axxb-ab-\", -1)", "[[\"axxb\",\"xx\"],[\"ab\",\"\"]]")]
    [InlineData("[regex.is_valid(\"(?=a)\"), regex.is_valid(\"(a)\\\\1\"), regex.is_valid(\"a{1001}\"), regex.is_valid(\"[a\")]", "[false,false,false,false]")]
    [InlineData("[regex.is_valid(\"(a{10}){100}\"), regex.is_valid(\"(a{11}){100}\"), regex.is_valid(\"(?:(a{2,}b){3}|c{900}){1}d{1000}\"), regex.is_valid(\"(c{900}|x){2}\")]", "[true,false,true,false]")]
    [InlineData("regex.template_match(\"urn:foo:{.*}\", \"urn:foo:bar:baz\", \"{\", \"}\")", "true")]
    [InlineData("regex.globs_match(\"a.a.[0-9]+z\", \".b.b2359825792*594823z\")", "true")]
    [InlineData("[glob.match(\"*.com\", [], \"a.com\"), glob.match(\"*.com\", [\".\"], \"a.b.com\"), glob.match(\"**.com\", [\".\"], \"a.b.com\"), glob.match(\"{a,b}c\", null, \"bc\")]", "[true,false,true,true]")]
    // objects and arrays
    [InlineData("object.get({\"a\": [5]}, [\"a\", 0], 9)", "5")]
    [InlineData("object.get({\"a\": false}, \"a\", 9)", "false")]
    [InlineData("object.union({\"a\": {\"b\": 1}}, {\"a\": {\"c\": 2}})", "{\"a\":{\"b\":1,\"c\":2}}")]
    [InlineData("object.union_n([])", "{}")]
    [InlineData("object.union_n([{\"a\": {\"x\": 1}, \"b\": 1}])", "{\"a\":{\"x\":1},\"b\":1}")]
    [InlineData("object.union_n([{\"a\": {\"x\": {\"p\": 1}}}, {\"a\": {\"y\": 2}}, {\"a\": {\"x\": {\"q\": 3}}, \"b\": 1}])", "{\"a\":{\"x\":{\"p\":1,\"q\":3},\"y\":2},\"b\":1}")]
    [InlineData("object.union_n([{\"a\": {\"x\": 1}}, {\"a\": {\"y\": 2}}, {\"a\": 3}, {\"a\": {\"z\": 4}}, {\"a\": {\"w\": 5}}])", "{\"a\":{\"w\":5,\"z\":4}}")]
    [InlineData("object.union_n([{\"a\": {\"x\": 1}}, {\"a\": {\"y\": 2}}, {\"a\": null}])", "{\"a\":null}")]
    [InlineData("count(object.union_n([{sprintf(\"%d\", [i]): {\"n\": i}} | some i in numbers.range(1, 50000)]))", "50000")]
    [InlineData("count(object.union_n([{\"a\": {sprintf(\"%d\", [i]): i}} | some i in numbers.range(1, 50000)]).a)", "50000")]
    [InlineData("object.remove({\"a\": 1, \"b\": 2}, [\"a\"])", "{\"b\":2}")]
    [InlineData("object.filter({\"a\": 1, \"b\": 2}, {\"a\"})", "{\"a\":1}")]
    [InlineData("object.subset({\"a\": 1, \"b\": {\"c\": [1, 2]}}, {\"b\": {\"c\": [2]}})", "true")]
    [InlineData("json.filter({\"a\": {\"b\": 1, \"c\": 2}, \"d\": 3}, [\"a/b\", \"x/y\"])", "{\"a\":{\"b\":1}}")]
    [InlineData("json.remove({\"a\": [1, 2, 3]}, [\"a/1\"])", "{\"a\":[1,3]}")]
    [InlineData("json.patch({\"a\": [1]}, [{\"op\": \"add\", \"path\": \"a/-\", \"value\": 2}, {\"op\": \"remove\", \"path\": \"/a/0\"}])", "{\"a\":[2]}")]
    [InlineData("array.slice([1, 2, 3], 1, 9)", "[2,3]")]
    [InlineData("array.flatten([1, [2, [3]]])", "[1,2,[3]]")]
    [InlineData("sort({\"b\", \"a\", 3, 1.5, [1]})", "[1.5,3,\"a\",\"b\",[1]]")]
    [InlineData("[sum([]), product([]), max([2, \"a\"]), min([[], 2])]", "[0,1,\"a\",2]")]
    [InlineData("[union({{1}, {2}}), intersection({{1, 2}, {2}}), {1, 2} - {1}, {1} | {2}, {1, 2} & {2, 3}]", "[[1,2],[2],[2],[1,2],[2]]")]
    [InlineData("numbers.range(3, 1)", "[3,2,1]")]
    [InlineData("numbers.range_step(1, 10, 4)", "[1,5,9]")]
    // JSON, YAML and other texts
    [InlineData("json.marshal({\"b\": 1, \"a\": {1, 2}, \"c\": [1.0, \"<\"]})", "\"{\\\"a\\\":[1,2],\\\"b\\\":1,\\\"c\\\":[1.0,\\\"\\\\u003c\\\"]}\"")]
    [InlineData("json.unmarshal(\"[1.0, 1e2, 12345678901234567890]\")", "[1.0,1e2,12345678901234567890]")]
    [InlineData("[json.is_valid(\"{\"), json.is_valid(\"{}\")]", "[false,true]")]
    [InlineData("yaml.unmarshal(\"a: 1\\nb: [x, {v: 'z: q'}]\\nc:\\n- d: true\\n  e: ~\\n- \\\"q\\\\n\\\"\\nt: |\\n  one\\n  two\\nf: >-\\n  one\\n  two # no comment\\nm: 1.50 # a comment\\nurl: http://x/#y\\n\")", "{\"a\":1,\"b\":[\"x\",{\"v\":\"z: q\"}],\"c\":[{\"d\":true,\"e\":null},\"q\\n\"],\"f\":\"one two # no comment\",\"m\":1.5,\"t\":\"one\\ntwo\\n\",\"url\":\"http://x/#y\"}")]
    [InlineData("yaml.unmarshal(\"[yes, No, on, y, 0x1F, 010, 08, 0o17, 0b101, 1_000, +5, 1e3, .5, 1.2.3, 2026-01-01, 'yes', !!str 12]\")", "[true,false,true,true,31,8,8,15,5,1000,5,1000,0.5,\"1.2.3\",\"2026-01-01\",\"yes\",\"12\"]")]
    [InlineData("yaml.unmarshal(\"on: push\\n1: a\\n1.5: b\\n\")", "{\"1\":\"a\",\"1.5\":\"b\",\"true\":\"push\"}")]
    [InlineData("yaml.unmarshal(\"a: &a {x: 1, z: 2}\\nb: {<<: *a, z: 3}\\nc: *a\\n\")", "{\"a\":{\"x\":1,\"z\":2},\"b\":{\"x\":1,\"z\":3},\"c\":{\"x\":1,\"z\":2}}")]
    [InlineData("[yaml.is_valid(t) | some t in [\"a: *b\", \"a: &a [*a]\", \"a: 1\\na: 2\", \"a: .inf\", \"a: [\", \"? [1]\\n: 2\", \"\"]]", "[false,false,true,false,false,false,true]")]
    [InlineData("yaml.is_valid(concat(\"\", [\"[\" | some _ in numbers.range(1, 100000)]))", "false")]
    [InlineData("yaml.marshal({\"b\": [1, {\"x\": \"y\"}], \"a\": \"true\", \"c\": {}})", "\"a: \\\"true\\\"\\nb:\\n- 1\\n- x: \\\"y\\\"\\nc: {}\\n\"")]
    [InlineData("[base64.encode(\"hi?>\"), base64url.encode(\"hi?>\"), base64url.encode_no_pad(\"h\"), hex.encode(\"hi\"), base64url.decode(\"aGk_Pg\")]", "[\"aGk/Pg==\",\"aGk_Pg==\",\"aA\",\"6869\",\"hi?>\"]")]
    [InlineData("[urlquery.encode(\"a b&c\"), urlquery.decode(\"a+b%26\"), urlquery.encode_object({\"a\": \"1\", \"b\": [\"x\", \"y\"]})]", "[\"a+b%26c\",\"a b&\",\"a=1&b=x&b=y\"]")]
    [InlineData("[crypto.sha256(\"a\"), crypto.md5(\"a\"), crypto.hmac.sha256(\"a\", \"k\")]", "[\"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb\",\"0cc175b9c0f1b6a831c399e269772661\",\"78da91511e675587f5b9df78bedebaf5560da2abb88162ee875dcdf744951d9e\"]")]
    [InlineData("json.match_schema({\"id\": \"x\", \"n\": 0}, {\"properties\": {\"id\": {\"type\": \"integer\"}, \"n\": {\"minimum\": 1}}, \"required\": [\"a\"]})[0]", "false")]
    [InlineData("[x.error | some x in json.match_schema({\"id\": \"x\", \"n\": 0}, {\"properties\": {\"id\": {\"type\": \"integer\"}, \"n\": {\"minimum\": 1}}, \"required\": [\"a\"], \"additionalProperties\": false})[1]]", "[\"(root): a is required\",\"id: Invalid type. Expected: integer, given: string\",\"n: Must be greater than or equal to 1\"]")]
    [InlineData("json.match_schema({\"a\": [{\"b\": 1}]}, {\"definitions\": {\"x\": {\"required\": [\"b\"]}}, \"properties\": {\"a\": {\"items\": {\"$ref\": \"#/definitions/x\"}, \"uniqueItems\": true}}, \"oneOf\": [{\"type\": \"object\"}, {\"type\": \"array\"}]})", "[true,[]]")]
    [InlineData("strings.render_template(`{{range $i, $n := .names}}{{if $i}}, {{end}}{{$n}}{{else}}nobody{{end}} {{- /* x */ -}} ! {{if eq .k \"a\"}}A{{else if .z}}Z{{else}}?{{end}} {{len .names}} {{.no}}`, {\"names\": [\"ada\", \"bob\"], \"k\": \"b\", \"z\": true})", "\"ada, bob! Z 2 <undefined>\"")]
    // time
    [InlineData("time.format([0, \"UTC\", \"2006-01-02 Mon\"])", "\"1970-01-01 Thu\"")]
    [InlineData("time.parse_ns(\"2006-01-02\", \"2020-02-03\")", "1580688000000000000")]
    [InlineData("time.parse_rfc3339_ns(\"2020-02-03T04:05:06.123456789+02:00\")", "1580695506123456789")]
    [InlineData("time.format(1580695506123456789)", "\"2020-02-03T02:05:06.123456789Z\"")]
    [InlineData("time.format([1580695506123456789, \"America/New_York\", \"Mon Jan _2 3:04PM MST\"])", "\"Sun Feb  2 9:05PM EST\"")]
    [InlineData("time.parse_duration_ns(\"1h5m\")", "3900000000000")]
    [InlineData("time.diff(0, 86400000000000 * 400)", "[1,1,4,0,0,0]")]
    [InlineData("time.add_date(0, 0, 1, 30)", "5270400000000000")]
    [InlineData("time.date([1580695506123456789, \"Asia/Tokyo\"])", "[2020,2,3]")]
    [InlineData("time.clock(1580695506123456789)", "[2,5,6]")]
    [InlineData("time.weekday(0)", "\"Thursday\"")]
    // others
    [InlineData("[semver.compare(\"1.2.3\", \"1.10.0\"), semver.compare(\"1.0.0-a\", \"1.0.0\"), semver.is_valid(\"1.0\")]", "[-1,-1,false]")]
    [InlineData("[units.parse(\"10K\"), units.parse(\"1Mi\"), units.parse(\"100m\"), units.parse_bytes(\"1GiB\"), units.parse_bytes(\"2KB\")]", "[10000,1048576,0.1000000000,1073741824,2000]")]
    [InlineData("[bits.and(6, 3), bits.lsh(1, 70), bits.negate(5)]", "[2,1180591620717411303424,-6]")]
    [InlineData("[net.cidr_contains(\"10.0.0.0/8\", \"10.1.2.3\"), net.cidr_is_valid(\"10.0.0.1/8\"), net.cidr_merge([\"10.0.0.0/25\", \"10.0.0.128/25\"])]", "[true,true,[\"10.0.0.0/24\"]]")]
    [InlineData("graph.reachable({\"a\": {\"b\"}, \"b\": {\"c\"}, \"c\": set()}, {\"a\"})", "[\"a\",\"b\",\"c\"]")]
    [InlineData("[type_name(set()), is_number(\"1\"), to_number(\"1\"), to_number(null)]", "[\"set\",false,1,0]")]
    public void A_builtin_answers_as_OPA_does(string call, string expected) => Assert.Equal(expected, Policy.P("p := " + call));

    [Theory]
    [InlineData("http.send({\"method\": \"get\", \"url\": \"http://127.0.0.1\"})")]
    [InlineData("net.lookup_ip_addr(\"example.com\")")]
    public void No_policy_reaches_the_network(string call)
    {
        Assert.Equal("undefined", Policy.P("p := " + call));
        Assert.Throws<RegoEvaluationException>(() => Policy.P("p := " + call, null, new EvaluationOptions { StrictBuiltinErrors = true }));
    }

    [Fact]
    public void Annotations_are_read_from_the_comments()
    {
        const string module = "# METADATA\n# title: The package\n# custom:\n#   severity: high\npackage t\n\n# METADATA\n# title: The rule\n# authors:\n# - Ada <ada@example.com>\np := [rego.metadata.rule(), [c.path | some c in rego.metadata.chain()]]\n";
        Assert.Equal("""[{"authors":[{"email":"ada@example.com","name":"Ada"}],"scope":"rule","title":"The rule"},[["t","p"],["t"]]]""", Policy.Of(module).Evaluate("data.t.p", null)!.ToJson());
    }

    [Fact]
    public void Chance_is_the_same_all_through_one_query() =>
        Assert.Equal("true", Policy.P("p if { uuid.rfc4122(\"a\") == uuid.rfc4122(\"a\"); rand.intn(\"a\", 1000000) == rand.intn(\"a\", 1000000); uuid.rfc4122(\"a\") != uuid.rfc4122(\"b\") }"));
}
