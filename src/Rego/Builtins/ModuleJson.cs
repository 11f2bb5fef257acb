using Rego.Syntax;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>rego.parse_module: a module as the JSON of OPA's syntax tree.</summary>
internal sealed class ModuleJson
{
    private int _wildcards;

    public static void Register(Registrar t) => t.Add("rego.parse_module", "s s", (e, a) =>
    {
        e.Spend(a[1].Str().Length);
        try
        {
            return e.Weigh(new ModuleJson().Module(Parser.ParseModule(new RegoModule(a[0].Str(), a[1].Str()))));
        }
        catch (SyntaxFault fault)
        {
            return e.Fail($"rego.parse_module: 1 error occurred: {fault.Error.File}:{fault.Error.Row}: {fault.Error.Code}: {fault.Error.Message}");
        }
    });

    private RObject Module(ModuleSyntax module) => Object(
        ("package", Object(("path", Path(["data", .. module.Package])))),
        ("imports", Some(module.Imports.Select(i => (RValue)Object(("path", Of("ref", Path(i.Path))), ("alias", i.Alias is null ? null : Text(i.Alias)))))),
        ("rules", Some(module.Rules.Select(r => (RValue)Rule(r, module)))),
        ("comments", Some(module.Comments.Select(c => (RValue)Object(
            ("Text", Text(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(c.Text)))),
            ("Location", Object(("file", Text(module.File)), ("row", RNumber.Of(c.Row)), ("col", RNumber.Of(c.Col)))))))));

    private RObject Rule(RuleSyntax rule, ModuleSyntax module) => Object(
        ("default", rule.IsDefault ? RBool.True : null),
        ("head", Head(rule)),
        ("body", rule.Body is null ? new RArray([Object(("index", RNumber.Of(0)), ("terms", Of("boolean", RBool.True)))]) : Body(rule.Body)),
        ("else", rule.Else is null ? null : Rule(rule.Else, module)));

    private RObject Head(RuleSyntax rule) => Object(
        ("name", rule.Ref.Count == 1 || rule.Key is not null ? Text(((VarTerm)rule.Ref[0]).Name) : null),
        ("args", rule.Args is null ? null : Some(rule.Args.Select(Term))),
        ("key", rule.Key is not null ? Term(rule.Key) : rule.Ref.Count == 2 && rule.Ref[1] is not ConstTerm ? Term(rule.Ref[1]) : null),
        ("value", rule.Key is not null ? null : Term(rule.Value)),
        ("assign", rule.IsAssigned ? RBool.True : null),
        ("ref", new RArray([.. rule.Ref.Select(Term)])));

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
        VarTerm v => Of("var", Text(v.Name == "_" ? FormattableString.Invariant($"${_wildcards++}") : v.Name)),
        RefTerm r => Of("ref", new RArray([Term(r.Head), .. r.Args.Select(Term)])),
        ArrayTerm a => Of("array", new RArray([.. a.Items.Select(Term)])),
        SetTerm s => Of("set", new RArray([.. s.Items.Select(Term)])),
        ObjectTerm o => Of("object", new RArray([.. o.Entries.Select(e => (RValue)new RArray([Term(e.Key), Term(e.Value)]))])),
        ComprehensionTerm { Kind: ComprehensionKind.Object } c => Of("objectcomprehension", Object(("key", Term(c.Key!)), ("value", Term(c.Value)), ("body", Body(c.Body)))),
        ComprehensionTerm c => Of(c.Kind == ComprehensionKind.Array ? "arraycomprehension" : "setcomprehension", Object(("term", Term(c.Value)), ("body", Body(c.Body)))),
        CallTerm { Operator: null } c => Call(c.Builtin!, c.Args),
        CallTerm c => Of("call", new RArray([c.Operator is RefTerm ? Term(c.Operator) : Of("ref", new RArray([Term(c.Operator!)])), .. c.Args.Select(Term)])),
        TemplateTerm t => Of("templatestring", Object(("parts", new RArray([.. t.Parts.Select(p => p.Text is not null ? Of("string", Text(p.Text)) : (RValue)Statement(p.Expr!, 0))])), ("multi_line", RBool.False))),
        _ => RNull.Instance,
    };

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
