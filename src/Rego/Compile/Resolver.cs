using Rego.Builtins;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>One definition with names resolved: refs start at data, input or a local; every local has a name of its own.</summary>
internal sealed class RuleDefinition
{
    public required Location At { get; init; }

    public required ModuleSyntax Module { get; init; }

    /// <summary>Package and rule reference: string constants, then whatever the head computes.</summary>
    public required IReadOnlyList<Term> Path { get; init; }

    public required bool IsDefault { get; init; }

    /// <summary>Parameters of a function; patterns have become equations at the head of the body.</summary>
    public IReadOnlyList<VarTerm>? Parameters { get; init; }

    public Term? Element { get; set; }

    public required Term Value { get; set; }

    public required List<Expr> Body { get; set; }

    /// <summary>Path terms after the constant prefix, rewritten together with the body.</summary>
    public List<Term> Dynamic { get; set; } = [];

    public RuleDefinition? Else { get; set; }

    public required RuleSyntax Syntax { get; init; }
}

/// <summary>Names to meanings: imports and rules to data references, := and some to locals, calls to builtins or functions.</summary>
internal sealed class Resolver
{
    private readonly CompileContext _context;
    private readonly ModuleSyntax? _module;
    private readonly Dictionary<string, IReadOnlyList<string>> _globals = [];
    private Scope _scope = new(null, []);
    private RuleSyntax? _rule;

    public Resolver(CompileContext context, ModuleSyntax? module, IEnumerable<string> ruleNames)
    {
        _context = context;
        _module = module;
        if (module is null) return;
        foreach (var name in ruleNames) _globals[name] = ["data", .. module.Package, name];
        foreach (var import in module.Imports)
        {
            if (import.Path[0] is "future" or "rego") continue;
            if (import.Path.Count == 1 && import.Alias is null) continue;
            _globals[import.Name] = import.Path;
        }
    }

    private bool V1 => _module?.V1 ?? true;

    /// <summary>What only strict mode minds: assigned variables, arguments and imports that nothing reads.</summary>
    private bool Strict => _context.Strict && _module is not null;

    private readonly HashSet<string> _usedGlobals = [];

    public void ReportUnusedImports()
    {
        if (!Strict) return;
        foreach (var import in _module!.Imports)
        {
            if (import.Path[0] is "future" or "rego" || _usedGlobals.Contains(import.Name)) continue;
            _context.Report("rego_compile_error", import.At, $"{import.Shown} unused", Stage.References);
        }
    }

    private void ReportUnusedArguments(RuleSyntax rule, HashSet<string> used)
    {
        var told = new HashSet<string>();
        foreach (var arg in rule.Args ?? [])
        {
            foreach (var name in Vars.NamesIn(arg))
            {
                if (name == "_" || used.Contains(name) || !told.Add(name)) continue;
                _context.Report("rego_compile_error", rule.At, $"unused argument {name}. (hint: use _ (wildcard variable) instead)");
            }
        }
    }

    public RuleDefinition Rule(RuleSyntax rule)
    {
        RuleDefinition? first = null;
        RuleDefinition? last = null;
        var usedArguments = new HashSet<string>();
        for (var branch = rule; branch is not null; branch = branch.Else)
        {
            _rule = branch;
            _errorsBefore = _context.ErrorCount;
            var definition = Branch(branch);
            usedArguments.UnionWith(_scope.UsedArguments);
            if (last is null) first = definition;
            else last.Else = definition;
            last = definition;
        }
        if (Strict) ReportUnusedArguments(rule, usedArguments);
        return first!;
    }

