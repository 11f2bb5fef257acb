using Governance.Catalogue;
using Governance.Manifests;
using Governance.People;
using Governance.Requests;
using Governance.Tests.Catalogue;
using Governance.Tests.Manifests;
using Governance.Verdicts;

namespace Governance.Tests.Requests;

/// <summary>The people, the numbers that are shipped, and a rulebook small enough to be kept in mind.</summary>
public static class World
{
    /// <summary>Monday 2 March 2026, 10:00 in Berlin.</summary>
    public static readonly DateTimeOffset Monday = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static readonly PolicyNumbers Numbers = PolicyNumbers.Parse(File.ReadAllBytes(Shipped("policies/data.json")));

    public static readonly IReadOnlyDictionary<string, Person> People = new[]
    {
        Someone("ada", "marketing", "miriam"),
        Someone("jonas", "marketing", "miriam"),
        Someone("miriam", "marketing", "helen", Role.BusinessOwner),
        Someone("grace", "sales", "helen", Role.BusinessOwner) with { TimeZone = "America/New_York" },
        Someone("helen", "operations", null, Role.BusinessOwner, Role.GovernanceAdmin),
        Someone("sam", "it", "helen", Role.Security),
        Someone("dana", "it", "helen", Role.Security),
        Someone("cleo", "legal", "helen", Role.Compliance),
        Someone("carl", "legal", "helen", Role.Compliance),
        Someone("iris", "it", "helen", Role.InfraOps),
        Someone("ivan", "it", "helen", Role.InfraOps) with { TimeZone = "Australia/Sydney" },
        Someone("noor", "sales", "grace"),
    }.ToDictionary(p => p.Id);

    /// <summary>Internal data: nobody has to sign.</summary>
    public static readonly Manifest Low = Where2Eat.Manifest with { App = Where2Eat.Manifest.App with { Owner = "ada", CoOwner = "jonas" } };

    /// <summary>Business owner and security.</summary>
    public static readonly Manifest Medium = Low with { App = Low.App with { DataClass = DataClass.Confidential } };

    /// <summary>Security, compliance and infrastructure.</summary>
    public static readonly Manifest High = Low with { App = Low.App with { DataClass = DataClass.Regulated } };

    /// <summary>A hard finding.</summary>
    public static readonly Manifest Forbidden = Low with { Data = Low.Data with { Kinds = ["credentials"] } };

    public static Facts FactsAt(DateTimeOffset now, Func<Manifest, PolicyReport>? judge = null, IReadOnlyDictionary<string, Person>? people = null) =>
        new(now, people ?? People, Numbers, judge ?? Judge, SmallCatalogue.Create());

    /// <summary>Class sets the tier; a cap above 500 and a TTL above 30 days need a waiver; credentials are forbidden.</summary>
    public static PolicyReport Judge(Manifest manifest)
    {
        var findings = new List<Finding>();
        if (manifest.Data.Kinds.Contains("credentials")) findings.Add(new("data.credentials", FindingLevel.Hard, "An app never handles passwords.", "Leave them out.", "/data/kinds"));
        if (manifest.Cost.CapUsd > 500) findings.Add(new("cost.cap", FindingLevel.Override, "The cap is above 500 USD.", "Lower it.", "/cost/cap_usd"));
        if (manifest.Lifecycle.TtlDays > 30) findings.Add(new("lifecycle.ttl", FindingLevel.Override, "It would live for more than 30 days.", "Shorten it.", "/lifecycle/ttl_days"));
        var tier = manifest.App.DataClass switch
        {
            DataClass.Regulated => RiskTier.High,
            DataClass.Confidential => RiskTier.Medium,
            _ => findings.Any(f => f.Level == FindingLevel.Override) ? RiskTier.Medium : RiskTier.Low,
        };
        return Report(findings, tier, "r1");
    }

    public static PolicyReport Report(IReadOnlyList<Finding> findings, RiskTier tier, string revision)
    {
        var roles = Numbers.Approvals[tier].Select(a => a.Role)
            .Concat(findings.Where(f => f.Level == FindingLevel.Override).Select(f => Numbers.WaivedBy[f.Rule])).Distinct();
        return new PolicyReport(findings.All(f => f.Level != FindingLevel.Hard), findings, new Risk(tier, (int)tier * 30, []), [.. roles.Select(r => new RequiredApproval(r, 1))], revision);
    }

    /// <summary>A rulebook that stops everything, as one that became stricter would.</summary>
    public static PolicyReport Stricter(Manifest manifest) =>
        Report([new("network.external-sink", FindingLevel.Hard, "No longer allowed.", "Take it out.", "/network")], Judge(manifest).Risk.Tier, "r2");

    public static Person Someone(string id, string department, string? manager, params string[] roles) =>
        new(id, char.ToUpperInvariant(id[0]) + id[1..], id + "@example.com", department, manager, "Europe/Berlin", roles, null, PersonAccounts.None);

    public static IReadOnlyDictionary<string, Person> Without(params string[] ids) => People.Where(p => !ids.Contains(p.Key)).ToDictionary();

    private static string Shipped(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MicroAppBot.sln"))) folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("These tests run inside the repository."), path);
    }
}
