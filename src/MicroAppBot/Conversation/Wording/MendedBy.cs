using Governance.Verdicts;
using Intake = Governance.Intake.Slot;

namespace MicroAppBot.Conversation.Wording;

/// <summary>Which answer of the intake mends a finding: from the manifest field it is about.</summary>
public static class MendedBy
{
    private static readonly (string Pointer, string Slot)[] Places =
    [
        ("/app/data_class", Intake.DataClass), ("/app/template", Intake.Template), ("/app/name", Intake.Name), ("/app/title", Intake.Title),
        ("/app/purpose", Intake.Purpose), ("/app/audience", Intake.Audience), ("/app/department", Intake.Department), ("/app/co_owner", Intake.CoOwner),
        ("/app/owner", Intake.CoOwner), ("/app/cost_centre", Intake.CostCentre), ("/data/kinds", Intake.Data), ("/data/residency", Intake.Region),
        ("/integrations", Intake.Connectors), ("/network", Intake.Connectors), ("/environment", Intake.Environment), ("/access", Intake.Access),
        ("/lifecycle", Intake.TtlDays), ("/cost", Intake.CostCapUsd),
    ];

    /// <summary>The slot; null where no answer of the intake is about it (a secret that was pasted into a file).</summary>
    public static string? Slot(Finding finding)
    {
        if (finding.Field.StartsWith("/integrations/", StringComparison.Ordinal))
        {
            if (finding.Field.EndsWith("/access", StringComparison.Ordinal)) return Intake.Access;
            if (finding.Field.Contains("/fields", StringComparison.Ordinal)) return Intake.Fields;
        }
        if (finding.Rule == "network.external-sink" || finding.Field.StartsWith("/network/allowed_destinations", StringComparison.Ordinal)) return Intake.Connectors;
        return Places.FirstOrDefault(p => finding.Field.StartsWith(p.Pointer, StringComparison.Ordinal)).Slot;
    }
}
