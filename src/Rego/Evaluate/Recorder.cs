using System.Collections.Concurrent;
using System.Diagnostics;
using Rego.Syntax;

namespace Rego.Evaluate;

/// <summary>Counts which statements ran, for coverage and profiles. Shared by all evaluations of a policy that was compiled for it.</summary>
internal sealed class Recorder
{
    private readonly ConcurrentDictionary<Location, Statement> _statements = [];

    [ThreadStatic]
    private static (Statement? Running, long Since) _last;

    public sealed class Statement(Location at, string text)
    {
        public Location At { get; } = at;

        public string Text { get; } = text;

        public long Count;

        public long Ticks;
    }

    public Statement Of(Location at, string text) => _statements.GetOrAdd(at, static (key, t) => new Statement(key, t), text);

    /// <summary>A statement begins; the time since the one before it began belongs to that one.</summary>
    public static void Mark(Statement statement)
    {
        Interlocked.Increment(ref statement.Count);
        var now = Stopwatch.GetTimestamp();
        if (_last.Running is { } before) Interlocked.Add(ref before.Ticks, now - _last.Since);
        _last = (statement, now);
    }

    public static void Stop()
    {
        if (_last.Running is { } before) Interlocked.Add(ref before.Ticks, Stopwatch.GetTimestamp() - _last.Since);
        _last = default;
    }

    public IEnumerable<Statement> Ran => _statements.Values.Where(s => s.Count > 0);

    public CoverageReport Report(IReadOnlyList<ModuleSyntax> modules)
    {
        var hits = Ran.Select(s => (s.At.File, s.At.Row)).ToHashSet();
        var files = new List<FileCoverage>();
        foreach (var module in modules.OrderBy(m => m.File, StringComparer.Ordinal))
        {
            var rows = new SortedSet<int>();
            foreach (var rule in module.Rules)
            {
                for (var branch = rule; branch is not null; branch = branch.Else)
                {
                    rows.Add(branch.At.Row);
                    rows.UnionWith(SyntaxWalk.Statements(branch).Where(e => e is not (SomeExpr or SomeInExpr)).Select(e => e.At.Row));
                }
            }
            files.Add(new FileCoverage(module.File, Ranges(rows.Where(r => hits.Contains((module.File, r)))), Ranges(rows.Where(r => !hits.Contains((module.File, r))))));
        }
        return new CoverageReport(files);
    }

    private static List<RowRange> Ranges(IEnumerable<int> rows)
    {
        var ranges = new List<RowRange>();
        foreach (var row in rows)
        {
            if (ranges.Count > 0 && ranges[^1].End == row - 1) ranges[^1] = new RowRange(ranges[^1].Start, row);
            else ranges.Add(new RowRange(row, row));
        }
        return ranges;
    }
}

/// <summary>Says that a statement, or the head of a rule, was reached.</summary>
internal sealed class RecordStep(Recorder.Statement statement) : PlainStep
{
    public override bool Holds(Evaluation e, Frame f)
    {
        Recorder.Mark(statement);
        return true;
    }
}
