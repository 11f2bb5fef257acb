using Rego.Values;

namespace Rego.Evaluate;

/// <summary>What the compiler hands to evaluation: sizes for memo and frames, and the base data.</summary>
internal sealed class Plan(RValue baseData)
{
    public RValue Base { get; } = baseData;

    /// <summary>Set when the policy was compiled to record what it runs.</summary>
    public Recorder? Recorder { get; init; }

    public int GroupCount { get; private set; }

    public int FrameKinds { get; private set; }

    public int NextGroup() => GroupCount++;

    public FrameKind NextFrames() => new(FrameKinds++);
}
