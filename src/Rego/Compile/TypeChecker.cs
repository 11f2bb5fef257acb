using Rego.Builtins;
using Rego.Evaluate;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

using static StaticType;

/// <summary>
/// Type errors that can be told before evaluation, by OPA's rules (v1/ast/check.go): what literals, builtins, rules and schemas are known
/// to give is carried through the ordered statements; a comparison, call or reference that can never succeed is an error.
/// </summary>
internal sealed class TypeChecker(CompileContext context, RuleTree tree, SchemaTypes schemas)
{
    // What the checked comprehensions of the statement at hand gave; their bodies are not gone through again.
    private readonly Dictionary<ComprehensionTerm, TypeEnvironment?> _closures = [];

    /// <summary>A query keeps "==" as a test that may be false; in modules it is an equation.</summary>
    public bool IsQuery { get; init; }

    /// <param name="sorted">All definitions, those that others read first.</param>
    public void Check(IEnumerable<RuleDefinition> sorted)
    {
        var env = new TypeEnvironment(null);
        if (schemas.Input is { } input) env.DocumentOrNew("input").Type = input;
        tree.Types = env;
        foreach (var rule in sorted)
        {
            var branches = new List<RuleDefinition>();
            for (var branch = rule; branch is not null; branch = branch.Else) branches.Add(branch);
            for (var i = branches.Count - 1; i >= 0; i--) Rule(branches[i], env);
        }
    }

    public void Check(IReadOnlyList<Expr> query)
    {
        foreach (var error in Body(query, tree.Types ?? new TypeEnvironment(null), out _)) context.Report(error);
    }

    private void Rule(RuleDefinition rule, TypeEnvironment all)
    {
        var around = new TypeEnvironment(all);
        schemas.Apply(rule.Module, rule.Syntax, rule.At, around);
        var patterns = Patterns(rule);
        var errors = Body(patterns.Count == 0 ? rule.Body : rule.Body.Where(e => !patterns.ContainsValue(e)), around, out var env);
        var path = rule.Path.Take(rule.Path.Count - rule.Dynamic.Count).Concat(rule.Dynamic).ToList();
        var prefix = path.TakeWhile(p => p is ConstTerm).Select(p => ((ConstTerm)p).Value).ToList();
        if (errors.Count > 0)
        {
            foreach (var error in errors) context.Report(error);
            // What reads the rule is not to blame too.
            all.Put("data", prefix, Any);
            return;
        }
        StaticType? type;
        if (rule.Parameters is not null)
        {
            type = new FunctionType([.. rule.Parameters.Select(p => Argument(p, patterns, env))], TypeOf(rule.Value, env));
        }
        else if (rule.Element is not null)
        {
            type = TypeOf(rule.Element, env) is { } element ? new SetType(element) : null;
            if (path.Count > prefix.Count && type is not null) type = Nested(path, prefix.Count, type, env);
        }
        else
        {
            type = TypeOf(rule.Value, env);
            if (path.Count > prefix.Count && type is not null) type = Nested(path, prefix.Count, type, env);
        }
        if (type is not null) all.Insert(prefix, type);
    }

    /// <summary>The equations that stand for the patterns among a function's parameters.</summary>
    private static Dictionary<string, Expr> Patterns(RuleDefinition rule)
    {
        var patterns = new Dictionary<string, Expr>();
        if (rule.Parameters is null) return patterns;
        foreach (var expr in rule.Body)
        {
            if (expr is TermExpr { Term: CallTerm { Builtin: "eq", Args: [VarTerm { IsGenerated: true } left, _] } } && rule.Parameters.Any(p => p.Name == left.Name)) patterns.TryAdd(left.Name, expr);
        }
        return patterns;
    }

    private StaticType? Argument(VarTerm parameter, Dictionary<string, Expr> patterns, TypeEnvironment env)
    {
        Term term = parameter;
        if (patterns.TryGetValue(parameter.Name, out var equation)) term = ((CallTerm)((TermExpr)equation).Term).Args[1];
        foreach (var name in Vars.Of(term, closures: true))
        {
            if (env.Variable(name) is null) env.SetVariable(name, Any);
        }
        return TypeOf(term, env);
    }

    private ObjectType? Nested(List<Term> path, int at, StaticType type, TypeEnvironment env)
    {
        var value = at + 1 == path.Count ? type : Nested(path, at + 1, type, env);
        return value is null || TypeOf(path[at], env) is not { } key ? null : new ObjectType([], new MoreMembers(key, value));
    }

