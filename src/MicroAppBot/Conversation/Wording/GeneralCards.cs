using System.Text.Json.Nodes;
using Governance.People;

namespace MicroAppBot.Conversation.Wording;

/// <summary>Greeting, help, lists, and the answer to what was not understood.</summary>
public static class GeneralCards
{
    private static readonly string[] Examples =
    [
        "I need a page where the marketing team sees which campaigns ran last month",
        "When a P1 ticket sits unassigned for 15 minutes, post a message in our channel",
        "A form to book the demo van, the fleet manager approves",
    ];

    private static readonly string[] Can =
    [
        "new: ask for a new app, in your own words",
        "my apps: what you own, how long it lives, what it costs",
        "show, renew, cost, archive, restore or why, followed by an app's name",
        "status: how your requests are doing",
        "approvals: what waits for your signature",
        "templates and policy: what is possible, and the rules",
        "back, cancel, start over: while we fill in a request",
    ];

    private static readonly string[] GovernanceCan =
    [
        "simulate: what proposed rules would do to every app and request, before they count",
        "grace campaigns: who has time for a new rule, and how far they are",
        "unreachable: whom none of my messages reach",
    ];

    public static JsonObject Welcome(Addressee reader, int waiting, bool hasApps, bool help)
    {
        var data = new JsonObject
        {
            ["hello"] = help ? "Here is what I can do" : Hello(reader.Person),
            ["intro"] = "Tell me in your own words what you need. I find the right starting point, check the rules, and ask only what is missing. Small, safe apps are live a moment later.",
            ["examples"] = new JsonArray([.. Examples.Select(e => (JsonNode)new JsonObject { ["text"] = e })]),
            ["hasApps"] = hasApps,
        };
        if (waiting > 0) data["waiting"] = $"{InWords.Count(waiting, "request waits", "requests wait")} for you";
        if (help) data["can"] = Strings(reader.Person.Has(Role.GovernanceAdmin) ? [.. Can, .. GovernanceCan] : Can);
        return data;
    }

    /// <summary>Where a channel does not say what somebody is called, their name is their id, and nobody is greeted by that.</summary>
    private static string Hello(Person reader) => reader.Name == reader.Id ? "Hello" : $"Hello {reader.FirstName}";

    public static JsonObject DidNotUnderstand(string said, (string Title, string Text)? guess, string? lead = null)
    {
        var data = new JsonObject
        {
            ["lead"] = lead ?? "I did not quite get that.",
            ["said"] = Short(said),
            ["examples"] = new JsonArray([.. Examples.Take(2).Select(e => (JsonNode)new JsonObject { ["text"] = e })]),
            ["can"] = Strings(Can),
        };
        if (guess is var (title, text)) data["guess"] = new JsonObject { ["title"] = title, ["text"] = text };
        return data;
    }

    public static JsonObject Notice(string title, string text, string? icon = null, string? tone = null, params (string Title, string Text)[] buttons)
    {
        var data = new JsonObject { ["title"] = title, ["text"] = text };
        if (icon is not null) data["icon"] = icon;
        if (tone is not null) data["tone"] = tone;
        if (buttons.Length > 0) data["buttons"] = new JsonArray([.. buttons.Select(b => (JsonNode)new JsonObject { ["title"] = b.Title, ["text"] = b.Text })]);
        return data;
    }

    public static JsonObject Templates(Addressee reader) => new()
    {
        ["title"] = "What you can start from",
        ["lead"] = "Each comes with safe settings. Pick one, or just tell me what you need.",
        ["templates"] = new JsonArray([.. reader.Catalogue.Templates.Values.OrderBy(t => t.Limits.Residency is not null).ThenBy(t => t.Title, StringComparer.Ordinal).Select(t => (JsonNode)new JsonObject
        {
            ["id"] = t.Id,
            ["title"] = t.Title,
            ["words"] = t.Summary,
            ["limits"] = $"Up to {t.Limits.HighestClass.ToString().ToLowerInvariant()} data, lives {InWords.Count(t.Defaults.TtlDays, "day")}, {InWords.Usd(t.Defaults.CapUsd)} a month{(t.HardCap ? " at most" : "")}",
        })]),
    };

    /// <summary>What somebody wrote, short enough to be quoted.</summary>
    public static string Short(string said) => said.Length <= 200 ? said : InWords.Cut(said, 199) + "…";

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
