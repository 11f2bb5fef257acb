using System.Collections.Concurrent;
using System.Collections.Frozen;
using Rego.Builtins;

namespace Rego.Compile;

using static StaticType;

/// <summary>
/// What builtins take and give, with the names OPA gives to their arguments (the facts are those of its v1/ast/builtins.go).
/// A signature is read when the first call of the builtin is checked.
/// </summary>
internal static class BuiltinTypes
{
    // Z null, B boolean, N number, S string, A anything, [T] array, <T,T> tuple, {T} set, (K:V) object, (name:T,K:V) object with known
    // members, T|T one of several. "names = arguments > result".
    private static readonly FrozenDictionary<string, string> Signatures = Read("""
        eq x y result = A A > B
        assign x y result = A A > B
        equal gt gte lt lte neq: x y result = A A > B
        internal.member_2 = A A > B
        internal.member_3 = A A A > B
        plus mul div rem: x y z = N N > N
        minus x y z = N|{A} N|{A} > N|{A}
        round ceil floor abs: x y = N > N
        bits.or bits.and bits.xor: x y z = N N > N
        bits.negate x z = N > N
        bits.lsh bits.rsh: x s z = N N > N
        and or: x y z = {A} {A} > {A}
        intersection union: xs y = {{A}} > {A}
        count collection n = S|[A]|(A:A)|{A} > N
        sum product: collection n = [N]|{N} > N
        max min: collection n = [A]|{A} > A
        sort collection n = [A]|{A} > [A]
        array.concat x y z = [A] [A] > [A]
        array.slice arr start stop slice = [A] N N > [A]
        array.reverse arr rev = [A] > [A]
        array.flatten arr flattened = [A] > [A]
        to_number x num = Z|B|N|S > N
        regex.match pattern value result = S S > B
        regex.is_valid pattern result = S > B
        regex.find_all_string_submatch_n pattern value number output = S S N > [[S]]
        regex.template_match template value delimiter_start delimiter_end result = S S S S > B
        regex.split pattern value output = S S > [S]
        regex.find_n pattern value number output = S S N > [S]
        regex.globs_match glob1 glob2 result = S S > B
        regex.replace s pattern value output = S S S > S
        strings.any_prefix_match strings.any_suffix_match: search base result = S|[S]|{S} S|[S]|{S} > B
        concat delimiter collection output = S [S]|{S} > S
        format_int number base output = N N > S
        indexof haystack needle output = S S > N
        indexof_n haystack needle output = S S > [N]
        substring value offset length output = S N N > S
        contains haystack needle result = S S > B
        strings.count search substring output = S S > N
        startswith endswith: search base result = S S > B
        lower upper strings.reverse: x y = S > S
        split x delimiter ys = S S > [S]
        replace x old new y = S S S > S
        strings.replace_n patterns value output = (S:S) S > S
        trim trim_left trim_right: value cutset output = S S > S
        trim_prefix value prefix output = S S > S
        trim_suffix value suffix output = S S > S
        trim_space value output = S > S
        sprintf format values output = S [A] > S
        strings.render_template value vars result = S (S:A) > S
        rand.intn str n y = S N > N
        numbers.range a b range = N N > [N]
        numbers.range_step a b step range = N N N > [N]
        units.parse units.parse_bytes: x y = S > N
        uuid.rfc4122 k output = S > S
        uuid.parse uuid result = S > (S:A)
        json.filter object paths filtered = (A:A) [S|[A]]|{S|[A]} > A
        json.remove object paths output = (A:A) [S|[A]]|{S|[A]} > A
        json.patch object patches output = A [(op:S,path:A,A:A)] > A
        object.subset super sub result = [A]|(A:A)|{A} [A]|(A:A)|{A} > A
        object.union a b output = (A:A) (A:A) > A
        object.union_n objects output = [(A:A)] > A
        object.remove object keys output = (A:A) [A]|(A:A)|{A} > A
        object.filter object keys filtered = (A:A) [A]|(A:A)|{A} > A
        object.get object key default value = (A:A) A A > A
        object.keys object value = (A:A) > {A}
        json.marshal yaml.marshal: x y = A > S
        json.marshal_with_options x opts y = A (indent:S,prefix:S,pretty:B,S:A) > S
        json.unmarshal yaml.unmarshal: x y = S > A
        json.is_valid yaml.is_valid base64.is_valid: x result = S > B
        base64.encode base64.decode base64url.encode base64url.encode_no_pad base64url.decode urlquery.encode urlquery.decode hex.encode hex.decode: x y = S > S
        urlquery.encode_object object y = (S:S|[S]|{S}) > S
        urlquery.decode_object x object = S > (S:[S])
        io.jwt.decode jwt output = S > <(A:A),(A:A),S>
        io.jwt.verify_rs256 io.jwt.verify_rs384 io.jwt.verify_rs512 io.jwt.verify_ps256 io.jwt.verify_ps384 io.jwt.verify_ps512 io.jwt.verify_es256 io.jwt.verify_es384 io.jwt.verify_es512 io.jwt.verify_eddsa: jwt certificate result = S S > B
        io.jwt.verify_hs256 io.jwt.verify_hs384 io.jwt.verify_hs512: jwt secret result = S S > B
        io.jwt.decode_verify jwt constraints output = S (S:A) > <B,(A:A),(A:A)>
        io.jwt.encode_sign_raw headers payload key output = S S S > S
        io.jwt.encode_sign headers payload key output = (S:A) (S:A) (S:A) > S
        time.now_ns now = > N
        time.parse_ns layout value ns = S S > N
        time.parse_rfc3339_ns value ns = S > N
        time.parse_duration_ns duration ns = S > N
        time.format x formatted_timestamp = N|<N,S>|<N,S,S> > S
        time.date x date = N|<N,S> > <N,N,N>
        time.clock x output = N|<N,S> > <N,N,N>
        time.weekday x day = N|<N,S> > S
        time.add_date ns years months days output = N N N N > N
        time.diff ns1 ns2 output = N|<N,S> N|<N,S> > <N,N,N,N,N,N>
        crypto.x509.parse_certificates certs output = S > [(S:A)]
        crypto.x509.parse_and_verify_certificates certs output = S > <B,[(S:A)]>
        crypto.x509.parse_and_verify_certificates_with_options certs options output = S (S:A) > <B,[(S:A)]>
        crypto.x509.parse_certificate_request csr output = S > (S:A)
        crypto.x509.parse_keypair cert pem output = S S > (S:A)
        crypto.x509.parse_rsa_private_key pem output = S > (S:A)
        crypto.parse_private_keys keys output = S > [(S:A)]
        crypto.md5 crypto.sha1 crypto.sha256: x y = S > S
        crypto.hmac.md5 crypto.hmac.sha1 crypto.hmac.sha256 crypto.hmac.sha512: x key y = S S > S
        crypto.hmac.equal mac1 mac2 result = S S > B
        walk x output = A > <[A],A>
        graph.reachable graph initial output = (A:[A]|{A}) [A]|{A} > {A}
        graph.reachable_paths graph initial output = (A:[A]|{A}) [A]|{A} > {[A]}
        is_number is_string is_boolean is_array is_set is_object is_null: x result = A > B
        type_name x type = A > S
        http.send request response = (S:A) > (A:A)
        graphql.parse query schema output = S|(A:A) S|(A:A) > <(A:A),(A:A)>
        graphql.parse_and_verify query schema output = S|(A:A) S|(A:A) > <B,(A:A),(A:A)>
        graphql.parse_query query output = S > (A:A)
        graphql.parse_schema schema output = S > (A:A)
        graphql.is_valid query schema output = S|(A:A) S|(A:A) > B
        graphql.schema_is_valid schema output = S|(A:A) > B
        json.verify_schema schema output = S|(A:A) > <B,Z|S>
        json.match_schema document schema output = S|(A:A) S|(A:A) > <B,[(desc:S,error:S,field:S,type:S)]>
        providers.aws.sign_req request aws_config time_ns signed_request = (S:A) (S:A) N > (A:A)
        rego.parse_module filename rego output = S S > (S:A)
        rego.metadata.chain chain = > [A]
        rego.metadata.rule output = > A
        opa.runtime output = > (S:A)
        trace note result = S > B
        glob.match pattern delimiters match result = S Z|[S] S > B
        glob.quote_meta pattern output = S > S
        net.cidr_intersects cidr1 cidr2 result = S S > B
        net.cidr_expand cidr hosts = S > {S}
        net.cidr_contains cidr cidr_or_ip result = S S > B
        net.cidr_contains_matches cidrs cidrs_or_ips output = S|[S|[A]]|(S:S|[A])|{S|[A]} S|[S|[A]]|(S:S|[A])|{S|[A]} > {<A,A>}
        net.cidr_merge addrs output = [S]|{S} > {S}
        net.cidr_is_valid cidr result = S > B
        net.lookup_ip_addr name addrs = S > {S}
        semver.is_valid vsn result = A > B
        semver.compare a b result = S S > N
        internal.print = [{A}] >
        internal.template_string = [A] > S
        set_diff = {A} {A} > {A}
        net.cidr_overlap = S S > B
        cast_array = A > [A]
        cast_set = A > {A}
        cast_string = A > S
        cast_boolean = A > B
        cast_null = A > Z
        cast_object = A > (A:A)
        re_match = S S > B
        all any: = [A]|{A} > B
        """);

