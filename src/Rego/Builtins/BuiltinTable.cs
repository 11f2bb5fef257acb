using System.Collections.Frozen;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>A builtin's code: arguments are there and of an accepted kind; null means undefined.</summary>
internal delegate RValue? BuiltinFunction(Evaluation e, ReadOnlySpan<RValue> args);

/// <summary>
/// One builtin. The signature has a word for each argument, made of the kinds it accepts: z null, b boolean, n number,
/// s string, a array, o object, t set, * anything; in the order in which OPA names them when it refuses another.
/// Words of their own, for OPA's words: i integer, m a moment in time, v vertices of a graph. A word with a question mark
/// behind it says what a compiler may take; the builtin itself judges what it is handed.
/// </summary>
internal sealed class BuiltinEntry
{
    private const int Any = 0b1111111;

    private readonly int[] _accepts;
    private readonly int[] _refuses;
    private readonly string[] _words;
    private readonly BuiltinFunction _function;
    private readonly bool _isQuick;

    // They look at no more than a place or two of a collection, however large it is.
    private static readonly FrozenSet<string> Quick = new[]
    {
        "count", "object.get", "array.slice", "type_name", "is_null", "is_boolean", "is_number", "is_string", "is_array", "is_object", "is_set", "internal.member_2", "internal.member_3",
        "eq", "equal", "neq", "lt", "lte", "gt", "gte", "walk", "internal.print",
    }.ToFrozenSet(StringComparer.Ordinal);

    public BuiltinEntry(string name, string signature, BuiltinFunction function)
    {
        Name = name;
        _function = function;
        _isQuick = Quick.Contains(name);
        var words = signature.Length == 0 ? [] : signature.Split(' ');
        _accepts = [.. words.Select(Mask)];
        _refuses = [.. words.Select((w, i) => w.EndsWith('?') ? 0 : Any & ~_accepts[i])];
        _words = words;
        Signature = string.Join(", ", words.Select(w => w == "*" ? "any" : Kinds(w)));
    }

    public string Name { get; }

    public int Arity => _accepts.Length;

    public bool IsRelation { get; init; }

    /// <summary>Given by the host, perhaps in place of Rego's own of that name.</summary>
    public bool IsHost { get; init; }

    public string Signature { get; }

    public bool Accepts(int argument, RKind kind) => (_accepts[argument] & (1 << (int)kind)) != 0;

    public RValue? Call(Evaluation e, ReadOnlySpan<RValue> args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var kind = args[i].Kind;
            if ((_refuses[i] & (1 << (int)kind)) != 0) return Reject(e, i, args[i]);
            if (kind == RKind.Number && args[i] is RNumber { IsInt64: false, IsComputable: false } && _accepts[i] != Any) return e.Fail($"{Name}: number is too large or too small to compute with");
        }
        try
        {
            e.Charge(args, _isQuick);
            var result = _function(e, args);
            e.Charge(result);
            return result;
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            // Undefined would let a rule that forbids something fall silent.
            throw e.Halt("eval_deadline_error", $"{Name}: the pattern takes too long on this text");
        }
        catch (Exception fault) when (fault is InvalidCastException or OverflowException or ArgumentException or FormatException or InvalidOperationException)
        {
            // Nothing a policy hands to a builtin may end more than the call.
            return e.Fail($"{Name}: cannot handle these arguments: {fault.Message}");
        }
    }

    private RValue? Reject(Evaluation e, int i, RValue value)
    {
        var want = _words[i].Length == 1 ? Kinds(_words[i]) : $"one of {{{Kinds(_words[i])}}}";
        return e.Fault("eval_type_error", $"{Name}: operand {i + 1} must be {want} but got {value.TypeName}");
    }

    private static string Kinds(string word) => string.Join(", ", word.TrimEnd('?').Select(c => c switch
    {
        'i' => "integer",
        'm' => "either number (ns) or [number (ns), string (tz)]",
        'v' => "{array, set}",
        'z' => "null",
        'b' => "boolean",
        'n' => "number",
        's' => "string",
        'a' => "array",
        'o' => "object",
        _ => "set",
    }));

    private static int Mask(string word)
    {
        var mask = 0;
        foreach (var c in word.TrimEnd('?'))
        {
            mask |= c switch
            {
                'z' => 1 << (int)RKind.Null,
                'b' => 1 << (int)RKind.Boolean,
                'n' or 'i' => 1 << (int)RKind.Number,
                'm' => (1 << (int)RKind.Number) | (1 << (int)RKind.Array),
                'v' => (1 << (int)RKind.Array) | (1 << (int)RKind.Set),
                's' => 1 << (int)RKind.String,
                'a' => 1 << (int)RKind.Array,
                'o' => 1 << (int)RKind.Object,
                't' => 1 << (int)RKind.Set,
                _ => Any,
            };
        }
        return mask;
    }
}

/// <summary>All builtins by name.</summary>
internal sealed class BuiltinTable
{
    private static readonly FrozenDictionary<string, BuiltinEntry> Standard = Create();

