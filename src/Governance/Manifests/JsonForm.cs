using System.Text.Json;

namespace Governance.Manifests;

/// <summary>Reads JSON against a form and collects what does not fit, each with its pointer, instead of stopping at the first.</summary>
internal sealed partial class JsonForm(bool strict)
{
    private const int MostItems = 200;

    // More would help nobody; a hostile document could have a fault in every byte
    private const int MostFaults = 50;

    private static readonly Dictionary<string, JsonElement> Nothing = [];

    private readonly List<ManifestFault> faults = [];

    public IReadOnlyList<ManifestFault> Faults => faults;

    private bool Strict { get; } = strict;

    public void Fault(string pointer, string message, string? nearest = null)
    {
        if (faults.Count < MostFaults)
            faults.Add(new ManifestFault(pointer, message, nearest));
    }

    /// <summary>A fault of size or taste. What we stored ourselves must be readable for ever, also after a limit has been tightened.</summary>
    public void Limit(string pointer, string message, string? nearest = null)
    {
        if (Strict)
            Fault(pointer, message, nearest);
    }

    /// <summary>The members of an object; a fault for each that is not among the known ones or comes twice.</summary>
    /// <param name="known">The properties there may be; null when any name will do.</param>
    public Members Object(JsonElement element, string pointer, string what, string[]? known)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            Fault(pointer, $"{Sentence(what)} is an object ({{ … }}), and this is {Kind(element)}.");
            return new Members(this, pointer, Nothing, present: false);
        }

        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (NameOf(property) is not { } name)
            {
                Fault(pointer, "A property's name has characters that are no text.");
            }
            else if (known is not null && !known.Contains(name, StringComparer.Ordinal))
            {
                var nearest = NearestWord.To(name, known)?.Replace('-', '_');
                Fault(Under(pointer, name), $"“{Short(name)}” is not a property of {what}.{Suggestion(nearest, known)}", nearest);
            }
            else if (!members.TryAdd(name, property.Value))
            {
                Fault(Under(pointer, name), $"“{Short(name)}” is there twice; only one can count.");
            }
        }

        return new Members(this, pointer, members, present: true);
    }

    private string? TextOf(JsonElement element, string pointer, int longest)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            Fault(pointer, $"This is a text (in quotes), and it is {Kind(element)}.");
            return null;
        }

        string text;
        try
        {
            text = element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            Fault(pointer, "This has characters that are no text (half of a surrogate pair).");
            return null;
        }

        if (text.Length > longest)
            Limit(pointer, $"This is {text.Length:N0} characters long; {longest:N0} are allowed.");
        else if (text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
            Limit(pointer, "This has control characters in it; please leave them out.");
        return text;
    }

    private string? WordOf(JsonElement element, string pointer, string what, IReadOnlyCollection<string>? words)
    {
        var text = TextOf(element, pointer, 4000);
        if (text is null || words is null || words.Contains(text, StringComparer.Ordinal))
            return text;
        var nearest = NearestWord.To(text, words);
        Fault(pointer, $"“{Short(text)}” is not {what}.{Suggestion(nearest, words)}", nearest);
        return text;
    }

    private static string Suggestion(string? nearest, IEnumerable<string> words) =>
        nearest is null ? $" It is one of: {string.Join(", ", words)}." : $" Did you mean “{nearest}”?";

    private static string Under(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..59] + "…";

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null (leave it out instead)",
    };
}
