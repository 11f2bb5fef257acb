namespace Governance.Verdicts;

/// <summary>What a finding does to a request. Ordered by weight: <c>Advise &lt; Override &lt; Hard</c>.</summary>
public enum FindingLevel
{
    /// <summary>Only speaks.</summary>
    Advise,

    /// <summary>Adds the seat of the role that may waive it, and lifts the tier to medium at least.</summary>
    Override,

    /// <summary>Stops the request; nobody can sign it away.</summary>
    Hard,
}

/// <summary>One thing a policy says of one manifest.</summary>
/// <param name="Rule">Id of the rule, such as <c>network.external-sink</c>.</param>
/// <param name="Level">What it does to the request.</param>
/// <param name="Message">What is the matter, in words for the builder.</param>
/// <param name="Fix">What to change, concretely.</param>
/// <param name="Field">JSON pointer into the manifest, such as <c>/integrations/0/fields/2</c>.</param>
public sealed record Finding(string Rule, FindingLevel Level, string Message, string Fix, string Field);
