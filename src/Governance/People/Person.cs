namespace Governance.People;

/// <summary>Where somebody can be reached.</summary>
/// <param name="Teams">The Azure AD (Entra) object id a Teams sender carries, or null.</param>
/// <param name="Slack">The Slack user id (<c>U…</c> or <c>W…</c>), or null.</param>
public sealed record PersonAccounts(string? Teams, string? Slack)
{
    public static PersonAccounts None { get; } = new(null, null);
}

/// <summary>Someone of the organisation, the same across all channels.</summary>
/// <param name="Id">The key of the directory, such as <c>ada.keller</c>.</param>
/// <param name="Department">One of <see cref="People.Department.All"/>; empty for a sender who is not in the directory.</param>
/// <param name="Manager">The manager's person id, or null at the top.</param>
/// <param name="TimeZone">An IANA time zone such as <c>Europe/Berlin</c>.</param>
/// <param name="Roles">What this person may sign for: words of <see cref="Role.All"/>.</param>
public sealed record Person(
    string Id,
    string Name,
    string Email,
    string Department,
    string? Manager,
    string TimeZone,
    IReadOnlyList<string> Roles,
    string? CostCentre,
    PersonAccounts Accounts)
{
    /// <summary>Set where the channel does not vouch for this account as one of the organisation: then this person comes without roles, and may sign for nothing.</summary>
    public Outsider? Outside { get; init; }

    /// <summary>False for a sender who is not in the directory: a guest who may ask, and may sign for nothing.</summary>
    public bool IsInDirectory => Department.Length > 0;

    /// <summary>The first word of the name, for a greeting; the whole name when it is one word.</summary>
    public string FirstName => Name.Split(' ', 2)[0];

    /// <summary>The time zone as an object; UTC when this machine does not know it.</summary>
    public TimeZoneInfo Zone => TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;

    public bool Has(string role) => Roles.Contains(role, StringComparer.Ordinal);

    /// <summary>
    /// A verified sender of the organisation who is not in the directory: a person without roles, department or manager.
    /// The id comes from the account (<c>teams:…</c>, <c>slack:…</c>, else the e-mail), so the same sender is the same person tomorrow.
    /// </summary>
    /// <param name="timeZone">What the channel says, if it says one; else UTC.</param>
    /// <exception cref="ArgumentException">Neither an account nor an e-mail: there is nobody to speak of.</exception>
    public static Person Unknown(string name, string? email, PersonAccounts accounts, string? timeZone = null)
    {
        var id = accounts.Teams is { Length: > 0 } teams ? "teams:" + teams
            : accounts.Slack is { Length: > 0 } slack ? "slack:" + slack
            : email is { Length: > 0 } ? email.ToLowerInvariant()
            : throw new ArgumentException("A sender needs an account or an e-mail.", nameof(accounts));
        return new Person(id, string.IsNullOrWhiteSpace(name) ? email ?? id : name, email ?? "", "", null, timeZone ?? "Etc/UTC", [], null, accounts);
    }
}
