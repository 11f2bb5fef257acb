using Governance.People;
using Governance.Requests;
using Governance.Verdicts;

namespace Governance.Apps;

public static partial class AppDecider
{
    private static Decision<AppEvent> OnGrace(MicroApp app, AppCommand.GiveGrace command, Facts facts)
    {
        if (NoGovernanceAdmin(command.ById, facts) is { } no) return no;
        if (!app.IsLive) return Refuse(RefusalCode.WrongState, "This app is not live any more, so no rule stands in its way.");
        if (command.Findings.Count == 0 || command.Until <= facts.Now) return Happen([]);
        if (command.Until > facts.Now.AddDays(Grace.LongestDays)) return Refuse(RefusalCode.TooLate, $"A new rule can wait {Grace.LongestDays} days at most. Please name an earlier day.");

        var rules = command.Findings.Select(f => f.Rule).Distinct(StringComparer.Ordinal).ToList();
        // The same click twice, or a shorter time than they have already
        var covered = rules.All(rule => app.File.Graces?.Any(g => g.MetAt is null && g.Until >= command.Until && g.Rules.Contains(rule, StringComparer.Ordinal)) == true);
        return covered ? Happen([]) : Happen([new GraceGiven(rules, command.Findings, command.Until, command.ById, command.Revision, facts.Now)]);
    }

    private static Decision<AppEvent> OnGraceTakenBack(MicroApp app, AppCommand.TakeGraceBack command, Facts facts)
    {
        if (NoGovernanceAdmin(command.ById, facts) is { } no) return no;
        var rules = (app.File.Graces ?? []).Where(g => g.Revision == command.Revision && g.IsOpen(facts.Now)).SelectMany(g => g.Rules).Distinct(StringComparer.Ordinal).ToList();
        return app.IsLive && rules.Count > 0 ? Happen([new GraceTakenBack(rules, command.Revision, command.ById, facts.Now)]) : Happen([]);
    }

    private static Decision<AppEvent>.Refused? NoGovernanceAdmin(string id, Facts facts) => facts.People.GetValueOrDefault(id) switch
    {
        null => Refuse(RefusalCode.UnknownPerson, "I do not find you in the directory."),
        { Outside: { } outside } => Refuse(RefusalCode.Outsider, OutsiderWords.WhyNot(outside)),
        var giver when !giver.Has(Role.GovernanceAdmin) => Refuse(RefusalCode.NotYourSeat, "Only a governance admin can give an app time for a new rule, or take it back."),
        _ => null,
    };

    /// <summary>An owner mended the app before the time was over. A rule that does not hold yet has nothing against the app before and after, and says nothing of it.</summary>
    private static IReadOnlyList<AppEvent> WithGraceMet(MicroApp before, IReadOnlyList<AppEvent> events, Facts facts)
    {
        if (before.File.Graces?.Any(g => g.IsOpen(facts.Now)) != true) return events;
        var after = events.Aggregate(before, Evolve).File;
        if (after.ManifestHash == before.File.ManifestHash) return events;
        var (then, now) = (facts.Judge(before.File.Manifest), facts.Judge(after.Manifest));
        var met = before.File.Graces.Where(g => g.IsOpen(facts.Now) && g.StandsAgainst(then) && !g.StandsAgainst(now)).SelectMany(g => g.Rules).Distinct(StringComparer.Ordinal).ToList();
        return met.Count == 0 ? events : [.. events, new GraceMet(met, facts.Now)];
    }
}
