using System.Numerics;
using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>Comparison, arithmetic, membership and the set operators.</summary>
internal static class Operators
{
    public static void Register(Registrar t)
    {
        t.Add("eq", "* *", (_, a) => RBool.Of(a[0].Equals(a[1])));
        t.Add("equal", "* *", (_, a) => RBool.Of(a[0].Equals(a[1])));
        t.Add("neq", "* *", (_, a) => RBool.Of(!a[0].Equals(a[1])));
        t.Add("lt", "* *", (_, a) => RBool.Of(RValue.Compare(a[0], a[1]) < 0));
        t.Add("lte", "* *", (_, a) => RBool.Of(RValue.Compare(a[0], a[1]) <= 0));
        t.Add("gt", "* *", (_, a) => RBool.Of(RValue.Compare(a[0], a[1]) > 0));
        t.Add("gte", "* *", (_, a) => RBool.Of(RValue.Compare(a[0], a[1]) >= 0));
        t.Add("internal.member_2", "* *", (_, a) => RBool.Of(Member(a[0], a[1])));
        t.Add("internal.member_3", "* * *", (_, a) => RBool.Of(Member(a[0], a[1], a[2])));
        t.Add("plus", "n n", (e, a) => Plus(e, a[0].Num(), a[1].Num()));
        t.Add("minus", "nt nt?", Minus);
        t.Add("mul", "n n", (e, a) => Multiply(e, a[0].Num(), a[1].Num()));
        t.Add("div", "n n", (e, a) => Divide(e, a[0].Num(), a[1].Num()));
        t.Add("rem", "n n", Remainder);
        t.Add("and", "t t", (e, a) => Intersect(e, (RSet)a[0], (RSet)a[1]));
        t.Add("or", "t t", (e, a) => Unite(e, (RSet)a[0], (RSet)a[1]));
        t.Add("set_diff", "t t", (e, a) => Subtract(e, (RSet)a[0], (RSet)a[1]));
        t.Add("union", "t", Union);
        t.Add("intersection", "t", Intersection);
    }

    private static bool Member(RValue value, RValue collection)
    {
        switch (collection)
        {
            case RSet s: return s.Contains(value);
            case RArray a:
                foreach (var item in a.Items)
                {
                    if (item.Equals(value)) return true;
                }
                return false;
            case RObject o:
                foreach (var item in o.Values)
                {
                    if (item.Equals(value)) return true;
                }
                return false;
            default: return false;
        }
    }

    private static bool Member(RValue key, RValue value, RValue collection) => collection switch
    {
        RSet s => key.Equals(value) && s.Contains(value),
        RArray a => a.Get(key) is { } item && item.Equals(value),
        RObject o => o.Get(key) is { } item && item.Equals(value),
        _ => false,
    };

    public static RValue? Plus(Evaluation e, RNumber x, RNumber y)
    {
        if (x.IsInt64 && y.IsInt64)
        {
            var sum = unchecked(x.Int64 + y.Int64);
            if (((x.Int64 ^ sum) & (y.Int64 ^ sum)) >= 0) return RNumber.Of(sum);
        }
        return Floats(e, x, y, out var a, out var b) ? (a + b).ToNumber() : null;
    }

    private static RValue? Minus(Evaluation e, ReadOnlySpan<RValue> args)
    {
        if (args[0] is RSet s)
        {
            if (args[1] is RSet r) return Subtract(e, s, r);
            return e.Operand("minus", 2, args[1] is RNumber ? "set" : "number", args[1]);
        }
        if (args[1] is not RNumber y) return e.Operand("minus", 2, "number", args[1]);
        return y.IsComputable ? Subtract(e, args[0].Num(), y) : e.Fail("minus: number is too large or too small to compute with");
    }

    public static RValue? Subtract(Evaluation e, RNumber x, RNumber y)
    {
        if (x.IsInt64 && y.IsInt64)
        {
            var difference = unchecked(x.Int64 - y.Int64);
            if (((x.Int64 ^ y.Int64) & (x.Int64 ^ difference)) >= 0) return RNumber.Of(difference);
        }
        return Floats(e, x, y, out var a, out var b) ? (a - b).ToNumber() : null;
    }

