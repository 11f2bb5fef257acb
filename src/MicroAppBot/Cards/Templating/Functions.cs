namespace MicroAppBot.Cards.Templating;

/// <summary>
/// The functions and operators a card may use: what real cards use of Adaptive Expressions' 173. A name that is not here is
/// refused when the card is loaded, not when somebody is looking at it.
/// </summary>
internal static class Functions
{
    /// <summary>A function of evaluated operands and how many it takes.</summary>
    internal sealed record Known(Function Function, int Least, int Most);

    /// <summary>A form that decides which of its operands it evaluates.</summary>
    internal sealed record KnownForm(Func<Expression[], Scope, Value> Form, int Least, int Most);

    private static readonly Dictionary<string, Known> Calls = new(
        [.. NumberFunctions.All, .. TextFunctions.All, .. ListFunctions.All, .. DateFunctions.All], StringComparer.Ordinal);

    private static readonly Dictionary<string, KnownForm> Forms = new(LogicForms.All, StringComparer.Ordinal);

    public static IEnumerable<string> Names => Calls.Keys.Concat(Forms.Keys).Where(name => char.IsAsciiLetter(name[0])).Order(StringComparer.Ordinal);

    /// <exception cref="FormatException">No such function, or it takes another number of operands.</exception>
    public static Expression Bind(string name, Expression[] operands)
    {
        if (Forms.TryGetValue(name, out var form))
        {
            Check(name, operands.Length, form.Least, form.Most);
            return new Expression.Form(name, form.Form, operands);
        }
        if (!Calls.TryGetValue(name, out var known))
            throw new FormatException($"there is no function '{name}'; the nearest is '{Nearest(name)}'");
        Check(name, operands.Length, known.Least, known.Most);
        return new Expression.Call(name, known.Function, operands);
    }

    private static void Check(string name, int count, int least, int most)
    {
        if (count < least || count > most)
            throw new FormatException($"'{name}' takes {(least == most ? $"{least}" : most == int.MaxValue ? $"at least {least}" : $"{least} to {most}")} operands, here are {count}");
    }

    private static string Nearest(string name) => Names.MinBy(known => Distance(known.ToLowerInvariant(), name.ToLowerInvariant()))!;

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }
}
