using Governance.People;

namespace MicroAppBot.Desk;

/// <summary>Who is who, across channels.</summary>
public interface IDirectory
{
    IReadOnlyDictionary<string, Person> People { get; }

    /// <summary>
    /// The person an account belongs to: by account id, then by e-mail. Somebody the directory does not know becomes a
    /// person without roles, with a stable id made of the account.
    /// </summary>
    Person PersonOf(ChannelAccount account, string? displayName, string? email);
}
