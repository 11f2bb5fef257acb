using Rego.Syntax;

namespace Rego.Compile;

/// <summary>
/// Orders the statements of a body so that every variable is bound before it is read, and reports those that nothing binds.
/// The algorithm is OPA's reorderBodyForSafety: source order as far as possible, repeated passes until nothing more can be placed.
/// </summary>
internal sealed class Safety(CompileContext context, Func<CallTerm, int> arity)
{
    /// <summary>Orders the body, and the bodies of its closures; variables in globals are bound from outside.</summary>
    public List<Expr> Order(IReadOnlyList<Expr> body, HashSet<string> globals, out HashSet<string> bound)
    {
        var bodyVars = Vars.Of(body);
        var unsafeOf = new Dictionary<Expr, HashSet<string>>();
        var safe = new HashSet<string>();
        foreach (var expr in body)
        {
            var vars = new HashSet<string>();
            foreach (var v in Vars.Of(expr))
            {
                if (globals.Contains(v)) safe.Add(v);
                else vars.Add(v);
            }
            unsafeOf[expr] = vars;
        }
        safe.UnionWith(globals);
        var placed = new List<Expr>(body.Count);
        var waiting = new List<Expr>(body);
        var progress = true;
        while (progress && waiting.Count > 0)
        {
            progress = false;
            var still = new List<Expr>();
            foreach (var expr in waiting)
            {
                var outputs = Outputs(expr, safe);
                var captured = Vars.InClosures(expr);
                captured.IntersectWith(bodyVars);
                captured.ExceptWith(globals);
                captured.ExceptWith(safe);
                if (captured.Count > 0)
                {
                    unsafeOf[expr].UnionWith(captured);
                    still.Add(expr);
                    continue;
                }
                var missing = unsafeOf[expr];
                missing.RemoveWhere(v => outputs.Contains(v) || safe.Contains(v));
                if (missing.Count > 0)
                {
                    still.Add(expr);
                    continue;
                }
                placed.Add(expr);
                safe.UnionWith(outputs);
                progress = true;
            }
            waiting = still;
        }
        // Variables of our own are only told of where nothing with a name explains them.
        var loose = waiting.SelectMany(expr => unsafeOf[expr].Where(v => !safe.Contains(v)).Select(v => (expr.At, Name: v, Ours: VarTerm.DisplayOf(v).Length == 0))).ToList();
        foreach (var (at, name, ours) in loose.OrderBy(one => one.At.Row).ThenBy(one => one.At.Col))
        {
            if (!ours || loose.TrueForAll(one => one.Ours)) ReportUnsafe(at, name);
        }
        var known = new HashSet<string>(globals);
        for (var i = 0; i < placed.Count; i++)
        {
            known.UnionWith(Vars.Of(placed[i]));
            placed[i] = Closures(placed[i], known);
        }
        foreach (var expr in waiting) placed.Add(expr);
        bound = safe;
        return placed;
    }

    /// <summary>The variables found unsafe since it was last cleared; one report for each is enough.</summary>
    public HashSet<string> Reported { get; } = [];

    public void ReportUnsafe(Location at, string name)
    {
        if (!Reported.Add(name)) return;
        var shown = VarTerm.DisplayOf(name);
        var hint = shown is "in" or "every" or "contains" or "if" ? $" (hint: `import future.keywords.{shown}` to import a future keyword)" : "";
        context.Report("rego_unsafe_var_error", at, shown.Length == 0 ? "expression is unsafe" : $"var {shown} is unsafe{hint}");
    }

    private Expr Closures(Expr expr, HashSet<string> globals)
    {
        switch (expr)
        {
            case EveryExpr e:
                {
                    var inner = new HashSet<string>(globals);
                    if (e.Key is VarTerm k) inner.Add(k.Name);
                    inner.Add(((VarTerm)e.Value).Name);
                    return new EveryExpr(e.At, e.Key, e.Value, e.Domain, Order(e.Body, inner, out _)) { With = e.With, Text = e.Text };
                }
            case TermExpr t when HasClosure(t.Term):
                return new TermExpr(t.At, Closures(t.Term, globals, t.At)) { Negated = t.Negated, With = t.With, Text = t.Text };
            default: return expr;
        }
    }

