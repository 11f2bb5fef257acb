namespace MicroAppBot.Conversation.Understanding;

/// <summary>Why something was read as it was: shown to the person, kept as evidence.</summary>
/// <param name="Slot">The slot, as in the intake (<c>data</c>, <c>connectors</c>, <c>region</c>, …) or <c>intent</c>.</param>
/// <param name="Value">What was read.</param>
/// <param name="Words">The person's own words that led there.</param>
public sealed record Because(string Slot, string Value, string Words);

/// <summary>What a message was understood to ask for. Nothing in it is authority: it proposes, policy decides.</summary>
public sealed record Reading
{
    public required string Text { get; init; }
    /// <summary>One of <see cref="Intents"/>.</summary>
    public required string Intent { get; init; }
    /// <summary>Further requests in the same message, in order.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];
    /// <summary>The words of the further requests, to be read again when the first is dealt with.</summary>
    public IReadOnlyList<string> AlsoSaid { get; init; } = [];
    /// <summary>An existing app, as the person wrote its name.</summary>
    public string? App { get; init; }
    /// <summary>An existing request ("R-1042"), as written.</summary>
    public string? Request { get; init; }
    /// <summary>Who shall have it, for a hand-over: as written.</summary>
    public string? NewOwner { get; init; }
    public string? Template { get; init; }
    /// <summary>The shape that was asked for, whatever the class makes of it.</summary>
    public string? Shape { get; init; }
    /// <summary>public, internal, confidential, regulated; null when it has to be asked.</summary>
    public string? DataClass { get; init; }
    /// <summary>The lowest class an answer may lead to.</summary>
    public string? Floor { get; init; }
    public IReadOnlyList<string> Kinds { get; init; } = [];
    public IReadOnlyList<string> Connectors { get; init; } = [];
    /// <summary>eu, uk, us, apac: each place of the people concerned that was named.</summary>
    public IReadOnlyList<string> Residency { get; init; } = [];
    /// <summary>A place outside the four residencies was named.</summary>
    public bool Elsewhere { get; init; }
    public string? Audience { get; init; }
    public string? Department { get; init; }
    /// <summary>Host of an outside address, lower case.</summary>
    public string? Destination { get; init; }
    public int? TtlDays { get; init; }
    /// <summary>It is wished for ever.</summary>
    public bool WithoutEnd { get; init; }
    public decimal? CostCapUsd { get; init; }
    public string? Purpose { get; init; }
    /// <summary>A DNS label, proposed.</summary>
    public string? Name { get; init; }
    public string? Title { get; init; }
    /// <summary>Slots that are missing and change the decision.</summary>
    public IReadOnlyList<string> MustAsk { get; init; } = [];
    public IReadOnlyList<Because> Because { get; init; } = [];
}

/// <summary>What a person can want. The typed commands of the design, and what free text says in their stead.</summary>
public static class Intents
{
    public const string New = "new", MyApps = "my apps", Show = "show", Status = "status", Renew = "renew", Cost = "cost", Approvals = "approvals", Approve = "approve", Reject = "reject",
        Archive = "archive", Restore = "restore", Withdraw = "withdraw", Transfer = "transfer", Elevate = "elevate", Review = "review", Quarantine = "quarantine", Templates = "templates",
        Policy = "policy", Why = "why", Kpis = "kpis", Unreachable = "unreachable", Simulate = "simulate", Grace = "grace", GraceCampaigns = "grace campaigns", TakeGraceBack = "take grace back", Help = "help", Cancel = "cancel", Back = "back", StartOver = "start over", Greeting = "greeting", Other = "other", Unknown = "unknown";

    /// <summary>Those that are about one app.</summary>
    public static readonly IReadOnlySet<string> AboutAnApp = new HashSet<string> { Show, Renew, Cost, Archive, Restore, Transfer, Quarantine, Why };
    /// <summary>Those that are about one request.</summary>
    public static readonly IReadOnlySet<string> AboutARequest = new HashSet<string> { Approve, Reject };
}
