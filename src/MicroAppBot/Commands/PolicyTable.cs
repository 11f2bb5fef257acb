namespace MicroAppBot.Commands;

/// <summary>A table as OPA draws it: the heads in the middle of their columns, the cells at the left.</summary>
internal static class PolicyTable
{
    /// <param name="heads">None for a table without them.</param>
    /// <param name="right">Columns whose cells stand at the right.</param>
    public static void Write(TextWriter output, IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<string>> rows, params IReadOnlyList<int> right)
    {
        var columns = heads.Count > 0 ? heads.Count : rows[0].Count;
        var widths = Enumerable.Range(0, columns).Select(column => rows.Select(row => Width(row[column])).Append(heads.Count > 0 ? Width(heads[column]) : 0).Max()).ToList();
        Rule('┌', '┬', '┐');
        if (heads.Count > 0)
        {
            Row(heads, (text, column) => (widths[column] - Width(text)) / 2);
            Rule('├', '┼', '┤');
        }

        foreach (var row in rows)
            Row(row, (text, column) => right.Contains(column) ? widths[column] - Width(text) : 0);
        Rule('└', '┴', '┘');

        void Rule(char left, char between, char end) => output.WriteLine($"{left}{string.Join(between, widths.Select(width => new string('─', width + 2)))}{end}");

        void Row(IReadOnlyList<string> cells, Func<string, int, int> before) => output.WriteLine($"│{string.Join('│', cells.Select((text, column) =>
        {
            var left = before(text, column);
            return $" {new string(' ', left)}{text}{new string(' ', widths[column] - Width(text) - left)} ";
        }))}│");
    }

    private static int Width(string text) => new System.Globalization.StringInfo(text).LengthInTextElements;
}
