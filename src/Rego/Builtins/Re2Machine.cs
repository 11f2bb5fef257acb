using System.Text;

namespace Rego.Builtins;

/// <summary>
/// Runs a pattern by following all its threads at once, in the order of their priority: linear in the text, and it sees
/// characters as RE2 does. Slower than .NET's engine, so only for what that one cannot do.
/// </summary>
internal sealed class Re2Machine
{
    // A pattern of many thousand states steps through each of them for each character.
    private const long MaxSteps = 3_000_000;
    private const int MaxProgram = 200_000;

    private enum Op
    {
        Rune,
        Split,
        Jump,
        Save,
        Assert,
        Match,
    }

    private readonly record struct Step(Op Op, int X, int Y, Re2Node? Node);

    private readonly List<Step> _program = [];
    private readonly int _slots;

    public Re2Machine(Re2Node root, int groups)
    {
        _slots = 2 * (groups + 1);
        Add(Op.Save, 0);
        Compile(root);
        Add(Op.Save, 1);
        Add(Op.Match);
    }

    private int Add(Op op, int x = 0, int y = 0, Re2Node? node = null)
    {
        if (_program.Count >= MaxProgram) throw new System.Text.RegularExpressions.RegexMatchTimeoutException();
        _program.Add(new Step(op, x, y, node));
        return _program.Count - 1;
    }

    private void Compile(Re2Node node)
    {
        switch (node.Kind)
        {
            case Re2Kind.Empty: break;
            case Re2Kind.Class: Add(Op.Rune, node: node); break;
            case Re2Kind.Capture:
                Add(Op.Save, 2 * node.Capture);
                Compile(node.Parts[0]);
                Add(Op.Save, (2 * node.Capture) + 1);
                break;
            case Re2Kind.Concat:
                foreach (var part in node.Parts) Compile(part);
                break;
            case Re2Kind.Alternate:
                {
                    var ends = new List<int>();
                    for (var i = 0; i < node.Parts.Count; i++)
                    {
                        if (i == node.Parts.Count - 1)
                        {
                            Compile(node.Parts[i]);
                            break;
                        }
                        var split = Add(Op.Split);
                        Compile(node.Parts[i]);
                        ends.Add(Add(Op.Jump));
                        _program[split] = new Step(Op.Split, split + 1, _program.Count, null);
                    }
                    foreach (var end in ends) _program[end] = new Step(Op.Jump, _program.Count, 0, null);
                    break;
                }
            case Re2Kind.Repeat: Repeat(node); break;
            default: Add(Op.Assert, node: node); break;
        }
    }

    private void Repeat(Re2Node node)
    {
        if (node.Max < 0)
        {
            // What can match nothing loops behind its first pass: x* is (x+)?, which keeps the order of the threads right.
            var body = node.Parts[0];
            if (node.Min == 0 && !body.IsNullable)
            {
                var split = Add(Op.Split);
                Compile(body);
                Add(Op.Jump, split);
                _program[split] = Choice(split + 1, _program.Count, node.IsLazy);
                return;
            }
            var skip = node.Min == 0 ? Add(Op.Split) : -1;
            for (var i = 1; i < node.Min; i++) Compile(body);
            var start = _program.Count;
            Compile(body);
            var loop = Add(Op.Split);
            _program[loop] = Choice(start, _program.Count, node.IsLazy);
            if (skip >= 0) _program[skip] = Choice(skip + 1, _program.Count, node.IsLazy);
            return;
        }
        for (var i = 0; i < node.Min; i++) Compile(node.Parts[0]);
        var splits = new List<int>();
        for (var i = node.Min; i < node.Max; i++)
        {
            splits.Add(Add(Op.Split));
            Compile(node.Parts[0]);
        }
        foreach (var split in splits) _program[split] = Choice(split + 1, _program.Count, node.IsLazy);
    }

