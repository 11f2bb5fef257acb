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
        t.Add("abs", "n", (e, a) => a[0].Num() is { IsInt64: true, Int64: not long.MinValue } n ? RNumber.Of(Math.Abs(n.Int64)) : Operators.Float(e, a[0].Num(), out var value) ? value.Magnitude().ToNumber() : null);
        t.Add("round", "n", (e, a) => Whole(e, a[0].Num(), m => m.RoundHalfAway()));
        t.Add("ceil", "n", (e, a) => Whole(e, a[0].Num(), m => m.Ceiling()));
        t.Add("floor", "n", (e, a) => Whole(e, a[0].Num(), m => m.Floor()));
        t.Add("numbers.range", "i i", (e, a) => Range(e, "numbers.range", a));
        t.Add("numbers.range_step", "i i i", (e, a) => Range(e, "numbers.range_step", a));
        t.Add("to_number", "zbns", ToNumber);
        t.Add("bits.and", "i i", (e, a) => Bits(e, "bits.and", a, (x, y) => x & y));
        t.Add("bits.or", "i i", (e, a) => Bits(e, "bits.or", a, (x, y) => x | y));
        t.Add("bits.xor", "i i", (e, a) => Bits(e, "bits.xor", a, (x, y) => x ^ y));
        t.Add("bits.negate", "i", (e, a) => Integer(e, "bits.negate", 1, a[0], out var x) ? RNumber.Of(-x - 1) : null);
        t.Add("bits.lsh", "i i", (e, a) => Shift(e, "bits.lsh", a, left: true));
        t.Add("bits.rsh", "i i", (e, a) => Shift(e, "bits.rsh", a, left: false));
        t.Add("rand.intn", "s n", RandomNumber);
        t.Add("units.parse", "s", Units.Parse);
        t.Add("units.parse_bytes", "s", Units.ParseBytes);
    }

    private static RValue? Whole(Evaluation e, RNumber n, Func<Mantissa64, BigInteger> settle)
    {
        if (n.IsInt64) return RNumber.Of(n.Int64);
        return Operators.Float(e, n, out var value) ? RNumber.Of(settle(value)) : null;
    }

    /// <summary>A whole number of any size, as a float of 64 bits holds it; a fault otherwise.</summary>
    private static bool Integer(Evaluation e, string name, int operand, RValue value, out BigInteger result)
    {
        result = default;
        if (value.Num() is { IsInt64: true } small)
        {
            result = small.Int64;
            return true;
        }
        if (!Operators.Float(e, value.Num(), out var number)) return false;
        if (number.TryInteger(out result)) return true;
        e.Fault("eval_type_error", $"{name}: operand {operand} must be integer number but got floating-point number");
        return false;
    }

    private static RValue? Range(Evaluation e, string name, ReadOnlySpan<RValue> args)
    {
        var by = BigInteger.One;
        if (!Integer(e, name, 1, args[0], out var start) || !Integer(e, name, 2, args[1], out var end) || (args.Length > 2 && !Integer(e, name, 3, args[2], out by))) return null;
        // The name twice: that is what OPA says
        if (by.Sign <= 0) return e.Fail($"{name}: {name}: step must be a positive integer");
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
        if (text.TrimStart('+', '-').ToUpperInvariant() is "NAN" or "INF" or "INFINITY") return e.Fault("eval_type_error", "to_number: operand 1 must be valid number string but got string");
        // Go's ParseFloat also takes 1., .5, 007, a plus sign, 1_000 and 0x1p4; what it makes of them is the number they mean.
        if (!GoNumber.TryRead(text, out var number)) return e.Fail($"to_number: strconv.ParseFloat: parsing {GoFormat.Quote(text)}: invalid syntax");
        if (!number.IsInt64 && double.IsInfinity(number.ToDouble())) return e.Fail($"to_number: strconv.ParseFloat: parsing {GoFormat.Quote(text)}: value out of range");
        return number;
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

    private static RValue? Bits(Evaluation e, string name, ReadOnlySpan<RValue> args, Func<BigInteger, BigInteger, BigInteger> op) =>
        Integer(e, name, 1, args[0], out var x) && Integer(e, name, 2, args[1], out var y) ? RNumber.Of(op(x, y)) : null;

    private static RValue? Shift(Evaluation e, string name, ReadOnlySpan<RValue> args, bool left)
    {
        if (!Integer(e, name, 1, args[0], out var value) || !Integer(e, name, 2, args[1], out var by)) return null;
        if (by.Sign < 0) return e.Fault("eval_type_error", $"{name}: operand 2 must be an unsigned integer number but got a negative integer");
        if (by > MaxShift) return left && !value.IsZero ? e.Fail($"{name}: shift is too large") : RNumber.Of(left ? value : value.Sign < 0 ? BigInteger.MinusOne : BigInteger.Zero);
        return RNumber.Of(left ? value << (int)by : value >> (int)by);
    }

    /// <summary>The same seed and bound give the same number for the length of one query.</summary>
    private static RValue? RandomNumber(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (!e.Int("rand.intn", 2, args[1], out var bound)) return null;
        if (bound == long.MinValue) return e.Fail("rand.intn: number is too large");
        if (bound == 0) return RNumber.Zero;
        bound = Math.Abs(bound);
        var key = ("rand.intn", args[0].Str(), bound);
        if (e.QueryCache.TryGetValue(key, out var known)) return known;
#pragma warning disable CA5394 // A policy's rand.intn is for sampling, not for secrets.
        var value = RNumber.Of(Random.Shared.NextInt64(bound));
#pragma warning restore CA5394
        e.QueryCache[key] = value;
        return value;
    }
}
