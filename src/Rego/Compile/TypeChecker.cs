using Rego.Builtins;
using Rego.Evaluate;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>
/// Type errors that can be told before evaluation, by OPA's rules: what literals, builtins and rules are known to give is carried
/// through the ordered statements; a comparison, call or reference that can never succeed is an error. Input and base data
/// can be anything.
/// </summary>
internal sealed class TypeChecker(CompileContext context, RuleTree tree)
{
    // Rules that read rules that read rules: beyond this, what they give is taken as unknown.
    private const int MaxDepth = 100;

    private readonly Dictionary<DocNode, StaticType> _documents = [];
    private readonly Dictionary<DocNode, (StaticType[] Args, StaticType Result)> _functions = [];
    private readonly HashSet<DocNode> _open = [];
    private readonly HashSet<RuleDefinition> _checked = [];

    public void Check(IEnumerable<RuleDefinition> rules)
    {
        foreach (var rule in rules)
        {
            for (var branch = rule; branch is not null; branch = branch.Else) Rule(branch);
        }
    }

    public void Check(IReadOnlyList<Expr> query) => Body(query, new Scope(null));

    private sealed class Scope(Scope? outer)
    {
        private readonly Dictionary<string, StaticType> _types = [];

        /// <summary>A type error was found: what it left unknown is no second error.</summary>
        public bool Failed { get; set; }

        public StaticType? Find(string name) => _types.TryGetValue(name, out var type) ? type : outer?.Find(name);

        public void Set(string name, StaticType type) => _types[name] = type;
    }

    private readonly Dictionary<RuleDefinition, Scope> _scopes = [];

    private Scope Rule(RuleDefinition rule)
    {
        if (_scopes.TryGetValue(rule, out var known)) return known;
        var scope = _scopes[rule] = new Scope(null);
        if (_checked.Add(rule)) Body(rule.Body, scope);
        return scope;
    }

    // Each is asked for several times; where they nest, several times several times.
    private readonly Dictionary<ComprehensionTerm, Scope> _comprehensions = new(ReferenceEqualityComparer.Instance);

    private Scope Inside(ComprehensionTerm term, Scope outer)
    {
        if (_comprehensions.TryGetValue(term, out var known)) return known;
        var scope = _comprehensions[term] = new Scope(outer);
        Body(term.Body, scope);
        return scope;
    }

    private void Body(IEnumerable<Expr> body, Scope scope)
    {
        foreach (var expr in body)
        {
            if (!Statement(expr, scope)) scope.Failed = true;
        }
    }

    private bool Statement(Expr expr, Scope scope)
    {
        switch (expr)
        {
            case EveryExpr e:
                {
                    var domain = TypeOf(e.Domain, scope);
                    var inner = new Scope(scope);
                    if (e.Key is VarTerm k) inner.Set(k.Name, domain?.Keys ?? StaticType.Any);
                    inner.Set(((VarTerm)e.Value).Name, domain?.Values ?? StaticType.Any);
                    Body(e.Body, inner);
                    return !inner.Failed;
                }
            case TermExpr { Term: CallTerm call }:
                {
                    var fine = true;
                    foreach (var arg in call.Args) fine &= References(arg, scope);
                    return fine && Call(call, scope);
                }
            case TermExpr t: return References(t.Term, scope);
            default: return true;
        }
    }

    // --- Calls

