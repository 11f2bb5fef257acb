using Governance.Manifests;
using Governance.Verdicts;

namespace MicroAppBot.Desk;

/// <summary>The rulebook in force.</summary>
public interface IPolicies
{
    /// <summary>What the policies say of a manifest. Same manifest and revision, same report.</summary>
    PolicyReport Judge(Manifest manifest);

    PolicyNumbers Numbers { get; }

    /// <summary>Content hash of rules and catalogue; recorded with each decision.</summary>
    string Revision { get; }
}
