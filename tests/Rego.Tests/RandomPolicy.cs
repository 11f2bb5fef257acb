using System.Text;

namespace Rego.Tests;

/// <summary>Writes policies that are nearly always well formed: rules of every kind, out of terms of every kind, over a handful of names.</summary>
internal sealed class RandomPolicy(Random random)
{
    private static readonly string[] Names = ["p", "q", "r", "s"];
    private static readonly string[] Scalars = ["1", "0", "-2", "1.50", "1e3", "true", "false", "null", "\"a\"", "\"b c\"", "`raw\\d`", "\"\\u00e9\\n\"", "[]", "{}", "set()"];
    private static readonly string[] Operators = ["+", "-", "*", "/", "%", "|", "&", "==", "!=", "<", "<=", ">", ">=", "in"];
    private static readonly string[] Inputs = ["input.a", "input.list", "input.map", "input.map.y[0]", "input.nope", "input[\"x\"]", "data.base.x", "data.base"];

    private static readonly (string Name, int Arity)[] Calls =
    [
        ("count", 1), ("sum", 1), ("max", 1), ("sort", 1), ("lower", 1), ("abs", 1), ("is_string", 1), ("to_number", 1), ("json.marshal", 1), ("type_name", 1), ("union", 1), ("object.keys", 1),
        ("split", 2), ("concat", 2), ("startswith", 2), ("contains", 2), ("sprintf", 2), ("array.concat", 2), ("json.remove", 2), ("json.filter", 2), ("json.patch", 2), ("regex.match", 2), ("numbers.range", 2),
        ("object.get", 3), ("replace", 3), ("substring", 3), ("array.slice", 3), ("f", 1), ("g", 2),
    ];

    private readonly List<string> _vars = [];

    // A rule reads only those named after it: rules in a circle are refused, which is another test's matter.
    private int _rule;
    private readonly Dictionary<string, int> _kinds = [];
    private int _next;

    public string Write()
    {
        var text = new StringBuilder();
        if (random.Next(4) == 0) text.Append("# METADATA\n# title: some\n# scope: package\n");
        text.Append("package t\n\n");
        if (random.Next(3) == 0) text.Append("import data.base as b\n\n");
        for (var n = random.Next(1, 6); n > 0; n--) Rule(text);
        _vars.Clear();
        _rule = Names.Length;
        foreach (var name in Names)
        {
            if (!_kinds.ContainsKey(name)) text.Append(name).Append(" := ").Append(One(Scalars)).Append("\n\n");
        }
        text.Append("f(x) := y if { y := [x, ").Append(One(Scalars)).Append("] }\n\n");
        text.Append("g(x, {\"k\": y}) := x if y\n\ng(x, [y]) := y if x != null\n\n");
        return text.ToString();
    }

    private T One<T>(T[] from) => from[random.Next(from.Length)];

    private void Rule(StringBuilder text)
    {
        _vars.Clear();
        _rule = random.Next(Names.Length);
        var name = Names[_rule];
        if (random.Next(6) == 0) text.Append("# METADATA\n# description: ").Append(name).Append("\n# custom:\n#   n: ").Append(random.Next(5)).Append('\n');
        if (random.Next(8) == 0 && !_kinds.ContainsKey(name))
        {
            _kinds[name] = 4;
            text.Append("default ").Append(name).Append(" := ").Append(One(Scalars)).Append("\n\n");
            return;
        }
        var body = Body(3);
        // One kind for each name: rules of several kinds at one place are refused.
        var kind = _kinds.TryGetValue(name, out var known) ? known : _kinds[name] = random.Next(6);
        text.Append(kind switch
        {
            0 => $"{name} if {body}",
            1 => $"{name} contains {Term(2)} if {body}",
            2 => $"{name}[{Term(1)}] := {Term(2)} if {body}",
            3 => $"{name}.x[{Term(0)}].y := {Term(1)} if {body}",
            4 => $"{name} := {Term(3)} if {body} else := {Else()}",
            _ => $"{name} := {Term(3)} if {body}",
        });
        text.Append(random.Next(4) == 0 ? " # said here\n\n" : "\n\n");
    }

    private string Else()
    {
        _vars.Clear();
        var body = Body(1);
        return $"{Term(1)} if {body}";
    }

