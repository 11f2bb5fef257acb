using System.Globalization;
using System.Numerics;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>units.parse ("10K", "1Mi", "100m") and units.parse_bytes ("1GiB", "2KB").</summary>
internal static class Units
{
    public static RValue? Parse(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var text = args[0].Str().Replace("\"", "", StringComparison.Ordinal);
        if (!Split(e, "units.parse", text, out var amount, out var unit)) return null;
        // Case matters for m (milli) against M (mega) alone.
        var scale = unit switch
        {
            "m" => -1,
            "" => 0,
            _ => unit.ToUpperInvariant() switch
            {
                "K" => 3,
                "M" => 6,
                "G" => 9,
                "T" => 12,
                "P" => 15,
                "E" => 18,
                "KI" => 10,
                "MI" => 20,
                "GI" => 30,
                "TI" => 40,
                "PI" => 50,
                "EI" => 60,
                _ => int.MinValue,
            },
        };
        if (scale == int.MinValue) return e.Fail($"units.parse: unit {unit} not recognized");
        var (n, d) = amount;
        if (scale == -1) d *= 1000;
        else if (unit.Length == 2) n *= BigInteger.One << scale;
        else n *= BigInteger.Pow(10, scale);
        return Ratio(n, d);
    }

    public static RValue? ParseBytes(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var text = args[0].Str().Replace("\"", "", StringComparison.Ordinal);
        if (text.Length > 0 && text.Contains(' ', StringComparison.Ordinal)) return e.Fail("units.parse_bytes: spaces not allowed in resource strings");
        if (!Split(e, "units.parse_bytes", text, out var amount, out var unit)) return null;
        var factor = unit.ToUpperInvariant() switch
        {
            "" => BigInteger.One,
            "K" or "KB" => BigInteger.Pow(10, 3),
            "M" or "MB" => BigInteger.Pow(10, 6),
            "G" or "GB" => BigInteger.Pow(10, 9),
            "T" or "TB" => BigInteger.Pow(10, 12),
            "P" or "PB" => BigInteger.Pow(10, 15),
            "E" or "EB" => BigInteger.Pow(10, 18),
            "KI" or "KIB" => BigInteger.One << 10,
            "MI" or "MIB" => BigInteger.One << 20,
            "GI" or "GIB" => BigInteger.One << 30,
            "TI" or "TIB" => BigInteger.One << 40,
            "PI" or "PIB" => BigInteger.One << 50,
            "EI" or "EIB" => BigInteger.One << 60,
            _ => BigInteger.Zero,
        };
        if (factor.IsZero) return e.Fail($"units.parse_bytes: byte unit {unit} not recognized");
        return RNumber.Of(amount.N * factor / amount.D);
    }

    private static bool Split(Evaluation e, string name, string text, out (BigInteger N, BigInteger D) amount, out string unit)
    {
        amount = default;
        unit = "";
        if (text.Length == 0)
        {
            e.Fail($"{name}: no {(name == "units.parse" ? "amount" : "byte amount")} provided");
            return false;
        }
        if (text.Contains(' ', StringComparison.Ordinal))
        {
            e.Fail($"{name}: spaces not allowed in resource strings");
            return false;
        }
        var i = 0;
        while (i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] is '.' or '-' or '+' || (text[i] is 'e' or 'E' && i > 0 && i + 1 < text.Length && (char.IsAsciiDigit(text[i + 1]) || text[i + 1] is '-' or '+')))) i++;
        var number = text[..i];
        unit = text[i..];
        if (number.Length == 0)
        {
            e.Fail($"{name}: no {(name == "units.parse" ? "amount" : "byte amount")} provided");
            return false;
        }
        if (!decimal.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out _) &&
            !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            e.Fail($"{name}: could not parse {(name == "units.parse" ? "amount" : "byte amount")} to a number");
            return false;
        }
        var clean = number.TrimStart('+');
        if (clean.StartsWith('.')) clean = "0" + clean;
        if (clean.StartsWith("-.", StringComparison.Ordinal)) clean = "-0" + clean[1..];
        if (clean.EndsWith('.')) clean += "0";
        var (digits, exponent) = RNumber.FromText(clean).Exact;
        if (Math.Abs(exponent) > 400)
        {
            e.Fail($"{name}: number is too large");
            return false;
        }
        amount = exponent >= 0 ? (digits * BigInteger.Pow(10, exponent), BigInteger.One) : (digits, BigInteger.Pow(10, -exponent));
        return true;
    }

    private static RNumber Ratio(BigInteger n, BigInteger d)
    {
        var whole = BigInteger.DivRem(n, d, out var rest);
        if (rest.IsZero) return RNumber.Of(whole);
        // Ten decimal places are what OPA prints; the zeros at the end say nothing.
        var scaled = n * BigInteger.Pow(10, 10) / d;
        var text = BigInteger.Abs(scaled).ToString(CultureInfo.InvariantCulture).PadLeft(11, '0');
        var trimmed = (text[..^10] + "." + text[^10..]).TrimEnd('0').TrimEnd('.');
        return RNumber.FromText((scaled.Sign < 0 ? "-" : "") + trimmed);
    }
}