    private RuleDefinition Branch(RuleSyntax rule)
    {
        var ahead = Declared(rule.Body ?? []);
        _scope = new Scope(null, ahead);
        List<VarTerm>? parameters = null;
        var patterns = new List<(VarTerm, Term)>();
        if (rule.Args is not null)
        {
            parameters = [];
            foreach (var arg in rule.Args)
            {
                ahead.UnionWith(Vars.NamesIn(arg));
                CheckArgument(rule, arg);
            }
            foreach (var arg in rule.Args)
            {
                if (arg is VarTerm v && v.Name != "_" && _scope.How(v.Name) == Occurrence.New)
                {
                    var unique = _context.Unique(v.Name);
                    _scope.Declare(v.Name, unique, Occurrence.Argument);
                    parameters.Add(new VarTerm(v.At, unique));
                }
                else
                {
                    var parameter = _context.Fresh(arg.At);
                    parameters.Add(parameter);
                    if (arg is not VarTerm { Name: "_" }) patterns.Add((parameter, arg));
                }
            }
            foreach (var (_, pattern) in patterns) DeclareArguments(pattern);
        }
        var body = new List<Expr>();
        foreach (var (parameter, pattern) in patterns)
            body.Add(new TermExpr(pattern.At, new CallTerm(pattern.At, null, "eq", [parameter, Term(pattern)])));
        // Standing in the head is not being used, unless it stands there twice.
        _scope.UsedArguments.Clear();
        foreach (var name in patterns.SelectMany(p => Vars.NamesIn(p.Item2)).Concat(parameters?.Select(p => p.Display) ?? []).GroupBy(n => n).Where(g => g.Count() > 1)) _scope.UsedArguments.Add(name.Key);
        foreach (var expr in rule.Body ?? []) body.AddRange(Expression(expr));
        var path = new List<Term>();
        foreach (var part in _module!.Package) path.Add(new ConstTerm(rule.At, new RString(part)));
        path.Add(new ConstTerm(rule.At, new RString(((VarTerm)rule.Ref[0]).Name)));
        for (var i = 1; i < rule.Ref.Count; i++) path.Add(Term(rule.Ref[i]));
        var element = rule.Key is null ? null : Term(rule.Key);
        var value = Term(rule.Value);
        ReportUnused(_scope);
        return new RuleDefinition
        {
            At = rule.At,
            Module = _module,
            Path = path,
            IsDefault = rule.IsDefault,
            Parameters = parameters,
            Element = element,
            Value = value,
            Body = body,
            Syntax = rule,
        };
    }

    public List<Expr> Query(IReadOnlyList<Expr> query)
    {
        _scope = new Scope(null, Declared(query));
        var body = new List<Expr>();
        foreach (var expr in query) body.AddRange(Expression(expr));
        ReportUnused(_scope);
        return body;
    }

    private void DeclareArguments(Term pattern)
    {
        switch (pattern)
        {
            case VarTerm v when v.Name != "_":
                if (_scope.How(v.Name) == Occurrence.New) _scope.Declare(v.Name, _context.Unique(v.Name), Occurrence.Argument);
                break;
            case ArrayTerm a:
                foreach (var item in a.Items) DeclareArguments(item);
                break;
            case ObjectTerm o:
                foreach (var (_, value) in o.Entries) DeclareArguments(value);
                break;
        }
    }

    private static HashSet<string> Declared(IReadOnlyList<Expr> body)
    {
        var names = new HashSet<string>();
        foreach (var expr in body)
        {
            switch (expr)
            {
                case SomeExpr some:
                    foreach (var symbol in some.Symbols) names.Add(symbol.Name);
                    break;
                case SomeInExpr some:
                    if (some.Key is not null) names.UnionWith(Vars.NamesIn(some.Key));
                    names.UnionWith(Vars.NamesIn(some.Value));
                    break;
                case TermExpr { Term: CallTerm { Builtin: "assign" } assign }:
                    names.UnionWith(Vars.NamesIn(assign.Args[0]));
                    break;
            }
        }
        names.Remove("_");
        return names;
    }

