using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Rego.Values;

/// <summary>
/// YAML as OPA reads and writes it, which is what sigs.k8s.io/yaml makes of it: YAML 1.1's words (yes, on), Go's whole numbers (0x1F, 010, 1_000),
/// anchors and merge keys, and only what JSON can say. Faults are <see cref="FormatException"/> and name the line.
/// </summary>
internal sealed partial class YamlText
{
    private const int MaxDepth = 200;

    /// <summary>An anchor may be used a million times in a few lines.</summary>
    private const int MaxValues = 1_000_000;

    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, (RValue Value, int Size)> _anchors = [];
    private int _values;

    private readonly bool _refusesDoubles;

    private YamlText(string text, bool refusesDoubles)
    {
        _refusesDoubles = refusesDoubles;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The first document of the text, as OPA reads only that; null for an empty one.</summary>
    /// <param name="refusesDoubles">A key that comes twice is a fault, as in annotations; otherwise the last one counts.</param>
    public static RValue Read(string text, bool refusesDoubles = false)
    {
        var reader = new YamlText(text, refusesDoubles);
        try
        {
            reader.Next();
            if (reader.Next() is StreamEnd) return RNull.Instance;
            reader.Next();
            var value = reader.Value(0);
            reader.Next();
            return value;
        }
        catch (YamlException broken)
        {
            // libyaml counts lines from 0 except while scanning, and keeps what it was doing to itself.
            var line = broken is SemanticErrorException ? Math.Max(1, broken.Start.Line - 1) : broken.Start.Line;
            throw new FormatException($"yaml: line {line}: {Context().Replace((broken.InnerException?.Message ?? broken.Message).TrimEnd('.'), "")}", broken);
        }
        catch (InvalidOperationException ended)
        {
            throw new FormatException($"yaml: line {text.TrimEnd().Count(c => c == '\n') + 1}: did not find expected node content", ended);
        }
    }

    private ParsingEvent Next() => _parser.MoveNext() ? _parser.Current! : throw Fault("unexpected end of stream");

    private FormatException Fault(string message) => new($"yaml: line {_parser.Current?.Start.Line ?? 1}: {message}");

    /// <summary>The value whose first event is the current one; its last event is the current one afterwards.</summary>
    private RValue Value(int depth)
    {
        if (depth > MaxDepth) throw Fault("exceeded max depth");
        if (++_values > MaxValues) throw Fault("document contains excessive aliasing");
        var before = _values;
        var anchor = _parser.Current is NodeEvent node ? node.Anchor : AnchorName.Empty;
        var value = Bare(depth);
        if (!anchor.IsEmpty) _anchors[anchor] = (value, _values - before + 1);
        return value;
    }

    private RValue Bare(int depth)
    {
        switch (_parser.Current)
        {
            case AnchorAlias alias:
                if (!_anchors.TryGetValue(alias.Value, out var known)) throw Fault($"unknown anchor '{alias.Value}' referenced");
                _values += known.Size;
                if (_values > MaxValues) throw Fault("document contains excessive aliasing");
                return known.Value;
            case Scalar scalar: return Resolve(scalar);
            case SequenceStart:
                var items = new List<RValue>();
                while (Next() is not SequenceEnd) items.Add(Value(depth + 1));
                return new RArray([.. items]);
            case MappingStart: return Mapping(depth);
            default: throw Fault("did not find expected node content");
        }
    }

    private RObject Mapping(int depth)
    {
        var own = new Dictionary<string, RValue>(StringComparer.Ordinal);
        var merged = new Dictionary<string, RValue>(StringComparer.Ordinal);
        while (Next() is not MappingEnd)
        {
            var merge = _parser.Current is Scalar { Style: ScalarStyle.Plain, Value: "<<", Tag.IsEmpty: true };
            var key = Value(depth + 1);
            Next();
            var value = Value(depth + 1);
            if (merge) Merge(merged, value);
            else if (_refusesDoubles && own.ContainsKey(Key(key))) throw Fault($"key {GoJson.Of(key)} already set in map");
            else own[Key(key)] = value;
        }
        var builder = new RObjectBuilder();
        foreach (var (key, value) in merged)
        {
            if (!own.ContainsKey(key)) builder.Set(new RString(key), value);
        }
        foreach (var (key, value) in own) builder.Set(new RString(key), value);
        return builder.Build();
    }

    // Of several mappings the first that has a key wins.
    private void Merge(Dictionary<string, RValue> into, RValue from)
    {
        switch (from)
        {
            case RObject o:
                for (var i = 0; i < o.Count; i++) into.TryAdd(((RString)o.Keys[i]).Value, o.Values[i]);
                break;
            case RArray several:
                foreach (var one in several.Items) Merge(into, one as RObject ?? throw Fault("map merge requires map or sequence of maps as the value"));
                break;
            default: throw Fault("map merge requires map or sequence of maps as the value");
        }
    }

    private string Key(RValue key) => key switch
    {
        RString s => s.Value,
        RNumber or RBool => GoJson.Of(key),
        _ => throw Fault("unsupported map key"),
    };

    private RValue Resolve(Scalar scalar)
    {
        var text = scalar.Value;
        var tag = scalar.Tag.IsEmpty ? "" : scalar.Tag.Value.Replace("tag:yaml.org,2002:", "!!", StringComparison.Ordinal);
        if (tag is "!!binary")
        {
            var bytes = new byte[text.Length];
            return Convert.TryFromBase64String(text, bytes, out var length) ? new RString(Encoding.UTF8.GetString(bytes, 0, length)) : throw Fault("!!binary value contains invalid base64 data");
        }
        if (tag is "!!str" or "!" || (tag.Length == 0 && scalar.Style != ScalarStyle.Plain)) return new RString(text);
        return Endless().IsMatch(text) ? throw Fault($"json: unsupported value: {text}") : Plain(text);
    }

    private static RValue Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => RNull.Instance,
        "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => RBool.True,
        "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => RBool.False,
        _ when text[0] is '.' or '+' or '-' || char.IsAsciiDigit(text[0]) => Number(text) ?? (RValue)new RString(text),
        _ => new RString(text),
    };

