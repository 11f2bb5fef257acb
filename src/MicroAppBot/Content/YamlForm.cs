using System.Globalization;
using Governance.Catalogue;
using Governance.Manifests;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MicroAppBot.Content;

/// <summary>A YAML mapping read against a form. What does not fit becomes a fault at its line, and reading goes on with a harmless value, so that all faults of a file are found at once.</summary>
internal sealed class YamlForm
{
    private readonly string file;
    private readonly List<ContentFault> faults;
    private readonly Dictionary<string, YamlNode> members = new(StringComparer.Ordinal);
    private readonly string what;

    private YamlForm(string file, int line, string what, List<ContentFault> faults)
    {
        this.file = file;
        this.what = what;
        this.faults = faults;
        Line = line;
    }

    /// <summary>The line where the mapping begins.</summary>
    public int Line { get; }

    /// <summary>The one mapping of a file, or null (and a fault) when it has none.</summary>
    public static YamlForm? Of(ContentFile source, string what, List<ContentFault> faults)
    {
        var yaml = new YamlStream();
        try
        {
            using var text = new StringReader(source.Text);
            yaml.Load(new ShallowYaml(text));
        }
        catch (Exception broken) when (broken is YamlException or InvalidOperationException)
        {
            // The parser throws InvalidOperationException when the text ends inside a bracket
            faults.Add(YamlFault.Of(source, broken as YamlException));
            return null;
        }

        if (yaml.Documents.Count == 1)
            return Of(yaml.Documents[0].RootNode, source.Name, what, faults);
        faults.Add(new ContentFault(source.Name, 1, yaml.Documents.Count == 0 ? "The file is empty." : $"One file holds one {what}, and this has {yaml.Documents.Count} documents."));
        return null;
    }

    public int LineOf(string key) => members.TryGetValue(key, out var node) ? LineOf(node) : Line;

    /// <summary>The line of one entry of a list; that of the list when the entry is not in it.</summary>
    public int LineOf(string key, string entry) =>
        members.GetValueOrDefault(key) is YamlSequenceNode list && list.Children.FirstOrDefault(n => n is YamlScalarNode scalar && scalar.Value == entry) is { } node ? LineOf(node) : LineOf(key);

    /// <summary>The lines of a list's entries.</summary>
    public IReadOnlyList<int> LinesOf(string key) => members.GetValueOrDefault(key) is YamlSequenceNode list ? [.. list.Children.Select(LineOf)] : [];

    public bool Has(string key) => members.ContainsKey(key);

    public bool IsWord(string key, string word) => members.GetValueOrDefault(key) is YamlScalarNode scalar && scalar.Value == word;

    /// <summary>A section that was read already, for the lines of its keys.</summary>
    public YamlForm? Within(string key) => members.GetValueOrDefault(key) is YamlMappingNode node ? Of(node, file, key, []) : null;

    public void Fault(int line, string why) => faults.Add(new ContentFault(file, line, why));

    /// <summary>Says which keys there may be; every other one is a fault.</summary>
    public YamlForm Knows(params string[] keys)
    {
        foreach (var (key, node) in members.Where(m => !keys.Contains(m.Key, StringComparer.Ordinal)))
        {
            var nearest = NearestWord.To(key, keys)?.Replace('-', '_');
            Fault(KeyLines[key], $"“{key}” is not a key of a {what}.{(nearest is null ? $" It has: {string.Join(", ", keys)}." : $" Did you mean “{nearest}”?")}");
        }

        return this;
    }

    public string Text(string key)
    {
        if (Needed(key) is not { } node)
            return "";
        return Scalar(node, key);
    }

    public string? OptionalText(string key) => Has(key) ? Text(key) : null;

    public T Word<T>(string key) where T : struct, Enum => Needed(key) is { } node ? Word<T>(node, key) : default;

    /// <summary>A word of a closed list.</summary>
    public string Word(string key, IReadOnlyCollection<string> words)
    {
        var text = Text(key);
        if (text.Length > 0 && !words.Contains(text, StringComparer.Ordinal))
            Fault(LineOf(key), Unknown(text, key, words));
        return text;
    }

    public bool YesOrNo(string key)
    {
        var text = Text(key);
        if (text is not ("true" or "false" or ""))
            Fault(LineOf(key), $"“{key}” is true or false, and this is “{text}”.");
        return text == "true";
    }

    public int WholeNumber(string key, int least, int most)
    {
        var text = Text(key);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        if (text.Length > 0)
            Fault(LineOf(key), $"“{key}” is a whole number from {least} to {most}, and this is “{text}”.");
        return least;
    }

