using Governance.Catalogue;
using Governance.Manifests;
using Governance.Verdicts;

namespace MicroAppBot.Desk;

/// <summary>The rulebook in force.</summary>
public interface IPolicies
{
    /// <summary>What the policies say of a manifest. Same manifest and revision, same report.</summary>
    /// <exception cref="CouldNotJudgeException">They gave no decision; the message says why. Never a reason to allow.</exception>
    PolicyReport Judge(Manifest manifest);

    /// <summary>
    /// Which rule made the tier what it is and why the others did not fire, line by line, for people who read rules. By the
    /// rules of now. Empty where they are evaluated elsewhere, and where they give no answer.
    /// </summary>
    IReadOnlyList<string> Trace(Manifest manifest) => [];

    PolicyNumbers Numbers { get; }

    /// <summary>The catalogue of the same revision: whether a template's cap is hard, what counts where a manifest does not say.</summary>
    ServiceCatalogue Catalogue { get; }

    /// <summary>Content hash of rules and catalogue; recorded with each decision.</summary>
    string Revision { get; }

    /// <summary>The rulebook of this moment, which does not change any more. Whatever belongs to one decision asks the same one.</summary>
    IPolicies InForce => this;
}
