using Governance.People;
using Governance.Requests;
using Governance.Verdicts;

namespace Governance.Apps;

public static partial class AppDecider
{
    private static Decision<AppEvent> OnGrace(MicroApp app, AppCommand.GiveGrace command, Facts facts)
    {
        var giver = facts.People.GetValueOrDefault(command.ById);
        if (giver is null) return Refuse(RefusalCode.UnknownPerson, "I do not find you in the directory.");
        if (giver.Outside is { } outside) return Refuse(RefusalCode.Outsider, OutsiderWords.WhyNot(outside));
        if (!giver.Has(Role.GovernanceAdmin)) return Refuse(RefusalCode.NotYourSeat, "Only a governance admin can give an app time for a new rule.");
        if (!app.IsLive) return Refuse(RefusalCode.WrongState, "This app is not live any more, so no rule stands in its way.");
        if (command.Findings.Count == 0 || command.Until <= facts.Now) return Happen([]);
        if (command.Until > facts.Now.AddDays(Grace.LongestDays)) return Refuse(RefusalCode.TooLate, $"A new rule can wait {Grace.LongestDays} days at most. Please name an earlier day.");

        var rules = command.Findings.Select(f => f.Rule).Distinct(StringComparer.Ordinal).ToList();
        // The same click twice, or a shorter time than they have already
        var covered = rules.All(rule => app.File.Graces?.Any(g => g.Until >= command.Until && g.Rules.Contains(rule, StringComparer.Ordinal)) == true);
        return covered ? Happen([]) : Happen([new GraceGiven(rules, command.Findings, command.Until, command.ById, command.Revision, facts.Now)]);
    }
}
