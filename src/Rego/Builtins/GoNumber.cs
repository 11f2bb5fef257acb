using System.Globalization;
using System.Numerics;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>Numbers as Go's strconv.ParseFloat and math/big read them: wider than JSON's.</summary>
internal static class GoNumber
{
    // What nobody means; beyond it the value is as good as endless.
    private const int MaxBinaryExponent = 20_000;

    /// <summary>
    /// Decimal (1., .5, 007, +1e5, 1_000) or hexadecimal with a binary exponent (0x1p4). A text that is JSON's keeps its
    /// writing.
    /// </summary>
    public static bool TryRead(string text, out RNumber number)
    {
        number = RNumber.Zero;
        if (Numbers.IsJsonNumber(text))
        {
            number = RNumber.FromText(text);
            return true;
        }
        var at = 0;
        var negative = text.StartsWith('-');
        if (negative || text.StartsWith('+')) at++;
        var isHex = at + 2 < text.Length && text[at] == '0' && text[at + 1] is 'x' or 'X';
        if (isHex) at += 2;
        if (text.Contains('_', StringComparison.Ordinal))
        {
            if (!UnderscoresStandWell(text, isHex)) return false;
            text = text.Replace("_", "", StringComparison.Ordinal);
        }
        var (digits, afterPoint, sawPoint, start) = (new System.Text.StringBuilder(), 0, false, at);
        for (; at < text.Length; at++)
        {
            if (text[at] == '.' && !sawPoint)
            {
                sawPoint = true;
                continue;
            }
            if (!(isHex ? char.IsAsciiHexDigit(text[at]) : char.IsAsciiDigit(text[at]))) break;
            digits.Append(text[at]);
            if (sawPoint) afterPoint++;
        }
        if (digits.Length == 0) return false;
        var exponent = 0;
        if (at < text.Length && (isHex ? text[at] is 'p' or 'P' : text[at] is 'e' or 'E'))
        {
            at++;
            var sign = at < text.Length && text[at] == '-' ? -1 : 1;
            if (at < text.Length && text[at] is '+' or '-') at++;
            start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                exponent = Math.Min(1_000_000, (exponent * 10) + text[at] - '0');
                at++;
            }
            if (at == start) return false;
            exponent *= sign;
        }
        else if (isHex)
        {
            return false;
        }
        if (at != text.Length) return false;
        if (!isHex)
        {
            var whole = digits.ToString(0, digits.Length - afterPoint).TrimStart('0');
            var fraction = digits.ToString(digits.Length - afterPoint, afterPoint);
            number = RNumber.FromText($"{(negative ? "-" : "")}{(whole.Length == 0 ? "0" : whole)}{(afterPoint == 0 ? "" : "." + fraction)}{(exponent == 0 ? "" : "e" + exponent.ToString(CultureInfo.InvariantCulture))}");
            if (number.IsInt64) number = RNumber.Of(number.Int64);
            return true;
        }
        var mantissa = BigInteger.Parse("0" + digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var power = Math.Clamp(exponent - (4 * afterPoint), -MaxBinaryExponent, MaxBinaryExponent);
        if (power < 0)
        {
            // m / 2^n is m * 5^n / 10^n.
            mantissa *= BigInteger.Pow(5, -power);
            number = RNumber.FromText($"{(negative ? "-" : "")}{mantissa.ToString(CultureInfo.InvariantCulture)}e{power.ToString(CultureInfo.InvariantCulture)}");
            if (number.IsInt64) number = RNumber.Of(number.Int64);
        }
        else
        {
            number = RNumber.Of((negative ? -mantissa : mantissa) << power);
        }
        return true;
    }

    private static bool UnderscoresStandWell(string text, bool isHex)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '_') continue;
            var before = i > 0 && (char.IsAsciiHexDigit(text[i - 1]) || (isHex && text[i - 1] is 'x' or 'X'));
            var after = i + 1 < text.Length && char.IsAsciiHexDigit(text[i + 1]);
            if (!before || !after) return false;
        }
        return true;
    }
}
