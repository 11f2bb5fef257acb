namespace Rego;

public enum TestState
{
    Passed,
    Failed,
    Error,
    Skipped,
}

/// <summary>What one test_ rule did. Message is there for failures and errors; Printed holds the lines of print().</summary>
/// <param name="Name">Package and test, such as data.pkg.test_x.</param>
/// <param name="Col">Where the rule begins in its row, from 1.</param>
public sealed record TestOutcome(string Name, string File, int Row, int Col, TestState State, string? Message, TimeSpan Duration)
{
    /// <summary>The package of the file the test is in, such as data.pkg; <see cref="Name"/> is this, a dot and the test.</summary>
    public required string Package { get; init; }

    /// <summary>The path the test can be asked by: <see cref="Name"/>, quoted where it must be.</summary>
    public required string Path { get; init; }

    public IReadOnlyList<string> Printed { get; init; } = [];

    /// <summary>The notes of trace().</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What halted the test; null unless it is an <see cref="TestState.Error"/>.</summary>
    public RegoEvaluationException? Error { get; init; }

    /// <summary>The statements that did not hold, one for each definition of the test.</summary>
    public IReadOnlyList<FailedStatement> Failed { get; init; } = [];

    /// <summary>The cases of a test with computed names (test_x[case]); empty for others.</summary>
    public IReadOnlyList<TestCase> Cases { get; init; } = [];
}

/// <summary>One case of a test with computed names.</summary>
public sealed record TestCase(string Name, bool Passed, IReadOnlyList<TestCase> Cases);