    private List<RegoError> Body(IEnumerable<Expr> body, TypeEnvironment around, out TypeEnvironment env)
    {
        env = new TypeEnvironment(around);
        var errors = new List<RegoError>();
        foreach (var expr in body)
        {
            var before = errors.Count;
            Closures(expr, env, errors);
            References(expr, env, errors);
            // An error about something unknown says less than the one that left it unknown.
            if (Statement(expr, env, out var isOpen) is { } error && !(isOpen && errors.Count > before)) errors.Add(error);
            if (_closures.Count > 0) _closures.Clear();
        }
        return errors;
    }

    private void References(Expr expr, TypeEnvironment env, List<RegoError> errors)
    {
        switch (expr)
        {
            case TermExpr { Term: CallTerm call }:
                foreach (var arg in call.Args) References(arg, env, errors);
                break;
            case TermExpr t: References(t.Term, env, errors); break;
            case EveryExpr e:
                References(e.Domain, env, errors);
                foreach (var inner in e.Body) References(inner, env, errors);
                break;
        }
    }

    private static void Outermost(Expr expr, ref List<ComprehensionTerm>? found)
    {
        switch (expr)
        {
            case TermExpr { Term: CallTerm call }:
                foreach (var arg in call.Args) Outermost(arg, ref found);
                break;
            case TermExpr t: Outermost(t.Term, ref found); break;
            case EveryExpr e:
                Outermost(e.Domain, ref found);
                foreach (var inner in e.Body) Outermost(inner, ref found);
                break;
        }
    }

    private static void Outermost(Term term, ref List<ComprehensionTerm>? found)
    {
        switch (term)
        {
            case VarTerm or ConstTerm: break;
            case ComprehensionTerm c: (found ??= []).Add(c); break;
            case RefTerm r:
                foreach (var arg in r.Args) Outermost(arg, ref found);
                break;
            default:
                foreach (var inner in SyntaxWalk.Below(term)) Outermost(inner, ref found);
                break;
        }
    }

    private void Closures(Expr expr, TypeEnvironment env, List<RegoError> errors)
    {
        List<ComprehensionTerm>? found = null;
        Outermost(expr, ref found);
        if (found is null) return;
        List<RegoError> faults = [];
        var inside = new TypeEnvironment?[found.Count];
        for (var i = 0; i < found.Count; i++)
        {
            var own = Body(found[i].Body, env, out var inner);
            if (own.Count > 0) faults = own;
            else inside[i] = inner;
        }
        for (var i = 0; i < found.Count; i++) _closures[found[i]] = inside[i];
        errors.AddRange(faults);
    }

    private RegoError? Statement(Expr expr, TypeEnvironment env, out bool isOpen)
    {
        isOpen = false;
        foreach (var with in expr.With)
        {
            if (Replaced(with, env) is { } error) return error;
        }
        if (expr is not TermExpr { Term: CallTerm call }) return null;
        if (call.Args.Count == 2 && (call.Builtin == "eq" || (call.Builtin == "equal" && !IsQuery)))
        {
            var (left, right) = (TypeOf(call.Args[0], env), TypeOf(call.Args[1], env));
            if (Equal(call.Args[0], left, call.Args[1], right, env)) return null;
            isOpen = IsOpen(left) || IsOpen(right);
            return Error(expr.At, $"match error\n\tleft  : {Text(left)}\n\tright : {Text(right)}");
        }
        return Call(call, expr.At, env, out isOpen);
    }

    /// <summary>A function that stands in for another must take as many arguments, of types that can be the same.</summary>
    private RegoError? Replaced(WithModifier with, TypeEnvironment env)
    {
        if (TypeOfName(with.Target, env) is not FunctionType target || TypeOfName(with.Value, env) is not FunctionType value || Unify(target, value)) return null;
        return Error(with.At, $"{TermText.Of(with.Target)}: arity mismatch\n\thave: ({string.Join(", ", value.Arguments.Select(Text))})\n\twant: {target.Wanted(withResult: false)}");
    }

    private StaticType? TypeOfName(Term term, TypeEnvironment env) =>
        term is BuiltinTerm b ? context.Builtins.Find(b.Name) is { } builtin ? BuiltinTypes.Of(builtin) : null : term is RefTerm { Head: VarTerm { Name: "data" } } r && r.Args.All(a => a is ConstTerm) ? env.Reference(r.Head, r.Args) : null;

