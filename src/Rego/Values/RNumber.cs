using System.Globalization;
using System.Numerics;

namespace Rego.Values;

/// <summary>
/// A number. Keeps the text it was written with (1.50 stays 1.50) and compares exactly at any size;
/// arithmetic on it goes through <see cref="Mantissa64"/>, as OPA's does.
/// </summary>
public sealed class RNumber : RValue
{
    private const int SmallMin = -256;
    private const int SmallMax = 1024;
    private const int MaxExponent = 4096;

    private static readonly RNumber[] Small = CreateSmall();

    private readonly string? _text;
    private readonly Large? _large;

    private RNumber(long value, string? text)
        : base(RKind.Number)
    {
        Int64 = value;
        _text = text;
    }

    private RNumber(BigInteger digits, int exponent, string text)
        : base(RKind.Number)
    {
        _large = new Large(digits, exponent);
        _text = text;
    }

    /// <summary>What is no whole number of 64 bits: significant digits and a power of ten.</summary>
    private sealed record Large(BigInteger Digits, int Exponent);

    public static RNumber Zero => Small[-SmallMin];

    /// <summary>True for a whole number within 64 bits, however it was written (1.0 and 1e2 are).</summary>
    public bool IsInt64 => _large is null;

    public long Int64 { get; }

    /// <summary>True for a whole number of any size.</summary>
    public bool IsInteger => _large is not { Exponent: < 0 };

    /// <summary>True when the text itself is that of an integer: digits and a sign, no point, no exponent.</summary>
    public bool IsIntegerText => _text is null || _text.AsSpan().IndexOfAny('.', 'e', 'E') < 0;

    /// <summary>True when the text is just the digits of <see cref="Int64"/>.</summary>
    internal bool IsPlainInt64 => _text is null;

    public string Text => _text ?? Int64.ToString(CultureInfo.InvariantCulture);

    /// <summary>Significant digits (no trailing zeros) and power of ten.</summary>
    internal (BigInteger Digits, int Exponent) Exact
    {
        get
        {
            if (_large is { } large) return (large.Digits, large.Exponent);
            return Normalise(Int64, 0);
        }
    }

    public static RNumber Of(long value) =>
        value is >= SmallMin and <= SmallMax ? Small[value - SmallMin] : new RNumber(value, null);

    public static RNumber Of(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue
            ? Of((long)value)
            : FromText(value.ToString(CultureInfo.InvariantCulture));

    public static RNumber Of(double value)
    {
        if (value == Math.Floor(value) && Math.Abs(value) < 1e15) return Of((long)value);
        return FromText(value.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "e+", StringComparison.Ordinal).Replace("E-", "e-", StringComparison.Ordinal));
    }