    private void ReportUnused(Scope scope)
    {
        // What is declared wrongly is told first.
        if (_context.ErrorCount > _errorsBefore) return;
        if (Strict)
        {
            foreach (var (name, at) in scope.UnusedAssigned) _context.Report("rego_compile_error", at, $"assigned var {name} unused");
            if (_context.ErrorCount > _errorsBefore) return;
        }
        foreach (var (name, at) in scope.Unused) _context.Report("rego_compile_error", at, $"declared var {name} unused");
    }

    /// <summary>Arguments hold no calls and do not hide the root documents.</summary>
    private void CheckArgument(RuleSyntax rule, Term arg)
    {
        switch (arg)
        {
            case VarTerm { Name: "input" or "data" } v:
                _context.Report("rego_compile_error", rule.At, $"args must not shadow {v.Name} (use a different variable name)", Stage.References);
                break;
            case CallTerm: _context.Report("rego_compile_error", arg.At, "rule arguments cannot contain calls"); break;
            case ArrayTerm a:
                foreach (var item in a.Items) CheckArgument(rule, item);
                break;
            case ObjectTerm o:
                foreach (var (_, value) in o.Entries) CheckArgument(rule, value);
                break;
        }
    }

    private CallTerm? _statement;
    private int _errorsBefore;

    private IEnumerable<Expr> Expression(Expr expr)
    {
        switch (expr)
        {
            case SomeExpr some:
                foreach (var symbol in some.Symbols)
                {
                    DeclareVar(symbol, Occurrence.Declared, some.At);
                    if (symbol.Name != "_") _scope.Unused[symbol.Name] = some.At;
                }
                return [];
            case SomeInExpr some: return [SomeIn(some)];
            case EveryExpr every: return [Every(every)];
            case TermExpr { Term: CallTerm { Builtin: "assign" } assign } e:
                {
                    if (assign.Args[0] is VarTerm { Name: "input" or "data" } root && (V1 || _context.Strict))
                        _context.Report("rego_compile_error", e.At, $"variables must not shadow {root.Name} (use a different variable name)", Stage.RootDocuments);
                    if (e.Negated)
                    {
                        _context.Report("rego_compile_error", e.At, "cannot assign vars inside negated expression");
                        return [];
                    }
                    _assignmentAt = e.At;
                    var right = Term(assign.Args[1]);
                    var with = With(e.With);
                    var left = AssignTarget(assign.Args[0]);
                    return [new TermExpr(e.At, new CallTerm(assign.At, null, "eq", [left, right])) { With = with, Text = e.Text }];
                }
            case TermExpr e:
                {
                    _statement = e.Term as CallTerm;
                    var term = Term(e.Term);
                    return [new TermExpr(e.At, term) { Negated = e.Negated, With = With(e.With), Text = e.Text }];
                }
            default: return [];
        }
    }

    private TermExpr SomeIn(SomeInExpr some)
    {
        var domain = Term(some.Domain);
        var with = With(some.With);
        var key = some.Key is null ? _context.Wildcard(some.At) : DeclarePattern(some.Key, some.At);
        var value = DeclarePattern(some.Value, some.At);
        var reference = domain is RefTerm r ? new RefTerm(some.Domain.At, r.Head, [.. r.Args, key]) : new RefTerm(some.Domain.At, domain, [key]);
        return new TermExpr(some.At, new CallTerm(some.At, null, "eq", [value, reference])) { With = with, Text = some.Text };
    }

    /// <summary>The pattern of `some … in`: its variables are new, everything else is looked up.</summary>
    private Term DeclarePattern(Term pattern, Location at)
    {
        switch (pattern)
        {
            case VarTerm root when Vars.IsRoot(root.Name): return Term(root);
            case VarTerm { Name: "_" } w: return _context.Wildcard(w.At);
            case VarTerm v:
                // The same name twice in one pattern is one variable.
                if (_scope.How(v.Name) == Occurrence.Declared && _scope.Find(v.Name) is { } again) return new VarTerm(v.At, again);
                return DeclareVar(v, Occurrence.Declared, at);
            case ArrayTerm a: return new ArrayTerm(a.At, [.. a.Items.Select(i => DeclarePattern(i, at))]);
            case ObjectTerm o: return new ObjectTerm(o.At, [.. o.Entries.Select(e => (Term(e.Key), DeclarePattern(e.Value, at)))]);
            default: return Term(pattern);
        }
    }