    private static Step Choice(int again, int on, bool lazy) => lazy ? new Step(Op.Split, on, again, null) : new Step(Op.Split, again, on, null);

    /// <summary>The leftmost match at or behind a place; the array, as long as is of interest, gets where it and its groups start and end.</summary>
    public bool Match(string text, int start, int[] places)
    {
        var steps = 0L;
        var (now, next) = (new Threads(_program.Count), new Threads(_program.Count));
        int[]? found = null;
        for (var at = start; ;)
        {
            if (found is null) Follow(now, 0, text, at, Fresh(), ref steps);
            if (now.Count == 0 && found is not null) break;
            var rune = Rune.ReplacementChar;
            var used = 0;
            if (at < text.Length) Rune.DecodeFromUtf16(text.AsSpan(at), out rune, out used);
            next.Clear();
            for (var i = 0; i < now.Count; i++)
            {
                var (pc, slots) = now[i];
                var step = _program[pc];
                if (step.Op == Op.Match)
                {
                    // Threads behind this one have less of a claim.
                    found = slots;
                    break;
                }
                if (used > 0 && Re2Class.Contains(step.Node!.Ranges, rune.Value)) Follow(next, pc + 1, text, at + used, slots, ref steps);
            }
            (now, next) = (next, now);
            if (used == 0) break;
            at += used;
        }
        if (found is null) return false;
        Array.Copy(found, places, Math.Min(places.Length, found.Length));
        return true;
    }

    private int[] Fresh()
    {
        var slots = new int[_slots];
        Array.Fill(slots, -1);
        return slots;
    }

    /// <summary>Adds what can be reached without a character, in order of priority.</summary>
    private void Follow(Threads threads, int first, string text, int at, int[] slots, ref long steps)
    {
        var stack = new Stack<(int Pc, int[] Slots)>();
        stack.Push((first, slots));
        while (stack.TryPop(out var thread))
        {
            var (pc, held) = thread;
            if (++steps > MaxSteps) throw new System.Text.RegularExpressions.RegexMatchTimeoutException();
            if (!threads.Enter(pc)) continue;
            var step = _program[pc];
            switch (step.Op)
            {
                case Op.Jump: stack.Push((step.X, held)); break;
                case Op.Split:
                    stack.Push((step.Y, held));
                    stack.Push((step.X, held));
                    break;
                case Op.Save:
                    held = [.. held];
                    held[step.X] = at;
                    stack.Push((pc + 1, held));
                    break;
                case Op.Assert:
                    if (Holds(step.Node!.Kind, text, at)) stack.Push((pc + 1, held));
                    break;
                default: threads.Add(pc, held); break;
            }
        }
    }

    private static bool Holds(Re2Kind kind, string text, int at) => kind switch
    {
        Re2Kind.BeginText => at == 0,
        Re2Kind.EndText => at == text.Length,
        Re2Kind.BeginLine => at == 0 || text[at - 1] == '\n',
        Re2Kind.EndLine => at == text.Length || text[at] == '\n',
        Re2Kind.WordBoundary => IsWord(text, at - 1) != IsWord(text, at),
        _ => IsWord(text, at - 1) == IsWord(text, at),
    };

    private static bool IsWord(string text, int at) => at >= 0 && at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_');

    private sealed class Threads(int size)
    {
        private readonly bool[] _entered = new bool[size];
        private readonly List<int> _touched = [];
        private readonly List<(int Pc, int[] Slots)> _list = [];

        public int Count => _list.Count;

        public (int Pc, int[] Slots) this[int i] => _list[i];

        public bool Enter(int pc)
        {
            if (_entered[pc]) return false;
            _entered[pc] = true;
            _touched.Add(pc);
            return true;
        }

        public void Add(int pc, int[] slots) => _list.Add((pc, slots));

        public void Clear()
        {
            foreach (var pc in _touched) _entered[pc] = false;
            _touched.Clear();
            _list.Clear();
        }
    }
}