    // --- Calls

    private RegoError? Call(CallTerm call, Location at, TypeEnvironment env, out bool isOpen)
    {
        isOpen = false;
        StaticType? type;
        if (call.Builtin is null) type = call.Operator is RefTerm r ? env.Reference(r.Head, r.Args) : null;
        else if (context.Builtins.Find(call.Builtin) is { } builtin) type = BuiltinTypes.Of(builtin);
        else return null;
        if (type is not FunctionType function) return null;
        for (var i = 0; i < call.Args.Count; i++)
        {
            var want = i < function.Arguments.Count ? function.Arguments[i] : function.Result;
            if (i > function.Arguments.Count || Assign(call.Args[i], want, env)) continue;
            var have = call.Args.Select(a => TypeOf(a, env)).ToList();
            isOpen = have.Any(IsOpen);
            return Error(at, $"{Name(call)}: invalid argument(s)\n\thave: ({string.Join(", ", have.Select(Text))})\n\twant: {function.Wanted(withResult: true)}");
        }
        return null;
    }

    private static string Name(CallTerm call) => call.Builtin ?? TermText.Of(call.Operator!);

    private static RegoError Error(Location at, string message) => new("rego_type_error", message, at.File, at.Row, at.Col);

    // --- Terms

    private StaticType? TypeOf(Term term, TypeEnvironment env)
    {
        switch (term)
        {
            case ConstTerm c: return Of(c.Value);
            case VarTerm v: return Vars.IsRoot(v.Name) ? env.Reference(v, []) : env.Variable(v.Name);
            case RefTerm r: return env.Reference(r.Head, r.Args);
            case ArrayTerm a: return Bounded(new ArrayType([.. a.Items.Select(i => TypeOf(i, env))], a.Items.Count == 0 ? Any : null));
            case SetTerm s: return Bounded(new SetType(s.Items.Count == 0 ? Any : s.Items.Aggregate((StaticType?)null, (all, i) => Or(all, TypeOf(i, env))) ?? Any));
            case ObjectTerm o: return Bounded(TypeOf(o, env));
            case ComprehensionTerm c:
                {
                    if (!_closures.TryGetValue(c, out var inner) && Body(c.Body, env, out inner).Count > 0) return null;
                    if (inner is null) return null;
                    var value = TypeOf(c.Value, inner);
                    return Bounded(c.Kind switch
                    {
                        ComprehensionKind.Array => new ArrayType([], value),
                        ComprehensionKind.Set => new SetType(value),
                        _ => new ObjectType([], new MoreMembers(TypeOf(c.Key!, inner), value)),
                    });
                }
            default: return null;
        }
    }

    private ObjectType TypeOf(ObjectTerm o, TypeEnvironment env)
    {
        var known = new List<Member>();
        MoreMembers? more = null;
        foreach (var (key, value) in o.Entries)
        {
            if (Planner.Constant(key) is { } constant)
            {
                known.RemoveAll(m => m.Key.Equals(constant));
                known.Add(new Member(constant, TypeOf(value, env)));
            }
            else
            {
                more = new MoreMembers(TypeOf(key, env), TypeOf(value, env));
            }
        }
        return new ObjectType(known, o.Entries.Count == 0 ? new MoreMembers(Any, Any) : more);
    }

    // --- References

    private static bool IsComposite(Term term) => term is ArrayTerm or ObjectTerm or SetTerm || term is ConstTerm { Value: RArray or RObject or RSet };

    private void References(Term term, TypeEnvironment env, List<RegoError> errors)
    {
        switch (term)
        {
            case ComprehensionTerm or ConstTerm: return;
            case VarTerm v when Vars.IsRoot(v.Name):
                Report(Reference(new RefTerm(v.At, v, []), env, env));
                return;
            case RefTerm r:
                if (env.Function(r) is { } function)
                {
                    errors.Add(Unsupported(r, r.Args.Count, function));
                    return;
                }
                Report(Reference(r, env, env));
                foreach (var arg in r.Args) References(arg, env, errors);
                return;
            case VarTerm: return;
            case ArrayTerm a:
                foreach (var item in a.Items) References(item, env, errors);
                return;
            default:
                foreach (var inner in SyntaxWalk.Below(term)) References(inner, env, errors);
                return;
        }

        void Report(RegoError? error)
        {
            if (error is not null) errors.Add(error);
        }
    }

