using static System.StringComparison;

namespace MicroAppBot.Cards.Templating;

/// <summary>Functions of lists and maps (a text is now and then a list of its characters, as in the reference).</summary>
internal static class ListFunctions
{
    public static readonly KeyValuePair<string, Functions.Known>[] All =
    [
        Known("count", Count, 1, 1), Known("empty", Empty, 1, 1), Known("contains", Contains, 2, 2), Known("join", Join, 2, 3),
        Known("first", of => End(of, last: false), 1, 1), Known("last", of => End(of, last: true), 1, 1),
        Known("take", Take, 2, 2), Known("skip", Skip, 2, 2), Known("indexOf", IndexOf, 2, 2),
        Known("sortBy", of => Sort(of, descending: false), 1, 2), Known("sortByDescending", of => Sort(of, descending: true), 1, 2),
        Known("union", Union, 1), Known("unique", Union, 1, 1), Known("reverse", Reverse, 1, 1),
        Known("createArray", of => Value.Of(of.All), 0), Known("isArray", of => Value.Of(of[0].Kind == Kind.List), 1, 1),
        Known("getProperty", GetProperty, 2, 2), Known("setProperty", SetProperty, 3, 3),
    ];

    private static KeyValuePair<string, Functions.Known> Known(string name, Function function, int least, int most = int.MaxValue) =>
        NumberFunctions.Known(name, function, least, most);

    private static Value Count(Operands of) => of[0].Kind switch
    {
        Kind.List or Kind.Map => Value.Of(of[0].Count),
        Kind.Text => Value.Of(of[0].Text.Length),
        _ => of.Fault("this needs a list, a map or a text"),
    };

    private static Value Empty(Operands of) => of[0].Kind switch
    {
        Kind.Missing or Kind.Null => Value.True,
        Kind.Text => Value.Of(of[0].Text.Length == 0),
        Kind.List or Kind.Map => Value.Of(of[0].Count == 0),
        _ => of.Fault("this needs a list, a map or a text"),
    };

    private static Value Contains(Operands of)
    {
        var sought = of[1];
        return Value.Of(of[0].Kind switch
        {
            Kind.Text => sought.Kind == Kind.Text && of[0].Text.Contains(sought.Text, Ordinal),
            Kind.List => of[0].Items.Any(item => Value.AreEqual(item, sought)),
            Kind.Map => sought.Kind == Kind.Text && of[0].TryMember(sought.Text, out _),
            _ => false,
        });
    }

    private static Value Join(Operands of)
    {
        if (of[0].Kind != Kind.List || of.TextAt(1) is not { } by || of.TextAt(of.Count - 1) is not { } last)
            return of.Fault("this needs a list and texts to put between");
        var items = of[0].Items.Select(item => item.IsNothing ? "" : item.AsText()).ToArray();
        return Value.Of(items.Length < 2 ? string.Concat(items) : string.Join(by, items[..^1]) + last + items[^1]);
    }

    private static Value End(Operands of, bool last) => of[0].Kind switch
    {
        Kind.List when of[0].Count > 0 => of[0][last ? of[0].Count - 1 : 0],
        Kind.Text when of[0].Text.Length > 0 => Value.Of(of[0].Text.Substring(last ? of[0].Text.Length - 1 : 0, 1)),
        _ => Value.Missing((last ? "last" : "first") + "()"),
    };

    private static Value Take(Operands of)
    {
        if (!of[1].IsInteger)
            return of.Fault("how many to take is a whole number");
        var count = (int)Math.Max(of[1].Number, 0);
        return of[0].Kind switch
        {
            Kind.List => Value.Of([.. of[0].Items.Take(count)]),
            Kind.Text => Value.Of(of[0].Text[..Math.Min(count, of[0].Text.Length)]),
            _ => of.Fault("this needs a list or a text"),
        };
    }

    private static Value Skip(Operands of) =>
        of[0].Kind != Kind.List || !of[1].IsInteger ? of.Fault("this needs a list and a whole number")
        : Value.Of([.. of[0].Items.Skip((int)Math.Max(of[1].Number, 0))]);

    private static Value IndexOf(Operands of)
    {
        if (of[0].Kind == Kind.List)
        {
            for (var i = 0; i < of[0].Count; i++)
                if (of[0][i].Kind is not (Kind.List or Kind.Map) && Value.AreEqual(of[0][i], of[1]))
                    return Value.Of(i);
            return Value.Of(-1);
        }
        return of.TextAt(0) is { } text && of.TextAt(1) is { } part ? Value.Of(text.IndexOf(part, Ordinal)) : of.Fault("this needs a list or a text");
    }

    private static Value Sort(Operands of, bool descending)
    {
        if (of[0].Kind != Kind.List)
            return of.Fault("this needs a list");
        var key = of.Count == 2 ? of.TextAt(1) : null;
        if (of.Count == 2 && key is null)
            return of.Fault("what to sort by is a name");
        Value Key(Value item) => string.IsNullOrEmpty(key) ? Value.Of(item.AsText()) : item.TryMember(key, out var value) ? value : Value.Null;
        var sorted = of[0].Items.Order(Comparer<Value>.Create((a, b) => Order(Key(a), Key(b))));
        return Value.Of(descending ? [.. sorted.Reverse()] : [.. sorted]);
    }

    private static int Order(Value a, Value b) =>
        a.Kind == Kind.Number && b.Kind == Kind.Number ? a.Number.CompareTo(b.Number)
        : a.Kind == Kind.Text && b.Kind == Kind.Text ? string.CompareOrdinal(a.Text, b.Text) : 0;

    private static Value Union(Operands of)
    {
        var distinct = new List<Value>();
        foreach (var operand in of.All)
        {
            if (operand.Kind != Kind.List)
                return of.Fault("this needs lists");
            foreach (var item in operand.Items)
                if (!distinct.Any(known => known.Kind is not (Kind.List or Kind.Map) && Value.AreEqual(known, item)))
                    distinct.Add(item);
        }
        return Value.Of(distinct);
    }

    private static Value Reverse(Operands of) => of[0].Kind == Kind.List ? Value.Of([.. of[0].Items.Reverse()]) : of.Fault("this needs a list");

    private static Value GetProperty(Operands of) =>
        of[0].Kind != Kind.Map || of.TextAt(1) is not { } name ? of.Fault("this needs a map and a name")
        : of[0].TryMember(name, out var value) ? value : Value.Missing(name);

    private static Value SetProperty(Operands of)
    {
        if (of[0].Kind != Kind.Map || of.TextAt(1) is not { } name)
            return of.Fault("this needs a map and a name");
        return Value.Of(new Dictionary<string, Value>(of[0].Members, StringComparer.Ordinal) { [name] = of[2] });
    }
}
