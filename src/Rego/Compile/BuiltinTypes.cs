using Rego.Builtins;
using Rego.Values;

namespace Rego.Compile;

/// <summary>What builtins take and give, as far as it helps to tell errors early.</summary>
internal static class BuiltinTypes
{
    private static readonly StaticType Strings = new ArrayType([], StaticType.String);
    private static readonly StaticType StringsOrSet = new UnionType([new ArrayType([], StaticType.String), new SetType(StaticType.String)]);
    private static readonly StaticType NumbersOrSet = new UnionType([new ArrayType([], StaticType.Number), new SetType(StaticType.Number)]);
    private static readonly StaticType NumberOrSet = new UnionType([StaticType.Number, new SetType(StaticType.Any)]);

    private static readonly Dictionary<string, StaticType> Results = Table();

    private static Dictionary<string, StaticType> Table()
    {
        var table = new Dictionary<string, StaticType>(StringComparer.Ordinal);
        Add(StaticType.Number, "abs bits.and bits.lsh bits.negate bits.or bits.rsh bits.xor ceil count div floor indexof mul plus product rand.intn rem round semver.compare strings.count sum time.now_ns time.parse_duration_ns time.parse_ns time.parse_rfc3339_ns time.add_date to_number units.parse units.parse_bytes");
        Add(StaticType.String, "base64.decode base64.encode base64url.decode base64url.encode base64url.encode_no_pad concat crypto.hmac.md5 crypto.hmac.sha1 crypto.hmac.sha256 crypto.hmac.sha512 crypto.md5 crypto.sha1 crypto.sha256 format_int glob.quote_meta hex.decode hex.encode internal.template_string io.jwt.encode_sign io.jwt.encode_sign_raw json.marshal json.marshal_with_options lower regex.replace replace sprintf strings.render_template strings.replace_n strings.reverse substring time.format time.weekday trim trim_left trim_prefix trim_right trim_space trim_suffix type_name upper urlquery.decode urlquery.encode urlquery.encode_object uuid.rfc4122 yaml.marshal");
        Add(StaticType.Boolean, "all any base64.is_valid contains crypto.hmac.equal endswith equal glob.match graphql.is_valid graphql.schema_is_valid gt gte internal.member_2 internal.member_3 is_array is_boolean is_null is_number is_object is_set is_string json.is_valid lt lte neq net.cidr_contains net.cidr_intersects net.cidr_is_valid object.subset re_match regex.globs_match regex.is_valid regex.match regex.template_match semver.is_valid startswith strings.any_prefix_match strings.any_suffix_match trace yaml.is_valid");
        Add(Strings, "split regex.split regex.find_n");
        Add(new ArrayType([], StaticType.Number), "numbers.range numbers.range_step indexof_n");
        Add(new ArrayType([], StaticType.Any), "array.concat array.slice array.reverse array.flatten sort");
        Add(new ArrayType([StaticType.Number, StaticType.Number, StaticType.Number], null), "time.clock time.date");
        Add(new SetType(StaticType.Any), "and or intersection union object.keys set_diff graph.reachable");
        Add(NumberOrSet, "minus");
        Add(new SetType(StaticType.String), "net.cidr_expand net.cidr_merge");
        return table;

        void Add(StaticType type, string names)
        {
            foreach (var name in names.Split(' ')) table[name] = type;
        }
    }

    public static StaticType Result(BuiltinEntry builtin) => Results.GetValueOrDefault(builtin.Name) ?? StaticType.Any;

    public static StaticType Argument(BuiltinEntry builtin, int i) => (builtin.Name, i) switch
    {
        ("concat", 1) => StringsOrSet,
        ("sum" or "product", 0) => NumbersOrSet,
        _ => Kinds(builtin, i),
    };

    private static StaticType Kinds(BuiltinEntry builtin, int i)
    {
        var options = new List<StaticType>();
        foreach (var kind in Enum.GetValues<RKind>())
        {
            if (!builtin.Accepts(i, kind)) continue;
            options.Add(kind switch
            {
                RKind.Array => new ArrayType([], StaticType.Any),
                RKind.Object => new ObjectType([], StaticType.Any, StaticType.Any),
                RKind.Set => new SetType(StaticType.Any),
                _ => new ScalarType(kind),
            });
        }
        return options.Count == Enum.GetValues<RKind>().Length ? StaticType.Any : options.Count == 1 ? options[0] : new UnionType(options);
    }
}
