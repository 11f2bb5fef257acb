using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Content;
using MicroAppBot.Desk;
using MicroAppBot.Policies;
using MicroAppBot.Policies.Bundles;
using MicroAppBot.Policies.Simulation;
using MicroAppBot.Stores.LiteDb;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Commands;

/// <summary>
/// <c>policy simulate &lt;new folder&gt;</c>: judges every live app and open request by changed rules, and says for whom what would be different. Exit
/// code: 0 nothing changes, 2 something does and nobody fails, 1 somebody would fail, 3 the new rules cannot be used, 4 it could not be found out.
/// </summary>
public static class PolicySimulateCommand
{
    public const int NotUsable = 3;
    public const int CouldNotSay = 4;

    /// <param name="content">Where the content folders are, asked when the command runs; null: see <see cref="ContentPlace"/>.</param>
    /// <param name="settings">Reads <c>Data:Folder</c>; for a running bot also <c>Urls</c> and <c>Api:Token</c>; null: see <see cref="ContentPlace"/>.</param>
    public static Command Create(Func<string>? content = null, IConfiguration? settings = null)
    {
        var folder = new Argument<string>("folder") { Description = "The changed rules: a folder that holds policies/ (and templates/), or the policies folder itself." };
        var format = new Option<string>("--format") { Description = "How to say it.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json", "csv");
        var command = new Command("simulate", "Say what changed rules would do to every live app and open request.") { folder, format };
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var root = content?.Invoke() ?? ContentPlace.Root;
            var configuration = settings ?? ContentPlace.Settings;
            var form = parsed.GetValue(format)!;
            ContentFolder proposed;
            try
            {
                proposed = ProposedRules.Load(root, parsed.GetValue(folder)!);
                InProcessPolicies.Compile(proposed);
            }
            catch (Exception broken) when (broken is ContentException or IOException or UnauthorizedAccessException)
            {
                var places = broken is ContentException faulty ? string.Concat(faulty.Faults.Select(f => "\n  " + f.WithSource(ProposedRules.RootOf(parsed.GetValue(folder)!)).InFull.Replace("\n", "\n  ", StringComparison.Ordinal))) : " " + broken.Message;
                await error.WriteLineAsync($"The new rules cannot be used.{places}");
                return NotUsable;
            }
            try
            {
                return await SimulateAsync(root, proposed, configuration, form, output, error, cancel);
            }
            catch (Exception fault) when (fault is not (OperationCanceledException or OutOfMemoryException))
            {
                await error.WriteLineAsync($"It could not be found out. {fault.Message}");
                return CouldNotSay;
            }
        });
        return command;
    }

    private static async Task<int> SimulateAsync(string root, ContentFolder proposed, IConfiguration settings, string form, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var folder = LiteDbSettings.From(settings).Folder;
        if (!File.Exists(Path.Combine(folder, "microappbot.db")))
        {
            await error.WriteLineAsync($"There is no store in {folder}. Set Data:Folder (environment: Data__Folder) to where the bot keeps its data.");
            return CouldNotSay;
        }
        try
        {
            await using var store = LiteDbStore.Open(new LiteDbSettings(folder) { ReadOnly = true }, TimeProvider.System, NullLogger<LiteDbStore>.Instance);
            using var bundled = new BundledContent(root, settings);
            var now = await bundled.StartAsync(content => InProcessPolicies.Compile(content), cancel);
            var rehearsal = await StoredSimulation.RunAsync(store, ProposedRules.BookOf(InProcessPolicies.Compile(now)), ProposedRules.BookOf(InProcessPolicies.Compile(proposed)), cancel);
            var report = new SimulationReport(rehearsal, now.Revision, proposed.Revision, ContentChange.Between(now, proposed), now.People, TimeProvider.System.GetUtcNow());
            await output.WriteLineAsync(form switch
            {
                "json" => report.ToJson().ToJsonString(ConsoleJson.Indented),
                "csv" => report.ToCsv().TrimEnd(),
                _ => report.InWords().TrimEnd('\n'),
            });
            return report.ExitCode;
        }
        catch (StoreInUseException)
        {
            return await AskBotAsync(proposed, settings, folder, form, output, error, cancel);
        }
    }

    /// <summary>The bot runs and has the store: it is given the new rules as a bundle, to judge by and to forget.</summary>
    private static async Task<int> AskBotAsync(ContentFolder proposed, IConfiguration settings, string folder, string form, TextWriter output, TextWriter error, CancellationToken cancel)
    {
        var address = RunningBot.Address(settings);
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
            if (settings["Api:Token"] is { Length: > 0 } token) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var body = new ByteArrayContent(BundleWriter.Pack(BundleWriter.FilesOf(proposed)));
            using var answer = await http.PostAsync(new Uri($"{address}/api/policy/simulate"), body, cancel);
            if (await SaidByBotAsync(answer, cancel) is { } why)
            {
                await error.WriteLineAsync($"The bot that has the data folder {folder} could not find it out. {why}");
                return answer.StatusCode == HttpStatusCode.UnprocessableEntity ? NotUsable : CouldNotSay;
            }
            answer.EnsureSuccessStatusCode();
            var report = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancel))!.AsObject();
            var (words, csv, exit) = ((string)report["words"]!, (string)report["csv"]!, (int)report["exit"]!);
            foreach (var key in (string[])["words", "csv", "exit"]) report.Remove(key);
            await output.WriteLineAsync(form switch { "json" => report.ToJsonString(ConsoleJson.Indented), "csv" => csv.TrimEnd(), _ => words.TrimEnd('\n') });
            return exit;
        }
        catch (Exception e) when (e is HttpRequestException or UriFormatException or JsonException or InvalidOperationException or NullReferenceException)
        {
            await error.WriteLineAsync($"A bot has the data folder {folder}, and it could not be asked at {address}: {e.Message.TrimEnd('.')}. Stop it, or set Urls (and Api:Token) as it has them.");
            return CouldNotSay;
        }
    }

    /// <summary>What the bot says where it knows why not; null where it answered, or something else did.</summary>
    private static async Task<string?> SaidByBotAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (answer.StatusCode is not (HttpStatusCode.UnprocessableEntity or HttpStatusCode.ServiceUnavailable or HttpStatusCode.RequestEntityTooLarge)) return null;
        var said = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancel));
        return said?["error"] is { } error ? string.Join("\n  ", [(string)error!, .. (said["faults"] as JsonArray ?? []).Select(f => (string)f!)]) : null;
    }
}
