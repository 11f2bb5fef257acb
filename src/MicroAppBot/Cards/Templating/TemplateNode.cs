using System.Text;
using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.Templating;

/// <summary>One expansion under way: whose data, and how values are written.</summary>
internal sealed record Expansion(Scope Scope, Writer Writer, string File);

/// <summary>A part of a parsed template.</summary>
internal abstract class TemplateNode
{
    /// <summary>The expanded node; an array for an element repeated over several items; null for one that vanished.</summary>
    public abstract JsonNode? Expand(Expansion expansion);

    internal sealed class Literal(JsonNode? node) : TemplateNode
    {
        public override JsonNode? Expand(Expansion expansion) => node?.DeepClone();
    }

    internal sealed class Text(Interpolation text, TextPlace place, string pointer) : TemplateNode
    {
        private readonly Expression? _whole = text.Whole;

        public override JsonNode? Expand(Expansion expansion)
        {
            var (scope, writer, file) = expansion;
            if (_whole is not null)
            {
                var value = _whole.Evaluate(scope);
                return value.Kind switch
                {
                    Kind.Fault => JsonValue.Create(writer.Faulty(file, pointer, value.Why)),
                    Kind.Missing => JsonValue.Create(writer.Missing(value.Path)),
                    _ => writer.Whole(place, value, Makes(_whole)),
                };
            }
            var written = new StringBuilder();
            foreach (var (literal, expression) in text.Parts)
            {
                if (expression is null)
                {
                    written.Append(literal);
                    continue;
                }
                var value = expression.Evaluate(scope);
                written.Append(value.Kind switch
                {
                    Kind.Missing => writer.Missing(value.Path),
                    Kind.Fault => writer.FaultyPart(expression, file, pointer, value.Why),
                    Kind.Null => writer.Faulty(file, pointer, $"{expression} is null, which has no text"),
                    _ => writer.Text(place, value.AsText(), Makes(expression)),
                });
            }
            return JsonValue.Create(written.ToString());
        }

        private static bool Makes(Expression expression) => expression is not (Expression.Name or Expression.Member or Expression.Element);

        public Value Evaluate(Expansion expansion) => _whole is not null ? _whole.Evaluate(expansion.Scope) : Value.Of(Expand(expansion));
    }

    internal sealed class List(TemplateNode[] items) : TemplateNode
    {
        public override JsonNode? Expand(Expansion expansion)
        {
            var array = new JsonArray();
            foreach (var item in items)
            {
                // What vanished leaves no gap, what was repeated stands in line with its neighbours
                switch (item.Expand(expansion))
                {
                    case null:
                        break;
                    case JsonArray several:
                        var moved = several.ToArray();
                        several.Clear();
                        foreach (var node in moved)
                            array.Add(node);
                        break;
                    case var one:
                        array.Add(one);
                        break;
                }
            }
            return array;
        }
    }

    internal sealed class Map(KeyValuePair<string, TemplateNode>[] members, TemplateNode? data, Expression? when) : TemplateNode
    {
        public override JsonNode? Expand(Expansion expansion)
        {
            if (data is null)
                return Keeps(expansion.Scope) ? Once(expansion) : null;

            var scope = expansion.Scope;
            var (outer, outerIndex) = (scope.Data, scope.Index);
            var items = data is Text text ? text.Evaluate(expansion) : Value.Of(data.Expand(expansion));
            try
            {
                if (items.Kind != Kind.List)
                {
                    scope.Data = items.Kind == Kind.Fault ? Value.Of(expansion.Writer.Faulty(expansion.File, "$data", items.Why)) : items;
                    return Keeps(scope) ? Once(expansion) : null;
                }
                return Each(items, expansion);
            }
            finally
            {
                (scope.Data, scope.Index) = (outer, outerIndex);
            }
        }

        private JsonNode? Each(Value items, Expansion expansion)
        {
            var made = new JsonArray();
            var count = expansion.Writer.Rows(items.Count);
            for (var i = 0; i < count; i++)
            {
                (expansion.Scope.Data, expansion.Scope.Index) = (items[i], Value.Of(i));
                if (Keeps(expansion.Scope))
                    made.Add(Once(expansion));
            }
            if (made.Count > 1)
                return made;
            if (made.Count == 0)
                return null;
            var only = made[0];
            made.RemoveAt(0);
            return only;
        }

        // Only the boolean true keeps: a condition that cannot be had, or is something else, does not
        private bool Keeps(Scope scope) => when is null || when.Evaluate(scope) is { Kind: Kind.Boolean, Boolean: true };

        private JsonObject Once(Expansion expansion)
        {
            var map = new JsonObject();
            foreach (var (key, member) in members)
                map.Add(key, member.Expand(expansion));
            return map;
        }
    }
}
