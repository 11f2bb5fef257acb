using Governance.People;

namespace MicroAppBot.Desk;

/// <summary>Who speaks, as far as a channel's own service vouches for it; nothing of it comes from a card or a text.</summary>
/// <param name="Email">Only where the organisation administers it and the service has verified it.</param>
/// <param name="TimeZone">An IANA name, where the channel says one.</param>
/// <param name="Outside">Set where the account is none of the organisation's members.</param>
public sealed record Sender(ChannelAccount Account, string? Name, string? Email, string? TimeZone = null, Outsider? Outside = null)
{
    /// <summary>
    /// The person this is: the same rule in every channel. An account of the organisation is looked up by its id, then by its
    /// e-mail. A guest, or somebody who could not be checked, is who the directory says, without roles. Somebody of elsewhere
    /// may share a name, an id or an e-mail with one of us, and is none of us.
    /// </summary>
    public Person In(IDirectory directory) => Outside switch
    {
        null => Known(directory.PersonOf(Account, Name, Email)),
        // Their e-mail, where there is one, was verified before: they are themselves, and sign nothing until they can be checked again
        Outsider.NotVerified => Known(directory.PersonOf(Account, Name, Email)) with { Roles = [], Outside = Outside },
        Outsider.Guest or Outsider.Deactivated => Known(directory.PersonOf(Account, Name, null)) with { Roles = [], Outside = Outside },
        _ => Known(Person.Unknown(Name ?? "", null, new PersonAccounts(Account.Channel == "teams" ? Account.Id : null, Account.Channel == "slack" ? Account.Id : null))) with { Outside = Outside },
    };

    private Person Known(Person person) => person.IsInDirectory || TimeZone is null ? person : person with { TimeZone = TimeZone };
}
