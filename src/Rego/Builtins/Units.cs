using System.Globalization;
using System.Numerics;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>units.parse ("10K", "1Mi", "100m") and units.parse_bytes ("1GiB", "2KB").</summary>
internal static class Units
{
    private const int MostExponentDigits = 6;

    public static RValue? Parse(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var text = args[0].Str().Replace("\"", "", StringComparison.Ordinal);
        if (!Split(e, "units.parse", text, out var amount, out var unit)) return null;
        // Case matters for m (milli) against M (mega) alone.
        if (unit.Length > 1) unit = unit[..1] + unit[1..].ToLowerInvariant();
        var (n, d) = amount;
        switch (unit)
        {
            // 0.001 as a 64-bit float has it, which is not quite a thousandth.
            case "m":
                n *= 1152921504606847;
                d *= BigInteger.One << 60;
                break;
            case "": break;
            case "k" or "K" or "M" or "g" or "G" or "t" or "T" or "p" or "P" or "e" or "E":
                n *= BigInteger.Pow(1000, "KMGTPE".IndexOf(char.ToUpperInvariant(unit[0]), StringComparison.Ordinal) + 1);
                break;
            case "ki" or "Ki" or "mi" or "Mi" or "gi" or "Gi" or "ti" or "Ti" or "pi" or "Pi" or "ei" or "Ei":
                n *= BigInteger.Pow(1024, "KMGTPE".IndexOf(char.ToUpperInvariant(unit[0]), StringComparison.Ordinal) + 1);
                break;
            default: return e.Fail($"units.parse: units.parse: unit {unit} not recognized");
        }
        return Ratio(n, d);
    }

    public static RValue? ParseBytes(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var text = args[0].Str().Replace("\"", "", StringComparison.Ordinal).ToLowerInvariant();
        if (!Split(e, "units.parse_bytes", text, out var amount, out var unit)) return null;
        var scale = unit.Length == 0 ? 0 : "kmgtpe".IndexOf(unit[0], StringComparison.Ordinal) + 1;
        BigInteger factor;
        switch (unit.Length == 0 ? "" : unit[1..])
        {
            case "" when unit.Length == 0 || scale > 0: factor = BigInteger.Pow(1000, scale); break;
            case "b" when scale > 0: factor = BigInteger.Pow(1000, scale); break;
            case "i" or "ib" when scale > 0: factor = BigInteger.Pow(1024, scale); break;
            default: return e.Fail($"units.parse_bytes: units.parse_bytes: byte unit {unit} not recognized");
        }
        return RNumber.Of(Mantissa64.Product(amount.N, amount.D, factor));
    }

    private const int MaxDigits = 5_000;

    /// <summary>The amount in front and the unit behind it; messages name the builtin twice, as OPA's do.</summary>
    private static bool Split(Evaluation e, string name, string text, out (BigInteger N, BigInteger D) amount, out string unit)
    {
        amount = default;
        unit = "";
        var what = name == "units.parse" ? "amount" : "byte amount";
        if (text.Contains(' ', StringComparison.Ordinal))
        {
            e.Fail($"{name}: {name}: spaces not allowed in resource strings");
            return false;
        }
        if (!EndOfAmount(text, out var end))
        {
            e.Fail($"{name}: {name}: exponent too large");
            return false;
        }
        if (end == 0)
        {
            e.Fail($"{name}: {name}: no {what} provided");
            return false;
        }
        unit = text[end..];
        if (end > MaxDigits)
        {
            e.Fail($"{name}: number is too large");
            return false;
        }
        if (!GoNumber.TryRead(text[..end], out var number))
        {
            e.Fail($"{name}: {name}: could not parse {what} to a number");
            return false;
        }
        var (digits, exponent) = number.Exact;
        if (!number.IsComputable)
        {
            e.Fail($"{name}: number is too large");
            return false;
        }
        amount = exponent >= 0 ? (digits * BigInteger.Pow(10, exponent), BigInteger.One) : (digits, BigInteger.Pow(10, -exponent));
        return true;
    }

    private static bool EndOfAmount(string text, out int end)
    {
        end = 0;
        for (; end < text.Length; end++)
        {
            if (char.IsAsciiDigit(text[end]) || text[end] is '.' or '+' or '-') continue;
            if (text[end] is not ('e' or 'E') || end + 1 == text.Length || !(char.IsAsciiDigit(text[end + 1]) || text[end + 1] is '+' or '-')) return true;
            if (text[end + 1] is '+' or '-') end++;
            var digits = end + 1;
            while (digits < text.Length && char.IsAsciiDigit(text[digits])) digits++;
            if (digits - end - 1 > MostExponentDigits) return false;
        }
        return true;
    }

    private static RNumber Ratio(BigInteger n, BigInteger d)
    {
        var whole = BigInteger.DivRem(n, d, out var rest);
        if (rest.IsZero) return RNumber.Of(whole);
        // Ten decimal places, halves away from zero.
        var scaled = ((BigInteger.Abs(n) * BigInteger.Pow(10, 10) * 2) + d) / (2 * d);
        var text = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(11, '0');
        return RNumber.FromText($"{(n.Sign < 0 ? "-" : "")}{text[..^10]}.{text[^10..]}");
    }
}
