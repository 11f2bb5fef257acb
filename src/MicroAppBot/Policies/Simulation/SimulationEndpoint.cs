using MicroAppBot.Content;
using MicroAppBot.Desk;
using MicroAppBot.Policies.Bundles;

namespace MicroAppBot.Policies.Simulation;

/// <summary>
/// <c>POST /api/policy/simulate</c>: a bundle of proposed rules (<c>.tar.gz</c>, as <c>policy bundle</c> writes it) in, what it would do out.
/// <c>GET /api/policy/simulation[.csv]</c>: what the rules would do that the bot compares with in chat. Nothing is put in force.
/// </summary>
public static class SimulationEndpoint
{
    public static void MapSimulation(this IEndpointRouteBuilder api)
    {
        api.MapPost("/api/policy/simulate", SimulateAsync);
        api.MapGet("/api/policy/simulation", (HttpContext http, CancellationToken cancel) => ProposedAsync(http, csv: false, cancel));
        api.MapGet("/api/policy/simulation.csv", (HttpContext http, CancellationToken cancel) => ProposedAsync(http, csv: true, cancel));
    }

    private static async Task<IResult> ProposedAsync(HttpContext http, bool csv, CancellationToken cancel)
    {
        var all = http.RequestServices;
        switch (all.GetRequiredService<IRulebookProposal>().Read())
        {
            case Proposal.Faulty faulty:
                return Results.Json(new { error = "The proposed rules cannot be used.", faults = faulty.Faults }, statusCode: 422);
            case Proposal.Rules proposed:
                try
                {
                    var rules = all.GetRequiredService<IPolicies>().InForce;
                    var rehearsal = await StoredSimulation.RunAsync(all.GetRequiredService<IStore>(), ProposedRules.BookOf(rules), proposed.Book, cancel);
                    var report = new SimulationReport(rehearsal, rules.Revision, proposed.Revision, proposed.Change, all.GetRequiredService<IDirectory>().People, Now(http));
                    return csv ? Results.File(System.Text.Encoding.UTF8.GetBytes(report.ToCsv()), "text/csv; charset=utf-8", "simulation.csv") : Results.Content(report.ToJson().ToJsonString(), "application/json");
                }
                catch (CouldNotJudgeException mute)
                {
                    return Results.Json(new { error = mute.Message }, statusCode: 503);
                }
            default:
                return Results.Json(new { error = "No rules are proposed. Name their folder in the setting Policy:Proposed:Folder." }, statusCode: 404);
        }
    }

    private static DateTimeOffset Now(HttpContext http) => (http.RequestServices.GetService<GovernanceClock>() ?? TimeProvider.System).GetUtcNow();

    private static async Task<IResult> SimulateAsync(HttpRequest request, ContentInForce content, BundledContent bundled, IPolicies policies, IStore store, IDirectory directory, CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancel)) > 0;)
        {
            if (bytes.Length + read > BundleReader.MostPackedBytes) return Results.Json(new { error = "The bundle is too large." }, statusCode: 413);
            bytes.Write(buffer, 0, read);
        }
        ContentFolder? proposed = null;
        try
        {
            proposed = bundled.Load([BundleReader.Read("proposed", bytes.ToArray(), null)]);
            var rules = policies.InForce;
            var rehearsal = await StoredSimulation.RunAsync(store, ProposedRules.BookOf(rules), ProposedRules.BookOf(InProcessPolicies.Compile(proposed)), cancel);
            var report = new SimulationReport(rehearsal, rules.Revision, proposed.Revision, ContentChange.Between(content.Now, proposed), directory.People, Now(request.HttpContext));
            var answer = report.ToJson();
            (answer["words"], answer["csv"], answer["exit"]) = (report.InWords(), report.ToCsv(), report.ExitCode);
            return Results.Content(answer.ToJsonString(), "application/json");
        }
        catch (ContentException broken)
        {
            return Results.Json(new { error = "The proposed rules cannot be used.", faults = broken.Faults.Select(f => f.ToString()) }, statusCode: 422);
        }
        catch (CouldNotJudgeException mute)
        {
            return Results.Json(new { error = mute.Message }, statusCode: 503);
        }
        finally
        {
            if (proposed?.Bundled is { } laidOut && laidOut != content.Now.Bundled) Directory.Delete(laidOut, recursive: true);
        }
    }
}
