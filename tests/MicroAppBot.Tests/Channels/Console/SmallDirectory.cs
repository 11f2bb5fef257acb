using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Channels.Console;

internal sealed class SmallDirectory : IDirectory
{
    public IReadOnlyDictionary<string, Person> People { get; } = new Dictionary<string, Person>(StringComparer.Ordinal)
    {
        ["ada.keller"] = Of("ada.keller", "Ada Keller", "marketing", "Europe/Berlin"),
        ["jonas.lindqvist"] = Of("jonas.lindqvist", "Jonas Lindqvist", "marketing", "Europe/Berlin"),
        ["miriam.osei"] = Of("miriam.osei", "Miriam Osei", "marketing", "Europe/Berlin", Role.BusinessOwner),
        ["tomas.novak"] = Of("tomas.novak", "Tomás Novák", "sales", "America/New_York"),
        ["grace.okafor"] = Of("grace.okafor", "Grace Okafor", "sales", "America/New_York", Role.BusinessOwner),
        ["dana.levi"] = Of("dana.levi", "Dana Levi", "it", "Europe/London", Role.Security),
        ["yuki.tanaka"] = Of("yuki.tanaka", "Yuki Tanaka", "legal", "Asia/Tokyo", Role.Compliance),
        ["omar.haddad"] = Of("omar.haddad", "Omar Haddad", "operations", "Europe/London", Role.InfraOps),
        ["helen.marsh"] = Of("helen.marsh", "Helen Marsh", "operations", "Europe/London", Role.GovernanceAdmin, Role.BusinessOwner),
        ["lena.fischer"] = Of("lena.fischer", "Lena Fischer", "hr", "Europe/Berlin"),
    };

    public Person PersonOf(ChannelAccount account, string? displayName, string? email) => People[account.Id];

    private static Person Of(string id, string name, string department, string zone, params string[] roles) =>
        new(id, name, $"{id}@example.com", department, null, zone, roles, null, PersonAccounts.None);
}
