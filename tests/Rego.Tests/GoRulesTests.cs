namespace Rego.Tests;

/// <summary>
/// Builtins at the edges, where Go's own libraries decide: the answers are those of Go's fmt, strconv, time, regexp, net and
/// encoding packages, of gobwas/glob and of sigs.k8s.io/yaml for the same call.
/// </summary>
public class GoRulesTests
{
    [Theory]
    // fmt
    [InlineData("""sprintf("%v|%x|%X|%b", [1e-7, 1.5, "hi", 5])""", "1e-07|0x1.8p+00|6869|101")]
    [InlineData("""sprintf("%[2]d %[1]d|%[3]d|%[x]d|%d", [1, 2])""", "2 1|%!d(BADINDEX)|%!d(BADINDEX)|2")]
    [InlineData("""sprintf("%*d|%-*d|%.*f|%*d", [5, 42, 4, 7, 2, 3.14159, "a", 1])""", "   42|7   |3.14|%!(BADWIDTH)1")]
    [InlineData("""sprintf("%+q %#q %U %#U %c %q", ["é", "a`b", 128512, 65, 65, 10])""", """
        "\u00e9" "a`b" U+1F600 U+0041 'A' A '\n'
        """)]
    [InlineData("""sprintf("%# x|%08.3f|%+.2e|%05s|%-5s|%#o|%O", ["hé", -3.14159, 12345.678, "ab", "ab", 8, 8])""", "0x68 0xc3 0xa9|-003.142|+1.23e+04|000ab|ab   |010|0o10")]
    [InlineData("""sprintf("%d %q %T", [123456789012345678901, 123456789012345678901, 1e400])""", "123456789012345678901 %!q(big.Int=123456789012345678901) string")]
    [InlineData("""sprintf("%.3s|%5.1s|%x|%!d|%", ["héllo", "日本", "", 1])""", "hél|    日||%!!(int=1)d|%!(NOVERB)")]
    [InlineData("""sprintf("%v", [["\u0001\u00a0é😀"]])""", """["\x01\u00a0é😀"]""")]
    // numbers
    [InlineData("sprintf(\"%v\", [[ceil(-0.5), floor(-0.5), round(-2.5), abs(1.0), 0 * -1.5]])", "[1, 0, -3, 1, -0]")]
    [InlineData("sprintf(\"%v\", [[round(123456789012345678901234567890), abs(1234567.891)]])", "[123456789012345678899921813504, 1.234567891e+06]")]
    [InlineData("concat(\" \", [format_int(-1.5, 10), format_int(15.9, 16), format_int(99999999999999999999, 10)])", "-1 f 100000000000000000000")]
    [InlineData("sprintf(\"%v\", [[units.parse(\"1.5m\"), units.parse(\"1e3Ki\"), units.parse_bytes(\"1.15GB\"), units.parse_bytes(\"2EIB\")]])", "[0.0015000000, 1024000, 1150000000, 2305843009213693952]")]
    [InlineData("sprintf(\"%v\", [[to_number(\"007\"), to_number(\"+1\"), to_number(\"0x1p4\"), to_number(\"1_000\")]])", "[7, 1, 16, 1000]")]
    // texts and bytes
    [InlineData("""concat("|", [lower("İ"), upper("ı"), strings.replace_n({"": "-", "ab": "x"}, "ab"), trim_space("\u2003a\u00a0")])""", "i|I|-x-|a")]
    [InlineData("""sprintf("%v %v %v", [hex.encode(base64.decode("/wA=")), count(base64.decode("//8=")), base64.encode(hex.decode("ff"))])""", "ff00 2 /w==")]
    [InlineData("""urlquery.encode_object({"b": ["2", "1"], "a": "x y", "B": []})""", "a=x+y&b=2&b=1")]
    [InlineData("""json.marshal({"a": "<\u2028\b", 1: "n", "1": "s"})""", """{"1":"s","a":"\u003c\u2028\b"}""")]
    [InlineData("""sprintf("%v", [[json.unmarshal(`"\ud800x"`), json.is_valid("\ufeff1")]])""", "[\"\uFFFDx\", false]")]
    // regexp
    [InlineData("""sprintf("%v", [[regex.match("^.$", "😀"), regex.match("(?i)k", "\u212a"), regex.match(`^\p{Greek}+$`, "αβγ"), regex.match(`\bé`, "é")]])""", "[true, true, true, false]")]
    [InlineData("""sprintf("%v", [regex.find_n(`\p{L}+|[^a]`, "aé日😀𝒜b", -1)])""", """["aé日", "😀", "𝒜b"]""")]
    [InlineData("""sprintf("%v", [regex.find_all_string_submatch_n("(a*)*", "aab", -1)])""", """[["aa", "aa"], ["", ""]]""")]
    [InlineData("""concat(" ", [regex.replace("ab", "(a)", "<$1x>"), regex.replace("ab", "(a)", "<${1}x>"), regex.replace("ab", "(?P<n>a)", "$n$01$$")])""", "<>b <ax>b a$b")]
    [InlineData("""sprintf("%v", [[x | some p in ["(?<n>a)", "[[:^alpha:]]", "(?U)a+", "a{2}{3}", "a**", "x{1001}", `\Z`, "(?=a)"]; x := regex.is_valid(p)]])""", "[true, true, true, false, false, false, false, false]")]
    // glob
    [InlineData("""sprintf("%v", [[glob.match(p, null, "b") | some p in ["[!a]", "[a-c]", "{a,b", "[^b]", "?", "**", "\\b"]]])""", "[true, true, true, true, true, true, true]")]
    // time
    [InlineData("""concat("|", [time.format([0, "Asia/Kathmandu", "MST -0700"]), time.format([1720000000000000000, "America/Sao_Paulo", "MST"]), time.format([1e9, "UTC", "__2 002 _2 .000 ,999 pm Z07:00"])])""", "+0530 +0530|-03|  1 001  1 .000  am Z")]
    [InlineData("""sprintf("%v", [[time.parse_ns("2006-002", "2024-366"), time.parse_ns("RFC1123", "Mon, 02 Jan 2006 15:04:05 CET"), time.parse_duration_ns("1.5h3us")]])""", "[1735603200000000000, 1136214245000000000, 5400000003000]")]
    // net
    [InlineData("""sprintf("%v", [[net.cidr_contains("10.0.0.0/8", "::ffff:10.0.0.1"), net.cidr_intersects("::/0", "1.2.3.0/24"), net.cidr_is_valid("[::1]/64")]])""", "[true, false, false]")]
    // paths, patches and versions
    [InlineData("""sprintf("%v", [[json.filter({"a": 1, "b": {"c": 2}}, ["a/x"]), json.filter({"a": 1}, [""]), json.filter({"a": [1, 2]}, [["a", 0]])]])""", """[{"a": 1}, {}, {"a": []}]""")]
    [InlineData("""sprintf("%v", [[object.subset([1, 1], {1, 2}), object.subset([], set()), semver.is_valid("01.2.3-"), [1, 2][1]]])""", "[true, false, true, 2]")]
    // yaml
    [InlineData("""yaml.marshal({"a10": "yes", "a9": "it's", "b": "x: y", "c": "one\ntwo\n", "d": ["", "😀", 1234567.5, "2024-01-02"]})""", "a9: it's\na10: \"yes\"\nb: 'x: y'\nc: |\n  one\n  two\nd:\n- \"\"\n- \"\\U0001F600\"\n- 1.2345675e+06\n- \"2024-01-02\"\n")]
    [InlineData("""sprintf("%v", [yaml.unmarshal("a: 1\na: 2\nb: 123456789012345678901234567890\nc: 1e-7\nd: 0xFFFFFFFFFFFFFFFFF")])""", """{"a": 2, "b": 1.2345678901234568e+29, "c": 1e-7, "d": "0xFFFFFFFFFFFFFFFFF"}""")]
    public void It_is_as_Go_has_it(string call, string expected) =>
        Assert.Equal(expected.TrimEnd('\n').TrimEnd(' '), Text(call).TrimEnd('\n').TrimEnd(' '));

