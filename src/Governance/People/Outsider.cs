namespace Governance.People;

/// <summary>Why somebody who may talk to the bot may sign for nothing: the channel does not vouch for them as one of the organisation.</summary>
public enum Outsider
{
    /// <summary>Invited into the organisation's workspace or tenant from outside.</summary>
    Guest,
    /// <summary>Of another workspace or tenant, met in a shared channel.</summary>
    OtherOrganisation,
    /// <summary>A program with an account.</summary>
    Bot,
    /// <summary>An account that was switched off.</summary>
    Deactivated,
    /// <summary>The channel did not answer who this is; it may in a moment.</summary>
    NotVerified,
}

public static class OutsiderWords
{
    /// <summary>What somebody is told who wants to sign all the same: why not, and what happens next.</summary>
    public static string WhyNot(Outsider outsider) => outsider switch
    {
        Outsider.Guest => "You are here as a guest, and only members of the organisation can decide on requests. Nothing was changed. You can ask for apps of your own, though.",
        Outsider.OtherOrganisation => "Your account belongs to another organisation, and only members of this one can decide on requests. Nothing was changed. The people who are asked still have it.",
        Outsider.Bot => "Only people decide on requests, and this account belongs to a program. Nothing was changed.",
        Outsider.Deactivated => "This account is switched off, so I cannot take a decision from it. Nothing was changed.",
        Outsider.NotVerified => "I could not check your account just now, so I have not taken this from you yet. Nothing was changed. Please try it again in a minute.",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
