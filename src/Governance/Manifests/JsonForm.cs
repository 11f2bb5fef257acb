using System.Globalization;
using System.Text.Json;
using Governance.Catalogue;

namespace Governance.Manifests;

/// <summary>Reads JSON against a form and collects what does not fit, each with its pointer, instead of stopping at the first.</summary>
internal sealed class JsonForm
{
    private const int MostItems = 200;

    // More would help nobody; a hostile document could have a fault in every byte
    private const int MostFaults = 50;

    private static readonly Dictionary<string, JsonElement> Nothing = [];

    private readonly List<ManifestFault> faults = [];

    public IReadOnlyList<ManifestFault> Faults => faults;

    public void Fault(string pointer, string message, string? nearest = null)
    {
        if (faults.Count < MostFaults)
            faults.Add(new ManifestFault(pointer, message, nearest));
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
            Fault(pointer, $"This is {text.Length:N0} characters long; {longest:N0} are allowed.");
        else if (text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
            Fault(pointer, "This has control characters in it; please leave them out.");
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

    /// <summary>The members of one object, asked for by name. What is not there is null or empty; what is wrong has become a fault.</summary>
    public sealed class Members(JsonForm form, string at, Dictionary<string, JsonElement> members, bool present)
    {
        /// <summary>False below something that is no object: what is missing there need not be said on top.</summary>
        public bool Expected => present;

        public string Pointer(string name) => Under(at, name);

        public bool Has(string name) => members.ContainsKey(name);

        public Members Section(string name, params string[] known) => members.TryGetValue(name, out var element)
            ? form.Object(element, Pointer(name), $"“{name}”", known)
            : new Members(form, Pointer(name), Nothing, present);

        public string? Text(string name, int longest) => members.TryGetValue(name, out var element) ? form.TextOf(element, Pointer(name), longest) : null;

        public string? RequiredText(string name, string missing, int longest)
        {
            if (Has(name))
                return Text(name, longest);
            Missing(name, missing);
            return null;
        }

        public string RequiredWord(string name, string what, IEnumerable<string>? words)
        {
            if (members.TryGetValue(name, out var element))
                return form.WordOf(element, Pointer(name), what, words?.ToArray()) ?? "";
            Missing(name, $"“{name}” is missing.{(words is null ? "" : $" It is one of: {string.Join(", ", words)}.")}");
            return "";
        }

        public T RequiredWord<T>(string name, string what) where T : struct, Enum =>
            ClosedWord.TryParse(RequiredWord(name, what, ClosedWord.All<T>()), out T value) ? value : default;

        public T? Word<T>(string name, string what) where T : struct, Enum => Has(name) ? RequiredWord<T>(name, what) : null;

        public bool? YesOrNo(string name)
        {
            if (!members.TryGetValue(name, out var element))
                return null;
            if (element.ValueKind is JsonValueKind.True or JsonValueKind.False)
                return element.ValueKind == JsonValueKind.True;
            form.Fault(Pointer(name), $"This is true or false (without quotes), and it is {Kind(element)}.");
            return null;
        }

        public int? WholeNumber(string name, int least, int most) => Number(name) switch
        {
            null => null,
            { } number when number < least || number > most || number != decimal.Truncate(number) => Refuse(name, $"This is a whole number from {least} to {most:N0}."),
            { } number => (int)number,
        };

        public decimal? Amount(string name, decimal most)
        {
            if (Number(name) is not { } number)
                return null;
            if (number >= 0 && number <= most)
                return number;
            form.Fault(Pointer(name), $"This is an amount in USD from 0 to {most:N0}.");
            return null;
        }

        public IEnumerable<(JsonElement Element, string Pointer)> Items(string name)
        {
            if (!members.TryGetValue(name, out var element))
                yield break;
            if (element.ValueKind != JsonValueKind.Array)
            {
                form.Fault(Pointer(name), $"This is a list ([ … ]), and it is {Kind(element)}.");
                yield break;
            }

            if (element.GetArrayLength() > MostItems)
            {
                form.Fault(Pointer(name), $"This list has {element.GetArrayLength():N0} entries; {MostItems} are allowed.");
                yield break;
            }

            var index = 0;
            foreach (var item in element.EnumerateArray())
                yield return (item, $"{Pointer(name)}/{index++}");
        }

        public List<string> Texts(string name, int longest, bool unique) => List(name, unique, (element, pointer) => form.TextOf(element, pointer, longest))!;

        /// <summary>A list of words out of a closed list. Null when a fault was already found (so that "empty" is not said on top of it).</summary>
        public List<string>? Words(string name, string what, IReadOnlyCollection<string> words)
        {
            var before = form.faults.Count;
            var list = List(name, unique: true, (element, pointer) => form.WordOf(element, pointer, what, words));
            return form.faults.Count > before ? null : list;
        }

        public Dictionary<string, string> TextMap(string name, int longestName, int longest)
        {
            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            if (!members.TryGetValue(name, out var element))
                return map;
            var entries = form.Object(element, Pointer(name), $"“{name}”", null);
            foreach (var key in entries.Names)
            {
                if (key.Length > longestName)
                    form.Fault(Pointer(name), $"The name “{Short(key)}” is too long; {longestName} characters are allowed.");
                else if (map.Count >= MostItems)
                    form.Fault(Pointer(name), $"There are more than {MostItems} entries.");
                else if (entries.Text(key, longest) is { } text)
                    map[key] = text;
            }

            return map;
        }

        private IEnumerable<string> Names => members.Keys;

        private List<string> List(string name, bool unique, Func<JsonElement, string, string?> read)
        {
            var list = new List<string>();
            foreach (var (element, pointer) in Items(name))
            {
                if (read(element, pointer) is not { } text)
                    continue;
                if (unique && list.Contains(text, StringComparer.Ordinal))
                    form.Fault(pointer, $"“{Short(text)}” is listed twice; once is enough.");
                list.Add(text);
            }

            return list;
        }

        private decimal? Number(string name)
        {
            if (!members.TryGetValue(name, out var element))
                return null;
            if (element.ValueKind != JsonValueKind.Number)
            {
                form.Fault(Pointer(name), $"This is a number (without quotes), and it is {Kind(element)}.");
                return null;
            }

            // Beyond what a decimal holds is beyond every limit that follows
            return decimal.TryParse(element.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
                : element.GetRawText()[0] == '-' ? decimal.MinValue : decimal.MaxValue;
        }

        private int? Refuse(string name, string message)
        {
            form.Fault(Pointer(name), message);
            return null;
        }

        private void Missing(string name, string message)
        {
            if (present)
                form.Fault(Pointer(name), message);
        }
    }
}