    private string Body(int most)
    {
        var statements = Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => Statement(2)).ToList();
        return random.Next(3) == 0 ? $"{{ {string.Join("; ", statements)} }}" : $"{{\n\t{string.Join("\n\t", statements)}\n}}";
    }

    private string Statement(int depth)
    {
        // Terms first: they may only read what was there before.
        var first = "v" + _next++;
        var second = "v" + _next++;
        var count = _vars.Count;
        var term = Term(depth);
        var domain = Domain(depth);
        var with = random.Next(6) switch
        {
            0 => $" with input.a as {Term(1)}",
            1 when random.Next(3) == 0 => $" with data.base.x as {Term(1)} with count as 7",
            _ => "",
        };
        var inner = depth > 0 ? Scoped(first, () => $"{first} != {Term(0)}; {Statement(0)}") : "";
        _vars.RemoveRange(count, _vars.Count - count);
        var (text, binds) = random.Next(11) switch
        {
            0 => ($"some {first} in {domain}", 1),
            1 => ($"some {first}, {second} in {domain}", 2),
            2 => ($"not {term}", 0),
            3 => ($"[{first}, {second}] = [{term}, 1]", 2),
            4 => ($"{{\"k\": {first}}} = {{\"k\": {term}}}", 1),
            5 when depth > 0 => ($"every {first} in {domain} {{ {inner} }}", 0),
            6 => ($"walk({term}, [{first}, {second}])", 2),
            7 => ($"{first} = {One(Inputs)}[_]", 1),
            // On a line of its own a negative number goes on with what stands above it.
            8 => (term.StartsWith('-') ? "true" : term, 0),
            _ => ($"{first} := {term}", 1),
        };
        if (binds > 0) _vars.Add(first);
        if (binds > 1) _vars.Add(second);
        return text + with;
    }

    private string Local(out string name)
    {
        name = "v" + _next++;
        return name;
    }

    /// <summary>Text in which one more variable may be read, and what it binds stays inside.</summary>
    private string Scoped(string name, Func<string> write)
    {
        var count = _vars.Count;
        _vars.Add(name);
        var text = write();
        _vars.RemoveRange(count, _vars.Count - count);
        return text;
    }

    private string Term(int depth)
    {
        if (depth <= 0) return random.Next(3) switch { 0 when _vars.Count > 0 => _vars[random.Next(_vars.Count)], 1 => One(Inputs), _ => One(Scalars) };
        switch (random.Next(12))
        {
            case 0: return $"[{List(depth)}]";
            case 1: return $"{{{Term(depth - 1)}, {Term(depth - 1)}}}";
            case 2: return $"{{{Term(depth - 1)}: {Term(depth - 1)}, \"k\": {Term(depth - 1)}}}";
            case 3: return $"({One(Inputs)} {One(Operators)} {One(Inputs)})";
            case 4: return $"{One(Inputs)} {One(Operators)} {(random.Next(8) == 0 ? Term(depth - 1) : One(Inputs))}";
            case 5:
                {
                    var (name, arity) = One(Calls);
                    return $"{name}({string.Join(", ", Enumerable.Range(0, arity).Select(_ => random.Next(4) == 0 ? Term(depth - 1) : One(Inputs)))})";
                }
            case 6: return $"[{Local(out var x)} | some {x} in {Domain(depth - 1)}]";
            case 7:
                {
                    var domain = Domain(depth - 1);
                    return $"{{{Local(out var y)} | some {y} in {domain}; {Scoped(y, () => Statement(depth - 1))}}}";
                }
            case 8: return $"{{{Local(out var k)}: {Local(out var v)} | some {k}, {v} in {Domain(depth - 1)}}}";
            case 9: return $"$\"text {{{Term(depth - 1)}}} and \\{{ {{{One(Inputs)}}}\"";
            case 10 when _rule + 1 < Names.Length:
                {
                    var read = Names[random.Next(_rule + 1, Names.Length)];
                    return random.Next(3) switch { 0 => read, 1 => $"data.t.{read}", _ => $"{read}[{Term(0)}]" };
                }
            default: return Term(0);
        }
    }

    private string Domain(int depth) => random.Next(4) switch
    {
        0 => $"[{Term(depth - 1)}, {Term(depth - 1)}]",
        1 => $"{{{Term(depth - 1)}: {Term(depth - 1)}}}",
        _ => One(Inputs),
    };

    private string List(int depth) => string.Join(random.Next(3) == 0 ? ",\n\t\t" : ", ", Enumerable.Range(0, random.Next(4)).Select(_ => Term(depth - 1)));
}
