namespace Rego;

public enum TestState
{
    Passed,
    Failed,
    Error,
    Skipped,
}

/// <summary>What one test_ rule did. Message is there for failures and errors; Printed holds the lines of print().</summary>
public sealed record TestOutcome(string Name, string File, int Row, TestState State, string? Message, TimeSpan Duration)
{
    public IReadOnlyList<string> Printed { get; init; } = [];
}
