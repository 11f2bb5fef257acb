using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Journeys;

/// <summary>Ways that many journeys begin with.</summary>
internal static class Asking
{
    /// <summary>A sentence that needs nothing more: low risk.</summary>
    public const string Campaigns = "I need a page where the marketing team sees which campaigns ran last month";

    /// <summary>A sentence that needs nothing more of somebody in marketing: medium risk.</summary>
    public const string Customers = "We need a page for the marketing team that shows our customers' names and e-mail addresses from the CRM";

    /// <summary>Of somebody in HR: high risk, and it has to be asked where the people live.</summary>
    public const string Salaries = "I want a dashboard for my team with everybody's salaries from payroll";

    /// <summary>Says it and gets it live.</summary>
    /// <returns>The card that says that it is live.</returns>
    public static async Task<Seen> GetsLiveAsync(this IPerson person, string sentence = Campaigns, string? name = null)
    {
        var summary = await person.SayAsync(sentence);
        if (name is not null) summary = await person.RenamesAsync(summary, name);
        await person.PressAsync(summary, "intake.submit");
        return await person.SeesButtonAsync("app.archive", "is live");
    }

    /// <summary>Files a request that has to be signed, under a short name of its own.</summary>
    /// <returns>The card of the request's state.</returns>
    public static async Task<Seen> FilesAsync(this IPerson person, string sentence = Customers, string? name = null)
    {
        var summary = await person.SayAsync(sentence);
        if (name is not null) summary = await person.RenamesAsync(summary, name);
        var status = await person.PressAsync(summary, "intake.submit");
        Assert.True(status.Says("Waiting for"), status.Words);
        return status;
    }

    /// <summary>Gives the draft another title and short name, from its summary.</summary>
    public static async Task<Seen> RenamesAsync(this IPerson person, Seen summary, string name)
    {
        var question = await person.PressAsync(summary, "Change Short name");
        return await person.PressAsync(question, "intake.answer", new JsonObject { ["name"] = name });
    }
}
