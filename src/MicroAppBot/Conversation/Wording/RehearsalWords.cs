using Governance.Catalogue;
using Governance.Lifecycle;
using Governance.People;
using Governance.Requests;
using Governance.Verdicts;

namespace MicroAppBot.Conversation.Wording;

/// <summary>What a rehearsal of other rules says, in the same words in chat and at the terminal.</summary>
public static class RehearsalWords
{
    /// <summary>The gravest first; what stays the same comes last.</summary>
    public static IReadOnlyList<RehearsalOutcome> InOrder { get; } = Enum.GetValues<RehearsalOutcome>();

    public static string Heading(RehearsalOutcome outcome) => outcome switch
    {
        RehearsalOutcome.NotJudged => "Could not be judged",
        RehearsalOutcome.Stopped => "Would fail",
        RehearsalOutcome.MoreSignatures => "Would need new signatures",
        RehearsalOutcome.OtherTier => "Would be of another tier",
        RehearsalOutcome.FewerSignatures => "Would need fewer signatures",
        RehearsalOutcome.Freed => "Would be allowed and is not now",
        _ => "Stays as it is",
    };

    public static string Icon(RehearsalOutcome outcome) => outcome switch
    {
        RehearsalOutcome.NotJudged => "❓",
        RehearsalOutcome.Stopped => "⛔",
        RehearsalOutcome.MoreSignatures => "✍️",
        RehearsalOutcome.OtherTier => "🔀",
        RehearsalOutcome.FewerSignatures => "🪶",
        RehearsalOutcome.Freed => "✅",
        _ => "➖",
    };

    /// <summary>"2 apps and 1 open request".</summary>
    public static string Counted(IReadOnlyCollection<Rehearsed> rows)
    {
        var (apps, requests) = (rows.Count(r => r.What == "app"), rows.Count(r => r.What == "request"));
        string?[] parts = [apps > 0 || requests == 0 ? InWords.Count(apps, "live app") : null, requests > 0 ? InWords.Count(requests, "open request") : null];
        return InWords.List([.. parts.OfType<string>()]);
    }

    /// <summary>What was judged, and what was left out.</summary>
    public static string Judged(RulebookRehearsal rehearsal)
    {
        string[] left = [.. rehearsal.Archived > 0 ? [InWords.Count(rehearsal.Archived, "archived app")] : Array.Empty<string>(), "drafts"];
        return $"{Counted(rehearsal.All)} {(rehearsal.All.Count == 1 ? "was" : "were")} judged by both. Left out: {InWords.List(left)}. "
            + (rehearsal.Archived > 0 ? "They are judged when somebody brings them back or files them." : "They are judged when somebody files them.");
    }

    /// <summary>"Of all these, 5 change tier: 4 from low to medium and 1 from high to low." Null where none does.</summary>
    public static string? Tiers(RulebookRehearsal rehearsal)
    {
        var moved = rehearsal.OtherTier.GroupBy(r => (From: r.Now!.Risk.Tier, To: r.Then!.Risk.Tier)).OrderByDescending(g => g.Key.To).ThenBy(g => g.Key.From).ToList();
        return moved.Count == 0 ? null
            : $"{InWords.Count(moved.Sum(g => g.Count()), "of these changes tier", "of these change tier")}: {InWords.List([.. moved.Select(g => $"{g.Count()} from {g.Key.From.ToText()} to {g.Key.To.ToText()}")])}.";
    }

    /// <summary>Why, in the rules' words, and what it means for whoever has to do with it: one sentence each. What mends a finding begins with an arrow.</summary>
    /// <param name="nameOf">A person's name.</param>
    /// <param name="day">A day in words.</param>
    public static IReadOnlyList<string> Of(Rehearsed one, DateTimeOffset now, Func<string, string> nameOf, Func<DateTimeOffset, string> day) =>
    [
        .. one.Outcome switch
        {
            RehearsalOutcome.NotJudged => [$"The proposed rules give no answer for it, so nothing could be approved for it. {one.WhyMute}"],
            RehearsalOutcome.Stopped => one.NewFaults.SelectMany(Fault),
            RehearsalOutcome.MoreSignatures => [Signing(one), .. one.NewReasons],
            RehearsalOutcome.OtherTier => one.NewReasons,
            RehearsalOutcome.FewerSignatures => [$"No more: {InWords.List([.. one.GoneRoles.Select(Role.InASentence)])}."],
            RehearsalOutcome.Freed => [one.Now is null ? "The rules in force give no answer for it." : $"In the way now: {string.Join(" ", one.Now.At(FindingLevel.Hard).Select(f => f.Message))}"],
            _ => [],
        },
        .. one.ChangesTier ? [$"Its tier: {one.Now!.Risk.Tier.ToText()} → {one.Then!.Risk.Tier.ToText()}."] : Array.Empty<string>(),
        .. one.LostExceptions.Count > 0 ? ["Somebody signed an exception for this. The proposed rules allow none."] : Array.Empty<string>(),
        .. one.CoveredUntil(now) is { } until ? [$"It has time for this already, until {day(until)}."] : Array.Empty<string>(),
        .. one.Outcome == RehearsalOutcome.Same ? [] : one.Signatures.Select(s => Signature(s, one.Outcome, nameOf)),
    ];

    private static IEnumerable<string> Fault(Finding fault) => fault.Fix.Length == 0 ? [fault.Message] : [fault.Message, $"→ {fault.Fix}"];

    private static string Signing(Rehearsed one)
    {
        var roles = InWords.List([.. one.NewRoles.Select(Role.InASentence)]);
        var gone = one.GoneRoles.Count == 0 ? "" : $" Instead of {InWords.List([.. one.GoneRoles.Select(Role.InASentence)])}.";
        return one.What == "app"
            ? $"When it is next renewed or changed, {roles} would have to sign.{gone}"
            : $"{char.ToUpperInvariant(roles[0])}{roles[1..]} would be asked as well, at the latest when the last signature is given.{gone}";
    }

    private static string Signature(SignatureRehearsed given, RehearsalOutcome outcome, Func<string, string> nameOf) => given.Fate switch
    {
        SignatureFate.Stays => $"{nameOf(given.PersonId)}'s signature stays.",
        SignatureFate.AskedAgain => $"{nameOf(given.PersonId)}'s signature is not enough any more: there would be an exception to sign for.",
        SignatureFate.NotNeeded => $"{nameOf(given.PersonId)} signed, and would not have to.",
        _ when outcome == RehearsalOutcome.NotJudged => $"{nameOf(given.PersonId)} signed already; the last signature could not be taken.",
        _ => $"{nameOf(given.PersonId)} signed already. It would be stopped at the last signature, and what is changed then is signed anew.",
    };
}