    private EveryExpr Every(EveryExpr every)
    {
        var domain = Term(every.Domain);
        var with = With(every.With);
        _scope = new Scope(_scope, []);
        Term? key = null;
        if (every.Key is VarTerm k)
        {
            key = DeclareVar(k, Occurrence.Declared, every.At);
            if (k.Name != "_") _scope.Unused[k.Name] = every.Body[0].At;
        }
        var v = (VarTerm)every.Value;
        var value = DeclareVar(v, Occurrence.Declared, every.At);
        if (v.Name != "_") _scope.Unused[v.Name] = every.Body[0].At;
        var body = Nested(every.Body, out _);
        ReportUnused(_scope);
        _scope = _scope.Parent!;
        return new EveryExpr(every.At, key, value, domain, body) { With = with, Text = every.Text };
    }

    private List<Expr> Nested(IReadOnlyList<Expr> body, out Scope inner, Func<IEnumerable<Term>>? head = null, List<Term>? heads = null)
    {
        _scope = new Scope(_scope, Declared(body));
        inner = _scope;
        var result = new List<Expr>();
        foreach (var expr in body) result.AddRange(Expression(expr));
        if (head is not null) heads!.AddRange(head());
        ReportUnused(_scope);
        _scope = _scope.Parent!;
        return result;
    }

    private Location _assignmentAt;

    private VarTerm DeclareVar(VarTerm v, Occurrence how, Location at)
    {
        if (v.Name == "_") return _context.Wildcard(v.At);
        var problem = _scope.How(v.Name) switch
        {
            Occurrence.Seen => $"var {v.Name} referenced above",
            Occurrence.Assigned => $"var {v.Name} assigned above",
            Occurrence.Declared => $"var {v.Name} declared above",
            Occurrence.Argument => $"arg {v.Name} redeclared",
            _ => null,
        };
        if (problem is not null) _context.Report("rego_compile_error", at, problem);
        var unique = _context.Unique(v.Name);
        _scope.Declare(v.Name, unique, how);
        if (how == Occurrence.Assigned) _scope.UnusedAssigned[v.Name] = _assignmentAt;
        return new VarTerm(v.At, unique);
    }

    private Term AssignTarget(Term target)
    {
        switch (target)
        {
            case VarTerm v: return DeclareVar(v, Occurrence.Assigned, v.At);
            case ArrayTerm a: return new ArrayTerm(a.At, [.. a.Items.Select(AssignTarget)]);
            case ObjectTerm o: return new ObjectTerm(o.At, [.. o.Entries.Select(e => (Term(e.Key), AssignTarget(e.Value)))]);
            default:
                _context.Report("rego_compile_error", target.At, $"cannot assign to {Kind(target)}");
                return target;
        }
    }

    private static string Kind(Term term) => term switch
    {
        ConstTerm c => c.Value.TypeName,
        TemplateTerm => "templatestring",
        RefTerm => "ref",
        CallTerm => "call",
        SetTerm => "set",
        ComprehensionTerm c => c.Kind switch
        {
            ComprehensionKind.Array => "arraycomprehension",
            ComprehensionKind.Set => "setcomprehension",
            _ => "objectcomprehension",
        },
        _ => "term",
    };

    private List<WithModifier> With(IReadOnlyList<WithModifier> with)
    {
        _context.HasWith |= with.Count > 0;
        var list = new List<WithModifier>(with.Count);
        foreach (var w in with)
        {
            var target = WithName(w.Target);
            var value = target is BuiltinTerm or RefTerm { Head: VarTerm { Name: "data" } } ? WithName(w.Value) : Term(w.Value);
            list.Add(new WithModifier(w.At, target, value));
        }
        return list;
    }

