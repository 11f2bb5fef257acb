using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.People;
using Governance.Requests;

namespace MicroAppBot.Conversation.Wording;

/// <summary>Several reminders on one card: what each is about, by when, and the button that deals with it.</summary>
public static class DigestCards
{
    /// <summary>As many as a card shows well; the rest is one command away.</summary>
    private const int RowsShown = 10;

    public static JsonObject Digest(IReadOnlyList<JsonObject> rows)
    {
        // Two apps may have one title: their short names tell them apart
        foreach (var alike in rows.GroupBy(r => (string?)r["title"]).Where(same => same.Count() > 1))
        {
            foreach (var row in alike.ToList()) row["title"] = $"{row["title"]} ({row["name"]})";
        }
        foreach (var row in rows) row.Remove("name");
        var data = new JsonObject
        {
            ["title"] = $"{InWords.Count(rows.Count, "thing needs", "things need")} you",
            ["lead"] = "The most urgent first. Each button opens one of them; the others stay here.",
            ["rows"] = new JsonArray([.. rows.Take(RowsShown)]),
        };
        if (rows.Count > RowsShown) data["more"] = $"and {rows.Count - RowsShown} more: say \"my apps\" or \"approvals\" to see them.";
        return data;
    }

    public static JsonObject Row(MicroApp app, Addressee reader) => new()
    {
        ["icon"] = "⏰",
        ["title"] = AppCards.Title(app),
        ["name"] = app.File.Name,
        ["words"] = $"Ends {reader.OnDay(app.File.ExpiresAt)}. Unless somebody renews it, it is switched off then.",
        ["button"] = "Renew",
        ["app"] = app.File.Id,
        ["version"] = AppCards.Term(app),
    };

    /// <summary>News of a rule: what it is, the first thing to change and how many more there are, and the app beside them.</summary>
    public static JsonObject Row(MicroApp app, string icon, string words)
    {
        // What it is, each thing to change, and what happens then
        var said = words.Split("\n\n");
        var more = said.Length - 3;
        var first = string.Join("\n\n", said.Take(2));
        return RowOf(app, icon, more > 0 ? $"{first}\n\nAnd {InWords.Count(more, "more thing", "more things")} to change: press Why." : first);
    }

    private static JsonObject RowOf(MicroApp app, string icon, string words) => new()
    {
        ["icon"] = icon,
        ["title"] = AppCards.Title(app),
        ["name"] = app.File.Name,
        ["words"] = words,
        ["say"] = $"why {app.File.Name}",
        ["button"] = "Why",
        ["appToShow"] = app.File.Id,
    };

    public static JsonObject Row(Request.AwaitingApproval request, Addressee reader) => new()
    {
        ["icon"] = "✍️",
        ["title"] = request.File.Manifest.App.Title ?? request.File.Manifest.App.Name,
        ["name"] = request.File.Manifest.App.Name,
        ["words"] = $"{reader.FullName(request.File.RequesterId)} waits for your answer. {Addressee.Label(request.File.Report.Risk.Tier)}. Unanswered, it lapses {reader.OnDay(request.LapsesAt)}.",
        ["button"] = "Decide",
        ["request"] = request.File.Id,
        ["version"] = request.File.Round,
    };
}