    public decimal Amount(string key)
    {
        var text = Text(key);
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0)
            return number;
        if (text.Length > 0)
            Fault(LineOf(key), $"“{key}” is an amount in USD above 0, and this is “{text}”.");
        return 0;
    }

    /// <summary>A list of texts, each with its line. An entry that comes twice is a fault.</summary>
    public IReadOnlyList<(string Text, int Line)> Texts(string key)
    {
        var texts = new List<(string Text, int Line)>();
        foreach (var node in Items(key))
        {
            var text = node is YamlScalarNode { Value: "", Style: not ScalarStyle.Plain } ? "" : Scalar(node, key);
            if (texts.Any(t => t.Text == text))
                Fault(LineOf(node), $"“{text}” is listed twice under “{key}”.");
            else
                texts.Add((text, LineOf(node)));
        }

        return texts;
    }

    public IReadOnlyList<string> PlainTexts(string key) => [.. Texts(key).Select(t => t.Text)];

    /// <summary>A list of words of a closed list; what is not of it is left out (and a fault).</summary>
    public IReadOnlyList<string> Words(string key, IReadOnlyCollection<string> words)
    {
        foreach (var (text, line) in Texts(key).Where(t => !words.Contains(t.Text, StringComparer.Ordinal)))
            Fault(line, Unknown(text, key, words));
        return [.. Texts(key).Select(t => t.Text).Where(t => words.Contains(t, StringComparer.Ordinal))];
    }

    public IReadOnlyList<T> Words<T>(string key) where T : struct, Enum => [.. Items(key).Select(node => Word<T>(node, key)).Distinct()];

    public YamlForm? Section(string key, params string[] keys) => Needed(key) is { } node ? Of(node, file, key, faults)?.Knows(keys) : null;

    public IReadOnlyList<YamlForm> Sections(string key, string each, params string[] keys) =>
        [.. Items(key).Select(node => Of(node, file, each, faults)?.Knows(keys)).OfType<YamlForm>()];

    private Dictionary<string, int> KeyLines { get; } = new(StringComparer.Ordinal);

    private static YamlForm? Of(YamlNode node, string file, string what, List<ContentFault> faults)
    {
        if (node is not YamlMappingNode mapping)
        {
            faults.Add(new ContentFault(file, LineOf(node), $"A {what} is a list of “key: value”, and this is not."));
            return null;
        }

        var form = new YamlForm(file, LineOf(node), what, faults);
        foreach (var (key, value) in mapping.Children)
        {
            if (key is YamlScalarNode { Value: { Length: > 0 } name })
                (form.members[name], form.KeyLines[name]) = (value, LineOf(key));
            else
                form.Fault(LineOf(key), "A key is a word.");
        }

        return form;
    }

    private YamlNode? Needed(string key)
    {
        if (members.TryGetValue(key, out var node))
            return node;
        Fault(Line, $"The {what} lacks “{key}”.");
        return null;
    }

    private IEnumerable<YamlNode> Items(string key)
    {
        switch (members.GetValueOrDefault(key))
        {
            case null:
                Fault(Line, $"The {what} lacks “{key}”.");
                return [];
            case YamlSequenceNode sequence:
                return sequence.Children;
            case var other:
                Fault(LineOf(other), $"“{key}” is a list.");
                return [];
        }
    }

    private string Scalar(YamlNode node, string key)
    {
        if (node is not YamlScalarNode scalar)
            Fault(LineOf(node), $"“{key}” is a plain value, not a list or a mapping.");
        else if (string.IsNullOrWhiteSpace(scalar.Value) || (scalar.Style == ScalarStyle.Plain && scalar.Value is "null" or "~"))
            Fault(LineOf(node), $"“{key}” is empty.");
        else
            return scalar.Value;
        return "";
    }

    private T Word<T>(YamlNode node, string key) where T : struct, Enum
    {
        var text = Scalar(node, key);
        if (!ClosedWord.TryParse(text, out T word) && text.Length > 0)
            Fault(LineOf(node), Unknown(text, key, ClosedWord.All<T>()));
        return word;
    }

    private static string Unknown(string text, string key, IReadOnlyCollection<string> words)
    {
        var nearest = NearestWord.To(text, words);
        return nearest is null ? $"“{text}” is not possible for “{key}”; it is one of: {string.Join(", ", words)}." : $"“{text}” is not possible for “{key}”. Did you mean “{nearest}”?";
    }

    private static int LineOf(YamlNode node) => (int)node.Start.Line;
}
