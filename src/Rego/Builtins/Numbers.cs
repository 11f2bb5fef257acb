using System.Globalization;
using System.Numerics;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>numbers.*, bits.*, rounding, to_number, units and rand.</summary>
internal static class Numbers
{
    private const int MaxShift = 65_536;

    public static void Register(Registrar t)
    {
        t.Add("abs", "n", (e, a) => Absolute(e, a[0].Num()));
        t.Add("round", "n", (e, a) => Whole(e, a[0].Num(), m => m.RoundHalfAway()));
        t.Add("ceil", "n", (e, a) => Whole(e, a[0].Num(), m => m.Ceiling()));
        t.Add("floor", "n", (e, a) => Whole(e, a[0].Num(), m => m.Floor()));
        t.Add("numbers.range", "n n", (e, a) => Range(e, "numbers.range", a[0].Num(), a[1].Num(), RNumber.Of(1)));
        t.Add("numbers.range_step", "n n n", (e, a) => Range(e, "numbers.range_step", a[0].Num(), a[1].Num(), a[2].Num()));
        t.Add("to_number", "znbs", ToNumber);
        t.Add("bits.and", "n n", (e, a) => Bits(e, "bits.and", a, (x, y) => x & y));
        t.Add("bits.or", "n n", (e, a) => Bits(e, "bits.or", a, (x, y) => x | y));
        t.Add("bits.xor", "n n", (e, a) => Bits(e, "bits.xor", a, (x, y) => x ^ y));
        t.Add("bits.negate", "n", (e, a) => a[0].Num().IsInteger ? RNumber.Of(-a[0].Num().ToBigInteger() - 1) : NotInteger(e, "bits.negate", 1));
        t.Add("bits.lsh", "n n", (e, a) => Shift(e, "bits.lsh", a, left: true));
        t.Add("bits.rsh", "n n", (e, a) => Shift(e, "bits.rsh", a, left: false));
        t.Add("rand.intn", "s n", RandomNumber);
        t.Add("units.parse", "s", Units.Parse);
        t.Add("units.parse_bytes", "s", Units.ParseBytes);
    }

    private static RValue? Absolute(Evaluation e, RNumber n)
    {
        if (n.IsInt64 && n.Int64 != long.MinValue) return n.Int64 < 0 ? RNumber.Of(-n.Int64) : n;
        return n.Sign < 0 ? Operators.Subtract(e, RNumber.Zero, n) : n;
    }

    private static RValue? Whole(Evaluation e, RNumber n, Func<Mantissa64, BigInteger> settle)
    {
        if (n.IsInt64) return RNumber.Of(n.Int64);
        if (!Mantissa64.TryFrom(n, out var value)) return e.Fail("number is too large or too small to compute with");
        return RNumber.Of(settle(value));
    }

    private static RValue? NotInteger(Evaluation e, string name, int operand) =>
        e.Fault("eval_type_error", $"{name}: operand {operand} must be integer number but got floating-point number");

    private static RValue? Range(Evaluation e, string name, RNumber from, RNumber to, RNumber step)
    {
        if (!from.IsInteger) return NotInteger(e, name, 1);
        if (!to.IsInteger) return NotInteger(e, name, 2);
        if (!step.IsInteger) return NotInteger(e, name, 3);
        if (step.Sign <= 0) return e.Fail($"{name}: step must be a positive integer");
        var (start, end, by) = (from.ToBigInteger(), to.ToBigInteger(), step.ToBigInteger());
        var size = (BigInteger.Abs(end - start) / by) + 1;
        e.Spend(size > long.MaxValue ? long.MaxValue : (long)size);
        if (size > 50_000_000) return e.Fail($"{name}: range is too large");
        var items = new RValue[(int)size];
        if (end < start) by = -by;
        for (var i = 0; i < items.Length; i++, start += by) items[i] = RNumber.Of(start);
        return new RArray(items);
    }