    private bool Call(CallTerm call, Scope scope)
    {
        if (call.Builtin is "eq" or "equal" && call.Args.Count == 2)
        {
            var (left, right) = (TypeOf(call.Args[0], scope), TypeOf(call.Args[1], scope));
            if (Equal(call.Args[0], left, call.Args[1], right, scope)) return true;
            context.Report("rego_type_error", call.At, $"match error\n\tleft  : {left?.ToString() ?? "???"}\n\tright : {right?.ToString() ?? "???"}");
            return false;
        }
        if (call.Builtin is not null)
        {
            if (context.Builtins.Find(call.Builtin) is not { } builtin || call.Args.Count < builtin.Arity) return true;
            for (var i = 0; i < builtin.Arity; i++)
            {
                if (Assign(call.Args[i], BuiltinTypes.Argument(builtin, i), scope)) continue;
                return Mismatch(call, call.Builtin, builtin.Arity, builtin.Signature, scope);
            }
            if (call.Args.Count > builtin.Arity && !Assign(call.Args[builtin.Arity], BuiltinTypes.Result(builtin), scope)) return Mismatch(call, call.Builtin, builtin.Arity, builtin.Signature, scope);
            return true;
        }
        if (tree.Function(call.Operator) is not { } node || call.Args.Count < node.Arity) return true;
        var (args, result) = Function(node);
        var fits = true;
        for (var i = 0; i < args.Length && fits; i++) fits = Assign(call.Args[i], args[i], scope);
        if (fits && call.Args.Count > node.Arity) fits = Assign(call.Args[node.Arity], result, scope);
        return fits || Mismatch(call, node.PathText, node.Arity, string.Join(", ", args.Append(result).Select(a => a.ToString())), scope);
    }

    private bool Mismatch(CallTerm call, string name, int arity, string want, Scope scope)
    {
        var have = string.Join(", ", call.Args.Take(arity).Select(a => TypeOf(a, scope)?.ToString() ?? "???").Append("???"));
        context.Report("rego_type_error", call.At, $"{name}: invalid argument(s)\n\thave: ({have})\n\twant: ({want})");
        return false;
    }

    private (StaticType[] Args, StaticType Result) Function(DocNode node)
    {
        if (_functions.TryGetValue(node, out var known)) return known;
        var unknown = (Enumerable.Repeat(StaticType.Any, node.Arity).ToArray(), StaticType.Any);
        if (_open.Count > MaxDepth || !_open.Add(node)) return unknown;
        StaticType[]? args = null;
        StaticType? result = null;
        foreach (var rule in Branches(tree.StaticOf(node)))
        {
            var scope = Rule(rule);
            if (scope.Failed)
            {
                (args, result) = unknown;
                break;
            }
            var own = rule.Parameters!.Select(p => scope.Find(p.Name) ?? StaticType.Any).ToArray();
            args = args is null ? own : [.. args.Zip(own, StaticType.Or)];
            var value = TypeOf(rule.Value, scope) ?? StaticType.Any;
            result = result is null ? value : StaticType.Or(result, value);
        }
        _open.Remove(node);
        return _functions[node] = (args ?? unknown.Item1, result ?? StaticType.Any);
    }

    private static IEnumerable<RuleDefinition> Branches(IEnumerable<RuleDefinition> rules)
    {
        foreach (var rule in rules)
        {
            for (var branch = rule; branch is not null; branch = branch.Else) yield return branch;
        }
    }

    // --- Documents

    private StaticType Document(DocNode node)
    {
        if (_documents.TryGetValue(node, out var known)) return known;
        // Other rules below, or base data beside it: anything.
        if (node.Kind is not (DocKind.Complete or DocKind.Set) || node.HasDynamic || node.Children.Count > 0) return _documents[node] = StaticType.Any;
        if (_open.Count > MaxDepth || !_open.Add(node)) return StaticType.Any;
        StaticType? type = null;
        foreach (var rule in Branches(tree.StaticOf(node)))
        {
            var scope = Rule(rule);
            var one = scope.Failed ? StaticType.Any : TypeOf(node.Kind == DocKind.Set ? rule.Element! : rule.Value, scope) ?? StaticType.Any;
            type = type is null ? one : StaticType.Or(type, one);
        }
        _open.Remove(node);
        type ??= StaticType.Any;
        return _documents[node] = node.Kind == DocKind.Set ? new SetType(type) : type;
    }

    // --- Terms

