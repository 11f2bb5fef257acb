using Rego.Values;

namespace Rego.Syntax;

/// <summary>Whether two modules say the same, wherever their words stand.</summary>
internal static class SyntaxEquality
{
    public static bool Same(ModuleSyntax a, ModuleSyntax b) =>
        a.Package.SequenceEqual(b.Package) && Imports(a).SequenceEqual(Imports(b)) && All(a.Rules, b.Rules, Rule);

    /// <summary>Those that give names. The others say how the text is read, which the rules show.</summary>
    private static IEnumerable<string> Imports(ModuleSyntax module) =>
        module.Imports.Where(i => i.Path[0] is not ("rego" or "future")).Select(Import).Order(StringComparer.Ordinal);

    private static string Import(ImportSyntax import) => $"{string.Join('\0', import.Path)}\0as\0{import.Alias}";

    private static bool Rule(RuleSyntax a, RuleSyntax b) =>
        a.IsDefault == b.IsDefault && All(a.Ref, b.Ref, Term) && Optional(a.Args, b.Args, (x, y) => All(x, y, Term)) && Optional(a.Key, b.Key, Term) &&
        Term(a.Value, b.Value) && All(Body(a), Body(b), Expr) && Optional(a.Else, b.Else, Rule);

    /// <summary>Without a body a rule holds as it does with the body "true".</summary>
    private static IReadOnlyList<Expr> Body(RuleSyntax rule) => rule.Body is null || IsTrue(rule.Body) ? [] : rule.Body;

    public static bool IsTrue(IReadOnlyList<Expr> body) => body is [TermExpr { Negated: false, With.Count: 0, Term: ConstTerm { Value: RBool { Value: true } } }];

    private static bool Expr(Expr a, Expr b) =>
        a.Negated == b.Negated && All(a.With, b.With, (x, y) => Term(x.Target, y.Target) && Term(x.Value, y.Value)) && (a, b) switch
        {
            (TermExpr x, TermExpr y) => Term(Assigned(x.Term), Assigned(y.Term)),
            (SomeExpr x, SomeExpr y) => All(x.Symbols, y.Symbols, Term),
            (SomeInExpr x, SomeInExpr y) => Optional(x.Key, y.Key, Term) && Term(x.Value, y.Value) && Term(x.Domain, y.Domain),
            (EveryExpr x, EveryExpr y) => Optional(x.Key, y.Key, Term) && Term(x.Value, y.Value) && Term(x.Domain, y.Domain) && All(x.Body, y.Body, Expr),
            _ => false,
        };

    private static readonly HashSet<string> Infix = ["equal", "neq", "lt", "lte", "gt", "gte", "or", "and", "plus", "minus", "mul", "div", "rem"];

    /// <summary>plus(x, 1, y) is y = x + 1.</summary>
    private static Term Assigned(Term term) =>
        term is CallTerm { Args: [var left, var right, var result] } call && call.Builtin is null && call.Operator is VarTerm { Name: var name } && Infix.Contains(name)
            ? new CallTerm(term.At, null, "eq", [result, new CallTerm(term.At, null, name, [left, right])])
            : term;

    /// <summary>Constants in a template string are text.</summary>
    private static List<(string? Text, Expr? Expr)> Parts(TemplateTerm template)
    {
        var parts = new List<(string? Text, Expr? Expr)>();
        foreach (var (text, expr) in template.Parts)
        {
            var said = text ?? (expr is TermExpr { With.Count: 0, Term: ConstTerm { Value: RString or RNumber or RBool or RNull } constant } ? constant.Value is RString s ? s.Value : constant.Value.ToString() : null);
            if (said is null) parts.Add((null, expr));
            else if (parts is [.., ({ } before, null)]) parts[^1] = (before + said, null);
            else parts.Add((said, null));
        }
        return parts;
    }

    private static bool Term(Term a, Term b) => (a, b) switch
    {
        (ConstTerm x, ConstTerm y) => x.Value.Equals(y.Value),
        (VarTerm x, VarTerm y) => x.Name == y.Name,
        (RefTerm x, RefTerm y) => Term(x.Head, y.Head) && All(x.Args, y.Args, Term),
        (ArrayTerm x, ArrayTerm y) => All(x.Items, y.Items, Term),
        (SetTerm x, SetTerm y) => All(x.Items, y.Items, Term),
        (ObjectTerm x, ObjectTerm y) => All(x.Entries, y.Entries, (p, q) => Term(p.Key, q.Key) && Term(p.Value, q.Value)),
        (ComprehensionTerm x, ComprehensionTerm y) => x.Kind == y.Kind && Optional(x.Key, y.Key, Term) && Term(x.Value, y.Value) && All(x.Body, y.Body, Expr),
        (TemplateTerm x, TemplateTerm y) => All(Parts(x), Parts(y), (p, q) => p.Text == q.Text && Optional(p.Expr, q.Expr, Expr)),
        (CallTerm x, CallTerm y) => Operator(x) == Operator(y) && Optional(x.Operator is RefTerm ? x.Operator : null, y.Operator is RefTerm ? y.Operator : null, Term) && All(x.Args, y.Args, Term),
        _ => false,
    };

    /// <summary>plus(1, 2) is 1 + 2.</summary>
    private static string Operator(CallTerm call) => call.Builtin ?? (call.Operator as VarTerm)?.Name ?? "";

    private static bool Optional<T>(T? a, T? b, Func<T, T, bool> same)
        where T : class => a is null ? b is null : b is not null && same(a, b);

    private static bool All<T>(IReadOnlyList<T> a, IReadOnlyList<T> b, Func<T, T, bool> same)
    {
        if (a.Count != b.Count) return false;
        for (var i = 0; i < a.Count; i++)
        {
            if (!same(a[i], b[i])) return false;
        }
        return true;
    }
}
