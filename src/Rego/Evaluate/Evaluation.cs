using Rego.Builtins;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Evaluate;

/// <summary>Evaluation of one query at a time: input, memo, guards. Pooled by the policy, never shared between threads.</summary>
internal sealed partial class Evaluation
{
    private const int FuelPortion = 4096;
    private const int MaxValues = 4_000_000;

    // Comparing, hashing and writing a value recurse; a JSON writer takes a thousand levels.
    private const int MaxNesting = 1_000;

    private readonly Plan _plan;
    private readonly RValue?[] _memo;
    private readonly int[] _memoEpoch;
    private readonly Frame?[] _frames;
    private int _nextEpoch;
    private int _fuel;
    private long _budget;
    private bool _limited;
    private long _deadline;
    private CancellationToken _cancel;
    private int _depth;
    private int _maxDepth;
    private TimeProvider _clock = TimeProvider.System;
    private DateTimeOffset? _now;
    private long? _nowNs;

    public Evaluation(Plan plan)
    {
        _plan = plan;
        _memo = new RValue?[plan.GroupCount];
        _memoEpoch = new int[plan.GroupCount];
        _frames = new Frame?[plan.BodyCount];
        Base = plan.Base;
    }

    public RValue? Input { get; private set; }

    public RValue Base { get; private set; }

    public Mask? Masks { get; private set; }

    public Mock? Mocks { get; private set; }

    public int Epoch { get; private set; }

    public bool Strict { get; private set; }

    /// <summary>Where the builtin that is running was called, for its error message.</summary>
    public Location CallAt { get; set; }

    private Action<RegoEvaluationException>? _onBuiltinError;

    public Action<string>? OnPrint { get; private set; }

    public Action<string>? OnNote { get; private set; }

    public OutsideWorld? Outside { get; private set; }

    public RObject Runtime { get; private set; } = RObject.Empty;

    public CancellationToken Cancellation => _cancel;

    /// <summary>Results that builtins keep for the length of one query (seeded random numbers, parsed patterns of one query).</summary>
    public Dictionary<object, RValue> QueryCache { get; } = [];

    internal Dictionary<CallKey, RValue?>? FunctionMemo;
    internal Dictionary<(int Group, RValue Key), RValue?>? KeyMemo;

    public void Begin(RValue? input, EvaluationOptions options)
    {
        Input = input;
        Base = _plan.Base;
        Masks = null;
        Mocks = null;
        Epoch = ++_nextEpoch;
        Strict = options.StrictBuiltinErrors;
        _onBuiltinError = options.BuiltinError;
        FunctionMemo?.Clear();
        KeyMemo?.Clear();
        QueryCache.Clear();
        _clock = options.Clock;
        _now = options.Now;
        _nowNs = null;
        _cancel = options.CancellationToken;
        _maxDepth = options.MaxDepth;
        _depth = 0;
        _budget = options.StepBudget > 0 ? options.StepBudget : long.MaxValue;
        _limited = options.Deadline > TimeSpan.Zero;
        _deadline = _limited ? _clock.GetTimestamp() + (long)(options.Deadline.TotalSeconds * _clock.TimestampFrequency) : 0;
        _fuel = (int)Math.Min(_budget, FuelPortion);
        _budget -= _fuel;
        _allocated = GC.GetAllocatedBytesForCurrentThread();
        _maxAllocated = options.MaxAllocatedBytes > 0 ? options.MaxAllocatedBytes : long.MaxValue;
        OnPrint = options.Print;
        Outside = options.Outside;
        Runtime = options.Runtime ?? RObject.Empty;
        OnNote = options.Note;
        if (_nextEpoch > int.MaxValue - 1_000_000) Restart();
    }

    /// <summary>Lets go of the caller's values; what frames still hold is overwritten by the next query and never read by it.</summary>
    public void End()
    {
        Array.Clear(_memo);
        Input = null;
        Masks = null;
        Mocks = null;
        FunctionMemo?.Clear();
        KeyMemo?.Clear();
        QueryCache.Clear();
        OnPrint = null;
        Outside = null;
        OnNote = null;
        _cancel = default;
    }