    private StaticType? TypeOf(Term term, Scope scope)
    {
        switch (term)
        {
            case ConstTerm c: return StaticType.Of(c.Value);
            case VarTerm v: return Vars.IsRoot(v.Name) ? StaticType.Any : scope.Find(v.Name);
            case ArrayTerm a:
                {
                    var items = a.Items.Select(i => TypeOf(i, scope)).ToList();
                    return items.Contains(null) ? null : new ArrayType([.. items.Select(i => i!)], items.Count == 0 ? StaticType.Any : null);
                }
            case SetTerm s:
                {
                    var items = s.Items.Select(i => TypeOf(i, scope)).ToList();
                    return items.Contains(null) ? null : new SetType(items.Count == 0 ? StaticType.Any : items.Select(i => i!).Aggregate(StaticType.Or));
                }
            case ObjectTerm o: return TypeOf(o, scope);
            case RefTerm r: return Select(r, scope);
            case ComprehensionTerm c:
                {
                    var inner = Inside(c, scope);
                    if (inner.Failed) return StaticType.Any;
                    var value = TypeOf(c.Value, inner) ?? StaticType.Any;
                    return c.Kind switch
                    {
                        ComprehensionKind.Array => new ArrayType([], value),
                        ComprehensionKind.Set => new SetType(value),
                        _ => new ObjectType([], TypeOf(c.Key!, inner) ?? StaticType.Any, value),
                    };
                }
            default: return StaticType.Any;
        }
    }

    private ObjectType? TypeOf(ObjectTerm o, Scope scope)
    {
        var known = new List<KeyValuePair<RValue, StaticType>>();
        StaticType? moreKey = null, moreValue = null;
        foreach (var (key, value) in o.Entries)
        {
            if (TypeOf(value, scope) is not { } type) return null;
            if (Planner.Constant(key) is { } constant)
            {
                known.RemoveAll(k => k.Key.Equals(constant));
                known.Add(KeyValuePair.Create(constant, type));
                continue;
            }
            if (TypeOf(key, scope) is not { } keyType) return null;
            moreKey = moreKey is null ? keyType : StaticType.Or(moreKey, keyType);
            moreValue = moreValue is null ? type : StaticType.Or(moreValue, type);
        }
        return o.Entries.Count == 0 ? new ObjectType([], StaticType.Any, StaticType.Any) : new ObjectType(known, moreKey, moreValue);
    }

    /// <summary>Where a reference starts: the type of its head and the first step into it.</summary>
    private StaticType? Start(RefTerm r, Scope scope, out int at)
    {
        at = 0;
        if (r.Head is not VarTerm { Name: "data" }) return TypeOf(r.Head, scope);
        var node = tree.Root;
        while (at < r.Args.Count && node.Kind == DocKind.Interior && !node.HasDynamic && r.Args[at] is ConstTerm { Value: RString s } && node.Children.TryGetValue(s.Value, out var child))
        {
            node = child;
            at++;
        }
        return Document(node);
    }

    private StaticType? Select(RefTerm r, Scope scope)
    {
        var type = Start(r, scope, out var at);
        for (; at < r.Args.Count && type is not null; at++) type = r.Args[at] is ConstTerm c ? type.At(c.Value) : type.Values;
        return type;
    }

    // --- References

    private bool References(Term term, Scope scope)
    {
        if (term is RefTerm r)
        {
            var fine = true;
            foreach (var arg in r.Args) fine &= References(arg, scope);
            return fine && Reference(r, scope);
        }
        if (term is ComprehensionTerm c) return !Inside(c, scope).Failed;
        return SyntaxWalk.Below(term).Aggregate(true, (fine, inner) => References(inner, scope) && fine);
    }

    private bool Reference(RefTerm r, Scope scope)
    {
        var type = Start(r, scope, out var at);
        for (; at < r.Args.Count; at++)
        {
            if (type is null) return true;
            if (type.Keys is not { } keys) return Undefined(r, at - 1, $"have: {type}");
            var arg = r.Args[at];
            if (arg is ConstTerm c)
            {
                var next = type.At(c.Value);
                if (next is null) return Undefined(r, at, $"have: {c.Value}", Wanted(type, keys));
                type = next;
                continue;
            }
            if (arg is VarTerm v && !Vars.IsRoot(v.Name) && scope.Find(v.Name) is null)
            {
                scope.Set(v.Name, keys);
            }
            else if (!Assign(arg, keys, scope))
            {
                return Undefined(r, at, $"have: {TypeOf(arg, scope)?.ToString() ?? "???"}", Wanted(type, keys));
            }
            type = type.Values;
        }
        return true;
    }

