using Rego.Evaluate;
using Rego.Values;

namespace Rego.Builtins;

internal static class Aggregates
{
    public static void Register(Registrar t)
    {
        t.Add("count", "aots", (_, a) => RNumber.Of(a[0] switch
        {
            RArray x => x.Count,
            RObject x => x.Count,
            RSet x => x.Count,
            _ => Runes(a[0].Str()),
        }));
        t.Add("sum", "ta", (e, a) => Fold(e, "sum", a[0], RNumber.Zero, Operators.Plus));
        t.Add("product", "ta", (e, a) => Fold(e, "product", a[0], RNumber.Of(1), Operators.Multiply));
        t.Add("max", "ta", (_, a) => Best(a[0], 1));
        t.Add("min", "ta", (_, a) => Best(a[0], -1));
        t.Add("sort", "ta", (e, a) =>
        {
            var items = a[0].Items().ToArray();
            e.Spend(4L * items.Length);
            if (a[0] is RArray) RValueOrder.Sort(items);
            return new RArray(items);
        });
        t.Add("all", "at", (_, a) =>
        {
            foreach (var item in a[0].Items())
            {
                if (item is not RBool { Value: true }) return RBool.False;
            }
            return RBool.True;
        });
        t.Add("any", "at", (_, a) =>
        {
            foreach (var item in a[0].Items())
            {
                if (item is RBool { Value: true }) return RBool.True;
            }
            return RBool.False;
        });
    }

    public static int Runes(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0) return text.Length;
        var n = 0;
        foreach (var _ in text.EnumerateRunes()) n++;
        return n;
    }

    private static RValue? Fold(Evaluation e, string name, RValue collection, RNumber start, Func<Evaluation, RNumber, RNumber, RValue?> step)
    {
        RValue? result = start;
        foreach (var item in collection.Items())
        {
            e.Tick();
            if (item is not RNumber n)
                return e.Fault("eval_type_error", $"{name}: operand 1 must be {collection.TypeName} of numbers but got {collection.TypeName} containing {item.TypeName}");
            result = step(e, (RNumber)result!, n);
            if (result is null) return null;
        }
        return result;
    }

    private static RValue? Best(RValue collection, int sign)
    {
        RValue? best = null;
        foreach (var item in collection.Items())
        {
            // Of equal numbers an array gives the last as it was written.
            if (best is null || RValue.Compare(item, best) * sign >= 0) best = item;
        }
        return best;
    }
}
