using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>What a person filled in, as the card's own <c>Action.Submit</c> would send it, and what is wrong with it.</summary>
internal static class Answers
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(100);

    public static JsonObject Read(JsonObject card, JsonObject state)
    {
        var values = state["values"] as JsonObject ?? state;
        var answers = new JsonObject();
        foreach (var input in Elements.Inputs(card))
        {
            var id = Elements.Text(input, "id")!;
            if (values[InputBlocks.BlockIdOf(id)] is JsonObject block && block.Select(member => member.Value).OfType<JsonObject>().FirstOrDefault() is { } answer)
                answers[id] = ValueOf(input, answer);
        }
        return answers;
    }

    private static string ValueOf(JsonObject input, JsonObject answer)
    {
        if (Elements.Text(input, "type") == "Input.Toggle")
            return answer["selected_options"] is JsonArray { Count: > 0 } ? InputBlocks.OnOf(input) : InputBlocks.OffOf(input);
        var choices = Elements.Text(input, "type") == "Input.ChoiceSet" ? new Choices(input) : null;
        if (answer["selected_options"] is JsonArray several)
            return string.Join(',', several.Select(option => Elements.Text(option, "value")).OfType<string>().Select(value => choices?.ValueOf(value) ?? value));
        if (answer["selected_option"] is JsonObject one && Elements.Text(one, "value") is { } value)
            return choices?.ValueOf(value) ?? value;
        return ((string[])["value", "selected_date", "selected_time", "selected_date_time"]).Select(name => Elements.Scalar(answer[name])).FirstOrDefault(text => text is not null) ?? "";
    }

    public static Dictionary<string, string> Faults(JsonObject card, JsonObject answers)
    {
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var input in Elements.Inputs(card))
        {
            var id = Elements.Text(input, "id")!;
            // A password is never asked for in Slack, and an empty list cannot be
            if (InputBlocks.Of(input, "", []) is null)
                continue;
            var answer = Elements.Scalar(answers[id]) ?? "";
            if (Fault(input, answer) is { } words)
                faults[InputBlocks.BlockIdOf(id)] = SlackText.Plain(TooLong(input, answer) is null && Elements.Text(input, "errorMessage") is { Length: > 0 } own ? own : words, SlackLimits.Label);
        }
        return faults;
    }

    private static string? Fault(JsonObject input, string answer)
    {
        var type = Elements.Text(input, "type");
        var required = Elements.Flag(input, "isRequired");
        if (type == "Input.Toggle")
            return required && answer != InputBlocks.OnOf(input) ? "Please tick this to go on."
                : answer.Length > 0 && answer != InputBlocks.OnOf(input) && answer != InputBlocks.OffOf(input) ? "Please answer with yes or no." : null;
        if (string.IsNullOrWhiteSpace(answer))
            return required ? type == "Input.ChoiceSet" ? "Please choose one." : "I need an answer here." : null;
        return type switch
        {
            "Input.Number" => NumberFault(input, answer),
            "Input.Date" => OrderFault(input, answer, InputBlocks.IsDate, "a date"),
            "Input.Time" => OrderFault(input, answer, InputBlocks.IsTime, "a time"),
            "Input.ChoiceSet" => ChoiceFault(input, answer),
            _ => TextFault(input, answer),
        };
    }

    private static string? NumberFault(JsonObject input, string answer)
    {
        var (least, most) = (Elements.Number(input, "min"), Elements.Number(input, "max"));
        if (double.TryParse(answer, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && !(number < least) && !(number > most))
            return null;
        return string.Create(CultureInfo.InvariantCulture, $"I need a number here{(least, most) switch { ({ } a, { } b) => $", from {a} to {b}", ({ } a, null) => $", {a} or more", (null, { } b) => $", {b} at most", _ => "" }}.");
    }

    // Dates and times of this form sort as text
    private static string? OrderFault(JsonObject input, string answer, Func<string, bool> isOne, string what)
    {
        var (least, most) = (Elements.Text(input, "min"), Elements.Text(input, "max"));
        var fits = isOne(answer) && !(least is not null && isOne(least) && string.CompareOrdinal(answer, least) < 0) && !(most is not null && isOne(most) && string.CompareOrdinal(answer, most) > 0);
        return fits ? null : $"I need {what} here{(least, most) switch { ({ } a, { } b) => $", from {a} to {b}", ({ } a, null) => $", {a} or later", (null, { } b) => $", {b} or earlier", _ => "" }}.";
    }

    private static string? ChoiceFault(JsonObject input, string answer)
    {
        var choices = new Choices(input);
        var known = choices.Values.ToHashSet(StringComparer.Ordinal);
        return known.Contains(answer) || (choices.IsMulti && answer.Split(',').All(known.Contains)) ? null : "Please choose from the list.";
    }

    private static string? TextFault(JsonObject input, string answer)
    {
        if (TooLong(input, answer) is { } tooLong)
            return tooLong;
        if (Elements.Number(input, "minLength") is { } least && answer.Length < least)
            return string.Create(CultureInfo.InvariantCulture, $"That is too short: {least} characters at least.");
        return Elements.Text(input, "regex") is { Length: > 0 } regex && !Matches(answer, regex) ? "That does not look right." : null;
    }

    // A card's own words mostly ask for an answer, and here there is too much of one
    private static string? TooLong(JsonObject input, string answer)
    {
        if (Elements.Text(input, "type") != "Input.Text")
            return null;
        var most = Elements.Number(input, "maxLength") is > 0 and < SlackLimits.InputText and var own ? own : SlackLimits.InputText;
        return answer.Length > most ? string.Create(CultureInfo.InvariantCulture, $"That is too long: {most:N0} characters at most.") : null;
    }

    private static bool Matches(string answer, string regex)
    {
        try
        {
            return Regex.IsMatch(answer, regex, RegexOptions.ECMAScript, LongestMatch);
        }
        catch (ArgumentException)
        {
            // The author's pattern is broken (or knows more than this dialect): that is not the person's fault
            return true;
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