    private static bool HasClosure(Term term) => term switch
    {
        ComprehensionTerm => true,
        CallTerm c => c.Args.Any(HasClosure),
        _ => false,
    };

    private Term Closures(Term term, HashSet<string> globals, Location at)
    {
        switch (term)
        {
            case CallTerm c: return new CallTerm(c.At, c.Operator, c.Builtin, [.. c.Args.Select(a => Closures(a, globals, at))]);
            case ComprehensionTerm c:
                {
                    var body = Order(c.Body, globals, out var bound);
                    foreach (var head in c.Key is null ? [c.Value] : new[] { c.Key, c.Value })
                    {
                        foreach (var v in Vars.Of(head))
                        {
                            if (!bound.Contains(v) && !globals.Contains(v)) ReportUnsafe(at, v);
                        }
                    }
                    return new ComprehensionTerm(c.At, c.Kind, c.Key, c.Value, body);
                }
            default: return term;
        }
    }

    /// <summary>The variables that evaluating the expression binds, given those that are bound already.</summary>
    public HashSet<string> Outputs(Expr expr, HashSet<string> safe)
    {
        if (expr.Negated) return [];
        foreach (var with in expr.With)
        {
            foreach (var v in Vars.Of(with.Value))
            {
                if (!safe.Contains(v)) return [];
            }
        }
        switch (expr)
        {
            case EveryExpr e:
                {
                    var outputs = new HashSet<string>();
                    FromTerm(e.Domain, safe, outputs);
                    return outputs;
                }
            case TermExpr { Term: CallTerm { Builtin: "eq", Args.Count: 2 } eq }:
                {
                    var outputs = new HashSet<string>();
                    FromTerm(eq.Args[0], safe, outputs);
                    FromTerm(eq.Args[1], safe, outputs);
                    outputs.UnionWith(new Unifier(safe, outputs).Unify(eq.Args[0], eq.Args[1]));
                    outputs.ExceptWith(safe);
                    return outputs;
                }
            case TermExpr { Term: CallTerm call }:
                {
                    var outputs = new HashSet<string>();
                    foreach (var arg in call.Args) FromTerm(arg, safe, outputs);
                    var inputs = arity(call);
                    if (inputs < 0 || inputs >= call.Args.Count) return outputs;
                    for (var i = 0; i < inputs; i++)
                    {
                        foreach (var v in Vars.Of(call.Args[i]))
                        {
                            if (!safe.Contains(v) && !outputs.Contains(v)) return [];
                        }
                    }
                    for (var i = inputs; i < call.Args.Count; i++) outputs.UnionWith(Bindable(call.Args[i]));
                    outputs.ExceptWith(safe);
                    return outputs;
                }
            case TermExpr t:
                {
                    var outputs = new HashSet<string>();
                    FromTerm(t.Term, safe, outputs);
                    return outputs;
                }
            default: return [];
        }
    }

    private static void FromTerm(Term term, HashSet<string> safe, HashSet<string> outputs)
    {
        switch (term)
        {
            case RefTerm r:
                if (r.Head is VarTerm head && !Vars.IsRoot(head.Name) && !safe.Contains(head.Name)) return;
                foreach (var arg in r.Args)
                {
                    foreach (var v in Bindable(arg))
                    {
                        if (!safe.Contains(v)) outputs.Add(v);
                    }
                }
                break;
            case ArrayTerm a:
                foreach (var item in a.Items) FromTerm(item, safe, outputs);
                break;
            case ObjectTerm o:
                foreach (var (key, value) in o.Entries)
                {
                    FromTerm(key, safe, outputs);
                    FromTerm(value, safe, outputs);
                }
                break;
        }
    }

    /// <summary>Variables of a pattern that a value can bind: not those in sets, in keys or in the heads of references.</summary>
    internal static HashSet<string> Bindable(Term term)
    {
        var names = new HashSet<string>();
        Collect(term, names);
        return names;

        static void Collect(Term term, HashSet<string> names)
        {
            switch (term)
            {
                case VarTerm v:
                    if (!Vars.IsRoot(v.Name)) names.Add(v.Name);
                    break;
                case ArrayTerm a:
                    foreach (var item in a.Items) Collect(item, names);
                    break;
                case ObjectTerm o:
                    foreach (var (_, value) in o.Entries) Collect(value, names);
                    break;
            }
        }
    }
}