    private void Restart()
    {
        Array.Clear(_memoEpoch);
        _nextEpoch = 0;
        Epoch = ++_nextEpoch;
    }

    public long NowNs
    {
        get
        {
            if (_nowNs is { } known) return known;
            var now = _now ?? _clock.GetUtcNow();
            var ns = (now.UtcTicks - DateTime.UnixEpoch.Ticks) * 100;
            _nowNs = ns;
            return ns;
        }
    }

    /// <summary>Counts one step of work.</summary>
    public void Tick()
    {
        if (--_fuel < 0) Refuel(1);
    }

    /// <summary>Counts work whose size a builtin knows beforehand.</summary>
    public void Spend(long steps)
    {
        if (steps <= 0) return;
        if (steps < _fuel) _fuel -= (int)steps;
        else Refuel(steps);
    }

    /// <summary>Counts the work that a builtin's arguments stand for: it will read most of them.</summary>
    /// <param name="isQuick">Collections are not gone through.</param>
    public void Charge(ReadOnlySpan<RValue> args, bool isQuick)
    {
        var steps = 0L;
        foreach (var arg in args)
        {
            steps += arg switch
            {
                RString s => s.Value.Length / CharsPerStep,
                RArray a when !isQuick => a.Count / 4,
                RObject o when !isQuick => o.Count / 4,
                RSet s when !isQuick => s.Count / 4,
                _ => 0,
            };
        }
        Spend(steps);
    }

    /// <summary>Counts the work that a builtin's new text stands for.</summary>
    public void Charge(RValue? result)
    {
        if (result is RString s) Spend(s.Value.Length / CharsPerStep);
    }

    private const int CharsPerStep = 32;

    private void Refuel(long wanted)
    {
        var need = wanted - Math.Max(_fuel, 0);
        if (_budget < need) throw Halt("eval_budget_error", "the evaluation took more steps than its budget allows");
        _cancel.ThrowIfCancellationRequested();
        if (_limited && _clock.GetTimestamp() > _deadline) throw Halt("eval_deadline_error", "the evaluation did not finish before its deadline");
        if (GC.GetAllocatedBytesForCurrentThread() - _allocated > _maxAllocated) throw Halt("eval_size_error", "the evaluation takes more memory than it may");
        _budget -= need;
        _fuel = (int)Math.Min(_budget, FuelPortion);
        _budget -= _fuel;
    }

    private long _allocated;
    private long _maxAllocated;

    public void EnterRule(Location at)
    {
        Tick();
        if (++_depth > _maxDepth || !System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            CallAt = at;
            throw Halt("eval_depth_error", "the evaluation is nested too deeply");
        }
    }

    public void LeaveRule() => _depth--;

    /// <summary>
    /// Refuses a value that would be gigantic when written out or compared. Such values come from a handful of rules that
    /// each hold the one before twice.
    /// </summary>
    public T Weigh<T>(T value)
        where T : RValue
    {
        if (value.Weight > MaxValues) throw Halt("eval_size_error", "a value is too large");
        if (value.Nesting > MaxNesting) throw Halt("eval_size_error", "a value is nested too deeply");
        return value;
    }

