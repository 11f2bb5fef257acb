namespace MicroAppBot.Cards.Templating;

/// <summary>Conditions, and the forms that bind a name: <c>where(list, x, …)</c> or <c>where(list, x =&gt; …)</c>.</summary>
internal static class LogicForms
{
    public static readonly KeyValuePair<string, Functions.KnownForm>[] All =
    [
        Form("if", If, 3, 3),
        Form("and", And, 1), Form("&&", And, 2),
        Form("or", Or, 1), Form("||", Or, 2),
        Form("not", Not, 1, 1), Form("!", Not, 1, 1),
        Form("coalesce", Coalesce, 1), Form("??", Coalesce, 2),
        Form("where", Where, 3, 3),
        Form("select", Select, 3, 3), Form("foreach", Select, 3, 3),
        Form("any", Any, 3, 3), Form("all", AllOf, 3, 3),
    ];

    private static KeyValuePair<string, Functions.KnownForm> Form(string name, Func<Expression[], Scope, Value> form, int least, int most = int.MaxValue) =>
        KeyValuePair.Create(name, new Functions.KnownForm(form, least, most));

    private static Value If(Expression[] of, Scope scope) => of[of[0].Evaluate(scope).Holds ? 1 : 2].Evaluate(scope);

    private static Value And(Expression[] of, Scope scope)
    {
        foreach (var operand in of)
            if (!operand.Evaluate(scope).Holds)
                return Value.False;
        return Value.True;
    }

    private static Value Or(Expression[] of, Scope scope)
    {
        foreach (var operand in of)
            if (operand.Evaluate(scope).Holds)
                return Value.True;
        return Value.False;
    }

    private static Value Not(Expression[] of, Scope scope) => Value.Of(!of[0].Evaluate(scope).Holds);

    private static Value Coalesce(Expression[] of, Scope scope)
    {
        var value = Value.Null;
        foreach (var operand in of)
        {
            value = operand.Evaluate(scope);
            if (!value.IsNothing)
                return value;
        }
        return value;
    }

    private static Value Where(Expression[] of, Scope scope) => Over(of, scope, (list, name, body) =>
    {
        var kept = new List<Value>();
        foreach (var item in list)
            if (scope.With(name, item, body).Holds)
                kept.Add(item);
        return Value.Of(kept);
    });

    private static Value Select(Expression[] of, Scope scope) => Over(of, scope, (list, name, body) =>
    {
        var made = new List<Value>(list.Count);
        foreach (var item in list)
        {
            var value = scope.With(name, item, body);
            if (value.IsFault)
                return value;
            made.Add(value);
        }
        return Value.Of(made);
    });

    private static Value Any(Expression[] of, Scope scope) =>
        Over(of, scope, (list, name, body) => Value.Of(list.Any(item => scope.With(name, item, body).Holds)));

    private static Value AllOf(Expression[] of, Scope scope) =>
        Over(of, scope, (list, name, body) => Value.Of(list.All(item => scope.With(name, item, body).Holds)));

    private static Value Over(Expression[] of, Scope scope, Func<IReadOnlyList<Value>, string, Expression, Value> body)
    {
        var list = of[0].Evaluate(scope);
        if (list.IsFault)
            return list;
        if (of[1] is not Expression.Name name)
            return Value.Fault($"{of[1]} is not a name that an item could be bound to");
        return list.Kind switch
        {
            Kind.List => body(list.Items, name.Text, of[2]),
            Kind.Map => body([.. list.Members.Select(AsPair)], name.Text, of[2]),
            _ => Value.Fault($"{of[0]} is not a list"),
        };
    }

    // A map is gone through as its pairs, as in the reference
    private static Value AsPair(KeyValuePair<string, Value> member) =>
        Value.Of(new Dictionary<string, Value>(StringComparer.Ordinal) { ["key"] = Value.Of(member.Key), ["value"] = member.Value });
}
