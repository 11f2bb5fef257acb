using System.Text.Json;
using Governance.People;

namespace Governance.Verdicts;

/// <summary>
/// The numbers of <c>policies/data.json</c>: every deadline, limit and seat that is policy and not code.
/// Durations are in the unit their name says.
/// </summary>
/// <param name="Approvals">Roles that sign for a new app, by tier.</param>
/// <param name="WaivedBy">Rule id of an override finding to the role whose signature waives it.</param>
/// <param name="Seats">Kind of request (<c>create</c>, <c>renew</c>, <c>raise-cap</c>, …) to the seats it needs, by tier.</param>
public sealed record PolicyNumbers(
    IReadOnlyDictionary<RiskTier, IReadOnlyList<RequiredApproval>> Approvals,
    IReadOnlyDictionary<string, string> WaivedBy,
    IReadOnlyDictionary<string, IReadOnlyDictionary<RiskTier, SeatRule>> Seats,
    LimitNumbers Limits,
    RequestNumbers Requests,
    BusinessHours BusinessHours,
    LifecycleNumbers Lifecycle,
    CostNumbers Cost,
    ElevationNumbers Elevation,
    ReviewNumbers Review,
    BreakGlassNumbers BreakGlass,
    GuardNumbers Guards)
{
    private static readonly string[] Kinds = ["create", "change", "renew", "raise-cap", "restore", "archive", "transfer", "resume"];

    /// <summary>Every role that some request may need the signature of, and of how many people at most.</summary>
    public IReadOnlyDictionary<string, int> PeopleWanted() => Approvals.Values.SelectMany(seats => seats)
        .Concat(Seats.Values.SelectMany(tiers => tiers.Values).SelectMany(rule => rule.Also))
        .Concat(WaivedBy.Values.Select(role => new RequiredApproval(role, 1)))
        .GroupBy(seat => seat.Role, StringComparer.Ordinal)
        .ToDictionary(same => same.Key, same => same.Max(seat => seat.Count), StringComparer.Ordinal);

    /// <summary>
    /// The seats a request of this kind needs, each role once: those of the table, and those of the report
    /// where the table says so.
    /// </summary>
    /// <param name="kind">A kind of <see cref="Seats"/>.</param>
    /// <param name="report">What the policies say of the manifest as it would be afterwards.</param>
    /// <exception cref="ArgumentException">The table does not know the kind.</exception>
    public IReadOnlyList<RequiredApproval> SeatsFor(string kind, PolicyReport report)
    {
        if (!Seats.TryGetValue(kind, out var tiers))
        {
            throw new ArgumentException($"No seats are set for requests of the kind '{kind}'.", nameof(kind));
        }

        var rule = tiers[report.Risk.Tier];
        return (rule.AsReported ? report.Approvals : [])
            .Concat(rule.Also)
            .GroupBy(seat => seat.Role, StringComparer.Ordinal)
            .Select(same => same.MaxBy(seat => seat.Count)!)
            .ToList();
    }

    /// <summary>Reads the numbers out of <c>policies/data.json</c>; other keys of the document are left alone.</summary>
    /// <exception cref="JsonException">A number is missing, has the wrong shape or cannot be meant.</exception>
    public static PolicyNumbers Parse(ReadOnlySpan<byte> utf8)
    {
        var numbers = JsonSerializer.Deserialize<PolicyNumbers>(utf8, VerdictJson.Options)
            ?? throw new JsonException("The policy numbers are an object, not null.");
        numbers.Check();
        return numbers;
    }

    private void Check()
    {
        foreach (var tier in Enum.GetValues<RiskTier>())
        {
            Demand(Approvals.ContainsKey(tier), $"approvals.{Word(tier)} is missing");
            Demand(Requests.SlaBusinessHours.GetValueOrDefault(tier) > 0, $"requests.sla_business_hours.{Word(tier)} must be above 0");
            Demand(Lifecycle.RenewalNeedsJustification.ContainsKey(tier), $"lifecycle.renewal_needs_justification.{Word(tier)} is missing");
            foreach (var kind in Kinds)
            {
                Demand(Seats.TryGetValue(kind, out var tiers) && tiers.ContainsKey(tier), $"seats.{kind}.{Word(tier)} is missing");
            }
        }

        // A seat of a role that nobody can hold would wait for ever
        var roles = Approvals.Values.Concat(Seats.Values.SelectMany(tiers => tiers.Values.Select(seat => seat.Also))).SelectMany(list => list).Select(a => a.Role).Concat(WaivedBy.Values);
        foreach (var role in roles) Demand(Role.IsKnown(role), $"“{role}” is not a role; it is one of: {string.Join(", ", Role.All)}");

        Demand(Limits.TtlDays > 0, "limits.ttl_days must be above 0");
        Demand(Requests.LapseAfterWorkingDays > 0, "requests.lapse_after_working_days must be above 0");
        Demand(Requests.EscalateAfterSlas > 0, "requests.escalate_after_slas must be above 0");
        Demand(BusinessHours.From < BusinessHours.To, "business_hours.from must be before business_hours.to");
        Demand(BusinessHours.Days.Count > 0, "business_hours.days names no day");
        Demand(Lifecycle.ReminderDays.All(days => days > 0), "lifecycle.reminder_days must all be above 0");
        Demand(Cost.AlertPercent.All(percent => percent is > 0 and <= 100), "cost.alert_percent must lie between 1 and 100");
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new JsonException($"Policy numbers: {otherwise}.");
        }
    }