/// <summary>Which variables one equation makes known (OPA's ast/unify.go).</summary>
internal sealed class Unifier(HashSet<string> bound, HashSet<string> reached)
{
    private readonly HashSet<string> _unified = [];
    private readonly Dictionary<string, HashSet<string>> _unknown = [];

    public HashSet<string> Unify(Term a, Term b)
    {
        Pair(a, b);
        return _unified;
    }

    private bool IsSafe(Term term) => term is not VarTerm v || Vars.IsRoot(v.Name) || IsSafe(v.Name);

    private bool IsSafe(string name) => _unified.Contains(name) || bound.Contains(name) || reached.Contains(name);

    private void Pair(Term a, Term b)
    {
        switch (a)
        {
            case VarTerm v when !Vars.IsRoot(v.Name):
                switch (b)
                {
                    case VarTerm w when !Vars.IsRoot(w.Name):
                        if (IsSafe(w)) MarkSafe(v.Name);
                        else if (IsSafe(v)) MarkSafe(w.Name);
                        else
                        {
                            MarkUnknown(v.Name, w.Name);
                            MarkUnknown(w.Name, v.Name);
                        }
                        break;
                    case ArrayTerm or ObjectTerm: All(v.Name, b); break;
                    case RefTerm r:
                        if (IsSafe(r.Head)) MarkSafe(v.Name);
                        break;
                    default: MarkSafe(v.Name); break;
                }
                break;
            case RefTerm or VarTerm or ComprehensionTerm:
                if (a is RefTerm reference && !IsSafe(reference.Head)) return;
                MarkAll(b);
                break;
            case ArrayTerm x:
                switch (b)
                {
                    case VarTerm v when !Vars.IsRoot(v.Name): All(v.Name, a); break;
                    case ArrayTerm y:
                        if (x.Items.Count == y.Items.Count)
                        {
                            for (var i = 0; i < x.Items.Count; i++) Pair(x.Items[i], y.Items[i]);
                        }
                        break;
                    case RefTerm r:
                        if (IsSafe(r.Head)) MarkAll(a);
                        break;
                    case VarTerm or ComprehensionTerm: MarkAll(a); break;
                }
                break;
            case ObjectTerm x:
                switch (b)
                {
                    case VarTerm v when !Vars.IsRoot(v.Name): All(v.Name, a); break;
                    case ObjectTerm y:
                        if (x.Entries.Count == y.Entries.Count)
                        {
                            foreach (var (key, value) in x.Entries)
                            {
                                foreach (var (otherKey, otherValue) in y.Entries)
                                {
                                    if (SameKey(key, otherKey)) Pair(value, otherValue);
                                }
                            }
                        }
                        break;
                    case RefTerm r:
                        if (IsSafe(r.Head)) MarkAll(a);
                        break;
                    case VarTerm or ComprehensionTerm: MarkAll(a); break;
                }
                break;
            default:
                if (b is VarTerm w2 && !Vars.IsRoot(w2.Name)) MarkSafe(w2.Name);
                break;
        }
    }

    internal static bool SameKey(Term a, Term b) =>
        (a is ConstTerm x && b is ConstTerm y && x.Value.Equals(y.Value)) || (a is VarTerm v && b is VarTerm w && v.Name == w.Name);

    private void MarkAll(Term term)
    {
        foreach (var v in Safety.Bindable(term)) MarkSafe(v);
    }

    private void All(string name, Term pattern)
    {
        if (IsSafe(name))
        {
            MarkAll(pattern);
            return;
        }
        var missing = Vars.Of(pattern);
        missing.RemoveWhere(IsSafe);
        if (missing.Count == 0) MarkSafe(name);
        foreach (var v in missing) MarkUnknown(name, v);
    }

    private void MarkUnknown(string name, string on)
    {
        if (!_unknown.TryGetValue(name, out var set)) _unknown[name] = set = [];
        set.Add(on);
    }

    private void MarkSafe(string name)
    {
        if (!_unified.Add(name)) return;
        if (_unknown.Remove(name, out var dependencies))
        {
            foreach (var v in dependencies) MarkSafe(v);
        }
        foreach (var (v, on) in _unknown.ToArray())
        {
            if (on.Remove(name) && on.Count == 0)
            {
                _unknown.Remove(v);
                MarkSafe(v);
            }
        }
    }
}
