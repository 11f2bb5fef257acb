using Rego.Values;

namespace Rego.Builtins.GraphQl;

/// <summary>What the writer of a query may have meant.</summary>
internal sealed class GraphQlSuggestions
{
    private const int Most = 5, LongestName = 10_000;

    // Comparing long names with many others takes time; behind this nothing is suggested.
    private int _left = 50_000_000;

    /// <summary>A sentence with the options that are written much like what was given; empty if there are none.</summary>
    public string Near(string start, string given, IEnumerable<string> options)
    {
        var allowed = (int)Math.Floor(given.Length * 0.4) + 1;
        var near = options.Select(o => (Option: o, Distance: Distance(given, o))).Where(o => o.Distance <= allowed).OrderBy(o => o.Distance).Select(o => o.Option).ToList();
        return near.Count > 0 ? $" {start} {Or(near)}?" : "";
    }

    /// <summary>The types below this one that have the field, or its own fields of such a name.</summary>
    public string Fields(GraphQlSchema schema, GraphQlType type, string name)
    {
        if (type.Kind is "INTERFACE" or "UNION")
        {
            var having = schema.Possible(type.Name).Select(schema.Types.GetValueOrDefault).OfType<GraphQlType>().Where(t => t.Field(name) is not null).ToList();
            var uses = having.SelectMany(t => t.Interfaces).Where(i => schema.Types.GetValueOrDefault(i)?.Field(name) is not null).CountBy(i => i).ToDictionary(StringComparer.Ordinal);
            var names = uses.Keys.Concat(having.Select(t => t.Name)).OrderByDescending(n => uses.GetValueOrDefault(n)).ThenBy(n => n, StringComparer.Ordinal).ToList();
            if (names.Count > 0) return $" Did you mean to use an inline fragment on {Or(names)}?";
        }
        return type.Kind is "OBJECT" or "INTERFACE" ? Near("Did you mean", name, type.Fields.Select(f => f.Text("Name"))) : "";
    }

    private static string Or(List<string> words)
    {
        var quoted = words.Take(Most).Select(w => $"\"{w}\"").ToList();
        return quoted.Count switch
        {
            1 => quoted[0],
            2 => $"{quoted[0]} or {quoted[1]}",
            _ => $"{string.Join(", ", quoted.SkipLast(1))}, or {quoted[^1]}",
        };
    }

    private int Distance(string a, string b)
    {
        if (a == b) return 0;
        (a, b) = (a.ToLowerInvariant(), b.ToLowerInvariant());
        if (a == b) return 1;
        if (_left < 0 || Math.Max(a.Length, b.Length) > LongestName) return int.MaxValue;
        _left -= a.Length * b.Length;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var before = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), before + (a[i - 1] == b[j - 1] ? 0 : 1));
                before = above;
            }
        }
        return row[b.Length];
    }
}
