namespace MicroAppBot.Jobs;

/// <summary>How often the jobs run: the section <c>Jobs</c>.</summary>
public sealed record JobSettings
{
    /// <summary>Seconds between two sweeps; what is due is done at most this late.</summary>
    public int SweepSeconds { get; init; } = 20;
}
