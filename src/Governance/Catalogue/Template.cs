namespace Governance.Catalogue;

/// <summary>An approved starting point: <c>templates/*.yaml</c>.</summary>
/// <param name="Title">What a person picks: "Internal dashboard".</param>
/// <param name="Summary">One sentence a marketing person understands.</param>
/// <param name="Words">Synonyms and phrases by which people mean this template; for understanding what is written, never for judging it.</param>
/// <param name="HardCap">True: the app is suspended when the cap is reached, without a countdown.</param>
public sealed record Template(
    string Id,
    string Title,
    string Summary,
    IReadOnlyList<string> Words,
    TemplateDefaults Defaults,
    TemplateLimits Limits,
    bool HardCap);

/// <summary>What the intake proposes when the builder says nothing.</summary>
public sealed record TemplateDefaults(DataClass DataClass, bool DenyExternalSinks, int TtlDays, decimal CapUsd);

/// <summary>What the policies hold an app of this template to.</summary>
/// <param name="TtlDays">The longest life without an override.</param>
/// <param name="CapUsd">The highest monthly cap, or null where only the general rule counts.</param>
/// <param name="Connectors">The connectors allowed, or null for all of the catalogue.</param>
/// <param name="Residency">The one residency of a regulated template, or null.</param>
/// <param name="Environment">The one environment of a regulated template, or null.</param>
public sealed record TemplateLimits(
    DataClass HighestClass,
    int TtlDays,
    decimal? CapUsd,
    IReadOnlyList<string>? Connectors,
    string? Residency,
    string? Environment)
{
    public bool Allows(string connector) => Connectors is null || Connectors.Contains(connector, StringComparer.Ordinal);
}
