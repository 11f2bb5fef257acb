using Governance.Catalogue;
using MicroAppBot.Content;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MicroAppBot.Conversation.Understanding;

/// <summary>Reads one content file into phrases. Language files have a facet, an id and a language above each list; templates and connectors have <c>words</c>.</summary>
internal static class LexiconFile
{
    private static readonly Dictionary<string, Facet> Facets = Enum.GetValues<Facet>().ToDictionary(Kebab, StringComparer.Ordinal);
    private static readonly string[] Languages = ["any", "en", "de", "fr", "es"];

    public static void Read(string file, string text, Action<int, string, Meaning> phrase, Action<string, string, string[]> combine, Action<string, YamlMappingNode> connector, List<ContentFault> faults)
    {
        YamlStream stream = new();
        try { stream.Load(new ShallowYaml(new StringReader(text))); }
        catch (YamlException e)
        {
            faults.Add(new(file, (int)e.Start.Line, $"is not YAML: {e.InnerException?.Message ?? e.Message}"));
            return;
        }
        if (stream.Documents.Count == 0) return;
        if (stream.Documents[0].RootNode is not YamlMappingNode root)
        {
            faults.Add(new(file, 1, "should be a mapping at the top"));
            return;
        }
        var folder = file.Replace('\\', '/').Split('/');
        if (folder.Contains("language")) ReadLanguage(file, root, phrase, combine, faults);
        else if (root.Children.ContainsKey("words")) ReadCatalogue(file, root, folder.Contains("connectors") ? Facet.Connector : Facet.Template, phrase, connector, faults);
    }

    private static void ReadLanguage(string file, YamlMappingNode root, Action<int, string, Meaning> phrase, Action<string, string, string[]> combine, List<ContentFault> faults)
    {
        foreach (var (key, value) in root.Children)
        {
            var name = Text(key);
            if (value is not YamlMappingNode entries) { faults.Add(new(file, Line(value), $"'{name}' should hold entries, each with its lists by language")); continue; }
            if (name == "combine") { ReadCombinations(file, entries, combine, faults); continue; }
            if (!Facets.TryGetValue(name, out var facet))
            {
                faults.Add(new(file, Line(key), $"'{name}' is no facet; the nearest is '{Spelling.Nearest(name, Facets.Keys)}'"));
                continue;
            }
            foreach (var (id, lists) in entries.Children) ReadWords(file, lists, new(facet, Text(id)), phrase, faults);
        }
    }

    private static void ReadCombinations(string file, YamlMappingNode entries, Action<string, string, string[]> combine, List<ContentFault> faults)
    {
        foreach (var (people, fields) in entries.Children)
        {
            if (fields is not YamlMappingNode map) { faults.Add(new(file, Line(fields), $"'{Text(people)}' should map fields to kinds of data")); continue; }
            foreach (var (field, kinds) in map.Children)
                combine(Text(people), Text(field), kinds is YamlSequenceNode list ? [.. list.Children.Select(Text)] : [Text(kinds)]);
        }
    }

    private static void ReadCatalogue(string file, YamlMappingNode root, Facet facet, Action<int, string, Meaning> phrase, Action<string, YamlMappingNode> connector, List<ContentFault> faults)
    {
        var id = root.Children.TryGetValue("id", out var said) ? Text(said) : Path.GetFileNameWithoutExtension(file);
        if (root.Children.TryGetValue("words", out var words)) ReadWords(file, words, new(facet, id), phrase, faults);
        if (facet is Facet.Connector) connector(id, root);
    }

    private static void ReadWords(string file, YamlNode node, Meaning meaning, Action<int, string, Meaning> phrase, List<ContentFault> faults)
    {
        switch (node)
        {
            case YamlScalarNode { Value.Length: > 0 } one: phrase(Line(one), one.Value, meaning); break;
            case YamlSequenceNode list:
                foreach (var item in list.Children)
                    if (item is YamlScalarNode { Value.Length: > 0 } word) phrase(Line(word), word.Value, meaning);
                    else faults.Add(new(file, Line(item), $"a word of '{meaning.Id}' is not a text"));
                break;
            case YamlMappingNode byLanguage:
                foreach (var (language, list) in byLanguage.Children)
                    if (Languages.Contains(Text(language))) ReadWords(file, list, meaning, phrase, faults);
                    else faults.Add(new(file, Line(language), $"'{Text(language)}' is no language of the lexicon; it knows {string.Join(", ", Languages)}"));
                break;
            default: faults.Add(new(file, Line(node), $"'{meaning.Id}' has no words")); break;
        }
    }

    /// <summary>The class of a connector: that of its highest field. Other faults of the file are the catalogue's to name.</summary>
    public static DataClass ClassOf(YamlMappingNode connector)
    {
        var highest = DataClass.Public;
        if (connector.Children.TryGetValue("fields", out var fields) && fields is YamlSequenceNode list)
            foreach (var field in list.Children.OfType<YamlMappingNode>())
                if (field.Children.TryGetValue("class", out var said) && ClosedWord.TryParse<DataClass>(Text(said), out var dataClass) && dataClass > highest) highest = dataClass;
        return highest;
    }

    public static string? Value(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) && value is YamlScalarNode { Value.Length: > 0 } text ? text.Value : null;

    private static int Line(YamlNode node) => (int)node.Start.Line;
    private static string Text(YamlNode node) => (node as YamlScalarNode)?.Value ?? "";

    private static string Kebab(Facet facet) =>
        string.Concat(facet.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
