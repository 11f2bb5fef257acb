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

    /// <summary>The statements that did not hold, one for each definition of the test.</summary>
    public IReadOnlyList<FailedStatement> Failed { get; init; } = [];

    /// <summary>The cases of a test with computed names (test_x[case]); empty for others.</summary>
    public IReadOnlyList<TestCase> Cases { get; init; } = [];
}

/// <summary>One case of a test with computed names.</summary>
public sealed record TestCase(string Name, bool Passed, IReadOnlyList<TestCase> Cases);
