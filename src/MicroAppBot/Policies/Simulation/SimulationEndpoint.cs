using MicroAppBot.Content;
using MicroAppBot.Desk;
using MicroAppBot.Policies.Bundles;

namespace MicroAppBot.Policies.Simulation;

/// <summary><c>POST /api/policy/simulate</c>: a bundle of proposed rules (<c>.tar.gz</c>, as <c>policy bundle</c> writes it) in, what it would do out. Nothing is put in force.</summary>
public static class SimulationEndpoint
{
    public static void MapSimulation(this IEndpointRouteBuilder api) => api.MapPost("/api/policy/simulate", SimulateAsync);

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
            var report = new SimulationReport(rehearsal, rules.Revision, proposed.Revision, ContentChange.Between(content.Now, proposed), directory.People);
            var answer = report.ToJson();
            (answer["words"], answer["exit"]) = (report.InWords(), report.ExitCode);
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
