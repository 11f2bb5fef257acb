using System.Net;
using System.Net.Sockets;
using System.Numerics;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>net.cidr_*: ranges of addresses.</summary>
internal static class Networks
{
    private const int MaxExpanded = 1 << 20;

    public static void Register(Registrar t)
    {
        t.Add("net.cidr_contains", "s s?", (e, a) => Contains(e, "net.cidr_contains", a[0], a[1]));
        t.Add("net.cidr_overlap", "s s?", (e, a) => Contains(e, "net.cidr_overlap", a[0], a[1]));
        t.Add("net.cidr_intersects", "s s?", (e, a) =>
        {
            if (a[1] is not RString) return e.Operand("net.cidr_intersects", 1, "string", a[1]);
            if (Range(e, "net.cidr_intersects", a[0].Str()) is not { } x || Range(e, "net.cidr_intersects", a[1].Str()) is not { } y) return null;
            return RBool.Of(x.IsV6 == y.IsV6 && x.First <= y.Last && y.First <= x.Last);
        });
        t.Add("net.cidr_is_valid", "*", (_, a) => RBool.Of(a[0] is RString s && Block.Parse(s.Value) is not null));
        t.Add("net.cidr_expand", "s", Expand);
        t.Add("net.cidr_merge", "at?", Merge);
        t.Add("net.cidr_contains_matches", "sato? sato?", Matches);
    }

    private static Block? Range(Evaluation e, string name, string text)
    {
        if (Block.Parse(text) is { } block) return block;
        e.Fail($"{name}: invalid CIDR address: {text}");
        return null;
    }

    private static Block? RangeOrAddress(Evaluation e, string name, string text)
    {
        if (Block.Parse(text) is { } block) return block;
        if (Block.ParseAddress(text) is { } single) return single;
        e.Fail($"{name}: not a valid textual representation of an IP address or CIDR: {text}");
        return null;
    }

    // Faults speak of operand 1 always, as OPA's do.
    private static RBool? Contains(Evaluation e, string name, RValue range, RValue other)
    {
        var wrong = range is not RString ? range : other is not RString ? other : null;
        if (wrong is not null)
        {
            e.Operand(name, 1, "string", wrong);
            return null;
        }
        return Contains(e, name, range.Str(), other.Str());
    }

    private static RBool? Contains(Evaluation e, string name, string range, string other)
    {
        if (Range(e, name, range) is not { } x || RangeOrAddress(e, name, other) is not { } y) return null;
        return RBool.Of(x.IsV6 == y.IsV6 && x.First <= y.First && y.Last <= x.Last);
    }

    private static RValue? Expand(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (Range(e, "net.cidr_expand", args[0].Str()) is not { } block) return null;
        var size = block.Last - block.First + 1;
        e.Spend(size > long.MaxValue ? long.MaxValue : (long)size);
        if (size > MaxExpanded) return e.Fail("net.cidr_expand: range is too large");
        var builder = new RSetBuilder();
        for (var address = block.First; address <= block.Last; address++) builder.Add(new RString(Block.Text(address, block.IsV6)));
        return builder.Build();
    }

    private static RValue? Merge(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var blocks = new List<Block>();
        if (args[0] is not (RArray or RSet)) return e.Fail("net.cidr_merge: operand must be an array");
        foreach (var element in args[0].Items())
        {
            if (element is not RString) return e.Fail("net.cidr_merge: element must be string");
            var text = element.Str();
            if (Block.Parse(text) is { } block)
            {
                blocks.Add(block);
                continue;
            }
            if (Block.ParseAddress(text) is not { } address) return e.Fail($"net.cidr_merge: invalid CIDR address: {text}");
            if (address.IsV6) return e.Fail("net.cidr_merge: IPv6 invalid: needs prefix length");
            blocks.Add(address.WithDefaultMask());
        }
        blocks.Sort((x, y) => x.IsV6 != y.IsV6 ? x.IsV6.CompareTo(y.IsV6) : x.First != y.First ? x.First.CompareTo(y.First) : y.Last.CompareTo(x.Last));
        var merged = new List<Block>();
        foreach (var block in blocks)
        {
            if (merged.Count > 0 && merged[^1].IsV6 == block.IsV6 && block.First <= merged[^1].Last + 1)
                merged[^1] = merged[^1] with { Last = BigInteger.Max(merged[^1].Last, block.Last) };
            else merged.Add(block);
        }
        var result = new RSetBuilder();
        foreach (var range in merged)
        {
            for (var first = range.First; first <= range.Last;)
            {
                // The largest aligned block that starts here and ends within the range.
                var bits = 0;
                while (bits < range.Bits && (first & ((BigInteger.One << (bits + 1)) - 1)).IsZero && first + (BigInteger.One << (bits + 1)) - 1 <= range.Last) bits++;
                result.Add(new RString($"{Block.Text(first, range.IsV6)}/{range.Bits - bits}"));
                first += BigInteger.One << bits;
            }
        }
        return result.Build();
    }

