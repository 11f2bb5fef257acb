using System.Runtime.CompilerServices;
using Rego.Builtins;
using Rego.Syntax;
using Rego.Values;

namespace Rego.Evaluate;

/// <summary>Evaluation of one query at a time: input, memo, guards. Pooled by the policy, never shared between threads.</summary>
internal sealed partial class Evaluation
{
    private const int FuelPortion = 1024;
    private const int MaxValues = 4_000_000;

    // Comparing, hashing and writing a value recurse.
    private const int MaxNesting = 2_500;

    private readonly Plan _plan;
    private readonly Known[] _memo;
    private readonly Frame?[] _frames;
    private int _nextEpoch;
    private int _fuel;
    private long _budget;
    private bool _limited;
    private long _deadline;
    private TimeSpan _processorLimit;
    private TimeSpan _processorUsed;
    private TimeSpan _processorSeen;
    private Thread? _processorThread;
    private CancellationToken _cancel;
    private int _depth;
    private int _maxDepth;
    private TimeProvider _clock = TimeProvider.System;
    private DateTimeOffset? _now;
    private long? _nowNs;

    public Evaluation(Plan plan)
    {
        _plan = plan;
        _memo = new Known[plan.GroupCount];
        _frames = new Frame?[plan.FrameKinds];
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

    /// <summary>Waits for something outside, which has a time limit of its own.</summary>
    public T Uncounted<T>(Func<T> wait)
    {
        var start = _clock.GetTimestamp();
        try
        {
            return wait();
        }
        finally
        {
            _deadline += _clock.GetTimestamp() - start;
        }
    }

    /// <summary>Results that builtins keep for the length of one query (seeded random numbers, parsed patterns of one query).</summary>
    public Dictionary<object, RValue> QueryCache { get; } = [];

    private CallMemo? _calls;

    /// <summary>What was found for functions and single keys under the input, data and functions now in force.</summary>
    public CallMemo Calls => _calls ??= new CallMemo();

    public void Begin(RValue? input, EvaluationOptions options)
    {
        Input = input;
        Base = _plan.Base;
        Masks = null;
        Mocks = null;
        Epoch = ++_nextEpoch;
        Strict = options.StrictBuiltinErrors;
        _onBuiltinError = options.BuiltinError;
        _calls?.Clear();
        QueryCache.Clear();
        _clock = options.Clock;
        _now = options.Now;
        _nowNs = null;
        _cancel = options.CancellationToken;
        _maxDepth = options.MaxDepth;
        _depth = 0;
        _stackFloor = _roomyDownTo == 0 ? nint.MaxValue : _roomyDownTo;
        _budget = options.StepBudget > 0 ? options.StepBudget : long.MaxValue;
        _limited = options.Deadline > TimeSpan.Zero;
        _deadline = _limited ? _clock.GetTimestamp() + (long)(options.Deadline.TotalSeconds * _clock.TimestampFrequency) : 0;
        _processorLimit = ProcessorClock.IsThere ? options.ProcessorTime : TimeSpan.Zero;
        (_processorThread, _processorUsed) = (null, TimeSpan.Zero);
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
        _calls?.Clear();
        QueryCache.Clear();
        OnPrint = null;
        Outside = null;
        OnNote = null;
        _cancel = default;
    }

    private void Restart()
    {
        Array.Clear(_memo);
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
            steps += arg.Kind switch
            {
                RKind.String => Unsafe.As<RString>(arg).Value.Length / CharsPerStep,
                RKind.Array when !isQuick => Unsafe.As<RArray>(arg).Count / 4,
                RKind.Object when !isQuick && arg is RObject o => o.Count / 4,
                RKind.Set when !isQuick => Unsafe.As<RSet>(arg).Count / 4,
                _ => 0,
            };
        }
        if (steps > 0) Spend(steps);
    }

    /// <summary>Counts the work that a builtin's new text stands for.</summary>
    public void Charge(RValue? result)
    {
        if (result is RString s) Spend(s.Value.Length / CharsPerStep);
        // To write a long number takes its length squared.
        else if (result is RNumber { IsInt64: false } n) Spend(n.Text.Length / 4);
    }

    private const int CharsPerStep = 32;

    private void Refuel(long wanted)
    {
        var need = wanted - Math.Max(_fuel, 0);
        if (_budget < need) throw Halt("eval_budget_error", "the evaluation took more steps than its budget allows");
        _cancel.ThrowIfCancellationRequested();
        if ((_limited && _clock.GetTimestamp() > _deadline) || (_processorLimit > TimeSpan.Zero && ProcessorUsed() > _processorLimit)) throw Halt("eval_deadline_error", "the evaluation did not finish before its deadline");
        if (GC.GetAllocatedBytesForCurrentThread() - _allocated > _maxAllocated) throw Halt("eval_size_error", "the evaluation takes more memory than it may");
        _budget -= need;
        _fuel = (int)Math.Min(_budget, FuelPortion);
        _budget -= _fuel;
    }

