using Governance.Catalogue;
using Governance.Manifests;
using Governance.People;
using Governance.Verdicts;

namespace Governance.Requests;

/// <summary>
/// What a decision may look at besides the state and the command. Everything is handed in, so that a decision can be
/// repeated later with the same facts and must come out the same.
/// </summary>
/// <param name="Now">The governance clock, UTC.</param>
/// <param name="People">The directory, by person id.</param>
/// <param name="Numbers">The numbers of <c>policies/data.json</c>.</param>
/// <param name="Judge">The rulebook in force: manifest in, report out. Pure and repeatable.</param>
/// <param name="Catalogue">Templates and connectors in force: whether a cap is hard, and what counts where a manifest does not say.</param>
public sealed record Facts(
    DateTimeOffset Now,
    IReadOnlyDictionary<string, Person> People,
    PolicyNumbers Numbers,
    Func<Manifest, PolicyReport> Judge,
    ServiceCatalogue Catalogue)
{
    /// <summary>A person's name; in words who it is where the directory has none.</summary>
    public string NameOf(string? personId) => Wording.NameOf(this, personId);
}

/// <summary>What a decider answers: events to record, or a refusal in words a person can act on.</summary>
public abstract record Decision<TEvent>
{
    private Decision() { }

    /// <summary>The events that follow; none means that what was asked is already so (a repeated click).</summary>
    public sealed record Happened(IReadOnlyList<TEvent> Events) : Decision<TEvent>;

    /// <summary>Nothing is recorded. <paramref name="Code"/> is for programs (e.g. <c>not-your-seat</c>), <paramref name="Words"/> for the person.</summary>
    public sealed record Refused(string Code, string Words) : Decision<TEvent>;
}
