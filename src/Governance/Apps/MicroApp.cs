using System.Text.Json.Serialization;

namespace Governance.Apps;

/// <summary>A micro app in one of its states (design §3.3). What has not been granted is a request, not an app.</summary>
[JsonDerivedType(typeof(Provisioning), "provisioning")]
[JsonDerivedType(typeof(Active), "active")]
[JsonDerivedType(typeof(Suspended), "suspended")]
[JsonDerivedType(typeof(Archived), "archived")]
public abstract record MicroApp
{
    private MicroApp(AppFile file) => File = file;

    public AppFile File { get; init; }

    /// <summary>Granted; the platform has not confirmed yet that it is there.</summary>
    public sealed record Provisioning(AppFile File) : MicroApp(File);

    public sealed record Active(AppFile File, DateTimeOffset LiveSince) : MicroApp(File);

    /// <summary>Access is off, nothing is lost; the reason says what lifts it.</summary>
    public sealed record Suspended(AppFile File, DateTimeOffset LiveSince, SuspensionReason Reason, DateTimeOffset At) : MicroApp(File);

    /// <summary>Off and kept; restorable by one click until <paramref name="RestorableUntil"/>.</summary>
    /// <param name="LiveSince">Of an app that never went live: when it was granted.</param>
    public sealed record Archived(AppFile File, DateTimeOffset LiveSince, ArchiveReason Reason, DateTimeOffset At, DateTimeOffset RestorableUntil) : MicroApp(File);

    /// <summary>Live means that people can use it, or could a moment ago: provisioning, active or suspended.</summary>
    [JsonIgnore]
    public bool IsLive => this is Provisioning or Active or Suspended;
}

[JsonConverter(typeof(JsonStringEnumConverter<SuspensionReason>))]
public enum SuspensionReason { CapSpent, ForecastOverHardCap }

[JsonConverter(typeof(JsonStringEnumConverter<ArchiveReason>))]
public enum ArchiveReason { Expired, ByOwner }
