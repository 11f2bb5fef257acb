using Governance.Lifecycle;

namespace MicroAppBot.Desk;

/// <summary>The rules that somebody proposes to put in force next.</summary>
public interface IRulebookProposal
{
    /// <summary>What is proposed now.</summary>
    Proposal Read();
}

/// <summary>What there is to compare with what is in force.</summary>
public abstract record Proposal
{
    private Proposal() { }

    /// <summary>Nobody proposed anything.</summary>
    public sealed record None : Proposal;

    /// <summary>It cannot be used; each fault with its place.</summary>
    public sealed record Faulty(IReadOnlyList<string> Faults) : Proposal;

    /// <param name="Revision">Of the proposed rules.</param>
    /// <param name="Change">What is different from what is in force, in one line; empty when nothing is.</param>
    public sealed record Rules(Rulebook Book, string Revision, string Change) : Proposal;
}