    private static readonly ConcurrentDictionary<string, FunctionType> Known = new(StringComparer.Ordinal);

    public static FunctionType Of(BuiltinEntry builtin) => builtin.IsHost ? Host(builtin) : Known.GetOrAdd(builtin.Name, static (name, entry) =>
        Signatures.TryGetValue(name, out var text) ? Parse(text) : Host(entry), builtin);

    private static FunctionType Host(BuiltinEntry builtin) => new([.. Enumerable.Repeat<StaticType?>(Any, builtin.Arity)], Any);

    private static FrozenDictionary<string, string> Read(string table)
    {
        var signatures = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var several = colon >= 0 && colon < equals;
            var end = several ? colon : line.IndexOf(' ', StringComparison.Ordinal);
            foreach (var name in line[..end].Split(' ')) signatures[name] = line[(end + 1)..].Trim();
        }
        return signatures.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static FunctionType Parse(string text)
    {
        var parts = text.Split('=');
        // A ">" also closes a tuple: the one that separates stands alone.
        var split = parts[1].IndexOf(" > ", StringComparison.Ordinal);
        if (split < 0 && parts[1].EndsWith(" >", StringComparison.Ordinal)) split = parts[1].Length - 2;
        string[] types = [parts[1][..split], parts[1][Math.Min(split + 3, parts[1].Length)..]];
        var names = parts[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => n.Replace("formatted_timestamp", "formatted timestamp", StringComparison.Ordinal)).ToList();
        var arguments = types[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(t => (StaticType?)new Reader(t).Type()).ToList();
        return new FunctionType(arguments, types[1].Trim() is { Length: > 0 } result ? new Reader(result).Type() : null, names.Count == 0 ? null : names);
    }

    private ref struct Reader(string text)
    {
        private readonly string _text = text;
        private int _at;

        public StaticType Type()
        {
            var options = new List<StaticType> { One() };
            while (Accept('|')) options.Add(One());
            return options.Count == 1 ? options[0] : Union(options);
        }

        private bool Accept(char c)
        {
            if (_at >= _text.Length || _text[_at] != c) return false;
            _at++;
            return true;
        }

        private StaticType One()
        {
            switch (_text[_at++])
            {
                case 'Z': return Null;
                case 'B': return StaticType.Boolean;
                case 'N': return Number;
                case 'S': return StaticType.String;
                case '[':
                    {
                        var item = Type();
                        _at++;
                        return new ArrayType([], item);
                    }
                case '{':
                    {
                        var element = Type();
                        _at++;
                        return new SetType(element);
                    }
                case '<':
                    {
                        var items = new List<StaticType?> { Type() };
                        while (Accept(',')) items.Add(Type());
                        _at++;
                        return new ArrayType(items, null);
                    }
                case '(': return Object();
                default: return Any;
            }
        }

        private ObjectType Object()
        {
            var known = new List<Member>();
            MoreMembers? more = null;
            do
            {
                if (char.IsAsciiLetterLower(_text[_at]))
                {
                    var colon = _text.IndexOf(':', _at);
                    var name = _text[_at..colon];
                    _at = colon + 1;
                    known.Add(new Member(new Values.RString(name), Type()));
                    continue;
                }
                var key = Type();
                _at++;
                more = new MoreMembers(key, Type());
            }
            while (Accept(','));
            _at++;
            return new ObjectType(known, more);
        }
    }
}
