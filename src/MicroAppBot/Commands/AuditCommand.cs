using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using MicroAppBot.Desk;
using MicroAppBot.Stores.LiteDb;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Commands;

/// <summary><c>audit verify</c>: proves the audit trail, in the data folder or through the bot that has it.</summary>
public static class AuditCommand
{
    /// <param name="settings">Reads <c>Data:Folder</c>; for a running bot also <c>Urls</c> and <c>Api:Token</c>.</param>
    /// <param name="fold">How events add up; the desk's own rules outside of tests.</param>
    public static Command Create(IConfiguration settings, AuditFold? fold = null)
    {
        var verify = new Command("verify", "Prove that nothing recorded was changed, removed or put in: chains, daily anchors, and that the events add up to the stored states.");
        verify.SetAction((parsed, cancel) => VerifyAsync(
            settings, fold ?? AuditFolds.Governance, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancel));
        return new Command("audit", "The audit trail.") { verify };
    }

    /// <returns>0 when everything fits, 1 when something does not, 2 when it could not be found out.</returns>
    private static async Task<int> VerifyAsync(IConfiguration settings, AuditFold fold, TextWriter output, TextWriter errors, CancellationToken cancel)
    {
        var folder = LiteDbSettings.From(settings).Folder;
        if (!File.Exists(Path.Combine(folder, "microappbot.db")))
        {
            await errors.WriteLineAsync($"There is no store in {folder}. Set Data:Folder (environment: Data__Folder) to where the bot keeps its data.");
            return 2;
        }
        try
        {
            await using var store = LiteDbStore.Open(new LiteDbSettings(folder) { ReadOnly = true }, TimeProvider.System, NullLogger<LiteDbStore>.Instance);
            var report = await new AuditVerifier(store, fold).VerifyAsync(cancel);
            await output.WriteAsync(report.InWords());
            return report.IsSound ? 0 : 1;
        }
        catch (StoreInUseException)
        {
            return await AskBotAsync(settings, folder, output, errors, cancel);
        }
        catch (StoreDamagedException e)
        {
            await errors.WriteLineAsync(e.Message);
            return 1;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Bytes that were changed behind the store's back can make its reader stumble anywhere
            await errors.WriteLineAsync($"The data in {folder} cannot be read to its end, so it is not what was written: {e.Message}");
            return 1;
        }
    }

    /// <summary>The bot runs and has the folder: it verifies by itself.</summary>
    private static async Task<int> AskBotAsync(IConfiguration settings, string folder, TextWriter output, TextWriter errors, CancellationToken cancel)
    {
        var address = RunningBot.Address(settings);
        try
        {
            // A large trail takes its time; somebody waits at the terminal and can stop it
            using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            if (settings["Api:Token"] is { Length: > 0 } token) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await http.GetAsync(new Uri($"{address}/api/audit/verify"), cancel);
            answer.EnsureSuccessStatusCode();
            var report = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancel))!;
            await output.WriteAsync(report["words"]!.GetValue<string>());
            return report["sound"]!.GetValue<bool>() ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or UriFormatException or System.Text.Json.JsonException or InvalidOperationException or NullReferenceException)
        {
            await errors.WriteLineAsync($"A bot has the data folder {folder}, and it could not be asked at {address}: {e.Message.TrimEnd('.')}. Stop it, or set Urls (and Api:Token) as it has them.");
            return 2;
        }
    }
}
