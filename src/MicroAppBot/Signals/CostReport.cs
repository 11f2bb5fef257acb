using System.Globalization;
using System.Text.Json;
using MicroAppBot.Desk;

namespace MicroAppBot.Signals;

/// <summary>One day's cost of one app, as reported.</summary>
/// <param name="App">The app's id or its name.</param>
public sealed record CostReport(string App, DateOnly Day, decimal AmountUsd, decimal? ForecastUsd)
{
    /// <summary>The most a day can cost and still be meant.</summary>
    private const decimal Most = 1_000_000_000;

    /// <summary>
    /// Reads one report: <c>{"app": "where2eat", "date": "2026-11-24", "amount": 3.2, "currency": "USD", "forecast": 40}</c>;
    /// <c>currency</c> and <c>forecast</c> (for the month) may be left out.
    /// </summary>
    /// <returns>The report, or what is wrong with it in words that name the field.</returns>
    public static (CostReport? Report, string? Fault) Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) return (null, "A cost report is an object with app, date and amount.");
        if (!WellFormed.IsText(json)) return (null, "There are characters in this that are no text (half of a surrogate pair, or no UTF-8).");
        if (Text(json, "app") is not { Length: > 0 and <= 100 } app) return (null, "app is missing: the app's name or id.");
        if (Text(json, "date") is not { } date || !DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return (null, "date is missing or is not a day such as 2026-11-24.");
        }
        if (json.TryGetProperty("currency", out _) && !string.Equals(Text(json, "currency"), "USD", StringComparison.OrdinalIgnoreCase))
        {
            return (null, Text(json, "currency") is { Length: > 0 and <= 20 } other ? $"currency is {other}: costs are taken in USD only." : "currency is not USD: costs are taken in USD only.");
        }
        if (Amount(json, "amount") is not { } amount) return (null, "amount is missing or is not a sum in USD of 0 or more.");
        if (json.TryGetProperty("forecast", out var forecast) && forecast.ValueKind != JsonValueKind.Null && Amount(json, "forecast") is null)
        {
            return (null, "forecast is not a sum in USD of 0 or more.");
        }
        return (new CostReport(app, day, amount, Amount(json, "forecast")), null);
    }

    private static string? Text(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // An escape that stands for half a character: no text at all
            return null;
        }
    }

    private static decimal? Amount(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var amount) && amount is >= 0 and <= Most ? amount : null;
}