    /// <summary>Reads a number in JSON's syntax; the caller has checked that it is one.</summary>
    public static RNumber FromText(string text)
    {
        var s = text.AsSpan();
        if (s.Length <= 18 && s.IndexOfAny('.', 'e', 'E') < 0)
        {
            var small = long.Parse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            if (small is >= SmallMin and <= SmallMax && !(small == 0 && s[0] == '-')) return Small[small - SmallMin];
            return new RNumber(small, s[0] == '-' && small == 0 ? text : null);
        }
        var exponent = 0L;
        var mantissa = s;
        var e = s.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            mantissa = s[..e];
            if (!long.TryParse(s[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > 1_000_000_000)
                exponent = s[e + 1] == '-' ? -1_000_000_000 : 1_000_000_000;
        }
        var point = mantissa.IndexOf('.');
        ReadOnlySpan<char> digits = mantissa;
        if (point >= 0)
        {
            exponent -= mantissa.Length - point - 1;
            digits = string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        }
        // Zeros are cut off as text: a million of them must not cost a million divisions.
        var significant = digits.TrimEnd('0');
        if (significant.Length == 0 || significant is "-") return new RNumber(0, text);
        var d = BigInteger.Parse(significant, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var x = (int)Math.Clamp(exponent + (digits.Length - significant.Length), -1_000_000_000, 1_000_000_000);
        if (x is >= 0 and <= 19)
        {
            var whole = d * BigInteger.Pow(10, x);
            if (whole >= long.MinValue && whole <= long.MaxValue)
            {
                var canonical = point < 0 && e < 0;
                return canonical ? Of((long)whole) : new RNumber((long)whole, text);
            }
        }
        return new RNumber(d, x, text);
    }

    /// <summary>The number zero below zero: what 0 times -1.5 is, and how it is written.</summary>
    internal static RNumber NegativeZero { get; } = new(0, "-0");

    /// <summary>Minus stands before it, zero included.</summary>
    internal bool HasMinus => Sign < 0 || (_text is not null && _text[0] == '-');

    /// <summary>Small enough, and not too fine, for exact or floating arithmetic to be quick.</summary>
    public bool IsComputable => _large is not { } large || (Math.Abs(large.Exponent) <= MaxExponent && large.Digits.GetBitLength() <= 4 * MaxExponent);

    public BigInteger ToBigInteger()
    {
        if (_large is not { } large) return Int64;
        if (large.Exponent < 0) return large.Digits / BigInteger.Pow(10, -large.Exponent);
        return large.Digits * BigInteger.Pow(10, Math.Min(large.Exponent, MaxExponent));
    }

    public double ToDouble() =>
        IsInt64 ? Int64 : double.Parse(Text, NumberStyles.Float, CultureInfo.InvariantCulture);

    public int Sign => _large is { } large ? large.Digits.Sign : Math.Sign(Int64);

    internal int CompareNumber(RNumber other)
    {
        if (IsInt64 && other.IsInt64) return Int64.CompareTo(other.Int64);
        var sign = Sign;
        if (sign != other.Sign) return sign.CompareTo(other.Sign);
        if (sign == 0) return 0;
        var (d1, e1) = Exact;
        var (d2, e2) = other.Exact;
        var a = BigInteger.Abs(d1);
        var b = BigInteger.Abs(d2);
        var size1 = DigitCount(a) + (long)e1;
        var size2 = DigitCount(b) + (long)e2;
        if (size1 != size2) return size1 > size2 ? sign : -sign;
        if (e1 > e2) a *= BigInteger.Pow(10, e1 - e2);
        else if (e2 > e1) b *= BigInteger.Pow(10, e2 - e1);
        return a.CompareTo(b) * sign;
    }

    public override bool Equals(RValue? other) =>
        ReferenceEquals(this, other) ||
        (other is RNumber n && n.Int64 == Int64 && (_large is null ? n._large is null : _large.Equals(n._large)));

    public override int GetHashCode() => _large is { } large ? HashCode.Combine(large.Digits, large.Exponent) : Int64.GetHashCode();

    private static long DigitCount(BigInteger positive)
    {
        var estimate = (long)Math.Floor(BigInteger.Log10(positive));
        var power = BigInteger.Pow(10, (int)estimate);
        if (positive < power) return estimate;
        return positive >= power * 10 ? estimate + 2 : estimate + 1;
    }

    private static (BigInteger Digits, int Exponent) Normalise(BigInteger digits, int exponent)
    {
        if (digits.IsZero) return (BigInteger.Zero, 0);
        if (digits >= long.MinValue && digits <= long.MaxValue)
        {
            var small = (long)digits;
            while (small % 10 == 0)
            {
                small /= 10;
                exponent++;
            }
            return (small, exponent);
        }
        while (true)
        {
            var quotient = BigInteger.DivRem(digits, 10, out var remainder);
            if (!remainder.IsZero) return (digits, exponent);
            digits = quotient;
            exponent++;
        }
    }

    private static RNumber[] CreateSmall()
    {
        var numbers = new RNumber[SmallMax - SmallMin + 1];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = new RNumber(i + SmallMin, null);
        return numbers;
    }
}
