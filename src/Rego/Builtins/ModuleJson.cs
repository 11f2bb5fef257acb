using Rego.Syntax;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>rego.parse_module: a module as the JSON of OPA's syntax tree.</summary>
internal sealed class ModuleJson
{
    private static readonly HashSet<string> OfTheWhole =
    [
        "package expected", "var cannot be used for rule name", "`if` keyword is required before rule body", "`contains` keyword is required for partial set rules",
    ];

    private readonly Dictionary<VarTerm, string> _wildcards = new(ReferenceEqualityComparer.Instance);

    public static void Register(Registrar t) => t.Add("rego.parse_module", "s s", (e, a) =>
    {
        e.Spend(a[1].Str().Length);
        try
        {
            return e.Weigh(new ModuleJson().Module(Parser.ParseModule(new RegoModule(a[0].Str(), a[1].Str()))));
        }
        catch (SyntaxFault fault)
        {
            return e.Fail($"rego.parse_module: {Told(fault.Error, a[1].Str())}");
        }
    });

    /// <summary>The fault with its line and a mark below its place, unless it is one that OPA finds only in the whole.</summary>
    private static string Told(RegoError error, string text)
    {
        var row = error.Message == "empty module" ? 0 : error.Row;
        var place = FormattableString.Invariant(error.File.Length > 0 ? $"{error.File}:{row}" : (FormattableString)$"{row}:{(row == 0 ? 0 : error.Col)}");
        var told = $"{place}: {error.Code}: {error.Message}";
        if (row == 0) return told;
        return OfTheWhole.Contains(error.Message) ? $"1 error occurred: {told}" : $"1 error occurred: {told}{Marked(text, error)}";
    }

    private static string Marked(string text, RegoError error)
    {
        var (at, lines) = (error.Col - 1, text.Split('\n'));
        for (var row = 1; row < error.Row && row <= lines.Length; row++) at += lines[row - 1].Length + 1;
        at = Math.Clamp(at, 0, Math.Max(0, text.Length - 1));
        // What is missing at the end is told where the text before it ends.
        while (at > 0 && char.IsWhiteSpace(text[at])) at--;
        var start = text.Length == 0 || at == 0 ? 0 : text.LastIndexOf('\n', at) + 1;
        var end = text.IndexOf('\n', at);
        var line = (end < 0 ? text[start..] : text[start..end]).TrimEnd('\r');
        var trimmed = line.TrimStart('\t');
        return $"\n\t{trimmed}\n\t{new string(' ', Math.Max(0, at - start - (line.Length - trimmed.Length)))}^";
    }

