using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static System.StringComparison;

namespace MicroAppBot.Cards.Templating;

/// <summary>Functions of text. Places and lengths count UTF-16 units, as in JavaScript.</summary>
internal static class TextFunctions
{
    public static readonly KeyValuePair<string, Functions.Known>[] All =
    [
        Known("&", Concat, 2), Known("concat", Concat, 1),
        Known("length", of => of.TextAt(0) is { } text ? Value.Of(text.Length) : of.Fault("this needs a text (a list has count)"), 1, 1),
        Known("toUpper", of => One(of, text => text.ToUpperInvariant()), 1, 2), Known("toLower", of => One(of, text => text.ToLowerInvariant()), 1, 2),
        Known("trim", of => One(of, text => text.Trim()), 1, 1),
        Known("sentenceCase", of => One(of, text => text.Length == 0 ? "" : text[..1].ToUpperInvariant() + text[1..].ToLowerInvariant()), 1, 2),
        Known("titleCase", of => One(of, text => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(text.ToLowerInvariant())), 1, 2),
        Known("replace", of => Replace(of, Ordinal), 3, 3), Known("replaceIgnoreCase", of => Replace(of, OrdinalIgnoreCase), 3, 3),
        Known("startsWith", of => Test(of, (text, part) => text.StartsWith(part, Ordinal)), 2, 2),
        Known("endsWith", of => Test(of, (text, part) => text.EndsWith(part, Ordinal)), 2, 2),
        Known("isMatch", IsMatch, 2, 2), Known("substring", Substring, 2, 3), Known("split", Split, 1, 2),
        Known("uriComponent", of => One(of, Uri.EscapeDataString), 1, 1),
        Known("string", of => Value.Of(Written(of[0])), 1, 2), Known("json", Json, 1, 1),
        Known("isString", of => Value.Of(of[0].Kind == Kind.Text), 1, 1),
    ];

    // Cards are trusted, their regular expressions are not meant to be clever: linear time or none
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private static KeyValuePair<string, Functions.Known> Known(string name, Function function, int least, int most = int.MaxValue) =>
        NumberFunctions.Known(name, function, least, most);

    private static Value One(Operands of, Func<string, string> step) => of.TextAt(0) is { } text ? Value.Of(step(text)) : of.Fault("this needs a text");

    private static Value Test(Operands of, Func<string, string, bool> test) =>
        of.TextAt(0) is { } text && of.TextAt(1) is { } part ? Value.Of(test(text, part)) : of.Fault("this needs two texts");

    private static Value Concat(Operands of)
    {
        if (of.Count > 0 && of.All.Any(value => value.Kind == Kind.List) && of.All.All(value => value.Kind is Kind.List or Kind.Null))
            return Value.Of([.. of.All.Where(value => value.Kind == Kind.List).SelectMany(value => value.Items)]);
        return Value.Of(string.Concat(of.All.Select(Plainly)));
    }

    private static string Plainly(Value value) => value.Kind is Kind.List or Kind.Map ? value.ToJson().Trim('"', '\'') : value.AsText();

    /// <summary>As <c>string()</c> writes a value: numbers with thousands separators, lists and maps as JSON.</summary>
    private static string Written(Value value)
    {
        if (value.Kind != Kind.Number)
            return Plainly(value);
        var plain = Numbers.AsText(value.Number);
        var decimals = plain.Contains('.', Ordinal) ? plain.Length - plain.IndexOf('.', Ordinal) - 1 : 0;
        return value.Number.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static Value Replace(Operands of, StringComparison comparison) =>
        of.TextAt(0) is not { } text || of.TextAt(1) is not { } old || of.TextAt(2) is not { } fresh ? of.Fault("this needs three texts")
        : old.Length == 0 ? of.Fault("what is to be replaced must not be empty")
        : Value.Of(text.Replace(old, fresh, comparison));

    private static Value IsMatch(Operands of)
    {
        if (of.TextAt(0) is not { } text || of.TextAt(1) is not { } pattern)
            return of.Fault("this needs two texts");
        try
        {
            return Value.Of(Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant | RegexOptions.ECMAScript, Patience));
        }
        catch (Exception fault) when (fault is ArgumentException or RegexMatchTimeoutException)
        {
            return of.Fault(fault.Message);
        }
    }

    private static Value Substring(Operands of)
    {
        if (of.TextAt(0) is not { } text || !of[1].IsInteger || (of.Count == 3 && !of[2].IsInteger))
            return of.Fault("this needs a text and whole numbers");
        var start = of[1].Number;
        var length = of.Count == 3 ? of[2].Number : text.Length - start;
        return start < 0 || length < 0 || start + length > text.Length
            ? of.Fault("that part is outside the text") : Value.Of(text.Substring((int)start, (int)length));
    }

    private static Value Split(Operands of)
    {
        if (of.TextAt(0) is not { } text || of.TextAt(1) is not { } by)
            return of.Fault("this needs texts");
        var parts = by.Length == 0 ? text.Select(c => c.ToString()) : text.Split(by);
        return Value.Of([.. parts.Select(Value.Of)]);
    }

    private static Value Json(Operands of)
    {
        if (of[0].Kind != Kind.Text)
            return of.Fault("this needs a text");
        try
        {
            return Value.Of(JsonNode.Parse(of[0].Text));
        }
        catch (JsonException)
        {
            return of.Fault("this is not JSON");
        }
    }
}