    private static string Text(string call) => ((Values.RString)Policy.Of("package t\np := " + call).Evaluate("data.t.p", null)!).Value;

    [Theory]
    [InlineData("count(input.x)", "1", "eval_type_error: count: operand 1 must be one of {array, object, set, string} but got number")]
    [InlineData("sum(input.x)", "\"a\"", "eval_type_error: sum: operand 1 must be one of {set, array} but got string")]
    [InlineData("concat(\",\", input.x)", "1", "eval_type_error: concat: operand 2 must be one of {set, array} but got number")]
    [InlineData("to_number(input.x)", "[]", "eval_type_error: to_number: operand 1 must be one of {null, boolean, number, string} but got array")]
    [InlineData("to_number(input.x)", "\"+Inf\"", "eval_type_error: to_number: operand 1 must be valid number string but got string")]
    [InlineData("to_number(input.x)", "\"1e999\"", "eval_builtin_error: to_number: strconv.ParseFloat: parsing \"1e999\": value out of range")]
    [InlineData("bits.and(input.x, 1)", "\"a\"", "eval_type_error: bits.and: operand 1 must be integer but got string")]
    [InlineData("numbers.range_step(1, 10, input.x)", "0", "eval_builtin_error: numbers.range_step: numbers.range_step: step must be a positive integer")]
    [InlineData("array.slice([1, 2], input.x, 1)", "1.0", "eval_type_error: array.slice: operand 2 must be integer number but got floating-point number")]
    [InlineData("format_int(input.x, 3)", "1", "eval_type_error: format_int: operand 2 must be one of {2, 8, 10, 16}")]
    [InlineData("1 - input.x", "\"a\"", "eval_type_error: minus: operand 2 must be number but got string")]
    [InlineData("time.date(input.x)", "\"a\"", "eval_type_error: time.date: operand 1 must be either number (ns) or [number (ns), string (tz)] but got string")]
    [InlineData("time.date([1, input.x])", "\"../x\"", "eval_builtin_error: time.date: time: invalid location name")]
    [InlineData("time.add_date(0, 0, input.x, 0)", "1e15", "eval_type_error: time.add_date: operand 3 must be integer number but got floating-point number")]
    [InlineData("time.parse_ns(\"2006-01-02\", input.x)", "\"2024-13-01\"", "eval_builtin_error: time.parse_ns: parsing time \"2024-13-01\": month out of range")]
    [InlineData("time.parse_ns(\"ANSIC\", input.x)", "\"x\"", "eval_builtin_error: time.parse_ns: parsing time \"x\" as \"Mon Jan _2 15:04:05 2006\": cannot parse \"x\" as \"Mon\"")]
    [InlineData("time.parse_duration_ns(input.x)", "\"1\"", "eval_builtin_error: time.parse_duration_ns: time: missing unit in duration \"1\"")]
    [InlineData("time.parse_duration_ns(input.x)", "\"1d\"", "eval_builtin_error: time.parse_duration_ns: time: unknown unit \"d\" in duration \"1d\"")]
    [InlineData("graph.reachable({}, input.x)", "1", "eval_type_error: graph.reachable: operand 2 must be {array, set} but got number")]
    [InlineData("net.cidr_contains(\"10.0.0.0/8\", input.x)", "1", "eval_type_error: net.cidr_contains: operand 1 must be string but got number")]
    [InlineData("net.cidr_merge(input.x)", "[1]", "eval_builtin_error: net.cidr_merge: element must be string")]
    [InlineData("regex.match(input.x, \"\")", "\"a**\"", "eval_builtin_error: regex.match: error parsing regexp: invalid nested repetition operator: `**`")]
    [InlineData("regex.match(input.x, \"\")", "\"[z-a]\"", "eval_builtin_error: regex.match: error parsing regexp: invalid character class range: `z-a`")]
    [InlineData("glob.match(input.x, [], \"\")", "\"[a\"", "eval_builtin_error: glob.match: unexpected end of input")]
    [InlineData("glob.match(\"a\", input.x, \"\")", "[\"ab\"]", "eval_type_error: glob.match: operand 2 must be array of runes but got array containing string")]
    [InlineData("units.parse(input.x)", "\"1e1000000\"", "eval_builtin_error: units.parse: units.parse: exponent too large")]
    [InlineData("units.parse_bytes(input.x)", "\"1XB\"", "eval_builtin_error: units.parse_bytes: units.parse_bytes: byte unit xb not recognized")]
    [InlineData("json.unmarshal(input.x)", "\"[1 2]\"", "eval_builtin_error: json.unmarshal: invalid character '2' after array element")]
    [InlineData("json.unmarshal(input.x)", "\"\"", "eval_builtin_error: json.unmarshal: EOF")]
    [InlineData("base64.decode(input.x)", "\"YQ=a\"", "eval_builtin_error: base64.decode: illegal base64 data at input byte 2")]
    [InlineData("base64url.decode(input.x)", "\"Y\"", "eval_builtin_error: base64url.decode: illegal base64url string: Y")]
    [InlineData("hex.decode(input.x)", "\"6\\n\"", "eval_builtin_error: hex.decode: encoding/hex: invalid byte: U+000A")]
    [InlineData("urlquery.decode(input.x)", "\"a%2\"", "eval_builtin_error: urlquery.decode: invalid URL escape \"%2\"")]
    [InlineData("urlquery.decode_object(input.x)", "\"a=1;b=2\"", "eval_builtin_error: urlquery.decode_object: invalid semicolon separator in query")]
    [InlineData("urlquery.encode_object(input.x)", "{\"a\": 1}", "eval_type_error: urlquery.encode_object: operand 1 values must be string, array[string], or set[string]")]
    [InlineData("intersection({input.x})", "1", "eval_type_error: intersection: operand 1 must be set but got number")]
    [InlineData("object.subset(input.x, {})", "[]", "eval_type_error: object.subset: both arguments object.subset must be of the same type or array and set")]
    [InlineData("semver.compare(input.x, \"1.0.0\")", "\"1.0\"", "eval_builtin_error: semver.compare: operand 1: string \"1.0\" is not a valid SemVer")]
    public void A_fault_is_told_in_OPAs_words(string call, string x, string expected)
    {
        var fault = Assert.Throws<RegoEvaluationException>(() => Policy.P("p := " + call, $"{{\"x\": {x}}}", new EvaluationOptions { StrictBuiltinErrors = true }));
        Assert.Equal(expected, $"{fault.Code}: {fault.Reason}");
    }

    [Theory]
    [InlineData("json.patch({\"a\": 1}, [{\"op\": \"add\", \"path\": \"/b/c\", \"value\": 1}])")]
    [InlineData("json.patch({\"a\"}, [{\"op\": \"replace\", \"path\": \"/a\", \"value\": \"b\"}])")]
    [InlineData("uuid.parse(\"x\")")]
    [InlineData("[1, 2][input.i]")]
    public void What_OPA_leaves_undefined_is_no_fault_in_strict_mode_either(string call) =>
        Assert.Equal("undefined", Policy.P("p := " + call, "{\"i\": 1.0}", new EvaluationOptions { StrictBuiltinErrors = true }));

    [Fact]
    public void Sets_of_letters_are_made_quickly()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal("[true,true]", Policy.P("p := [regex.match(`^[\\pL\\d]{1,64}$`, \"Ünïcödé7\"), regex.match(`(?i)^\\p{Lu}+\\PN$`, \"ab𝒜c\")]"));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"took {clock.Elapsed}");
    }
}
