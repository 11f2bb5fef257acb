using System.Globalization;
using System.Security.Cryptography;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>print and trace, semver, uuid, opa.runtime.</summary>
internal static class Misc
{
    public static void Register(Registrar t)
    {
        t.Add("internal.print", "a", Print);
        t.Add("trace", "s", (e, a) =>
        {
            e.OnNote?.Invoke(a[0].Str());
            return RBool.True;
        });
        t.Add("opa.runtime", "", (e, _) => e.Runtime);
        t.Add("semver.compare", "s s", (e, a) =>
        {
            if (Semver.Parse(a[0].Str()) is not { } x) return e.Fail($"semver.compare: operand 1: string {GoFormat.Quote(a[0].Str())} is not a valid SemVer");
            if (Semver.Parse(a[1].Str()) is not { } y) return e.Fail($"semver.compare: operand 2: string {GoFormat.Quote(a[1].Str())} is not a valid SemVer");
            return RNumber.Of(Semver.Compare(x, y));
        });
        t.Add("semver.is_valid", "*", (_, a) => RBool.Of(a[0] is RString s && Semver.Parse(s.Value) is not null));
        t.Add("uuid.rfc4122", "s", Uuid);
        t.Add("uuid.parse", "s", ParseUuid);
    }

    private static RValue Print(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (e.OnPrint is null) return RBool.True;
        var parts = new List<string>();
        foreach (var set in args[0].Items())
        {
            parts.Add(set is RSet { Count: > 0 } s ? s.Elements[0] is RString text ? text.Value : s.Elements[0].ToString() : "<undefined>");
        }
        e.OnPrint(string.Join(' ', parts));
        return RBool.True;
    }

    /// <summary>A random UUID that stays the same for one key during one query.</summary>
    private static RValue Uuid(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var key = ("uuid.rfc4122", args[0].Str());
        if (e.QueryCache.TryGetValue(key, out var known)) return known;
        var bytes = RandomNumberGenerator.GetBytes(16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        var value = new RString(new Guid(bytes, bigEndian: true).ToString("D", CultureInfo.InvariantCulture));
        e.QueryCache[key] = value;
        return value;
    }

    private static RValue? ParseUuid(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var text = args[0].Str();
        if (text.StartsWith("urn:uuid:", StringComparison.OrdinalIgnoreCase)) text = text[9..];
        // Whatever stands around it.
        if (text.Length == 38) text = text[1..^1];
        if (!text.All(c => char.IsAsciiHexDigit(c) || c == '-')) return null;
        if (!(Guid.TryParseExact(text, "D", out var id) || Guid.TryParseExact(text, "N", out id))) return null;
        var bytes = id.ToByteArray(bigEndian: true);
        var version = bytes[6] >> 4;
        var builder = new RObjectBuilder();
        builder.Set("version", RNumber.Of(version));
        builder.Set("variant", new RString((bytes[8] & 0xC0) == 0x80 ? "RFC4122" : (bytes[8] & 0xE0) == 0xC0 ? "Microsoft" : (bytes[8] & 0xE0) == 0xE0 ? "Future" : "Reserved"));
        if (version is 1 or 2)
        {
            var time = (BigEndian(bytes, 0, 4)) | (BigEndian(bytes, 4, 2) << 32) | ((BigEndian(bytes, 6, 2) & 0x0FFF) << 48);
            var ticks = (System.Numerics.BigInteger)time - 122192928000000000L;
            builder.Set("time", RNumber.Of(ticks * 100));
            builder.Set("nodeid", new RString(string.Join('-', bytes[10..].Select(b => b.ToString("x2", CultureInfo.InvariantCulture)))));
            builder.Set("macvariables", new RString(((bytes[10] & 2) == 2 ? "local" : "global") + ":" + ((bytes[10] & 1) == 1 ? "multicast" : "unicast")));
            builder.Set("clocksequence", RNumber.Of(((bytes[8] & 0x3F) << 8) | bytes[9]));
        }
        if (version == 2)
        {
            builder.Set("id", RNumber.Of(BigEndian(bytes, 0, 4)));
            builder.Set("domain", new RString(bytes[9] switch { 0 => "Person", 1 => "Group", 2 => "Org", var d => $"Domain{d}" }));
        }
        return builder.Build();
    }

    private static long BigEndian(byte[] bytes, int at, int count)
    {
        var value = 0L;
        for (var i = 0; i < count; i++) value = (value << 8) | bytes[at + i];
        return value;
    }
}

internal sealed record Semver(string[] Numbers, string[] Pre)
{
    /// <summary>Wider than the specification, as OPA's: zeros in front, and an empty part behind - or +.</summary>
    public static Semver? Parse(string text)
    {
        var build = text.IndexOf('+', StringComparison.Ordinal);
        if (build >= 0)
        {
            if (!Valid(text[(build + 1)..])) return null;
            text = text[..build];
        }
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        string[] pre = [];
        if (dash >= 0)
        {
            if (!Valid(text[(dash + 1)..])) return null;
            if (dash + 1 < text.Length) pre = text[(dash + 1)..].Split('.');
            text = text[..dash];
        }
        var numbers = text.Split('.');
        if (numbers.Length != 3 || !numbers.All(n => long.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out _))) return null;
        return new Semver(numbers, pre);
    }

    public static int Compare(Semver a, Semver b)
    {
        for (var i = 0; i < 3; i++)
        {
            var c = Numeric(a.Numbers[i], b.Numbers[i]);
            if (c != 0) return c;
        }
        if (a.Pre.Length == 0 || b.Pre.Length == 0) return b.Pre.Length.CompareTo(a.Pre.Length) is var p && p != 0 ? Math.Sign(p) : 0;
        for (var i = 0; i < Math.Min(a.Pre.Length, b.Pre.Length); i++)
        {
            var (x, y) = (a.Pre[i], b.Pre[i]);
            var (nx, ny) = (x.All(char.IsAsciiDigit), y.All(char.IsAsciiDigit));
            var c = (nx, ny) switch
            {
                (true, true) => Numeric(x, y),
                (true, false) => -1,
                (false, true) => 1,
                _ => Math.Sign(string.CompareOrdinal(x, y)),
            };
            if (c != 0) return c;
        }
        return a.Pre.Length.CompareTo(b.Pre.Length);
    }

    private static int Numeric(string x, string y)
    {
        x = x.TrimStart('0');
        y = y.TrimStart('0');
        return x.Length != y.Length ? Math.Sign(x.Length - y.Length) : Math.Sign(string.CompareOrdinal(x, y));
    }

    private static bool Valid(string text) =>
        text.Length == 0 || text.Split('.').All(p => p.Length > 0 && p.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
}