    private static string Wanted(StaticType type, StaticType keys) =>
        type is ObjectType { MoreKey: null } o ? $"want (one of): [{string.Join(' ', o.Known.Select(k => k.Key.ToString()).Order(StringComparer.Ordinal))}]" : $"want (type): {keys}";

    private bool Undefined(RefTerm r, int at, params string[] details)
    {
        var whole = TermText.Of(r);
        var before = TermText.Of(new RefTerm(r.At, r.Head, [.. r.Args.Take(Math.Max(at, 0))])).Length + (at >= 0 ? 1 : 0);
        var indent = "\n\t" + new string(' ', Math.Min(before, whole.Length));
        context.Report("rego_type_error", r.At, $"undefined ref: {whole}\n\t{whole}{indent}^{string.Concat(details.Select(d => indent + d))}");
        return false;
    }

    // --- Unification

    private bool Equal(Term a, StaticType? typeA, Term b, StaticType? typeB, Scope scope)
    {
        if (typeA is null && typeB is not null) return Assign(a, typeB, scope);
        if (typeB is null && typeA is not null) return Assign(b, typeA, scope);
        if (typeA is not null && typeB is not null) return StaticType.Unify(typeA, typeB);
        switch (a, b)
        {
            case (ArrayTerm x, ArrayTerm y):
                return x.Items.Count == y.Items.Count && x.Items.Zip(y.Items).All(p => Equal(p.First, TypeOf(p.First, scope), p.Second, TypeOf(p.Second, scope), scope));
            case (ObjectTerm x, ObjectTerm y):
                return x.Entries.Count == y.Entries.Count && x.Entries.All(e => y.Entries.FirstOrDefault(o => Unifier.SameKey(e.Key, o.Key)) is { Value: not null } other
                    ? Equal(e.Value, TypeOf(e.Value, scope), other.Value, TypeOf(other.Value, scope), scope)
                    : Planner.Constant(e.Key) is null);
            default:
                Assign(a, StaticType.Any, scope);
                Assign(b, TypeOf(a, scope) ?? StaticType.Any, scope);
                return true;
        }
    }

    /// <summary>The term can have the type; variables of it that had none get theirs.</summary>
    private bool Assign(Term term, StaticType type, Scope scope, bool union = false)
    {
        switch (term)
        {
            case VarTerm v when !Vars.IsRoot(v.Name):
                if (scope.Find(v.Name) is not { } known) scope.Set(v.Name, type);
                else if (union) scope.Set(v.Name, StaticType.Or(known, type));
                else return StaticType.Unify(known, type);
                return true;
            case ArrayTerm a: return Each(type, union, scope, a.Items, option => option is ArrayType t && (a.Items.Count == t.Items.Count || t.More is not null) && a.Items.Select((item, i) => (item, Of: t.At(i))).All(p => p.Of is not null && Assign(p.item, p.Of, scope, union || type is UnionType)));
            case SetTerm s: return Each(type, union, scope, s.Items, option => option is SetType t && s.Items.All(item => Assign(item, t.Element, scope, union || type is UnionType)));
            case ObjectTerm o: return Each(type, union, scope, o.Entries.SelectMany(e => new[] { e.Key, e.Value }), option => option is ObjectType t && Object(o, t, scope, union || type is UnionType));
            default: return TypeOf(term, scope) is not { } own || StaticType.Unify(own, type);
        }
    }

    private bool Object(ObjectTerm o, ObjectType type, Scope scope, bool union)
    {
        if (o.Entries.Count != type.Known.Count && type.MoreValue is null) return false;
        foreach (var (key, value) in o.Entries)
        {
            if (Planner.Constant(key) is not { } constant) Assign(value, StaticType.Any, scope);
            else if (type.AtKey(constant) is not { } at || !Assign(value, at, scope, union)) return false;
        }
        return true;
    }

    private bool Each(StaticType type, bool union, Scope scope, IEnumerable<Term> parts, Func<StaticType, bool> fits)
    {
        if (type.IsAny)
        {
            foreach (var part in parts) Assign(part, StaticType.Any, scope, union: true);
            return true;
        }
        var any = false;
        foreach (var option in StaticType.OptionsOf(type)) any |= fits(option);
        return any;
    }
}
