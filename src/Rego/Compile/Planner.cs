using Rego.Builtins;
using Rego.Evaluate;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>
/// Turns one ordered body into steps. Which statement binds a variable and which only compares it is settled here, for good:
/// evaluation has no unifier and undoes nothing.
/// </summary>
internal sealed class Planner(CompileContext context, RuleTree tree, Plan plan)
{
    private readonly Dictionary<string, int> _slots = [];
    private readonly HashSet<int> _scanned = [];
    private HashSet<string> _bound = [];
    private List<Step> _steps = [];
    private int _slotCount;

    public int SlotCount => _slotCount;

    /// <summary>True when the body loops or reads other rules.</summary>
    public bool IsHeavy { get; private set; }

    public int Bind(string name)
    {
        var slot = SlotOf(name);
        _bound.Add(name);
        return slot;
    }

    public int SlotOf(string name)
    {
        if (!_slots.TryGetValue(name, out var slot)) _slots[name] = slot = _slotCount++;
        return slot;
    }

    public bool IsBound(string name) => _bound.Contains(name);

    /// <summary>The steps of a body and its end, linked.</summary>
    public Step Chain(IEnumerable<Expr> body, Func<Step> end)
    {
        var outerSteps = _steps;
        var outerBound = _bound;
        _steps = [];
        _bound = [.. outerBound];
        if (plan.Recorder is null)
        {
            foreach (var expr in body) Statement(expr);
        }
        else
        {
            Recorded([.. body], plan.Recorder);
        }
        var first = Link(_steps, end());
        _steps = outerSteps;
        _bound = outerBound;
        return first;
    }

    /// <summary>What was hoisted out of a statement stands in front of it and belongs to it.</summary>
    private void Recorded(List<Expr> body, Recorder recorder)
    {
        for (var i = 0; i < body.Count; i++)
        {
            if (i == 0 || body[i - 1].Text.Length > 0)
            {
                var at = body.FindIndex(i, e => e.Text.Length > 0);
                if (at >= 0) _steps.Add(new RecordStep(recorder.Of(body[at].At, body[at].Text)));
            }
            Statement(body[i]);
        }
    }

    /// <summary>Says that the body of a rule was satisfied.</summary>
    public Step Fired(Location at, Step end) => plan.Recorder is { } recorder ? new RecordStep(recorder.Of(at, "")) { Next = end } : end;