    // Part of Rego, not of this evaluator yet: a policy that calls one is told so when it is compiled.
    private static readonly FrozenSet<string> Missing = new[]
    {
        "rego.metadata.chain", "rego.metadata.rule",
        "uri.is_valid", "uri.parse",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Deprecated = new[]
    {
        "any", "all", "re_match", "set_diff", "cast_array", "cast_boolean", "cast_null", "cast_object", "cast_set", "cast_string", "net.cidr_overlap",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly Dictionary<string, BuiltinEntry>? _host;
    private readonly IReadOnlySet<string>? _only;

    private BuiltinTable(Dictionary<string, BuiltinEntry>? host, IReadOnlySet<string>? only)
    {
        _host = host;
        _only = only;
    }

    public static bool IsStandard(string name) => Standard.ContainsKey(name) || Missing.Contains(name) || name == "print";

    /// <summary>Every name this evaluator has something for.</summary>
    public static IEnumerable<string> AllNames => Standard.Keys.Concat(Missing.Where(n => n.StartsWith("rego.", StringComparison.Ordinal))).Append("print").Append("assign");

    /// <param name="only">The builtins that may be used, those of the host aside; all when null.</param>
    public static BuiltinTable With(IReadOnlyList<HostBuiltin> host, IReadOnlySet<string>? only = null)
    {
        if (host.Count == 0) return new BuiltinTable(null, only);
        var entries = new Dictionary<string, BuiltinEntry>(StringComparer.Ordinal);
        foreach (var builtin in host)
        {
            var signature = string.Join(' ', Enumerable.Repeat("*", builtin.Arity));
            entries[builtin.Name] = new BuiltinEntry(builtin.Name, signature, (_, args) => builtin.Function(args.ToArray())) { IsHost = true };
        }
        return new BuiltinTable(entries, only);
    }

    public bool Knows(string name) => (Allows(name) && (Standard.ContainsKey(name) || Missing.Contains(name) || name == "print")) || (_host?.ContainsKey(name) ?? false);

    /// <summary>The capabilities the modules are compiled for have it.</summary>
    public bool Allows(string name) => _only?.Contains(name) ?? true;

    public BuiltinEntry? Find(string name) =>
        _host is not null && _host.TryGetValue(name, out var own) ? own : Standard.GetValueOrDefault(name);

    public bool IsRelation(string? name) => name is not null && (Find(name)?.IsRelation ?? false);

    /// <summary>The same arguments give the same answer, whenever asked, and asking leaves no trace.</summary>
    public bool IsSteady(string name) =>
        !(_host?.ContainsKey(name) ?? false) && name is not ("time.now_ns" or "rand.intn" or "uuid.rfc4122" or "opa.runtime" or "io.jwt.decode_verify" or "io.jwt.encode_sign" or "io.jwt.encode_sign_raw" or "http.send" or "net.lookup_ip_addr" or "internal.print" or "trace");

    public static bool IsDeprecated(string name) => Deprecated.Contains(name);

    private static FrozenDictionary<string, BuiltinEntry> Create()
    {
        var table = new Registrar();
        Operators.Register(table);
        Aggregates.Register(table);
        Collections.Register(table);
        Objects.Register(table);
        Strings.Register(table);
        Regexes.Register(table);
        Numbers.Register(table);
        Kinds.Register(table);
        Encodings.Register(table);
        Times.Register(table);
        Misc.Register(table);
        Networks.Register(table);
        HttpSend.Register(table);
        Schemas.JsonSchema.Register(table);
        AwsSignatures.Register(table);
        Tokens.WebTokens.Register(table);
        GraphQl.GraphQl.Register(table);
        Certificates.X509.Register(table);
        ModuleJson.Register(table);
        return table.Entries.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

internal sealed class Registrar
{
    public Dictionary<string, BuiltinEntry> Entries { get; } = new(StringComparer.Ordinal);

    public void Add(string name, string signature, BuiltinFunction function, bool relation = false) =>
        Entries.Add(name, new BuiltinEntry(name, signature, function) { IsRelation = relation });
}

/// <summary>Short ways to say what a builtin's arguments hold.</summary>
internal static class Args
{
    public static string Str(this RValue value) => ((RString)value).Value;

    public static RNumber Num(this RValue value) => (RNumber)value;

    public static ReadOnlySpan<RValue> Items(this RValue value) => value switch
    {
        RArray a => a.Items,
        RSet s => s.Elements,
        _ => default,
    };

    public static RValue? Fail(this Evaluation e, string message) => e.Fault("eval_builtin_error", message);

    /// <summary>A whole number written as one (1.0 and 1e2 are none); a fault otherwise.</summary>
    public static bool Int(this Evaluation e, string name, int operand, RValue value, out long result)
    {
        result = 0;
        if (value is not RNumber n)
        {
            e.Operand(name, operand, "number", value);
            return false;
        }
        if (!n.IsInt64 || !n.IsIntegerText)
        {
            e.Fault("eval_type_error", $"{name}: operand {operand} must be integer number but got floating-point number");
            return false;
        }
        result = n.Int64;
        return true;
    }

    public static RValue? Operand(this Evaluation e, string name, int operand, string must, RValue got) =>
        e.Fault("eval_type_error", $"{name}: operand {operand} must be {must} but got {got.TypeName}");

    /// <summary>The strings of an array or set; null after a fault.</summary>
    public static List<string>? Strings(this Evaluation e, string name, int operand, RValue collection)
    {
        var list = new List<string>();
        foreach (var item in collection.Items())
        {
            if (item is not RString s)
            {
                e.Fault("eval_type_error", $"{name}: operand {operand} must be {collection.TypeName} of strings but got {collection.TypeName} containing {item.TypeName}");
                return null;
            }
            list.Add(s.Value);
        }
        return list;
    }
}
