using System.Globalization;
using System.Numerics;
using System.Text;

namespace Rego.Values;

/// <summary>
/// A binary float with a 64-bit mantissa, rounded half to even: the arithmetic of OPA (Go's big.Float at precision 64).
/// Neither double (53 bits) nor decimal (28 digits, small range) gives the same digits.
/// Value = Mantissa * 2^Exponent; the mantissa has its top bit set unless the value is zero.
/// </summary>
internal readonly struct Mantissa64
{
    private const int Precision = 64;

    // Beyond this a policy computes with nonsense; a bound keeps the big integers behind one operation small.
    private const int MaxDecimalExponent = 4096;

    private readonly BigInteger _mantissa;
    private readonly int _exponent;

    private Mantissa64(BigInteger mantissa, int exponent)
    {
        _mantissa = mantissa;
        _exponent = exponent;
    }

    public bool IsZero => _mantissa.IsZero;

    public int Sign => _mantissa.Sign;

    public static bool TryFrom(RNumber number, out Mantissa64 value)
    {
        if (number.IsInt64)
        {
            value = Round(number.Int64, 0, false);
            return true;
        }
        var (digits, exponent) = number.Exact;
        if (Math.Abs((long)exponent) > MaxDecimalExponent)
        {
            value = default;
            return false;
        }
        if (exponent >= 0)
        {
            value = Round(digits * BigInteger.Pow(10, exponent), 0, false);
            return true;
        }
        value = Divide(digits, BigInteger.Pow(10, -exponent), 0);
        return true;
    }

    public static Mantissa64 operator +(Mantissa64 a, Mantissa64 b) => Sum(a, b._mantissa, b._exponent);

    public static Mantissa64 operator -(Mantissa64 a, Mantissa64 b) => Sum(a, -b._mantissa, b._exponent);

    public static Mantissa64 operator *(Mantissa64 a, Mantissa64 b) =>
        Round(a._mantissa * b._mantissa, a._exponent + b._exponent, false);

    public static Mantissa64 operator /(Mantissa64 a, Mantissa64 b) =>
        a.IsZero ? default : Divide(a._mantissa, b._mantissa, a._exponent - b._exponent);

    public RNumber ToNumber()
    {
        if (IsZero) return RNumber.Zero;
        if (TryInteger(out var whole) && whole >= long.MinValue && whole <= long.MaxValue) return RNumber.Of((long)whole);
        return RNumber.FromText(Shortest());
    }

    /// <summary>The nearest whole number, halves away from zero.</summary>
    public BigInteger RoundHalfAway() => (Sign < 0 ? this - Half : this + Half).Truncated();

    // OPA goes by the sign of the truncated number, and zero has none: ceil(-0.5) is 1 and floor(-0.5) is 0.
    public BigInteger Ceiling()
    {
        var whole = Truncated();
        return whole.Sign < 0 || TryInteger(out _) ? whole : whole + 1;
    }

    public BigInteger Floor()
    {
        var whole = Truncated();
        return whole.Sign >= 0 || TryInteger(out _) ? whole : whole - 1;
    }

    public Mantissa64 Magnitude() => Sign < 0 ? new Mantissa64(-_mantissa, _exponent) : this;

    /// <summary>Without what stands behind the point.</summary>
    public BigInteger Truncated() => _exponent >= 0 ? _mantissa << _exponent : _mantissa / (BigInteger.One << -_exponent);

    private static Mantissa64 Half { get; } = Divide(BigInteger.One, new BigInteger(2), 0);

    /// <summary>n/d times a factor, rounded at each step, without what stands behind the point.</summary>
    public static BigInteger Product(BigInteger n, BigInteger d, BigInteger factor) => n.IsZero ? n : (Divide(n, d, 0) * Of(factor)).Truncated();

    private static Mantissa64 Of(BigInteger whole) => Round(whole, 0, false);

    public bool TryInteger(out BigInteger whole)
    {
        if (_exponent >= 0)
        {
            whole = _mantissa << _exponent;
            return true;
        }
        var unit = BigInteger.One << -_exponent;
        whole = BigInteger.DivRem(_mantissa, unit, out var rest);
        return rest.IsZero;
    }

    private static Mantissa64 Sum(Mantissa64 a, BigInteger mantissa, int exponent)
    {
        if (mantissa.IsZero) return a;
        if (a.IsZero) return Round(mantissa, exponent, false);
        // A far smaller operand can only nudge the rounding: its sign at a distance below the last bit says the same.
        var high = (long)BitLength(a._mantissa) + a._exponent;
        var otherHigh = (long)BitLength(mantissa) + exponent;
        if (high - otherHigh > 2 * Precision + 2) return Round((a._mantissa << (Precision + 2)) + mantissa.Sign, a._exponent - Precision - 2, false);
        if (otherHigh - high > 2 * Precision + 2) return Round((mantissa << (Precision + 2)) + a._mantissa.Sign, exponent - Precision - 2, false);
        var low = Math.Min(a._exponent, exponent);
        return Round((a._mantissa << (a._exponent - low)) + (mantissa << (exponent - low)), low, false);
    }

    private static Mantissa64 Divide(BigInteger numerator, BigInteger denominator, int exponent)
    {
        var shift = Math.Max(0, Precision + 2 - (BitLength(numerator) - BitLength(denominator)));
        var quotient = BigInteger.DivRem(BigInteger.Abs(numerator) << shift, BigInteger.Abs(denominator), out var rest);
        var result = Round(quotient, exponent - shift, !rest.IsZero);
        return numerator.Sign * denominator.Sign < 0 ? new Mantissa64(-result._mantissa, result._exponent) : result;
    }

    private static Mantissa64 Round(BigInteger value, int exponent, bool sticky)
    {
        if (value.IsZero) return default;
        var negative = value.Sign < 0;
        var magnitude = BigInteger.Abs(value);
        var excess = BitLength(magnitude) - Precision;
        if (excess > 0)
        {
            var kept = magnitude >> excess;
            var rest = magnitude - (kept << excess);
            var half = BigInteger.One << (excess - 1);
            var against = rest.CompareTo(half);
            if (against > 0 || (against == 0 && (sticky || !kept.IsEven))) kept += 1;
            magnitude = kept;
            exponent += excess;
            if (BitLength(magnitude) > Precision)
            {
                magnitude >>= 1;
                exponent++;
            }
        }
        else if (excess < 0)
        {
            magnitude <<= -excess;
            exponent += excess;
        }
        return new Mantissa64(negative ? -magnitude : magnitude, exponent);
    }

    private static int BitLength(BigInteger value) => (int)BigInteger.Abs(value).GetBitLength();

    /// <summary>The fewest decimal digits that read back as this value, in Go's 'g' layout ('f' for whole numbers).</summary>
    private string Shortest()
    {
        var magnitude = BigInteger.Abs(_mantissa);
        var (digits, point) = Decimal(magnitude, _exponent);
        var doubled = magnitude << 1;
        var (lower, _) = Decimal(doubled - 1, _exponent - 1);
        var (upper, _) = Decimal(doubled + 1, _exponent - 1);
        var inclusive = magnitude.IsEven;
        var kept = digits.Length;
        var up = false;
        for (var i = 0; i < digits.Length; i++)
        {
            var l = i < lower.Length ? lower[i] : '0';
            var m = digits[i];
            var u = i < upper.Length ? upper[i] : '0';
            var okDown = l != m || (inclusive && i + 1 == lower.Length);
            var okUp = m != u && (inclusive || m + 1 < u || i + 1 < upper.Length);
            if (!okDown && !okUp) continue;
            kept = i + 1;
            up = okUp && (!okDown || RoundsUp(digits, i + 1));
            break;
        }
        var buffer = digits[..kept].ToCharArray();
        var length = kept;
        if (up)
        {
            var at = kept - 1;
            while (at >= 0 && buffer[at] == '9') at--;
            if (at < 0)
            {
                buffer[0] = '1';
                length = 1;
                point++;
            }
            else
            {
                buffer[at]++;
                length = at + 1;
            }
        }
        while (length > 1 && buffer[length - 1] == '0') length--;
        return Layout(buffer.AsSpan(0, length), point, TryInteger(out _));
    }

    private static bool RoundsUp(string digits, int n)
    {
        if (n >= digits.Length) return false;
        if (digits[n] == '5' && n + 1 == digits.Length) return n > 0 && (digits[n - 1] - '0') % 2 != 0;
        return digits[n] >= '5';
    }

    private string Layout(ReadOnlySpan<char> digits, int point, bool whole)
    {
        var text = new StringBuilder();
        if (_mantissa.Sign < 0) text.Append('-');
        var exponent = point - 1;
        if (!whole && (exponent < -4 || exponent >= 6))
        {
            text.Append(digits[0]);
            if (digits.Length > 1) text.Append('.').Append(digits[1..]);
            text.Append('e').Append(exponent < 0 ? '-' : '+').Append(Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture));
            return text.ToString();
        }
        if (point <= 0)
        {
            text.Append("0.").Append('0', -point).Append(digits);
        }
        else if (point >= digits.Length)
        {
            text.Append(digits).Append('0', point - digits.Length);
        }
        else
        {
            text.Append(digits[..point]).Append('.').Append(digits[point..]);
        }
        return text.ToString();
    }

    /// <summary>Exact decimal digits of m * 2^e, and where the point stands in them.</summary>
    private static (string Digits, int Point) Decimal(BigInteger m, int e)
    {
        if (e >= 0)
        {
            var whole = (m << e).ToString(CultureInfo.InvariantCulture);
            return (whole.TrimEnd('0'), whole.Length);
        }
        var text = (m * BigInteger.Pow(5, -e)).ToString(CultureInfo.InvariantCulture);
        return (text.TrimEnd('0'), text.Length + e);
    }
}
