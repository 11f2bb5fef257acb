using Rego.Values;

namespace Rego.Evaluate;

/// <summary>
/// What functions answered and what keys of partial rules hold, by group and arguments. It keeps its room from query to query, so
/// that remembering costs nothing but the writing.
/// </summary>
internal sealed class CallMemo
{
    private const int FirstSize = 64;
    private const int MaxKept = 1024;

    private int[] _buckets = new int[FirstSize];
    private Entry[] _entries = new Entry[FirstSize];
    private Argument[] _arguments = new Argument[FirstSize];
    private int _count;
    private int _argumentCount;

    // An array of a struct: writing to one of a class checks the kind of the value each time.
    private struct Argument
    {
        public RValue Value;
    }

    private struct Entry
    {
        public int Hash;
        public int Group;
        public int First;
        public int Length;
        public int Next;
        public RValue? Result;
    }

    /// <summary>True when the answer is known; it may be null, for undefined.</summary>
    /// <param name="hash">To be handed to <see cref="Add"/>.</param>
    public bool TryGet(int group, ReadOnlySpan<RValue> arguments, out RValue? result, out int hash)
    {
        hash = group;
        foreach (var argument in arguments) hash = unchecked((hash * 31) + argument.GetHashCode());
        for (var i = _buckets[Bucket(hash)]; i > 0; i = _entries[i - 1].Next)
        {
            ref var entry = ref _entries[i - 1];
            if (entry.Hash != hash || entry.Group != group || entry.Length != arguments.Length || !Same(entry.First, arguments)) continue;
            result = entry.Result;
            return true;
        }
        result = null;
        return false;
    }

    public void Add(int group, ReadOnlySpan<RValue> arguments, int hash, RValue? result)
    {
        if (_count == _entries.Length) Grow();
        if (_argumentCount + arguments.Length > _arguments.Length) Array.Resize(ref _arguments, Math.Max(_arguments.Length * 2, _argumentCount + arguments.Length));
        ref var bucket = ref _buckets[Bucket(hash)];
        _entries[_count] = new Entry { Hash = hash, Group = group, First = _argumentCount, Length = arguments.Length, Next = bucket, Result = result };
        bucket = ++_count;
        foreach (var argument in arguments) _arguments[_argumentCount++].Value = argument;
    }

    public void Clear()
    {
        if (_count == 0) return;
        if (_entries.Length > MaxKept || _arguments.Length > MaxKept)
        {
            _buckets = new int[FirstSize];
            _entries = new Entry[FirstSize];
            _arguments = new Argument[FirstSize];
        }
        else
        {
            Array.Clear(_buckets);
            Array.Clear(_entries, 0, _count);
            Array.Clear(_arguments, 0, _argumentCount);
        }
        _count = 0;
        _argumentCount = 0;
    }

    private int Bucket(int hash) => (hash ^ (hash >>> 15)) & (_buckets.Length - 1);

    private bool Same(int first, ReadOnlySpan<RValue> arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!_arguments[first + i].Value.Equals(arguments[i])) return false;
        }
        return true;
    }

    private void Grow()
    {
        Array.Resize(ref _entries, _entries.Length * 2);
        _buckets = new int[_entries.Length];
        for (var i = 0; i < _count; i++)
        {
            ref var bucket = ref _buckets[Bucket(_entries[i].Hash)];
            _entries[i].Next = bucket;
            bucket = i + 1;
        }
    }
}
