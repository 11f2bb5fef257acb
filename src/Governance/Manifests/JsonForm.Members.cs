using System.Globalization;
using System.Text.Json;
using Governance.Catalogue;

namespace Governance.Manifests;

internal sealed partial class JsonForm
{
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

        public int? WholeNumber(string name, int least, int most)
        {
            if (Number(name) is not { } number)
                return null;
            if (number < least || number > most || number != decimal.Truncate(number))
                form.Limit(Pointer(name), $"This is a whole number from {least} to {most:N0}.");
            return (int)Math.Clamp(number, int.MinValue, int.MaxValue);
        }

        public decimal? Amount(string name, decimal most)
        {
            var number = Number(name);
            if (number < 0 || number > most)
                form.Limit(Pointer(name), $"This is an amount in USD from 0 to {most:N0}.");
            return number;
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

            if (form.Strict && element.GetArrayLength() > MostItems)
            {
                form.Fault(Pointer(name), $"This list has {element.GetArrayLength():N0} entries; {MostItems} are allowed.");
                yield break;
            }

            var index = 0;
            foreach (var item in element.EnumerateArray())
                yield return (item, $"{Pointer(name)}/{index++}");
        }

        public List<string> Texts(string name, int longest, bool unique) => List(name, unique, (element, pointer) => form.TextOf(element, pointer, longest))!;

        /// <summary>A list of words out of a closed list (any words, when there is no list). Null when a fault was already found (so that "empty" is not said on top of it).</summary>
        public List<string>? Words(string name, string what, IReadOnlyCollection<string>? words)
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
                    form.Limit(Pointer(name), $"The name “{Short(key)}” is too long; {longestName} characters are allowed.");
                if (form.Strict && map.Count >= MostItems)
                {
                    form.Fault(Pointer(name), $"There are more than {MostItems} entries.");
                    break;
                }

                if (entries.Text(key, longest) is { } text)
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
                    form.Limit(pointer, $"“{Short(text)}” is listed twice; once is enough.");
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

        private void Missing(string name, string message)
        {
            if (present)
                form.Fault(Pointer(name), message);
        }
    }
}
