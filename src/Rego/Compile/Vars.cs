using Rego.Syntax;

namespace Rego.Compile;

/// <summary>Which variables a term or expression mentions.</summary>
internal static class Vars
{
    /// <summary>Names as written in a pattern (before resolution): keys of objects and references are looked up, not bound.</summary>
    public static HashSet<string> NamesIn(Term term)
    {
        var names = new HashSet<string>();
        Collect(term, names);
        return names;

        static void Collect(Term term, HashSet<string> names)
        {
            switch (term)
            {
                case VarTerm v: names.Add(v.Name); break;
                case ArrayTerm a:
                    foreach (var item in a.Items) Collect(item, names);
                    break;
                case ObjectTerm o:
                    foreach (var (_, value) in o.Entries) Collect(value, names);
                    break;
            }
        }
    }

    public static bool IsRoot(string name) => name is "input" or "data";

    /// <summary>All variables outside closures; the heads of references count.</summary>
    public static HashSet<string> Of(Expr expr, bool closures = false)
    {
        var names = new HashSet<string>();
        Add(expr, names, closures);
        return names;
    }

    public static HashSet<string> Of(Term term, bool closures = false)
    {
        var names = new HashSet<string>();
        Add(term, names, closures);
        return names;
    }

    public static HashSet<string> Of(IEnumerable<Expr> body, bool closures = false)
    {
        var names = new HashSet<string>();
        foreach (var expr in body) Add(expr, names, closures);
        return names;
    }

    public static void Add(Expr expr, HashSet<string> names, bool closures)
    {
        switch (expr)
        {
            case TermExpr t: Add(t.Term, names, closures); break;
            case EveryExpr e:
                Add(e.Domain, names, closures);
                if (closures)
                {
                    if (e.Key is not null) Add(e.Key, names, true);
                    Add(e.Value, names, true);
                    foreach (var inner in e.Body) Add(inner, names, true);
                }
                break;
        }
        foreach (var with in expr.With) Add(with.Value, names, closures);
    }

    public static void Add(Term term, HashSet<string> names, bool closures)
    {
        switch (term)
        {
            case VarTerm v:
                if (!IsRoot(v.Name)) names.Add(v.Name);
                break;
            case RefTerm r:
                Add(r.Head, names, closures);
                foreach (var arg in r.Args) Add(arg, names, closures);
                break;
            case ArrayTerm a:
                foreach (var item in a.Items) Add(item, names, closures);
                break;
            case SetTerm s:
                foreach (var item in s.Items) Add(item, names, closures);
                break;
            case ObjectTerm o:
                foreach (var (key, value) in o.Entries)
                {
                    Add(key, names, closures);
                    Add(value, names, closures);
                }
                break;
            case CallTerm c:
                foreach (var arg in c.Args) Add(arg, names, closures);
                break;
            case ComprehensionTerm c when closures:
                if (c.Key is not null) Add(c.Key, names, true);
                Add(c.Value, names, true);
                foreach (var inner in c.Body) Add(inner, names, true);
                break;
        }
    }

    /// <summary>Variables inside the comprehensions and every-bodies of an expression.</summary>
    public static HashSet<string> InClosures(Expr expr)
    {
        var names = new HashSet<string>();
        switch (expr)
        {
            case TermExpr t: Closures(t.Term, names); break;
            case EveryExpr e:
                Closures(e.Domain, names);
                if (e.Key is not null) Add(e.Key, names, true);
                Add(e.Value, names, true);
                foreach (var inner in e.Body) Add(inner, names, true);
                break;
        }
        foreach (var with in expr.With) Closures(with.Value, names);
        return names;
    }

    private static void Closures(Term term, HashSet<string> names)
    {
        switch (term)
        {
            case ComprehensionTerm c: Add(c, names, true); break;
            case RefTerm r:
                Closures(r.Head, names);
                foreach (var arg in r.Args) Closures(arg, names);
                break;
            case ArrayTerm a:
                foreach (var item in a.Items) Closures(item, names);
                break;
            case SetTerm s:
                foreach (var item in s.Items) Closures(item, names);
                break;
            case ObjectTerm o:
                foreach (var (key, value) in o.Entries)
                {
                    Closures(key, names);
                    Closures(value, names);
                }
                break;
            case CallTerm c:
                foreach (var arg in c.Args) Closures(arg, names);
                break;
        }
    }
}