    public void GuardStack()
    {
        if (!System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Halt("eval_depth_error", "the evaluation is nested too deeply");
    }

    public RegoEvaluationException Halt(string code, string message) => Halt(code, message, CallAt);

    public static RegoEvaluationException Halt(string code, string message, Location at) => new(code, message, at.File ?? "query", at.Row, at.Col);

    public Frame Rent(RuleBody body)
    {
        var frame = _frames[body.Id];
        if (frame is null || frame.Slots.Length < body.FrameSize) return new Frame(body.FrameSize);
        _frames[body.Id] = null;
        frame.Result = null;
        return frame;
    }

    public void Return(RuleBody body, Frame frame)
    {
        frame.Sink = null;
        _frames[body.Id] = frame;
    }

    private readonly Stack<List<RValue>> _lists = [];

    /// <summary>An empty list to collect into; <see cref="ReturnList"/> takes it back. One lost to an exception is no harm.</summary>
    public List<RValue> RentList() => _lists.TryPop(out var list) ? list : [];

    public void ReturnList(List<RValue> list)
    {
        if (list.Capacity > MaxKeptList) return;
        list.Clear();
        _lists.Push(list);
    }

    private const int MaxKeptList = 256;

    /// <summary>Nothing but the input can differ from other queries. A strict query must meet the errors itself.</summary>
    public bool IsPlainLayer => !Strict && Masks is null && Mocks is null && ReferenceEquals(Base, _plan.Base);

    public bool TryMemo(int id, out RValue? value)
    {
        if (_memoEpoch[id] == Epoch)
        {
            value = _memo[id];
            if (ReferenceEquals(value, Undefined.Instance)) value = null;
            return true;
        }
        value = null;
        return false;
    }

    public void Memo(int id, RValue? value)
    {
        _memo[id] = value ?? Undefined.Instance;
        _memoEpoch[id] = Epoch;
    }

    public readonly record struct Saved(RValue? Input, RValue Base, Mask? Masks, Mock? Mocks, int Epoch, Dictionary<CallKey, RValue?>? FunctionMemo, Dictionary<(int, RValue), RValue?>? KeyMemo);

    public Saved Save() => new(Input, Base, Masks, Mocks, Epoch, FunctionMemo, KeyMemo);

    public void Restore(in Saved saved)
    {
        Input = saved.Input;
        Base = saved.Base;
        Masks = saved.Masks;
        Mocks = saved.Mocks;
        Epoch = saved.Epoch;
        FunctionMemo = saved.FunctionMemo;
        KeyMemo = saved.KeyMemo;
    }

    /// <summary>Opens a layer in which other values are in force: nothing remembered outside may be seen inside.</summary>
    public void Layer(RValue? input, RValue baseValue, Mask? masks, Mock? mocks)
    {
        Input = input;
        Base = baseValue;
        Masks = masks;
        Mocks = mocks;
        Epoch = ++_nextEpoch;
        FunctionMemo = null;
        KeyMemo = null;
    }

    public bool IsMasked(DocNode node)
    {
        for (var mask = Masks; mask is not null; mask = mask.Next)
        {
            if (mask.Node.Index <= node.Index && node.Index < mask.Node.End) return true;
        }
        return false;
    }

    /// <summary>A builtin's failure: halts when strict, otherwise the call is undefined.</summary>
    public RValue? Fault(string code, string message)
    {
        if (Strict) throw Halt(code, message);
        _onBuiltinError?.Invoke(Halt(code, message));
        return null;
    }
}

/// <summary>A document replaced by "with": no rule below it counts.</summary>
internal sealed record Mask(DocNode Node, Mask? Next);

/// <summary>A function replaced by "with": by a value, a builtin or another function.</summary>
internal sealed record Mock(object Target, RValue? Value, BuiltinEntry? Builtin, FunctionGroup? Function, Mock? Next)
{
    public static Mock? Find(Mock? mocks, object target)
    {
        for (; mocks is not null; mocks = mocks.Next)
        {
            if (ReferenceEquals(mocks.Target, target)) return mocks;
        }
        return null;
    }

    /// <summary>The list without the target: a mock that calls what it mocks gets the original.</summary>
    public static Mock? Without(Mock? mocks, object target)
    {
        if (mocks is null) return null;
        var rest = Without(mocks.Next, target);
        return ReferenceEquals(mocks.Target, target) ? rest : mocks with { Next = rest };
    }
}

/// <summary>A function call by its arguments, as a memo key.</summary>
internal readonly struct CallKey(int group, RValue[] args) : IEquatable<CallKey>
{
    private readonly int _group = group;
    private readonly RValue[] _args = args;

    public bool Equals(CallKey other)
    {
        if (_group != other._group || _args.Length != other._args.Length) return false;
        for (var i = 0; i < _args.Length; i++)
        {
            if (!_args[i].Equals(other._args[i])) return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => obj is CallKey other && Equals(other);

    public override int GetHashCode()
    {
        var h = _group;
        foreach (var arg in _args) h = unchecked((h * 31) + arg.GetHashCode());
        return h;
    }
}
