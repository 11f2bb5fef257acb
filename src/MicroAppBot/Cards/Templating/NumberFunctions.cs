using System.Globalization;
using static System.StringComparison;

namespace MicroAppBot.Cards.Templating;

/// <summary>Arithmetic, comparison and conversion. Two whole numbers divide to a whole number (5/2 is 2), as the language has it.</summary>
internal static class NumberFunctions
{
    public static readonly KeyValuePair<string, Functions.Known>[] All =
    [
        Many("+", Add), Many("add", Add),
        Many("-", Fold((a, b) => a - b)), Many("sub", Fold((a, b) => a - b)),
        Many("*", Fold((a, b) => a * b)), Many("mul", Fold((a, b) => a * b)),
        Many("/", Divide), Many("div", Divide),
        Two("%", Remainder), Two("mod", Remainder),
        Many("^", Fold(Math.Pow)), Many("exp", Fold(Math.Pow)),
        Two("==", of => Value.Of(Value.AreEqual(of[0], of[1]))), Two("equals", of => Value.Of(Value.AreEqual(of[0], of[1]))),
        Two("!=", of => Value.Of(!Value.AreEqual(of[0], of[1]))), Two("notEquals", of => Value.Of(!Value.AreEqual(of[0], of[1]))),
        Two("<", Compare(order => order < 0)), Two("less", Compare(order => order < 0)),
        Two("<=", Compare(order => order <= 0)), Two("lessOrEquals", Compare(order => order <= 0)),
        Two(">", Compare(order => order > 0)), Two("greater", Compare(order => order > 0)),
        Two(">=", Compare(order => order >= 0)), Two("greaterOrEquals", Compare(order => order >= 0)),
        Known("exists", of => Value.Of(!of[0].IsNothing), 1, 1),
        Known("round", Round, 1, 2), Known("floor", One(Math.Floor), 1, 1), Known("ceiling", One(Math.Ceiling), 1, 1), Known("abs", One(Math.Abs), 1, 1),
        Known("min", of => Extreme(of, Math.Min, double.PositiveInfinity), 1), Known("max", of => Extreme(of, Math.Max, double.NegativeInfinity), 1),
        Known("sum", of => Total(of, sum => sum), 1, 1), Known("average", of => Total(of, sum => sum / of[0].Count), 1, 1),
        Known("int", of => Parsed(of, whole: true), 1, 1), Known("float", of => Parsed(of, whole: false), 1, 1),
        Known("bool", Truth, 1, 1), Known("formatNumber", Format, 2, 3),
    ];

    internal static KeyValuePair<string, Functions.Known> Known(string name, Function function, int least, int most = int.MaxValue) =>
        KeyValuePair.Create(name, new Functions.Known(function, least, most));

    private static KeyValuePair<string, Functions.Known> Two(string name, Function function) => Known(name, function, 2, 2);
    private static KeyValuePair<string, Functions.Known> Many(string name, Function function) => Known(name, function, 2);

    private static Value Add(Operands of)
    {
        var sum = of[0];
        for (var i = 1; i < of.Count; i++)
        {
            var next = of[i];
            if (sum.Kind == Kind.Number && next.Kind == Kind.Number)
                sum = Value.Of(sum.Number + next.Number);
            else if (sum.Kind is Kind.Text or Kind.Number or Kind.Null or Kind.Missing && next.Kind is Kind.Text or Kind.Number or Kind.Null or Kind.Missing)
            {
                if ((sum.Kind == Kind.Null && next.Kind == Kind.Number) || (sum.Kind == Kind.Number && next.Kind == Kind.Null))
                    return of.Fault("a number and nothing do not add up");
                sum = Value.Of(sum.AsText() + next.AsText());
            }
            else
                return of.Fault("only numbers and texts can be added");
        }
        return sum;
    }

    private static Function Fold(Func<double, double, double> step) => of =>
    {
        if (!AllNumbers(of))
            return of.Fault("this needs numbers");
        var result = of[0].Number;
        for (var i = 1; i < of.Count; i++)
            result = step(result, of[i].Number);
        return Value.Of(result);
    };

