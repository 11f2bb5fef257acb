namespace MicroAppBot.Conversation.Understanding;

/// <summary>The shape of the app: from what is asked for (a form, a page) and what happens in it (approves, whenever).</summary>
internal static class TemplateReader
{
    private const string Page = "internal-dashboard";
    private static readonly string[] Shapes = ["approval-form", "event-automation", Page, "campaign"];
    private const int Clear = 3, MostHints = 2;

    public static string? Shape(Sight sight, bool hasData)
    {
        Dictionary<string, int> points = [];
        var isPage = sight.Of(Facet.Template).Any(m => m.Id == Page && !sight.IsPretence(m.First));
        foreach (var shape in Shapes)
        {
            var clear = sight.Of(Facet.Template).Where(m => m.Id == shape && !sight.IsPretence(m.First)).GroupBy(m => sight.Message.Tokens[m.First].Word).Count();
            var hints = Math.Min(MostHints, sight.Of(Facet.TemplateHint).Where(m => m.Id == shape && !sight.IsPretence(m.First)).Select(m => m.First).Distinct().Count());
            // How a campaign did is a page of figures, no new campaign
            if (shape == "campaign" && (sight.Of(Facet.Connector).Any(m => m.Id == "crm-campaigns") || isPage && sight.Of(Facet.Source).Any(m => m.Id == "crm-campaigns"))) clear = 0;
            points[shape] = Math.Min(clear, 2) * Clear + hints;
        }
        // What happens in it (somebody approves) says more than how it looks; where only hints speak, a page is the safest guess
        var most = points.Values.Max();
        var best = most < Clear && points[Page] == most ? Page : Shapes.MaxBy(s => points[s])!;
        if (points[best] == 0) return hasData ? Page : null;
        foreach (var m in sight.Mentions.Where(m => !m.RuledOut && m.Id == best && m.Facet is Facet.Template or Facet.TemplateHint).Take(1)) sight.Note("template", best, m);
        return best;
    }

    /// <summary>The template: regulated data goes where its place is; without one place there is no template yet.</summary>
    public static string? Template(string? shape, string? dataClass, IReadOnlyList<string> residency, IReadOnlyList<string> kinds) => (dataClass, residency) switch
    {
        _ when kinds.Contains("credentials") => null,
        ("regulated", ["us"]) => shape,
        ("regulated", [var one]) => $"regulated-{one}",
        ("regulated", _) => null,
        _ => shape,
    };
}
