using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.People;

/// <summary>The embedded directory: <c>policies/people/data.json</c>, read at start.</summary>
public sealed class FileDirectory : IDirectory
{
    private readonly Dictionary<string, Person> _byTeams;
    private readonly Dictionary<string, Person> _bySlack;
    private readonly Dictionary<string, Person> _byEmail;

    public FileDirectory(IReadOnlyDictionary<string, Person> people)
    {
        People = people;
        _byTeams = Index(people.Values, p => p.Accounts.Teams);
        _bySlack = Index(people.Values, p => p.Accounts.Slack);
        _byEmail = Index(people.Values, p => p.Email);
    }

    public IReadOnlyDictionary<string, Person> People { get; }

    public Person PersonOf(ChannelAccount account, string? displayName, string? email)
    {
        var known = account.Channel switch
        {
            "console" => People.GetValueOrDefault(account.Id),
            "teams" => _byTeams.GetValueOrDefault(account.Id),
            "slack" => _bySlack.GetValueOrDefault(account.Id),
            _ => null,
        };
        if (known is null && !string.IsNullOrWhiteSpace(email)) known = _byEmail.GetValueOrDefault(email.Trim());
        return known ?? Person.Unknown(displayName ?? "", email, new PersonAccounts(
            account.Channel == "teams" ? account.Id : null,
            account.Channel == "slack" ? account.Id : null));
    }

    /// <summary>Ids are opaque and compared as they are, e-mails and GUIDs without regard to case; what two people share belongs to neither.</summary>
    private static Dictionary<string, Person> Index(IEnumerable<Person> people, Func<Person, string?> by) => people
        .Where(p => !string.IsNullOrWhiteSpace(by(p)))
        .GroupBy(p => by(p)!, StringComparer.OrdinalIgnoreCase)
        .Where(same => same.Count() == 1)
        .ToDictionary(same => same.Key, same => same.Single(), StringComparer.OrdinalIgnoreCase);
}