    /// <summary>Follows a reference through the documents known in one environment, then in those around it.</summary>
    private RegoError? Reference(RefTerm r, TypeEnvironment env, TypeEnvironment from)
    {
        var root = (r.Head as VarTerm)?.Name;
        if (root is null) return null;
        for (var current = from; current is not null; current = current.Around)
        {
            if (!Vars.IsRoot(root))
            {
                if (!current.TryOwn(root, out var type) || type is null) continue;
                return Leaf(type, r, 0, env);
            }
            if (current.Document(root) is not { } node) continue;
            if (node.Type is not null) return Leaf(node.Type, r, 0, env);
            var done = Tree(r, node, 0, current, env, out var error);
            if (done) return error;
        }
        if (Vars.IsRoot(root)) return Leaf(Any, r, 0, env);
        env.SetVariable(root, Any);
        return Leaf(Any, r, 0, env);
    }

    /// <summary>False when the documents of this environment do not go as far as the reference.</summary>
    private bool Tree(RefTerm r, TypeNode node, int at, TypeEnvironment current, TypeEnvironment env, out RegoError? error)
    {
        error = null;
        if (at == r.Args.Count) return true;
        var arg = r.Args[at];
        if (at < 2 && arg is not (VarTerm or ConstTerm { Value: RString }))
        {
            error = Invalid(r, at, TypeOf(arg, env), StaticType.String, OneOf(node));
            return true;
        }
        if (arg is VarTerm v)
        {
            var keys = TypeEnvironment.KeysOf(node);
            if (env.Variable(v.Name) is { } exist)
            {
                if (!Unify(keys, exist))
                {
                    error = Invalid(r, at, exist, keys, OneOf(node));
                    return true;
                }
            }
            else
            {
                env.SetVariable(v.Name, keys);
            }
        }
        if (arg is ConstTerm c && node.Child(c.Value) is { } child)
        {
            if (child.Type is null) return Tree(r, child, at + 1, current, env, out error);
            error = Leaf(child.Type, r, at + 1, env);
            return true;
        }
        if (current.Around is not null) return false;
        // Any of them may be meant: errors in some are no error, but what they say of variables counts.
        foreach (var one in node.Children.Values)
        {
            if (one.Type is null) Tree(r, one, at + 1, current, env, out _);
            else Leaf(one.Type, r, at + 1, env);
        }
        return true;
    }

    private RegoError? Leaf(StaticType? type, RefTerm r, int at, TypeEnvironment env)
    {
        for (; at < r.Args.Count; at++)
        {
            if (type is not { HasKeys: true }) return Unsupported(r, at, type);
            var arg = r.Args[at];
            if (IsComposite(arg))
            {
                var keys = type.Keys;
                if (!Assign(arg, keys, env)) return Invalid(r, at, TypeOf(arg, env), keys, []);
            }
            else if (arg is ConstTerm c)
            {
                if (type.At(c.Value) is not { } next) return Invalid(r, at, null, type.Keys, OneOf(type));
                type = next;
                continue;
            }
            else if (arg is VarTerm v && !Vars.IsRoot(v.Name))
            {
                if (env.Variable(v.Name) is not { } exist) env.SetVariable(v.Name, type.Keys);
                else if (!Unify(exist, type.Keys)) return Invalid(r, at, exist, type.Keys, OneOf(type));
            }
            type = type.Values;
        }
        return null;
    }

    private static List<RValue> OneOf(TypeNode node) => [.. node.Children.Keys.Order(Comparer<RValue>.Create(RValue.Compare))];

    private static List<RValue> OneOf(StaticType type)
    {
        var keys = new HashSet<RValue>();
        foreach (var one in type is UnionType u ? u.Options : [type])
        {
            if (one is ObjectType o) keys.UnionWith(o.Known.Select(m => m.Key));
        }
        return [.. keys.Order(Comparer<RValue>.Create(RValue.Compare))];
    }

    private static string Part(RefTerm r, int args) => TermText.Of(args == 0 ? r.Head : new RefTerm(r.At, r.Head, [.. r.Args.Take(args)]));

    private static RegoError Unsupported(RefTerm r, int at, StaticType? have)
    {
        var whole = TermText.Of(r);
        return Error(r.At, $"undefined ref: {whole}\n\t{whole}\n\t{new string('^', Part(r, at).Length)}\n\thave: {Text(have)}");
    }

