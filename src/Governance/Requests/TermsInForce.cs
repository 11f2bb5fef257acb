using Governance.Catalogue;
using Governance.Manifests;

namespace Governance.Requests;

/// <summary>What counts for an app: what its manifest says, else its template's default, else the policy's limit.</summary>
public static class TermsInForce
{
    /// <summary>Days from a grant to expiry.</summary>
    public static int TtlDays(this Facts facts, Manifest manifest) =>
        manifest.Lifecycle.TtlDays
        ?? facts.Catalogue.Template(manifest.App.Template)?.Defaults.TtlDays
        ?? facts.Numbers.Limits.TtlDaysByClass.GetValueOrDefault(manifest.App.DataClass.ToText(), facts.Numbers.Limits.TtlDays);

    /// <summary>Monthly cap in USD.</summary>
    public static decimal CapUsd(this Facts facts, Manifest manifest) =>
        manifest.Cost.CapUsd
        ?? facts.Catalogue.Template(manifest.App.Template)?.Defaults.CapUsd
        ?? facts.Numbers.Limits.CapUsd;

    /// <summary>Whether reaching the cap, or a forecast above it, suspends at once.</summary>
    public static bool CapIsHard(this Facts facts, Manifest manifest) => facts.Catalogue.Template(manifest.App.Template)?.HardCap ?? false;
}