    // Asked for the first time when the first fuel is spent: most evaluations are over by then, and to ask costs more than they do.
    private TimeSpan ProcessorUsed()
    {
        var now = ProcessorClock.Now;
        // Deep evaluations go on with a thread of a larger stack, whose time counts from its own start.
        if (_processorThread == Thread.CurrentThread) _processorUsed += now - _processorSeen;
        (_processorThread, _processorSeen) = (Thread.CurrentThread, now);
        return _processorUsed;
    }

    private long _allocated;
    private long _maxAllocated;

    public void EnterRule(Location at)
    {
        Tick();
        if (++_depth > _maxDepth || !HasStack())
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
        if (value.IsScalar) return value;
        if (value.Weight > MaxValues) throw Halt("eval_size_error", "a value is too large");
        if (value.Nesting > MaxNesting) throw Halt("eval_size_error", "a value is nested too deeply");
        return value;
    }

    public void GuardStack()
    {
        if (!HasStack()) throw Halt("eval_depth_error", "the evaluation is nested too deeply");
    }

    private nint _stackFloor;

    // The runtime leaves 128 KB when it says there is enough; asking it each time costs more than most rules.
    private const int StackStep = 32 * 1024;

    /// <summary>Is there stack left to go deeper?</summary>
    private bool HasStack()
    {
        byte here = 0;
        var address = Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref here);
        if (address > _stackFloor) return true;
        if (!HasRoom(RoomPieces)) return false;
        _stackFloor = _roomyDownTo = address - StackStep;
        return true;
    }

    // A thread's stack stays where it is: what was found once holds for the next evaluation on it.
    [ThreadStatic]
    private static nint _roomyDownTo;

    // Comparing, hashing or writing a deep value goes down without asking; this much is kept free for it.
    private const int RoomPieces = 4;
    private const int RoomPiece = 96 * 1024;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool HasRoom(int pieces)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) return false;
        if (pieces == 0) return true;
        Span<byte> piece = stackalloc byte[RoomPiece];
        return HasRoom(pieces - 1) && piece.Length > 0;
    }

    public RegoEvaluationException Halt(string code, string message) => Halt(code, message, CallAt);

    public static RegoEvaluationException Halt(string code, string message, Location at) => new(code, message, at.File ?? "query", at.Row, at.Col);

    public Frame Rent(FrameKind kind)
    {
        ref var frame = ref _frames[kind.Id];
        if (frame is not { } ready || ready.Size < kind.Size) return new Frame(kind.Size);
        frame = null;
        ready.Result = null;
        return ready;
    }

    public void Return(FrameKind kind, Frame frame)
    {
        frame.Sink = null;
        _frames[kind.Id] = frame;
    }

    private readonly Stack<RSetBuilder> _sets = [];

    /// <summary>An empty set to collect into; <see cref="TakeSet"/> takes it back. One lost to an exception is no harm.</summary>
    public RSetBuilder RentSet() => _sets.TryPop(out var set) ? set : new RSetBuilder();

    public RSet TakeSet(RSetBuilder builder)
    {
        var set = builder.Take();
        _sets.Push(builder);
        return Weigh(set);
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
        ref var known = ref _memo[id];
        if (known.Epoch == Epoch)
        {
            value = known.Value;
            if (ReferenceEquals(value, Undefined.Instance)) value = null;
            return true;
        }
        value = null;
        return false;
    }

    public void Memo(int id, RValue? value)
    {
        ref var known = ref _memo[id];
        known.Value = value ?? Undefined.Instance;
        known.Epoch = Epoch;
    }

    // An array of a struct: writing to one of a class checks the kind of the value each time.
    private struct Known
    {
        public RValue? Value;
        public int Epoch;
    }

    public readonly record struct Saved(RValue? Input, RValue Base, Mask? Masks, Mock? Mocks, int Epoch, CallMemo? Calls);

    public Saved Save() => new(Input, Base, Masks, Mocks, Epoch, _calls);

    public void Restore(in Saved saved)
    {
        Input = saved.Input;
        Base = saved.Base;
        Masks = saved.Masks;
        Mocks = saved.Mocks;
        Epoch = saved.Epoch;
        _calls = saved.Calls;
    }

    /// <summary>Opens a layer in which other values are in force: nothing remembered outside may be seen inside.</summary>
    public void Layer(RValue? input, RValue baseValue, Mask? masks, Mock? mocks)
    {
        Input = input;
        Base = baseValue;
        Masks = masks;
        Mocks = mocks;
        Epoch = ++_nextEpoch;
        _calls = null;
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