    private RObject Module(ModuleSyntax module) => Object(
        ("package", Object(("path", Path(["data", .. module.Package])))),
        ("imports", Some(module.Imports.Select(i => (RValue)Object(("path", Of("ref", Path(i.Path))), ("alias", i.Alias is null ? null : Text(i.Alias)))))),
        ("rules", Some(module.Rules.Select(r => (RValue)Rule(r, module)))),
        ("comments", Some(module.Comments.Select(c => (RValue)Object(
            ("Text", Text(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(c.Text)))),
            ("Location", Object(("file", Text(module.File)), ("row", RNumber.Of(c.Row)), ("col", RNumber.Of(c.Col)))))))));

    private RObject Rule(RuleSyntax rule, ModuleSyntax module) => Rule(rule, Names(rule), Key(rule), false);

    // What is otherwise has the head of the rule before it, but for the value.
    private RObject Rule(RuleSyntax rule, RValue? name, Term? key, bool isAssigned)
    {
        isAssigned = HasValue(rule) ? rule.IsAssigned : isAssigned;
        return Object(
            ("default", rule.IsDefault ? RBool.True : null),
            ("head", Head(rule, name, key, isAssigned)),
            ("body", rule.Body is null ? new RArray([Object(("index", RNumber.Of(0)), ("terms", Of("boolean", RBool.True)))]) : Body(rule.Body)),
            ("else", rule.Else is null ? null : Rule(rule.Else, name, key, isAssigned)));
    }

    private RObject Head(RuleSyntax rule, RValue? name, Term? key, bool isAssigned)
    {
        var reference = new RArray([.. rule.Ref.Select(Term)]);
        return Object(
            ("ref", reference),
            ("name", name),
            ("args", rule.Args is null ? null : Some(rule.Args.Select(Term))),
            ("key", key is null ? null : Term(key)),
            ("value", rule.Key is not null ? null : Term(rule.Value)),
            ("assign", isAssigned ? RBool.True : null));
    }

    private static bool HasValue(RuleSyntax rule) => rule.Value.At != rule.At;

    /// <summary>OPA names a rule of two parts only where older readers of its tree would look for the name.</summary>
    private static RString? Names(RuleSyntax rule)
    {
        var isNamed = rule.Ref.Count == 1 || (IsOfTwo(rule) && (rule.Body is not null ? HasValue(rule) || rule.Args is not null : rule.Args is null));
        return isNamed ? Text(((VarTerm)rule.Ref[0]).Name) : null;
    }

    private static Term? Key(RuleSyntax rule)
    {
        if (rule.Key is not null) return rule.Key;
        return IsOfTwo(rule) && rule.Args is null && (rule.Body is null || rule.Ref[1] is RefTerm || !IsGround(rule.Ref[1])) ? rule.Ref[1] : null;
    }

    private static bool IsOfTwo(RuleSyntax rule) => rule is { Ref.Count: 2, Key: null, IsDefault: false };

    private static bool IsGround(Term term) => term switch
    {
        ConstTerm => true,
        ArrayTerm a => a.Items.All(IsGround),
        SetTerm s => s.Items.All(IsGround),
        ObjectTerm o => o.Entries.All(e => IsGround(e.Key) && IsGround(e.Value)),
        RefTerm r => r.Args.All(IsGround),
        _ => false,
    };

    private RArray Body(IReadOnlyList<Expr> body) => new([.. body.Select((expr, i) => (RValue)Statement(expr, i))]);

    private RObject Statement(Expr expr, int index)
    {
        RValue terms = expr switch
        {
            SomeExpr s => Object(("symbols", new RArray([.. s.Symbols.Select(Term)]))),
            SomeInExpr s => Object(("symbols", new RArray([Call(s.Key is null ? "internal.member_2" : "internal.member_3", s.Key is null ? [s.Value, s.Domain] : [s.Key, s.Value, s.Domain])]))),
            EveryExpr e => Object(("key", e.Key is null ? RNull.Instance : Term(e.Key)), ("value", Term(e.Value)), ("domain", Term(e.Domain)), ("body", Body(e.Body))),
            TermExpr { Term: CallTerm c } => ((RObject)Term(c)).Get("value")!,
            _ => Term(((TermExpr)expr).Term),
        };
        return Object(
            ("index", RNumber.Of(index)),
            ("negated", expr.Negated ? RBool.True : null),
            ("terms", terms),
            ("with", Some(expr.With.Select(w => (RValue)Object(("target", Term(w.Target)), ("value", Term(w.Value)))))));
    }

    private RObject Call(string name, IEnumerable<Term> args) => Of("call", new RArray([Of("ref", Path(name.Split('.'))), .. args.Select(Term)]));

    private RValue Term(Term term) => term switch
    {
        ConstTerm { Value: RNull } => Of("null", RNull.Instance),
        ConstTerm { Value: RBool b } => Of("boolean", b),
        ConstTerm { Value: RNumber n } => Of("number", n),
        ConstTerm c => Of("string", c.Value),
        VarTerm v => Of("var", Text(v.Name == "_" ? Wildcard(v) : v.Name)),
        RefTerm r => Of("ref", new RArray([Term(r.Head), .. r.Args.Select(Term)])),
        ArrayTerm a => Of("array", new RArray([.. a.Items.Select(Term)])),
        SetTerm s => Of("set", new RArray([.. Sorted(s.Items.Select(Term), item => item)])),
        ObjectTerm o => Of("object", new RArray([.. Sorted(o.Entries.Select(e => new RArray([Term(e.Key), Term(e.Value)])), entry => entry.Items[0])])),
        ComprehensionTerm { Kind: ComprehensionKind.Object } c => Of("objectcomprehension", Object(("key", Term(c.Key!)), ("value", Term(c.Value)), ("body", Body(c.Body)))),
        ComprehensionTerm c => Of(c.Kind == ComprehensionKind.Array ? "arraycomprehension" : "setcomprehension", Object(("term", Term(c.Value)), ("body", Body(c.Body)))),
        CallTerm { Operator: null } c => Call(c.Builtin!, c.Args),
        CallTerm c => Of("call", new RArray([c.Operator is RefTerm ? Term(c.Operator) : Of("ref", new RArray([Term(c.Operator!)])), .. c.Args.Select(Term)])),
        TemplateTerm t => Of("templatestring", Object(("parts", new RArray([.. t.Parts.Select(p => p.Text is not null ? Of("string", Text(p.Text)) : (RValue)Statement(p.Expr!, 0))])), ("multi_line", RBool.False))),
        _ => RNull.Instance,
    };

    private string Wildcard(VarTerm term)
    {
        if (!_wildcards.TryGetValue(term, out var name)) _wildcards[term] = name = FormattableString.Invariant($"${_wildcards.Count}");
        return name;
    }

    /// <summary>In OPA's order of terms, each once; of the same key the last counts.</summary>
    private static IEnumerable<RValue> Sorted(IEnumerable<RValue> items, Func<RValue, RValue> key)
    {
        var last = new SortedDictionary<RValue, RValue>(Comparer<RValue>.Create(Compare));
        foreach (var item in items) last[key(item)] = item;
        return last.Values;
    }

    private static IEnumerable<RValue> Sorted(IEnumerable<RArray> items, Func<RArray, RValue> key) => Sorted(items.Cast<RValue>(), item => key((RArray)item));

    private static int Compare(RValue a, RValue b)
    {
        if (a is not RObject x || b is not RObject y) return RValue.Compare(a, b);
        var (kind, other) = (Rank(x), Rank(y));
        if (kind != other) return kind.CompareTo(other);
        if (x.Get("value") is not RArray one || y.Get("value") is not RArray two || kind == Array.IndexOf(Ranks, "object")) return RValue.Compare(x.Get("value")!, y.Get("value")!);
        for (var i = 0; i < Math.Min(one.Count, two.Count); i++)
        {
            if (Compare(one.Items[i], two.Items[i]) is var order and not 0) return order;
        }
        return one.Count.CompareTo(two.Count);
    }

    private static readonly string[] Ranks = ["null", "boolean", "number", "string", "templatestring", "var", "ref", "array", "object", "set", "arraycomprehension", "objectcomprehension", "setcomprehension", "call"];

    private static int Rank(RObject term) => Array.IndexOf(Ranks, ((RString)term.Get("type")!).Value);

    private static RArray Path(IReadOnlyList<string> path) => new([.. path.Select((p, i) => (RValue)Of(i == 0 ? "var" : "string", Text(p)))]);

    private static RObject Of(string type, RValue value) => Object(("type", Text(type)), ("value", value));

    private static RString Text(string text) => new(text);

    private static RArray? Some(IEnumerable<RValue> items) => items.ToArray() is { Length: > 0 } some ? new RArray(some) : null;

    private static RObject Object(params (string Name, RValue? Value)[] members)
    {
        var builder = new RObjectBuilder(members.Length);
        foreach (var (name, value) in members)
        {
            if (value is not null) builder.Set(new RString(name), value);
        }
        return builder.Build();
    }
}