    public static RValue? Multiply(Evaluation e, RNumber x, RNumber y)
    {
        if (x.IsInt64 && y.IsInt64)
        {
            var high = Math.BigMul(x.Int64, y.Int64, out var low);
            // Past small numbers OPA multiplies floats, and those have a zero below zero.
            if (low == 0 && high == 0) return x.HasMinus == y.HasMinus || (IsSmall(x) && IsSmall(y)) ? RNumber.Zero : RNumber.NegativeZero;
            if ((high == 0 && low >= 0) || (high == -1 && low < 0)) return RNumber.Of(low);
        }
        if (!Floats(e, x, y, out var a, out var b)) return null;
        var product = (a * b).ToNumber();
        return product.Sign == 0 && x.HasMinus != y.HasMinus ? RNumber.NegativeZero : product;
    }

    private static RValue? Divide(Evaluation e, RNumber x, RNumber y)
    {
        if (y.Sign == 0) return e.Fail("div: divide by zero");
        if (x.Sign == 0) return x.HasMinus == y.HasMinus ? RNumber.Zero : RNumber.NegativeZero;
        if (x.IsInt64 && y.IsInt64 && !(x.Int64 == long.MinValue && y.Int64 == -1) && x.Int64 % y.Int64 == 0) return RNumber.Of(x.Int64 / y.Int64);
        return Floats(e, x, y, out var a, out var b) ? (a / b).ToNumber() : null;
    }

    private static RValue? Remainder(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var (x, y) = (args[0].Num(), args[1].Num());
        if (x.IsInt64 && y.IsInt64 && y.Int64 is not (0 or -1)) return RNumber.Of(x.Int64 % y.Int64);
        if (!Floats(e, x, y, out var a, out var b)) return null;
        if (!a.TryInteger(out var i) || !b.TryInteger(out var j)) return e.Fail("rem: modulo on floating-point number");
        // OPA looks at the last 64 bits alone: what divides by 2^64 counts as zero.
        return (j & ulong.MaxValue).IsZero ? e.Fail("rem: modulo by zero") : RNumber.Of(BigInteger.Remainder(i, j));
    }

    private static bool IsSmall(RNumber n) => n is { IsIntegerText: true, Int64: > -1000 and < 1000 };

    public static bool Floats(Evaluation e, RNumber x, RNumber y, out Mantissa64 a, out Mantissa64 b)
    {
        b = default;
        return Float(e, x, out a) && Float(e, y, out b);
    }

    public static bool Float(Evaluation e, RNumber x, out Mantissa64 value)
    {
        if (Mantissa64.TryFrom(x, out value)) return true;
        e.Fail("number is too large or too small to compute with");
        return false;
    }

    private static RSet Intersect(Evaluation e, RSet x, RSet y)
    {
        e.Spend(x.Count);
        var builder = new RSetBuilder();
        foreach (var element in x.Elements)
        {
            if (y.Contains(element)) builder.Add(element);
        }
        return builder.Build();
    }

    private static RSet Unite(Evaluation e, RSet x, RSet y)
    {
        e.Spend(x.Count + y.Count);
        var builder = new RSetBuilder();
        foreach (var element in x.Elements) builder.Add(element);
        foreach (var element in y.Elements) builder.Add(element);
        return builder.Build();
    }

    private static RSet Subtract(Evaluation e, RSet x, RSet y)
    {
        e.Spend(x.Count);
        var builder = new RSetBuilder();
        foreach (var element in x.Elements)
        {
            if (!y.Contains(element)) builder.Add(element);
        }
        return builder.Build();
    }

    private static RValue? Union(Evaluation e, ReadOnlySpan<RValue> args)
    {
        var builder = new RSetBuilder();
        foreach (var set in args[0].Items())
        {
            if (set is not RSet s) return e.Operand("union", 1, "set", set);
            e.Spend(s.Count);
            foreach (var element in s.Elements) builder.Add(element);
        }
        return builder.Build();
    }

    private static RValue? Intersection(Evaluation e, ReadOnlySpan<RValue> args)
    {
        RSet? result = null;
        foreach (var set in args[0].Items())
        {
            if (set is not RSet s) return e.Operand("intersection", 1, "set", set);
            result = result is null ? s : Intersect(e, result, s);
        }
        return result ?? RSet.Empty;
    }
}