    private static RNumber? Number(string text)
    {
        var plain = text[0] == '.' ? text : text.Replace("_", "", StringComparison.Ordinal);
        if (Whole().Match(plain) is { Success: true } whole)
        {
            var digits = whole.Groups["digits"].Value;
            var radix = whole.Groups["base"].Value.ToUpperInvariant() switch { "0X" => 16, "0B" => 2, "0O" or "0" => 8, _ => 10 };
            var value = BigInteger.Zero;
            foreach (var digit in digits)
            {
                var worth = char.IsAsciiDigit(digit) ? digit - '0' : char.ToUpperInvariant(digit) - 'A' + 10;
                if (worth >= radix) return Real(plain);
                value = value * radix + worth;
            }
            if (whole.Groups["sign"].Value == "-") value = -value;
            // What 64 bits do not hold is a float, or a text when it is not written in tens.
            return value >= long.MinValue && value <= ulong.MaxValue ? RNumber.Of(value) : Real(plain);
        }
        return Real(plain);
    }

    private static RNumber? Real(string text) =>
        Float().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? JsonFloat(real) : null;

    /// <summary>A float goes through Go's JSON: plain digits, and an exponent for what is very small or large.</summary>
    private static RNumber JsonFloat(double real)
    {
        var magnitude = Math.Abs(real);
        if (real == 0 || (magnitude >= 1e-6 && magnitude < 1e21)) return RNumber.FromText(Builtins.GoFloat.Format(real, 'f', -1));
        return RNumber.FromText(Builtins.GoFloat.Format(real, 'e', -1).Replace("e-0", "e-", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\A(While|When) [^,]+, ")]
    private static partial Regex Context();

    // A thousand digits are more than anybody means; each more would cost the square.
    [GeneratedRegex(@"\A(?<sign>[-+]?)(?<base>0[xX]|0[bB]|0[oO]|0(?=[0-9]))?(?<digits>[0-9a-fA-F]{1,1000})\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Float();

    [GeneratedRegex(@"\A([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z")]
    private static partial Regex Endless();

    /// <summary>Whether a plain scalar would be read as this very text.</summary>
    internal static bool IsPlainText(string text)
    {
        if (text.Length == 0 || Endless().IsMatch(text) || Moment().IsMatch(text) || Sixties().IsMatch(text)) return false;
        return Plain(text) is RString;
    }

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]*)?(Z|[-+][0-9]{2}:[0-9]{2})?)?\z")]
    private static partial Regex Moment();

    [GeneratedRegex(@"\A[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?\z")]
    private static partial Regex Sixties();
}
