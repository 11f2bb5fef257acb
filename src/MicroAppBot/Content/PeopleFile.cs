using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Manifests;
using Governance.People;

namespace MicroAppBot.Content;

/// <summary>Reads the embedded people directory, <c>policies/people/data.json</c>.</summary>
internal sealed class PeopleFile(JsonText text, List<ContentFault> faults)
{
    private static readonly string[] Keys = ["name", "email", "department", "manager", "timeZone", "roles", "cost_centre", "accounts"];

    public static IReadOnlyDictionary<string, Person> Read(JsonText text, List<ContentFault> faults) => new PeopleFile(text, faults).Read();

    private Dictionary<string, Person> Read()
    {
        var people = new Dictionary<string, Person>(StringComparer.Ordinal);
        foreach (var (id, node) in text.Root)
        {
            if (id.Length is 0 or > 64 || !id.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '-' or '_'))
                Fault($"/{id}", $"“{id}” is not a person id: small letters, digits, dots and hyphens.");
            if (node is JsonObject entry)
                people[id] = One(id, entry);
            else
                Fault($"/{id}", $"“{id}” is an object with {string.Join(", ", Keys)}.");
        }

        if (people.Count == 0)
            Fault("", "There is nobody in the directory; a bot without people has nobody to ask.");
        CheckManagers(people);
        CheckUnique(people, "/email", "e-mail", p => p.Email);
        CheckUnique(people, "/accounts/teams", "Teams account", p => p.Accounts.Teams);
        CheckUnique(people, "/accounts/slack", "Slack account", p => p.Accounts.Slack);
        return people;
    }

    private Person One(string id, JsonObject entry)
    {
        var at = "/" + id;
        CheckKeys(entry, at, Keys);
        var department = Needed(entry, at, "department");
        if (department.Length > 0 && !Department.IsKnown(department))
            Fault(at + "/department", Unknown(department, "a department", Department.All));
        var zone = Needed(entry, at, "timeZone");
        if (zone.Length > 0 && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            Fault(at + "/timeZone", $"“{zone}” is not a time zone; write it like “Europe/Berlin”.");
        var email = Needed(entry, at, "email");
        if (email.Length > 0 && (email.IndexOf('@', StringComparison.Ordinal) is <= 0 || email.EndsWith('@') || email.Any(char.IsWhiteSpace)))
            Fault(at + "/email", $"“{email}” is not an e-mail address.");
        return new Person(id, Needed(entry, at, "name"), email, department, Optional(entry, at, "manager"), zone, Roles(entry, at), Optional(entry, at, "cost_centre"), Accounts(entry, at));
    }

    private List<string> Roles(JsonObject entry, string at)
    {
        var roles = new List<string>();
        if (entry["roles"] is not JsonArray list)
        {
            Fault(at + "/roles", "“roles” is a list; [] for nobody's approver.");
            return roles;
        }

        for (var index = 0; index < list.Count; index++)
        {
            var role = Text(list[index]) ?? "";
            if (!Role.IsKnown(role))
                Fault($"{at}/roles/{index}", Unknown(role, "a role", Role.All));
            else if (roles.Contains(role))
                Fault($"{at}/roles/{index}", $"“{role}” is listed twice.");
            else
                roles.Add(role);
        }

        return roles;
    }

    private PersonAccounts Accounts(JsonObject entry, string at)
    {
        if (!entry.TryGetPropertyValue("accounts", out var node) || node is null)
            return PersonAccounts.None;
        if (node is not JsonObject accounts)
        {
            Fault(at + "/accounts", "“accounts” is an object with teams and slack.");
            return PersonAccounts.None;
        }

        CheckKeys(accounts, at + "/accounts", ["teams", "slack"]);
        return new PersonAccounts(Optional(accounts, at + "/accounts", "teams"), Optional(accounts, at + "/accounts", "slack"));
    }

    private void CheckManagers(Dictionary<string, Person> people)
    {
        foreach (var person in people.Values.Where(p => p.Manager is not null))
        {
            var at = $"/{person.Id}/manager";
            if (!people.ContainsKey(person.Manager!))
            {
                Fault(at, $"The manager “{person.Manager}” is not in the directory.{(NearestWord.To(person.Manager!, people.Keys) is { } nearest ? $" Did you mean “{nearest}”?" : "")}");
                continue;
            }

            // An escalation that follows the managers must come to an end
            var seen = new HashSet<string>(StringComparer.Ordinal);
            for (var boss = person.Manager; boss is not null && seen.Add(boss); boss = people.GetValueOrDefault(boss)?.Manager)
            {
                if (boss == person.Id)
                    Fault(at, $"“{person.Id}” is, through others, their own manager.");
            }
        }
    }

    private void CheckUnique(Dictionary<string, Person> people, string key, string what, Func<Person, string?> value)
    {
        foreach (var group in people.Values.Where(p => !string.IsNullOrEmpty(value(p))).GroupBy(p => value(p)!, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            foreach (var person in group.Skip(1))
                Fault($"/{person.Id}{key}", $"This {what} already belongs to “{group.First().Id}”; a sender must be one person.");
        }
    }

    private void CheckKeys(JsonObject entry, string at, string[] known)
    {
        foreach (var key in entry.Select(e => e.Key).Where(k => !known.Contains(k, StringComparer.Ordinal)))
            Fault($"{at}/{key}", $"“{key}” is not known here.{(NearestWord.To(key, known) is { } nearest ? $" Did you mean “{known.First(k => k == nearest)}”?" : $" There is: {string.Join(", ", known)}.")}");
    }

    private string Needed(JsonObject entry, string at, string key)
    {
        var value = Text(entry[key]);
        if (!string.IsNullOrWhiteSpace(value))
            return value;
        Fault($"{at}/{key}", entry.ContainsKey(key) ? $"“{key}” is a text." : $"“{at[1..]}” lacks “{key}”.");
        return "";
    }

    private string? Optional(JsonObject entry, string at, string key)
    {
        if (!entry.TryGetPropertyValue(key, out var node) || node is null)
            return null;
        if (Text(node) is { Length: > 0 } value)
            return value;
        Fault($"{at}/{key}", $"“{key}” is a text, or null.");
        return null;
    }

    private void Fault(string pointer, string why) => faults.Add(new ContentFault(text.File, text.LineOf(pointer), why));

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static string Unknown(string word, string what, IReadOnlyCollection<string> words) =>
        $"“{word}” is not {what}.{(NearestWord.To(word, words) is { } nearest ? $" Did you mean “{nearest}”?" : $" It is one of: {string.Join(", ", words)}.")}";
}