    private static RegoError Invalid(RefTerm r, int at, StaticType? have, StaticType? want, List<RValue> oneOf)
    {
        var whole = TermText.Of(r);
        var indent = "\n\t" + new string(' ', Part(r, at).Length + 1);
        var got = have is null ? $"have: {TermText.Of(r.Args[at])}" : $"have (type): {have}";
        var wanted = oneOf.Count > 0 ? $"want (one of): [{string.Join(' ', oneOf)}]" : $"want (type): {Text(want)}";
        return Error(r.At, $"undefined ref: {whole}\n\t{whole}{indent}^{indent}{got}{indent}{wanted}");
    }

    // --- Unification

    private bool Equal(Term a, StaticType? typeA, Term b, StaticType? typeB, TypeEnvironment env)
    {
        var (openA, openB) = (IsOpen(typeA), IsOpen(typeB));
        if (openA && !openB) return Assign(a, typeB, env);
        if (openB && !openA) return Assign(b, typeA, env);
        if (!openA) return Unify(typeA, typeB);
        switch (a, b)
        {
            case (ArrayTerm x, ArrayTerm y):
                return x.Items.Count == y.Items.Count && x.Items.Zip(y.Items).All(p => Equal(p.First, TypeOf(p.First, env), p.Second, TypeOf(p.Second, env), env));
            case (ObjectTerm x, ObjectTerm y):
                {
                    var pairs = x.Entries.Select(e => (e.Value, Other: y.Entries.FirstOrDefault(o => Unifier.SameKey(e.Key, o.Key)).Value)).ToList();
                    return x.Entries.Count == y.Entries.Count && pairs.All(p => p.Other is not null && Equal(p.Value, TypeOf(p.Value, env), p.Other, TypeOf(p.Other, env), env));
                }
            case (ArrayTerm or ObjectTerm, VarTerm) or (VarTerm, VarTerm): return Assign(a, Any, env) && Assign(b, TypeOf(a, env), env);
            case (VarTerm, ArrayTerm or ObjectTerm): return Assign(b, Any, env) && Assign(a, TypeOf(b, env), env);
            default: return false;
        }
    }

    /// <summary>The term can have the type; variables of it that had none get theirs.</summary>
    private bool Assign(Term term, StaticType? type, TypeEnvironment env, bool union = false)
    {
        switch (term)
        {
            case VarTerm v when !Vars.IsRoot(v.Name):
                if (union) env.SetVariable(v.Name, Or(env.Variable(v.Name), type));
                else if (env.Variable(v.Name) is { } known) return Unify(known, type);
                else env.SetVariable(v.Name, type);
                return true;
            case ArrayTerm a:
                return Each(term, type, env, a.Items, union, (option, joined) => option is ArrayType t && (a.Items.Count == t.Items.Count || t.More is not null) &&
                    !a.Items.Where((item, i) => !Assign(item, t.Item(i), env, joined)).Any());
            case SetTerm s: return Each(term, type, env, s.Items, union, (option, joined) => option is SetType t && s.Items.All(item => Assign(item, t.Element, env, joined)));
            case ObjectTerm o:
                return Each(term, type, env, o.Entries.SelectMany(e => new[] { e.Key, e.Value }), union, (option, joined) => option is ObjectType t && Object(o, t, env, joined));
            default: return Unify(TypeOf(term, env), type);
        }
    }

    private bool Object(ObjectTerm o, ObjectType type, TypeEnvironment env, bool union)
    {
        if (o.Entries.Count != type.Known.Count && type.More?.Value is null) return false;
        foreach (var (key, value) in o.Entries)
        {
            if (Planner.Constant(key) is not { } constant) Assign(value, Any, env, union);
            else if (type.At(constant) is not { } at || !Assign(value, at, env, union)) return false;
        }
        return true;
    }

    private bool Each(Term term, StaticType? type, TypeEnvironment env, IEnumerable<Term> parts, bool union, Func<StaticType, bool, bool> fits)
    {
        if (type is not UnionType options) return type is not null && fits(type, union);
        if (options.IsAny)
        {
            foreach (var part in parts) Assign(part, Any, env, union: true);
            return true;
        }
        var any = false;
        foreach (var option in options.Options) any = Assign(term, option, env, union: true) || any;
        return any;
    }
}