#pragma warning disable CA1308 // the JSON key is lower case
    private static string Word(RiskTier tier) => tier.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}

/// <summary>The seats of one kind of request at one tier.</summary>
/// <param name="AsReported">Whether every role of the report's <see cref="PolicyReport.Approvals"/> sits.</param>
/// <param name="Also">Roles that sit besides.</param>
public sealed record SeatRule(bool AsReported, IReadOnlyList<RequiredApproval> Also);

/// <param name="CapUsd">Monthly cap above which the business owner must sign.</param>
/// <param name="TtlDays">Days that no waiver passes.</param>
/// <param name="TtlDaysByClass">Data class to the days it may live without a waiver.</param>
public sealed record LimitNumbers(decimal CapUsd, int TtlDays, IReadOnlyDictionary<string, int> TtlDaysByClass);

/// <param name="SlaBusinessHours">Business hours of the approver until the first reminder.</param>
/// <param name="EscalateAfterSlas">The role's next person is asked after this many SLAs.</param>
/// <param name="LapseAfterWorkingDays">An unanswered request ends after this many working days.</param>
/// <param name="RequesterReminderEveryHours">How often a requester may remind.</param>
/// <param name="UndoSeconds">How long an approver can take a signature back.</param>
public sealed record RequestNumbers(
    IReadOnlyDictionary<RiskTier, int> SlaBusinessHours,
    int EscalateAfterSlas,
    int LapseAfterWorkingDays,
    int RequesterReminderEveryHours,
    int UndoSeconds);

/// <summary>When people are at work, in their own time zone: from <paramref name="From"/> until before <paramref name="To"/>.</summary>
public sealed record BusinessHours(TimeOnly From, TimeOnly To, IReadOnlyList<DayOfWeek> Days);

/// <param name="ReminderDays">Days before expiry; the last one is the expiry notice.</param>
/// <param name="RetentionDays">Data class to the days its archived data is kept.</param>
public sealed record LifecycleNumbers(
    IReadOnlyList<int> ReminderDays,
    IReadOnlyDictionary<RiskTier, bool> RenewalNeedsJustification,
    int RestoreWithinDays,
    IReadOnlyDictionary<string, int> RetentionDays,
    int PurgeNoticeDays);

/// <param name="AlertPercent">Shares of the cap at which the owner is told.</param>
/// <param name="SoftCapCountdownHours">From the notice to the suspension; a template with a hard cap gives none.</param>
public sealed record CostNumbers(string Currency, IReadOnlyList<int> AlertPercent, int SoftCapCountdownHours);

public sealed record ElevationNumbers(int MaxHours);

public sealed record ReviewNumbers(int EveryMonths, int TellManagerAfterDays, int SuspendAfterDays);

public sealed record BreakGlassNumbers(int ReviewWithinHours);

/// <summary>A sweep that would switch off more than this asks a governance admin first.</summary>
public sealed record GuardNumbers(int SweepMaxApps, int SweepMaxPercent);
