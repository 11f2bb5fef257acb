using System.Globalization;
using System.Numerics;
using System.Text;

namespace Rego.Builtins;

/// <summary>strconv.FormatFloat for 64-bit floats: the shortest digits that read back, or exact ones rounded half to even.</summary>
internal static class GoFloat
{
    /// <summary>The text with its sign; a negative precision asks for the shortest digits.</summary>
    public static string Format(double value, char verb, int precision)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "+Inf" : "-Inf";
        var magnitude = Math.Abs(value);
        var text = verb switch
        {
            'b' => Binary(magnitude),
            'x' or 'X' => Hexadecimal(magnitude, precision, verb),
            'f' when precision >= 0 => Fixed(magnitude, precision),
            'f' => Plain(Shortest(magnitude)),
            'e' or 'E' => Scientific(precision < 0 ? Shortest(magnitude) : Rounded(magnitude, precision + 1), precision, verb),
            _ => General(magnitude, precision, verb),
        };
        return double.IsNegative(value) ? "-" + text : text;
    }

    private static string General(double value, int precision, char verb)
    {
        if (precision == 0) precision = 1;
        var digits = precision < 0 ? Shortest(value) : Rounded(value, precision);
        if (precision >= 0)
        {
            var kept = digits.Text.TrimEnd('0');
            digits = (kept.Length == 0 ? "0" : kept, digits.Exponent);
        }
        var count = value == 0 ? 0 : digits.Text.Length;
        var limit = precision < 0 ? 6 : precision > count && count >= digits.Exponent + 1 ? count : precision;
        // When the digits are the shortest ones, Go decides on an exponent as if the precision were 6.
        if (value != 0 && (digits.Exponent < -4 || digits.Exponent >= limit)) return Scientific(digits, digits.Text.Length - 1, verb == 'G' ? 'E' : 'e');
        return Plain(digits);
    }

    private static string Plain((string Text, int Exponent) digits)
    {
        var (text, exponent) = digits;
        if (exponent < 0) return "0." + new string('0', -exponent - 1) + text;
        if (text.Length <= exponent + 1) return text + new string('0', exponent + 1 - text.Length);
        return text[..(exponent + 1)] + "." + text[(exponent + 1)..];
    }

    private static string Scientific((string Text, int Exponent) digits, int precision, char verb)
    {
        var text = new StringBuilder().Append(digits.Text[0]);
        if (precision < 0) precision = digits.Text.Length - 1;
        if (precision > 0) text.Append('.').Append(digits.Text.AsSpan(1)).Append('0', precision - (digits.Text.Length - 1));
        return text.Append(verb).Append(digits.Exponent < 0 ? '-' : '+').Append(Math.Abs(digits.Exponent).ToString("00", CultureInfo.InvariantCulture)).ToString();
    }

    private static (string Text, int Exponent) Shortest(double value)
    {
        if (value == 0) return ("0", 0);
        var plain = value.ToString("R", CultureInfo.InvariantCulture);
        var e = plain.IndexOf('E', StringComparison.Ordinal);
        var mantissa = e < 0 ? plain : plain[..e];
        var exponent = e < 0 ? 0 : int.Parse(plain.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        return (digits.Trim('0'), exponent + (point < 0 ? mantissa.Length : point) - 1 - leading);
    }

    /// <summary>So many significant digits.</summary>
    private static (string Text, int Exponent) Rounded(double value, int significant)
    {
        if (value == 0) return (new string('0', significant), 0);
        var exponent = Shortest(value).Exponent;
        var digits = Scaled(value, significant - 1 - exponent).ToString(CultureInfo.InvariantCulture);
        if (digits.Length > significant) return (digits[..significant], exponent + 1);
        // The shortest digits were rounded up to a power of ten.
        if (digits.Length < significant) return (Scaled(value, significant - exponent).ToString(CultureInfo.InvariantCulture), exponent - 1);
        return (digits, exponent);
    }

    private static string Fixed(double value, int precision)
    {
        var digits = Scaled(value, precision).ToString(CultureInfo.InvariantCulture).PadLeft(precision + 1, '0');
        return precision == 0 ? digits : digits[..^precision] + "." + digits[^precision..];
    }

    /// <summary>The value times a power of ten as a whole number, halves to even.</summary>
    private static BigInteger Scaled(double value, int power)
    {
        var (mantissa, exponent) = Parts(value);
        var numerator = mantissa * BigInteger.Pow(10, Math.Max(power, 0));
        var denominator = BigInteger.Pow(10, Math.Max(-power, 0));
        if (exponent >= 0) numerator <<= exponent;
        else denominator <<= -exponent;
        var quotient = BigInteger.DivRem(numerator, denominator, out var rest);
        var half = (rest * 2).CompareTo(denominator);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }

    private static (BigInteger Mantissa, int Exponent) Parts(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = bits & 0xFFFFFFFFFFFFFL;
        return exponent == 0 ? (mantissa, -1074) : (mantissa | (1L << 52), exponent - 1075);
    }

    private static string Binary(double value)
    {
        var (mantissa, exponent) = Parts(value);
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}p{(exponent < 0 ? "" : "+")}{exponent}");
    }

    private static string Hexadecimal(double value, int precision, char verb)
    {
        var (whole, exponent) = Parts(value);
        var mantissa = (ulong)whole << 8;
        exponent = mantissa == 0 ? 0 : exponent + 52;
        while (mantissa != 0 && (mantissa & (1UL << 60)) == 0)
        {
            mantissa <<= 1;
            exponent--;
        }
        if (precision is >= 0 and < 15)
        {
            var shift = precision * 4;
            var extra = (mantissa << shift) & ((1UL << 60) - 1);
            mantissa >>= 60 - shift;
            if ((extra | (mantissa & 1)) > 1UL << 59) mantissa++;
            mantissa <<= 60 - shift;
            if ((mantissa & (1UL << 61)) != 0)
            {
                mantissa >>= 1;
                exponent++;
            }
        }
        var hex = verb == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
        var text = new StringBuilder("0").Append(verb).Append((char)('0' + ((mantissa >> 60) & 1)));
        mantissa <<= 4;
        if (precision > 0 || (precision < 0 && mantissa != 0)) text.Append('.');
        for (var i = 0; precision < 0 ? mantissa != 0 : i < precision; i++, mantissa <<= 4) text.Append(hex[(int)(mantissa >> 60) & 15]);
        return text.Append(verb == 'X' ? 'P' : 'p').Append(exponent < 0 ? '-' : '+').Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)).ToString();
    }
}
