using Governance.Catalogue;
using Governance.Manifests;
using Governance.Verdicts;
using MicroAppBot.Desk;

namespace MicroAppBot.Policies;

/// <summary>The rulebook of the content that holds now: after a reload the next decision goes by the new one.</summary>
/// <param name="rules">The rulebook of this moment.</param>
public sealed class RulesInForce(Func<IPolicies> rules) : IPolicies
{
    public PolicyNumbers Numbers => rules().Numbers;

    public ServiceCatalogue Catalogue => rules().Catalogue;

    public string Revision => rules().Revision;

    public IPolicies InForce => rules();

    public IReadOnlyList<string> Trace(Manifest manifest) => rules().Trace(manifest);

    public PolicyReport Judge(Manifest manifest) => rules().Judge(manifest);
}
