namespace MicroAppBot.Cards.Templating;

/// <summary>What names mean while a template is expanded: the data in reach, its place in a repeated list, and names bound by <c>x =&gt; …</c>.</summary>
internal sealed class Scope
{
    private Bound? _bound;

    public required Value Root { get; init; }
    public required Value Host { get; init; }
    public required TimeProvider Time { get; init; }
    public Value Data { get; set; }
    public Value Index { get; set; } = Value.Missing("$index");

    public bool TryLookUp(string name, out Value value)
    {
        for (var bound = _bound; bound is not null; bound = bound.Outer)
        {
            if (bound.Name != name)
                continue;
            value = bound.Value;
            return true;
        }
        if (name[0] != '$')
            return Data.TryMember(name, out value);
        value = name switch
        {
            "$data" => Data,
            "$root" => Root,
            "$index" => Index,
            "$host" => Host,
            _ => default,
        };
        return value.Kind != Kind.Missing;
    }

    /// <summary>Evaluates the body with the name bound to the value, nothing else changed.</summary>
    public Value With(string name, Value value, Expression body)
    {
        _bound = new Bound(name, value, _bound);
        var result = body.Evaluate(this);
        _bound = _bound.Outer;
        return result;
    }

    private sealed record Bound(string Name, Value Value, Bound? Outer);
}
