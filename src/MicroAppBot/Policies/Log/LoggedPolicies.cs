using Governance.Catalogue;
using Governance.Manifests;
using Governance.Verdicts;
using MicroAppBot.Desk;
using Rego.Values;

namespace MicroAppBot.Policies.Log;

/// <summary>A rulebook whose decisions are logged.</summary>
public sealed class LoggedPolicies(IPolicies rules, DecisionLog log, TimeProvider clock) : IPolicies
{
    public PolicyNumbers Numbers => rules.Numbers;

    public ServiceCatalogue Catalogue => rules.Catalogue;

    public string Revision => rules.Revision;

    public IPolicies InForce => new LoggedPolicies(rules.InForce, log, clock);

    public IReadOnlyList<string> Trace(Manifest manifest) => rules.Trace(manifest);

    public PolicyReport Judge(Manifest manifest)
    {
        var began = clock.GetTimestamp();
        var report = rules.Judge(manifest);
        var took = (long)(clock.GetElapsedTime(began).TotalMilliseconds * 1_000_000);
        log.Take(new Decision(Guid.CreateVersion7(clock.GetUtcNow()).ToString(), report.Revision, clock.GetUtcNow(), "microappbot",
            new Dictionary<string, long> { ["timer_rego_query_eval_ns"] = took })
        {
            Path = "microapps/decision",
            Input = RValue.Parse(manifest.ToJson().ToJsonString()),
            Result = RValue.Parse(report.ToJson()),
        });
        return report;
    }
}