    private static RValue? ToNumber(Evaluation e, ReadOnlySpan<RValue> args)
    {
        switch (args[0])
        {
            case RNull: return RNumber.Zero;
            case RBool b: return RNumber.Of(b.Value ? 1 : 0);
            case RNumber n: return n;
        }
        var text = args[0].Str();
        var digits = text.StartsWith('-') || text.StartsWith('+') ? text[1..] : text;
        if (IsJsonNumber(text)) return RNumber.FromText(text);
        // Go's ParseFloat also takes 1., .5, 007 and a plus sign; what it makes of them is the number they mean.
        if (digits.Length > 0 && digits.All(c => char.IsAsciiDigit(c) || c is '.' or 'e' or 'E' or '+' or '-') && digits.Any(char.IsAsciiDigit) &&
            double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
        {
            return RNumber.Of(value);
        }
        if (digits.ToUpperInvariant() is "NAN" or "INF" or "INFINITY") return e.Fault("eval_type_error", $"to_number: operand 1 must be valid number string but got {GoFormat.Quote(text)}");
        return e.Fail($"to_number: strconv.ParseFloat: parsing {GoFormat.Quote(text)}: invalid syntax");
    }

    public static bool IsJsonNumber(string text)
    {
        var i = 0;
        if (i < text.Length && text[i] == '-') i++;
        if (i >= text.Length || !char.IsAsciiDigit(text[i])) return false;
        if (text[i] == '0') i++;
        else
        {
            while (i < text.Length && char.IsAsciiDigit(text[i])) i++;
        }
        if (i < text.Length && text[i] == '.')
        {
            var start = ++i;
            while (i < text.Length && char.IsAsciiDigit(text[i])) i++;
            if (i == start) return false;
        }
        if (i < text.Length && text[i] is 'e' or 'E')
        {
            i++;
            if (i < text.Length && text[i] is '+' or '-') i++;
            var start = i;
            while (i < text.Length && char.IsAsciiDigit(text[i])) i++;
            if (i == start) return false;
        }
        return i == text.Length;
    }

    private static RValue? Bits(Evaluation e, string name, ReadOnlySpan<RValue> args, Func<BigInteger, BigInteger, BigInteger> op)
    {
        for (var i = 0; i < 2; i++)
        {
            if (!args[i].Num().IsInteger) return NotInteger(e, name, i + 1);
        }
        return RNumber.Of(op(args[0].Num().ToBigInteger(), args[1].Num().ToBigInteger()));
    }

    private static RValue? Shift(Evaluation e, string name, ReadOnlySpan<RValue> args, bool left)
    {
        if (!args[0].Num().IsInteger) return NotInteger(e, name, 1);
        var by = args[1].Num();
        if (!by.IsInteger) return NotInteger(e, name, 2);
        if (by.Sign < 0) return e.Fault("eval_type_error", $"{name}: operand 2 must be an unsigned integer number but got a negative integer");
        if (!by.IsInt64 || by.Int64 > MaxShift) return e.Fail($"{name}: shift is too large");
        var value = args[0].Num().ToBigInteger();
        return RNumber.Of(left ? value << (int)by.Int64 : value >> (int)by.Int64);
    }

    /// <summary>The same seed and bound give the same number for the length of one query.</summary>
    private static RValue? RandomNumber(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var bound = args[1].Num();
        if (!bound.IsInteger) return NotInteger(e, "rand.intn", 2);
        if (!bound.IsInt64 || bound.Int64 == long.MinValue) return e.Fail("rand.intn: number is too large");
        if (bound.Int64 == 0) return RNumber.Zero;
        var key = ("rand.intn", args[0].Str(), Math.Abs(bound.Int64));
        if (e.QueryCache.TryGetValue(key, out var known)) return known;
#pragma warning disable CA5394 // A policy's rand.intn is for sampling, not for secrets.
        var value = RNumber.Of(Random.Shared.NextInt64(Math.Abs(bound.Int64)));
#pragma warning restore CA5394
        e.QueryCache[key] = value;
        return value;
    }
}