    /// <summary>A name that may be a builtin: kept as it is when nothing else has that name.</summary>
    private Term WithName(Term term)
    {
        var name = DottedName(term);
        if (name is null) return Term(term);
        var head = term is RefTerm r ? ((VarTerm)r.Head).Name : ((VarTerm)term).Name;
        if (_scope.Find(head) is null && !_scope.IsDeclaredAhead(head) && !_globals.ContainsKey(head) && _context.Builtins.Knows(name)) return new BuiltinTerm(term.At, name);
        return Term(term);
    }

    public static string? DottedName(Term? term)
    {
        switch (term)
        {
            case VarTerm v: return v.Name;
            case BuiltinTerm b: return b.Name;
            case RefTerm { Head: VarTerm head } r:
                {
                    var name = head.Name;
                    foreach (var arg in r.Args)
                    {
                        if (arg is not ConstTerm { Value: RString s }) return null;
                        name += "." + s.Value;
                    }
                    return name;
                }
            default: return null;
        }
    }

    private Term Term(Term term)
    {
        switch (term)
        {
            case ConstTerm or BuiltinTerm: return term;
            case VarTerm v: return Variable(v);
            case RefTerm r:
                {
                    var head = Term(r.Head);
                    var args = new List<Term>(r.Args.Count + 2);
                    if (head is RefTerm inner && r.Head is VarTerm)
                    {
                        head = inner.Head;
                        args.AddRange(inner.Args);
                    }
                    foreach (var arg in r.Args) args.Add(Term(arg));
                    return new RefTerm(r.At, head, args);
                }
            case ArrayTerm a: return new ArrayTerm(a.At, [.. a.Items.Select(Term)]);
            case SetTerm s: return new SetTerm(s.At, [.. s.Items.Select(Term)]);
            case ObjectTerm o: return new ObjectTerm(o.At, [.. o.Entries.Select(e => (Term(e.Key), Term(e.Value)))]);
            case ComprehensionTerm c:
                {
                    var heads = new List<Term>();
                    var body = Nested(c.Body, out _, () => c.Key is null ? [Term(c.Value)] : [Term(c.Key), Term(c.Value)], heads);
                    return new ComprehensionTerm(c.At, c.Kind, c.Key is null ? null : heads[0], heads[^1], body);
                }
            case CallTerm c: return Call(c);
            case TemplateTerm t: return Template(t);
            default: throw new InvalidOperationException("unknown term");
        }
    }

    /// <summary>Each embedded expression becomes a set of at most one value, so that an undefined one does not undo the string.</summary>
    private CallTerm Template(TemplateTerm t)
    {
        if (!_context.Builtins.Allows("internal.template_string")) _context.Report("rego_compile_error", t.At, "template-strings are not supported", Stage.Templates);
        _context.HasCaptures = true;
        var parts = new List<Term>();
        foreach (var (text, expr) in t.Parts)
            parts.Add(text is not null ? new ConstTerm(t.At, new RString(text)) : Captured(expr!));
        return new CallTerm(t.At, null, "internal.template_string", [new ArrayTerm(t.At, parts)]);
    }

    private ComprehensionTerm Captured(Expr expr)
    {
        var inner = (TermExpr)expr;
        var result = _context.Fresh(expr.At);
        _scope = new Scope(_scope, []);
        var value = Term(inner.Term);
        var with = With(inner.With);
        _scope = _scope.Parent!;
        return new ComprehensionTerm(expr.At, ComprehensionKind.Set, null, result,
            [new TermExpr(expr.At, new CallTerm(expr.At, null, "eq", [result, value])) { With = with }]);
    }

