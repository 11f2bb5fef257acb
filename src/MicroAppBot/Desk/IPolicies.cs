using Governance.Catalogue;
using Governance.Manifests;
using Governance.Verdicts;

namespace MicroAppBot.Desk;

/// <summary>The rulebook in force.</summary>
public interface IPolicies
{
    /// <summary>What the policies say of a manifest. Same manifest and revision, same report.</summary>
    PolicyReport Judge(Manifest manifest);

    PolicyNumbers Numbers { get; }

    /// <summary>The catalogue of the same revision: whether a template's cap is hard, what counts where a manifest does not say.</summary>
    ServiceCatalogue Catalogue { get; }

    /// <summary>Content hash of rules and catalogue; recorded with each decision.</summary>
    string Revision { get; }
}
