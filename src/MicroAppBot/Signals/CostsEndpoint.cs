using System.Collections.Concurrent;
using System.Text.Json;
using Governance.Apps;
using Governance.Requests;
using MicroAppBot.Desk;

namespace MicroAppBot.Signals;

/// <summary><c>POST /api/costs</c>: what apps cost, one report or an array of them. Reporting the same day again replaces its figure.</summary>
public static class CostsEndpoint
{
    private const int Most = 10_000;

    /// <summary>Some months of one app: a commit of them stays far below what the store takes at once.</summary>
    private const int MostInACommit = 200;

    private const int AtOnce = 32;

    public static IEndpointConventionBuilder MapCosts(this IEndpointRouteBuilder routes) => routes.MapPost("/api/costs", TakeAsync);

    /// <summary>Answers 200 with what became of each report, in order; 400 when the body is not JSON. Good reports are taken also beside bad ones.</summary>
    private static async Task<IResult> TakeAsync(HttpRequest request, Desk.Desk desk, CancellationToken cancel)
    {
        JsonDocument body;
        try
        {
            body = await WellFormed.ReadJsonAsync(request.Body, cancel);
        }
        catch (JsonException fault)
        {
            return Results.Json(new { error = $"The body is not JSON: {fault.Message}" }, DeskJson.Options, statusCode: 400);
        }
        using (body)
        {
            var reports = body.RootElement.ValueKind == JsonValueKind.Array ? body.RootElement.EnumerateArray().ToList() : [body.RootElement];
            if (reports.Count > Most) return Results.Json(new { error = $"At most {Most} reports at once." }, DeskJson.Options, statusCode: 413);
            var answers = reports.Select(json => new Answer(CostReport.Read(json))).ToList();
            var known = await AppsAsync(answers, desk, cancel);
            // What one app cost is taken in the order in which it is reported, many days in one commit; apps do not wait for one another
            var batches = answers.Where(a => a.Refused is null).GroupBy(a => known[a.Report!.App]!, StringComparer.Ordinal).SelectMany(app => app.Chunk(MostInACommit).Select((some, at) => (App: app.Key, at, some)));
            foreach (var round in batches.GroupBy(b => b.at).OrderBy(r => r.Key))
            {
                await Parallel.ForEachAsync(round, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (batch, stop) => await ReportAsync(batch.App, batch.some, desk, stop));
            }
            return Results.Json(new { results = answers.Select(a => new { app = a.Report?.App, taken = a.Refused is null, error = a.Refused }) }, DeskJson.Options);
        }
    }

    /// <summary>The id of each app that is named, by id or by name; the reports of others are refused.</summary>
    private static async Task<IReadOnlyDictionary<string, string?>> AppsAsync(IReadOnlyList<Answer> answers, Desk.Desk desk, CancellationToken cancel)
    {
        var known = new ConcurrentDictionary<string, string?>(StringComparer.Ordinal);
        var named = answers.Select(a => a.Report?.App).OfType<string>().Distinct(StringComparer.Ordinal);
        await Parallel.ForEachAsync(named, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (name, stop) =>
        {
            var sitting = desk.Look(stop);
            known[name] = (await sitting.AppAsync(name))?.File.Id ?? (await sitting.AppsAsync(new SnapshotQuery(IsOpen: true, Name: name)) is [var app, ..] ? app.File.Id : null);
        });
        foreach (var answer in answers.Where(a => a.Report is { } report && known[report.App] is null)) answer.Refused = $"There is no app \"{answer.Report!.App}\".";
        return known;
    }

    private static async Task ReportAsync(string appId, IReadOnlyList<Answer> reports, Desk.Desk desk, CancellationToken cancel)
    {
        var refused = await desk.ActAsync(async sitting =>
        {
            var words = new List<string?>();
            foreach (var report in reports.Select(r => r.Report!))
            {
                var decision = await sitting.AskAppAsync(appId, new AppCommand.ReportCost(report.Day, report.AmountUsd, report.ForecastUsd));
                words.Add(decision is Decision<AppEvent>.Refused no ? no.Words : null);
            }
            return words;
        }, cancel);
        foreach (var (report, words) in reports.Zip(refused)) report.Refused = words;
    }

    /// <summary>What becomes of one report.</summary>
    private sealed class Answer((CostReport? Report, string? Fault) read)
    {
        public CostReport? Report { get; } = read.Report;

        /// <summary>Why it was not taken; null where it was.</summary>
        public string? Refused { get; set; } = read.Fault;
    }
}