    private static Value Divide(Operands of)
    {
        if (!AllNumbers(of))
            return of.Fault("this needs numbers");
        var result = of[0].Number;
        for (var i = 1; i < of.Count; i++)
        {
            if (of[i].Number == 0)
                return of.Fault("cannot divide by 0");
            var quotient = result / of[i].Number;
            result = double.IsInteger(result) && of[i].IsInteger ? Math.Floor(quotient) : quotient;
        }
        return Value.Of(result);
    }

    private static Value Remainder(Operands of) =>
        !of[0].IsInteger || !of[1].IsInteger ? of.Fault("this needs whole numbers")
        : of[1].Number == 0 ? of.Fault("cannot divide by 0")
        : Value.Of(of[0].Number % of[1].Number);

    private static Function Compare(Func<int, bool> holds) => of =>
        of[0].Kind == Kind.Number && of[1].Kind == Kind.Number ? Value.Of(holds(of[0].Number.CompareTo(of[1].Number)))
        : of[0].Kind == Kind.Text && of[1].Kind == Kind.Text ? Value.Of(holds(string.CompareOrdinal(of[0].Text, of[1].Text)))
        : of.Fault("only two numbers or two texts can be compared");

    private static Function One(Func<double, double> step) => of =>
        of[0].Kind == Kind.Number ? Value.Of(step(of[0].Number)) : of.Fault("this needs a number");

    private static Value Round(Operands of)
    {
        if (!AllNumbers(of))
            return of.Fault("this needs numbers");
        var digits = of.Count == 2 ? of[1].Number : 0;
        return !double.IsInteger(digits) || digits is < 0 or > 15
            ? of.Fault("the digits are a whole number from 0 to 15") : Value.Of(Numbers.Round(of[0].Number, (int)digits));
    }

    private static Value Extreme(Operands of, Func<double, double, double> better, double start)
    {
        foreach (var operand in of.All)
        {
            var numbers = operand.Kind == Kind.List ? operand.Items : [operand];
            foreach (var number in numbers)
            {
                if (number.Kind != Kind.Number)
                    return of.Fault("this needs numbers");
                start = better(start, number.Number);
            }
        }
        return double.IsFinite(start) ? Value.Of(start) : of.Fault("there is no number to choose from");
    }

    private static Value Total(Operands of, Func<double, double> finish)
    {
        if (of[0].Kind != Kind.List || of[0].Items.Any(item => item.Kind != Kind.Number))
            return of.Fault("this needs a list of numbers");
        return Value.Of(of[0].Count == 0 ? 0 : finish(of[0].Items.Sum(item => item.Number)));
    }

    private static Value Parsed(Operands of, bool whole)
    {
        if (of[0].Kind == Kind.Number)
            return Value.Of(whole ? Math.Truncate(of[0].Number) : of[0].Number);
        if (of[0].Kind != Kind.Text)
            return of.Fault("this needs a number or a text");
        var text = of[0].Text.Trim();
        var end = LeadingNumber(text, whole);
        return end == 0 || !double.TryParse(text.AsSpan(0, end), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? of.Fault("this text is no number") : Value.Of(number);
    }

    // JavaScript reads "12 USD" as 12
    private static int LeadingNumber(string text, bool whole)
    {
        var at = text.Length > 0 && text[0] is '-' or '+' ? 1 : 0;
        var start = at;
        var dot = whole;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || (!dot && text[at] == '.')))
            dot |= text[at++] == '.';
        return at > start ? at : 0;
    }

    private static Value Truth(Operands of) => Value.Of(of[0].Kind switch
    {
        Kind.Number => of[0].Number != 0,
        Kind.Text => !of[0].Text.Contains("false", OrdinalIgnoreCase),
        _ => of[0].Holds,
    });

    private static Value Format(Operands of)
    {
        if (of[0].Kind != Kind.Number || !of[1].IsInteger || of[1].Number is < 0 or > 15)
            return of.Fault("this needs a number and how many decimals it has (0 to 15)");
        if (DateFunctions.CultureAt(of, 2) is not { } culture)
            return of.Fault("there is no such locale");
        var decimals = (int)of[1].Number;
        return Value.Of(Numbers.Round(of[0].Number, decimals).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), culture));
    }

    private static bool AllNumbers(Operands of)
    {
        foreach (var operand in of.All)
            if (operand.Kind != Kind.Number)
                return false;
        return true;
    }
}