    private Term Variable(VarTerm v)
    {
        if (v.Name == "_") return _context.Wildcard(v.At);
        if (_scope.Find(v.Name) is { } unique) return new VarTerm(v.At, unique);
        if (!_scope.IsDeclaredAhead(v.Name))
        {
            if (_globals.TryGetValue(v.Name, out var path))
            {
                _usedGlobals.Add(v.Name);
                return Global(v.At, path);
            }
            if (v.Name is "input" or "data")
            {
                _usedGlobals.Add(v.Name);
                return v;
            }
        }
        _scope.MarkSeen(v.Name);
        return v;
    }

    private static Term Global(Location at, IReadOnlyList<string> path)
    {
        var head = new VarTerm(at, path[0]);
        return path.Count == 1 ? head : new RefTerm(at, head, [.. path.Skip(1).Select(p => new ConstTerm(at, new RString(p)))]);
    }

    private Term Call(CallTerm call)
    {
        if (call.Operator is null)
        {
            if (!_context.Builtins.Allows(call.Builtin!)) _context.Report("rego_type_error", call.At, $"undefined function {call.Builtin}", Stage.Functions);
            return new CallTerm(call.At, null, call.Builtin, [.. call.Args.Select(Term)]);
        }
        var at = call.Operator.At;
        var isStatement = ReferenceEquals(call, _statement);
        _statement = null;
        var name = DottedName(call.Operator);
        var head = name is null ? null : name.Split('.')[0];
        if (head is not null && _scope.Find(head) is null && !_scope.IsDeclaredAhead(head) && !_globals.ContainsKey(head) && head is not ("data" or "input"))
        {
            if (name == "print" && _context.Builtins.Knows(name))
            {
                _context.HasCaptures = true;
                if (!isStatement) _context.Report("rego_type_error", at, $"{TermText.Of(call)} used as value", Stage.VoidCalls);
                var parts = call.Args.Select(a => (Term)Captured(new TermExpr(a.At, a))).ToList();
                return new CallTerm(at, null, "internal.print", [new ArrayTerm(at, parts)]);
            }
            if (name is "rego.metadata.rule" or "rego.metadata.chain" && call.Args.Count == 0)
            {
                if (_rule is null || _context.Annotations is null) return new ConstTerm(at, name == "rego.metadata.rule" ? RObject.Empty : RArray.Empty);
                return new ConstTerm(at, name == "rego.metadata.rule" ? _context.Annotations.Rule(_rule) : _context.Annotations.Chain(_module!, _rule));
            }
            if (!_context.Builtins.Knows(name!)) return new CallTerm(at, call.Operator, null, [.. call.Args.Select(Term)]);
            if (_context.Builtins.Find(name!) is null) _context.Report("rego_type_error", at, $"built-in function {name} is not available in this evaluator", Stage.Functions);
            else if ((V1 || _context.Strict) && BuiltinTable.IsDeprecated(name!)) _context.Report("rego_type_error", at, $"deprecated built-in function calls in expression: {name}", Stage.Deprecated);
            return new CallTerm(at, null, name, [.. call.Args.Select(Term)]);
        }
        if (!isStatement && head is not null && _scope.Find(head) is not null)
        {
            _context.Report("rego_compile_error", at, $"called function {name} shadowed");
            return new CallTerm(at, null, "eq", [new ConstTerm(at, RBool.True), new ConstTerm(at, RBool.True)]);
        }
        var target = Term(call.Operator);
        if (target is not RefTerm { Head: VarTerm { Name: "data" } } reference || reference.Args.Any(a => a is not ConstTerm))
        {
            _context.Report("rego_type_error", at, $"undefined function {name ?? TermText.Of(call.Operator)}", Stage.Functions);
            return new CallTerm(at, null, "eq", [new ConstTerm(at, RBool.True), new ConstTerm(at, RBool.True)]);
        }
        return new CallTerm(at, target, null, [.. call.Args.Select(Term)]);
    }
}
