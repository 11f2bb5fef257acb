using System.Text.Json;
using Governance.Apps;
using Governance.Requests;
using MicroAppBot.Desk;

namespace MicroAppBot.Signals;

/// <summary><c>POST /api/costs</c>: what apps cost, one report or an array of them. Reporting the same day again replaces its figure.</summary>
public static class CostsEndpoint
{
    private const int Most = 10_000;

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
            var answers = new List<object>();
            foreach (var json in reports)
            {
                var (report, fault) = CostReport.Read(json);
                var refused = fault ?? await ReportAsync(report!, desk, cancel);
                answers.Add(new { app = report?.App, taken = refused is null, error = refused });
            }
            return Results.Json(new { results = answers }, DeskJson.Options);
        }
    }

    private static async Task<string?> ReportAsync(CostReport report, Desk.Desk desk, CancellationToken cancel) => await desk.ActAsync(async sitting =>
    {
        var app = await sitting.AppAsync(report.App);
        if (app is null && await sitting.AppsAsync(new SnapshotQuery(Name: report.App)) is [var named, ..]) app = named;
        if (app is null) return $"There is no app \"{report.App}\".";
        var decision = await sitting.AskAppAsync(app.File.Id, new AppCommand.ReportCost(report.Day, report.AmountUsd, report.ForecastUsd));
        return decision is Decision<AppEvent>.Refused refused ? refused.Words : null;
    }, cancel);
}