    private static RValue? Matches(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (Candidates(e, args[0], 1) is not { } ranges || Candidates(e, args[1], 2) is not { } others) return null;
        var result = new RSetBuilder();
        foreach (var (key, range) in ranges)
        {
            foreach (var (otherKey, other) in others)
            {
                e.Tick();
                var holds = Contains(e, "net.cidr_contains_matches", range, other);
                if (holds is null) return null;
                if (holds.Value) result.Add(new RArray([key, otherKey]));
            }
        }
        return result.Build();
    }

    private static List<(RValue Key, RValue Text)>? Candidates(Evaluation e, RValue value, int operand)
    {
        var list = new List<(RValue, RValue)>();
        bool Take(RValue key, RValue element)
        {
            var text = element as RString ?? (element is RArray { Count: > 0 } a ? a[0] : null);
            if (text is null)
            {
                e.Fail($"net.cidr_contains_matches: operand {operand}: element must be string or non-empty array");
                return false;
            }
            list.Add((key, text));
            return true;
        }

        switch (value)
        {
            case RString: return Take(value, value) ? list : null;
            case RArray a:
                for (var i = 0; i < a.Count; i++)
                {
                    if (!Take(RNumber.Of(i), a[i])) return null;
                }
                return list;
            case RSet s:
                foreach (var element in s.Elements)
                {
                    if (!Take(element, element)) return null;
                }
                return list;
            case RObject o:
                for (var i = 0; i < o.Count; i++)
                {
                    if (!Take(o.Keys[i], o.Values[i])) return null;
                }
                return list;
            // What is no collection holds nothing.
            default: return list;
        }
    }

    /// <summary>A range of addresses from first to last, both inclusive.</summary>
    private sealed record Block(BigInteger First, BigInteger Last, bool IsV6)
    {
        public int Bits => IsV6 ? 128 : 32;

        public static Block? Parse(string text)
        {
            var slash = text.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0) return null;
            if (Literal(text[..slash]) is not { } address) return null;
            var digits = text[(slash + 1)..];
            if (digits.Length is 0 or > 3 || !digits.All(char.IsAsciiDigit)) return null;
            var prefix = int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
            if (prefix > address.Bits) return null;
            var span = BigInteger.One << (address.Bits - prefix);
            var first = address.First - (address.First % span);
            return new Block(first, first + span - 1, address.IsV6).Unmapped();
        }

        public static Block? ParseAddress(string text) => Literal(text)?.Unmapped();

        // Addresses of version 4 in the clothes of version 6 (::ffff:10.0.0.1) are those of version 4.
        private Block Unmapped() => IsV6 && First >> 32 == 0xFFFF && Last >> 32 == 0xFFFF ? new Block(First & uint.MaxValue, Last & uint.MaxValue, false) : this;

        private static Block? Literal(string text)
        {
            // .NET takes brackets and scopes as well.
            if (!text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.')) return null;
            if (!text.Contains(':', StringComparison.Ordinal))
            {
                // .NET takes "1.2" and octal parts for addresses; a policy means four decimal parts.
                var parts = text.Split('.');
                if (parts.Length != 4 || !parts.All(p => p.Length is > 0 and <= 3 && p.All(char.IsAsciiDigit) && (p.Length == 1 || p[0] != '0'))) return null;
            }
            if (!IPAddress.TryParse(text, out var address)) return null;
            var value = new BigInteger(address.GetAddressBytes(), isUnsigned: true, isBigEndian: true);
            return new Block(value, value, address.AddressFamily == AddressFamily.InterNetworkV6);
        }

        /// <summary>The classful network that Go assumes for a bare IPv4 address.</summary>
        public Block WithDefaultMask()
        {
            var top = (int)(First >> 24);
            var prefix = top < 0x80 ? 8 : top < 0xC0 ? 16 : 24;
            var span = BigInteger.One << (32 - prefix);
            var first = First - (First % span);
            return new Block(first, first + span - 1, false);
        }

        public static string Text(BigInteger address, bool v6)
        {
            var bytes = address.ToByteArray(isUnsigned: true, isBigEndian: true);
            var full = new byte[v6 ? 16 : 4];
            bytes.CopyTo(full, full.Length - bytes.Length);
            return new IPAddress(full).ToString();
        }
    }
}