    private static Step Link(List<Step> steps, Step end)
    {
        var next = end;
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            steps[i].Next = next;
            next = steps[i];
        }
        return next;
    }

    private void Statement(Expr expr)
    {
        if (expr.With.Count > 0)
        {
            var slot = _slotCount++;
            var step = new WithStep([.. expr.With.Select(Target)], slot);
            var outer = _steps;
            _steps = [];
            Inner(expr);
            step.Body = Link(_steps, new WithStep.Leave(step, slot));
            _steps = outer;
            _steps.Add(step);
            IsHeavy = true;
            return;
        }
        Inner(expr);
    }

    private void Inner(Expr expr)
    {
        if (expr.Negated && expr is TermExpr n)
        {
            var body = Chain([new TermExpr(n.At, n.Term)], () => StopStep.Instance);
            _steps.Add(new NotStep(body));
            return;
        }
        switch (expr)
        {
            case EveryExpr e:
                {
                    IsHeavy = true;
                    var domain = SlotOf(((VarTerm)e.Domain).Name);
                    var outer = _bound;
                    _bound = [.. outer];
                    var key = e.Key is VarTerm k && !k.IsWildcard ? Bind(k.Name) : -1;
                    var value = Bind(((VarTerm)e.Value).Name);
                    var body = Chain(e.Body, () => StopStep.Instance);
                    _bound = outer;
                    _steps.Add(new EveryStep(domain, key, value, body));
                    break;
                }
            case TermExpr { Term: CallTerm { Builtin: "eq" or "equal", Args.Count: 2 } eq }: Unify(eq.At, new Side(eq.Args[0]), new Side(eq.Args[1])); break;
            case TermExpr { Term: CallTerm call }: Call(call); break;
            case TermExpr t: _steps.Add(new HoldsStep(Reach(t.Term))); break;
        }
    }

    private void Call(CallTerm call)
    {
        if (call.Builtin is not null)
        {
            var builtin = context.Builtins.Find(call.Builtin);
            if (builtin is null)
            {
                _steps.Add(new FailStep());
                return;
            }
            if (builtin.IsRelation)
            {
                if (call.Args.Count <= builtin.Arity) return;
                IsHeavy = true;
                var (path, value) = (_slotCount++, _slotCount++);
                var pattern = call.Args[builtin.Arity];
                if (pattern is ArrayTerm { Items: [var pathPattern, var valuePattern] })
                {
                    // The pair itself is never made: its two sides are bound where they belong.
                    var wantsPath = pathPattern is not VarTerm { IsWildcard: true };
                    _steps.Add(new WalkStep(Ground(call.Args[0]), wantsPath ? path : -1, value));
                    if (wantsPath) Unify(call.At, new Side(new SlotPlan(path)), new Side(pathPattern));
                    Unify(call.At, new Side(new SlotPlan(value)), new Side(valuePattern));
                    return;
                }
                _steps.Add(new WalkStep(Ground(call.Args[0]), path, value));
                Unify(call.At, new Side(new ArrayPlan([new SlotPlan(path), new SlotPlan(value)])), new Side(pattern));
                return;
            }
            if (ComparisonPlan.Of(builtin.Name) is { } comparison)
            {
                Output(call, builtin.Arity, new ComparisonPlan(comparison, Ground(call.Args[0]), Ground(call.Args[1])));
                return;
            }
            TermPlan[] args = [.. call.Args.Take(builtin.Arity).Select(Ground)];
            var usual = new BuiltinCallPlan(call.At, builtin, args);
            TermPlan[]? items = args is [.., not ConstPlan] ? call.Args[args.Length - 1] switch
            {
                ArrayTerm a => [.. a.Items.Select(Ground)],
                SetTerm s => [.. s.Items.Select(Ground)],
                _ => null,
            } : null;
            Output(call, builtin.Arity, (builtin.IsHost ? null : Intrinsics.Of(builtin, args, items, usual)) ?? usual);
            return;
        }
        IsHeavy = true;
        var node = tree.Function(call.Operator);
        if (node is null)
        {
            _steps.Add(new FailStep());
            return;
        }
        Output(call, node.Arity, new FunctionCallPlan(call.At, node, [.. call.Args.Take(node.Arity).Select(Ground)]));
    }

    private void Output(CallTerm call, int arity, TermPlan value)
    {
        if (call.Args.Count == arity) _steps.Add(value is ComparisonPlan comparison ? new ComparisonStep(comparison) : new HoldsStep(value));
        else Unify(call.At, new Side(value), new Side(call.Args[arity]));
    }

    /// <summary>One side of an equation: a term, or a value already planned.</summary>
    private readonly record struct Side(Term? Term, TermPlan? Value)
    {
        public Side(Term term)
            : this(term, null)
        {
        }

        public Side(TermPlan value)
            : this(null, value)
        {
        }
    }

    private bool IsKnown(Side side) => side.Value is not null || IsGround(side.Term!);

    private bool IsGround(Term term)
    {
        switch (term)
        {
            case VarTerm v: return Vars.IsRoot(v.Name) || _bound.Contains(v.Name);
            case ConstTerm or ComprehensionTerm: return true;
            case RefTerm r: return IsGround(r.Head) && r.Args.All(IsGround);
            case ArrayTerm a: return a.Items.All(IsGround);
            case SetTerm s: return s.Items.All(IsGround);
            case ObjectTerm o: return o.Entries.All(e => IsGround(e.Key) && IsGround(e.Value));
            default: return false;
        }
    }

    private TermPlan PlanOf(Side side) => side.Value ?? Ground(side.Term!);

    private void Unify(Location at, Side left, Side right)
    {
        var pending = new List<(Side A, Side B)> { (left, right) };
        while (pending.Count > 0)
        {
            var progress = false;
            for (var i = 0; i < pending.Count; i++)
            {
                var (a, b) = pending[i];
                var more = new List<(Side, Side)>();
                if (!Pair(a, b, more) && !Pair(b, a, more)) continue;
                progress = true;
                pending.RemoveAt(i);
                pending.InsertRange(i, more);
                i--;
            }
            if (progress) continue;
            foreach (var (a, b) in pending)
            {
                foreach (var side in new[] { a, b })
                {
                    if (side.Term is null) continue;
                    foreach (var v in Vars.Of(side.Term))
                    {
                        if (!_bound.Contains(v)) context.Report("rego_unsafe_var_error", at, $"var {VarTerm.DisplayOf(v)} is unsafe");
                    }
                }
            }
            _steps.Add(new FailStep());
            return;
        }
    }

    /// <summary>Plans one pair if it can be planned now; what remains of it goes to more.</summary>
    private bool Pair(Side a, Side b, List<(Side, Side)> more)
    {
        if (IsKnown(a) && IsKnown(b))
        {
            if (a.Term is ConstTerm x && b.Term is ConstTerm y && x.Value.Equals(y.Value)) return true;
            _steps.Add(new EqualStep(PlanOf(a), PlanOf(b)));
            return true;
        }
        switch (a.Term)
        {
            case VarTerm v when !_bound.Contains(v.Name) && !Vars.IsRoot(v.Name):
                if (!IsKnown(b))
                {
                    if (b.Term is not RefTerm r || !IsGround(r.Head)) return false;
                    more.Add((a, new Side(Reach(r))));
                    return true;
                }
                if (v.IsWildcard)
                {
                    _steps.Add(new DefinedStep(PlanOf(b)));
                    return true;
                }
                var value = PlanOf(b);
                if (value is SlotPlan s && _scanned.Contains(s.Slot))
                {
                    // What a loop puts there is the variable: nothing to copy.
                    _slots[v.Name] = s.Slot;
                    _bound.Add(v.Name);
                    return true;
                }
                _steps.Add(new BindStep(Bind(v.Name), value));
                return true;
            case RefTerm r when !IsGround(r):
                if (!IsGround(r.Head)) return false;
                more.Add((new Side(Reach(r)), b));
                return true;
            case ArrayTerm p when !IsGround(p):
                if (b.Term is ArrayTerm q)
                {
                    if (p.Items.Count != q.Items.Count)
                    {
                        _steps.Add(new FailStep());
                        return true;
                    }
                    for (var i = 0; i < p.Items.Count; i++) more.Add((new Side(p.Items[i]), new Side(q.Items[i])));
                    return true;
                }
                if (!IsKnown(b)) return false;
                {
                    var slot = Temp(PlanOf(b));
                    _steps.Add(new ArrayShapeStep(slot, p.Items.Count));
                    for (var i = 0; i < p.Items.Count; i++)
                    {
                        if (p.Items[i] is VarTerm { IsWildcard: true }) continue;
                        more.Add((new Side(p.Items[i]), new Side(new ElementPlan(slot, RNumber.Of(i)))));
                    }
                    return true;
                }
            case ObjectTerm p when !IsGround(p):
                if (p.Entries.Any(e => !IsGround(e.Key))) return false;
                if (b.Term is ObjectTerm other && !IsGround(other))
                {
                    if (other.Entries.Count != p.Entries.Count || !p.Entries.All(e => other.Entries.Any(o => Unifier.SameKey(e.Key, o.Key))))
                    {
                        _steps.Add(new FailStep());
                        return true;
                    }
                    foreach (var (key, value2) in p.Entries) more.Add((new Side(value2), new Side(other.Entries.First(o => Unifier.SameKey(key, o.Key)).Value)));
                    return true;
                }
                if (!IsKnown(b)) return false;
                {
                    var slot = Temp(PlanOf(b));
                    _steps.Add(new ObjectShapeStep(slot, p.Entries.Count));
                    foreach (var (key, value2) in p.Entries)
                    {
                        TermPlan element = key is ConstTerm c ? new ElementPlan(slot, c.Value) : new PathPlan(new SlotPlan(slot), [Ground(key)]);
                        more.Add((new Side(value2), new Side(element)));
                    }
                    return true;
                }
            default: return false;
        }
    }

    private int Temp(TermPlan value)
    {
        if (value is SlotPlan s) return s.Slot;
        var slot = _slotCount++;
        _steps.Add(new BindStep(slot, value));
        return slot;
    }

    /// <summary>The value of a term that may have to go through collections: adds the loops, answers the value inside them.</summary>
    private TermPlan Reach(Term term) => term is RefTerm r && !IsGround(r) ? Value(r) : Ground(term);

    private TermPlan Value(RefTerm r)
    {
        var path = Path(r, out var isValue);
        return isValue ? path : new ForcePlan(path);
    }

    /// <param name="isValue">No document that is still to be evaluated can come of it.</param>
    private TermPlan Path(RefTerm r, out bool isValue)
    {
        TermPlan current;
        var at = 0;
        if (r.Head is VarTerm { Name: "data" })
        {
            current = Data(r.Args, out at);
        }
        else if (r.Head is VarTerm { Name: "input" })
        {
            while (at < r.Args.Count && r.Args[at] is ConstTerm) at++;
            current = at == 0 ? InputPlan.Instance : new InputPathPlan([.. r.Args.Take(at).Select(a => ((ConstTerm)a).Value)]);
        }
        else
        {
            current = Ground(r.Head);
        }
        isValue = current is not DocumentPlan;
        var keys = new List<TermPlan>();
        for (; at < r.Args.Count; at++)
        {
            var arg = r.Args[at];
            if (IsGround(arg))
            {
                keys.Add(Ground(arg));
                continue;
            }
            IsHeavy = true;
            var source = keys.Count == 0 ? current : new PathPlan(current, [.. keys]);
            keys.Clear();
            var valueSlot = _slotCount++;
            if (isValue) _scanned.Add(valueSlot);
            if (arg is VarTerm v)
            {
                _steps.Add(new ScanStep(source, v.IsWildcard ? -1 : Bind(v.Name), valueSlot));
            }
            else
            {
                var keySlot = _slotCount++;
                _steps.Add(new ScanStep(source, keySlot, valueSlot));
                Unify(arg.At, new Side(arg), new Side(new SlotPlan(keySlot)));
            }
            current = new SlotPlan(valueSlot);
        }
        return keys.Count == 0 ? current : new PathPlan(current, [.. keys]);
    }

    /// <summary>The longest part of a data reference that is settled before evaluation.</summary>
    private TermPlan Data(IReadOnlyList<Term> args, out int at)
    {
        var node = tree.Root;
        at = 0;
        while (at < args.Count && node.Kind == DocKind.Interior && !node.HasDynamic)
        {
            if (args[at] is not ConstTerm c) break;
            if (c.Value is not RString s || !node.Children.TryGetValue(s.Value, out var child))
            {
                // No rule there: base data, as far as the keys are constant.
                var end = at;
                while (end < args.Count && args[end] is ConstTerm) end++;
                at = end;
                return new BasePlan(plan, [.. args.Take(end).Select(a => ((ConstTerm)a).Value)]);
            }
            node = child;
            at++;
        }
        // A complete rule is remembered by itself; what reads a few of those is not worth remembering.
        IsHeavy |= node.Kind != DocKind.Complete;
        switch (node.Kind)
        {
            case DocKind.Complete: return new CompletePlan(node);
            case DocKind.Function: return new BasePlan(plan, node.Path);
            case DocKind.Set when at < args.Count && IsGround(args[at]):
                at++;
                return new SetMemberPlan(node, Ground(args[at - 1]));
            case DocKind.Set: return new SetDocumentPlan(node);
            default: return new DocumentPlan(node);
        }
    }

    public TermPlan Ground(Term term)
    {
        switch (term)
        {
            case ConstTerm c: return new ConstPlan(c.Value);
            case VarTerm { Name: "input" }: return InputPlan.Instance;
            case VarTerm { Name: "data" }: return new ForcePlan(new DocumentPlan(tree.Root));
            case VarTerm v:
                if (!_bound.Contains(v.Name))
                {
                    context.Report("rego_unsafe_var_error", v.At, $"var {v.Display} is unsafe");
                    return new ConstPlan(RNull.Instance);
                }
                return new SlotPlan(SlotOf(v.Name));
            case RefTerm r:
                return Value(r);
            case ArrayTerm a:
                {
                    if (Constant(a) is { } value) return new ConstPlan(value);
                    return new ArrayPlan([.. a.Items.Select(Ground)]);
                }
            case SetTerm s:
                {
                    if (Constant(s) is { } value) return new ConstPlan(value);
                    return new SetPlan([.. s.Items.Select(Ground)]);
                }
            case ObjectTerm o:
                {
                    if (Constant(o) is { } value) return new ConstPlan(value);
                    var keys = o.Entries.Select(e => Constant(e.Key)).OfType<RValue>().ToArray();
                    if (keys.Length == o.Entries.Count && keys.Distinct().Count() == keys.Length)
                    {
                        var values = o.Entries.Select(e => Ground(e.Value)).ToArray();
                        Array.Sort(keys, values, RValueOrder.Instance);
                        return new RecordPlan(keys, values);
                    }
                    return new ObjectPlan([.. o.Entries.Select(e => Ground(e.Key))], [.. o.Entries.Select(e => Ground(e.Value))]);
                }
            case ComprehensionTerm c: return Comprehension(c);
            case BuiltinTerm b:
                context.Report("rego_unsafe_var_error", b.At, $"var {b.Name} is unsafe");
                return new ConstPlan(RNull.Instance);
            default:
                // Only the target of "with" keeps its terms as they were written.
                context.Report("rego_type_error", term.At, "with keyword target must be a reference of plain values");
                return new ConstPlan(RNull.Instance);
        }
    }

    private ComprehensionPlan Comprehension(ComprehensionTerm c)
    {
        IsHeavy = true;
        var comprehension = new ComprehensionPlan(c.Kind);
        comprehension.First = Chain(c.Body, () => c.Kind switch
        {
            ComprehensionKind.Array => new ItemStep(Ground(c.Value)),
            ComprehensionKind.Set => new ElementStep(Ground(c.Value), constant: false),
            _ => new EntryStep(Ground(c.Key!), Ground(c.Value), c.At),
        });
        if (c.Kind == ComprehensionKind.Array) comprehension.Whole = ScanStep.AllOf(comprehension.First);
        return comprehension;
    }

    /// <summary>The value of a term without variables, or null.</summary>
    public static RValue? Constant(Term term)
    {
        switch (term)
        {
            case ConstTerm c: return c.Value;
            case ArrayTerm a:
                {
                    var items = new RValue[a.Items.Count];
                    for (var i = 0; i < items.Length; i++)
                    {
                        if (Constant(a.Items[i]) is not { } value) return null;
                        items[i] = value;
                    }
                    return new RArray(items);
                }
            case SetTerm s:
                {
                    var builder = new RSetBuilder();
                    foreach (var item in s.Items)
                    {
                        if (Constant(item) is not { } value) return null;
                        builder.Add(value);
                    }
                    return builder.Build();
                }
            case ObjectTerm o:
                {
                    var builder = new RObjectBuilder();
                    foreach (var (key, entry) in o.Entries)
                    {
                        if (Constant(key) is not { } k || Constant(entry) is not { } v) return null;
                        builder.Set(k, v);
                    }
                    return builder.Build();
                }
            default: return null;
        }
    }

    private WithTarget Target(WithModifier with)
    {
        var value = with.Value;
        switch (with.Target)
        {
            case VarTerm { Name: "input" }: return new WithTarget(WithKind.Input, [], null, null, Ground(value), null, null);
            case VarTerm { Name: "data" }: return new WithTarget(WithKind.Data, [], tree.Root, null, Ground(value), null, null);
            case RefTerm { Head: VarTerm { Name: "input" } } r: return new WithTarget(WithKind.Input, [.. r.Args.Select(Ground)], null, null, Ground(value), null, null);
            case RefTerm { Head: VarTerm { Name: "data" } } r:
                {
                    if (tree.Function(r) is { } function) return Replacement(with, function, function.Arity);
                    var node = tree.Root;
                    foreach (var arg in r.Args)
                    {
                        if (arg is ConstTerm { Value: RString s } && node!.Children.TryGetValue(s.Value, out var child)) node = child;
                        else
                        {
                            node = null;
                            break;
                        }
                    }
                    return new WithTarget(WithKind.Data, [.. r.Args.Select(Ground)], node, null, Ground(value), null, null);
                }
            case BuiltinTerm b when context.Builtins.Find(b.Name) is { } builtin: return Replacement(with, builtin, builtin.Arity);
            default:
                context.Report("rego_type_error", with.At, "with keyword target must reference existing input, data, or a function");
                return new WithTarget(WithKind.Input, [], null, null, new ConstPlan(RNull.Instance), null, null);
        }
    }

    private WithTarget Replacement(WithModifier with, object target, int arity)
    {
        if (with.Value is BuiltinTerm b && context.Builtins.Find(b.Name) is { } builtin)
        {
            if (builtin.Arity != arity) Mismatch(with, builtin.Arity, arity);
            return new WithTarget(WithKind.Function, [], null, target, null, builtin, null);
        }
        if (with.Value is RefTerm r && tree.Function(r) is { } function)
        {
            if (function.Arity != arity) Mismatch(with, function.Arity, arity);
            return new WithTarget(WithKind.Function, [], null, target, null, null, function);
        }
        return new WithTarget(WithKind.Function, [], null, target, Ground(with.Value), null, null);
    }

    private void Mismatch(WithModifier with, int have, int want) =>
        context.Report("rego_type_error", with.At, $"{Resolver.DottedName(with.Target)}: arity mismatch\n\thave: {have} arguments\n\twant: {want}");
}
