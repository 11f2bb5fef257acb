using System.Text;

namespace MicroAppBot.Cards.Templating;

/// <summary>One Adaptive Expression, ready to evaluate. <c>ToString</c> gives the text the reference engine leaves where a value cannot be had.</summary>
internal abstract class Expression
{
    public abstract Value Evaluate(Scope scope);

    internal sealed class Constant(Value value) : Expression
    {
        public override Value Evaluate(Scope scope) => value;
        public override string ToString() => value.Kind == Kind.Text ? $"'{value.Text}'" : value.Kind == Kind.Null ? "null" : value.AsText();
    }

    internal sealed class Name(string name) : Expression
    {
        public string Text => name;
        public override Value Evaluate(Scope scope) => scope.TryLookUp(name, out var value) && value.Kind != Kind.Missing ? value : Value.Missing(name);
        public override string ToString() => name;
    }

    internal sealed class Member(Expression owner, string name) : Expression
    {
        public override Value Evaluate(Scope scope)
        {
            var value = owner.Evaluate(scope);
            return value.Kind switch
            {
                Kind.Fault => value,
                Kind.Missing => Value.Missing(value.Path + "." + name),
                _ => value.TryMember(name, out var member) ? member : Value.Missing(owner is Call ? name : $"{owner}.{name}"),
            };
        }

        public override string ToString() => $"{owner}.{name}";
    }

    internal sealed class Element(Expression owner, Expression index) : Expression
    {
        public override Value Evaluate(Scope scope)
        {
            var value = owner.Evaluate(scope);
            if (value.IsFault)
                return value;
            var key = index.Evaluate(scope);
            if (key.IsFault)
                return key;
            if (key.Kind == Kind.Text)
                return value.Kind == Kind.Map && value.TryMember(key.Text, out var member) ? member : Value.Missing($"{owner}['{key.Text}']");
            if (!key.IsInteger)
                return Value.Fault($"{index} is neither a whole number nor a name");
            if (key.Number < 0)
                return Value.Fault($"{owner} has no element {key.Number}: counting starts at 0");
            if (value.IsNothing)
                return Value.Missing($"{owner}[{key.AsText()}]");
            if (value.Kind != Kind.List)
                return Value.Fault($"{owner} is not a list");
            return key.Number < value.Count ? value[(int)key.Number] : Value.Missing($"{owner}[{key.AsText()}]");
        }

        public override string ToString() => $"{owner}[{index}]";
    }

    /// <summary>A function or an operator applied to evaluated operands.</summary>
    internal sealed class Call(string name, Function function, Expression[] operands) : Expression
    {
        public override Value Evaluate(Scope scope)
        {
            if (operands.Length == 1)
            {
                var only = operands[0].Evaluate(scope);
                return only.IsFault ? only : function(new Operands(this, [only], scope));
            }
            var values = new Value[operands.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = operands[i].Evaluate(scope);
                if (values[i].IsFault)
                    return values[i];
            }
            return function(new Operands(this, values, scope));
        }

        public override string ToString() => Written(name, operands);
    }

    /// <summary>A form that decides itself which operands it evaluates: if, and, or, where, select, …</summary>
    internal sealed class Form(string name, Func<Expression[], Scope, Value> form, Expression[] operands) : Expression
    {
        public override Value Evaluate(Scope scope) => form(operands, scope);
        public override string ToString() => Written(name, operands);
    }

    internal sealed class List(Expression[] items) : Expression
    {
        public override Value Evaluate(Scope scope)
        {
            var values = new Value[items.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = items[i].Evaluate(scope);
                if (values[i].IsFault)
                    return values[i];
            }
            return Value.Of(values);
        }

        public override string ToString() => Written("createArray", items);
    }

    internal sealed class Map(KeyValuePair<string, Expression>[] members) : Expression
    {
        public override Value Evaluate(Scope scope)
        {
            var values = new Dictionary<string, Value>(members.Length, StringComparer.Ordinal);
            foreach (var (key, member) in members)
            {
                var value = member.Evaluate(scope);
                if (value.IsFault)
                    return value;
                values[key] = value;
            }
            return Value.Of(values);
        }

        public override string ToString() => members.Aggregate("json('{}')", (text, member) => $"setProperty({text}, '{member.Key}', {member.Value})");
    }

    private static string Written(string name, Expression[] operands)
    {
        var infix = !char.IsAsciiLetter(name[0]) && operands.Length >= 2;
        var text = new StringBuilder();
        if (!infix)
            text.Append(name);
        return text.Append('(').AppendJoin(infix ? $" {name} " : ", ", operands.Select(operand => operand.ToString())).Append(')').ToString();
    }
}

/// <summary>The evaluated operands of a call, none of them a fault.</summary>
internal readonly struct Operands(Expression call, Value[] values, Scope scope)
{
    public int Count => values.Length;
    public Value this[int index] => values[index];
    public IReadOnlyList<Value> All => values;
    public TimeProvider Time => scope.Time;
    public Value Fault(string why) => Value.Fault($"{call}: {why}");

    /// <summary>Text, or empty where there is nothing; null where it is something else. A missing path reads as its own text, so that it shows.</summary>
    public string? TextAt(int index) => index >= values.Length ? "" : values[index].Kind switch
    {
        Kind.Text => values[index].Text,
        Kind.Missing => values[index].AsText(),
        Kind.Null => "",
        _ => null,
    };
}

internal delegate Value Function(Operands operands);
