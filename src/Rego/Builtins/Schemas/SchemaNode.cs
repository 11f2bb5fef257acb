using Rego.Values;

namespace Rego.Builtins.Schemas;

/// <summary>One schema, taken apart. What is null or empty restricts nothing.</summary>
internal sealed class SchemaNode
{
    /// <summary>Draft 6 and later: true lets everything pass, false nothing.</summary>
    public bool? Pass { get; set; }

    public SchemaNode? Reference { get; set; }

    public List<string> Types { get; } = [];

    public List<(string Name, SchemaNode Schema)> Properties { get; } = [];

    public List<(Re2Pattern Pattern, SchemaNode Schema)> Patterns { get; } = [];

    public bool IsClosed { get; set; }

    public SchemaNode? AdditionalProperties { get; set; }

    public SchemaNode? PropertyNames { get; set; }

    public List<string> Required { get; } = [];

    public Dictionary<string, (List<string>? Names, SchemaNode? Schema)> Dependencies { get; } = new(StringComparer.Ordinal);

    public List<SchemaNode> Items { get; } = [];

    /// <summary>The one schema of <see cref="Items"/> is for every item.</summary>
    public bool IsForAllItems { get; set; }

    public bool AllowsNoMoreItems { get; set; }

    public SchemaNode? AdditionalItems { get; set; }

    public SchemaNode? Contains { get; set; }

    public bool HasUniqueItems { get; set; }

    public RNumber? MultipleOf { get; set; }

    public RNumber? Minimum { get; set; }

    public RNumber? ExclusiveMinimum { get; set; }

    public RNumber? Maximum { get; set; }

    public RNumber? ExclusiveMaximum { get; set; }

    /// <summary>Lengths and counts by keyword: minLength, maxItems, …</summary>
    public Dictionary<string, long> Limits { get; } = new(StringComparer.Ordinal);

    public (Re2Pattern Regex, string Text)? Pattern { get; set; }

    public string Format { get; set; } = "";

    /// <summary>As JSON, numbers as 64-bit floats have them.</summary>
    public string? Constant { get; set; }

    public List<string>? Choices { get; set; }

    public List<SchemaNode> AllOf { get; } = [];

    public List<SchemaNode> AnyOf { get; } = [];

    public List<SchemaNode> OneOf { get; } = [];

    public SchemaNode? Not { get; set; }

    public SchemaNode? If { get; set; }

    public SchemaNode? Then { get; set; }

    public SchemaNode? Else { get; set; }
}
