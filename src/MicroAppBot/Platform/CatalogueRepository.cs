using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.Manifests;
using Governance.Verdicts;
using LibGit2Sharp;
using MicroAppBot.Desk;
using Commit = LibGit2Sharp.Commit;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace MicroAppBot.Platform;

/// <summary>
/// The catalogue: a bare git repository with one folder per app, <c>apps/{name}/</c>, holding <c>manifest.json</c>,
/// <c>policy-report.json</c> and <c>app.json</c> (its state and dates). What is on its main branch is what is in force;
/// each change of it is one commit that names the request it comes from.
/// </summary>
public sealed partial class CatalogueRepository(string folder, IStore store, Desk.Desk desk, GovernanceClock clock, ILogger<CatalogueRepository> log) : IPlatform, IDisposable
{
    private const string Branch = "refs/heads/main";
    private static readonly JsonSerializerOptions Indented = new(DeskJson.Options) { WriteIndented = true };
    private readonly SemaphoreSlim _one = new(1);
    private bool _prepared;

    public async Task<EffectOutcome> PublishAsync(string appId, long version, CancellationToken cancel)
    {
        MicroApp app;
        await _one.WaitAsync(cancel);
        try
        {
            // Read inside, so that of two that were asked for at once the later state is written last
            if (await store.SnapshotAsync(Streams.OfApp(appId), cancel) is not { } snapshot) return new EffectOutcome.Refused($"There is no app {appId} to publish.");
            app = DeskJson.Read<MicroApp>(snapshot.Json);
            // It becomes a folder: a name with a slash or dots would be somebody else's
            if (!AppName.IsValid(app.File.Name)) return new EffectOutcome.Refused($"The app {appId} has a name that cannot be a folder.");
            Write(app);
        }
        catch (Exception fault) when (fault is LibGit2SharpException or IOException or UnauthorizedAccessException)
        {
            CouldNotWrite(appId, fault);
            return new EffectOutcome.TryAgain(null, fault.Message);
        }
        finally
        {
            _one.Release();
        }
        // The folder is there: what was granted is live from now on. Said again after a crash, it changes nothing
        await desk.ActAsync(sitting => sitting.AskAppAsync(appId, new AppCommand.ConfirmLive(app.File.GrantedBy)), cancel);
        return new EffectOutcome.Done();
    }

    public void Dispose() => _one.Dispose();

    private void Write(MicroApp app)
    {
        Prepare();
        using var repository = new Repository(folder);
        var head = repository.Refs[Branch] is DirectReference reference ? repository.Lookup<Commit>(reference.TargetIdentifier) : null;
        var tree = head is null ? new TreeDefinition() : TreeDefinition.From(head.Tree);
        foreach (var (name, text) in FilesOf(app))
        {
            using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
            tree.Add($"apps/{app.File.Name}/{name}", repository.ObjectDatabase.CreateBlob(content), Mode.NonExecutableFile);
        }
        var written = repository.ObjectDatabase.CreateTree(tree);
        if (head is not null && head.Tree.Id == written.Id) return;

        var signature = new Signature("MicroAppBot", "microappbot@localhost", clock.GetUtcNow());
        var commit = repository.ObjectDatabase.CreateCommit(signature, signature, Message(app), written, head is null ? [] : [head], prettifyMessage: true);
        if (head is null)
        {
            // In this order, a crash in between is made good by the next try
            repository.Refs.UpdateTarget("HEAD", Branch);
            repository.Refs.Add(Branch, commit.Id);
        }
        else
        {
            repository.Refs.UpdateTarget(repository.Refs[Branch], commit.Id);
        }
        Published(app.File.Name, StateOf(app));
    }

    /// <summary>Once per process, before its first write.</summary>
    private void Prepare()
    {
        if (_prepared && Repository.IsValid(folder)) return;
        if (!Repository.IsValid(folder)) Repository.Init(folder, isBare: true);
        // git takes a ref by a file beside it, and a process that is killed leaves it behind: from then on nothing could be
        // written. The data folder is this process's alone, so what lies there before its first write is nobody's
        foreach (var left in Directory.EnumerateFiles(folder, "*.lock", SearchOption.AllDirectories))
        {
            File.Delete(left);
            LockCleared(Path.GetRelativePath(folder, left));
        }
        // What is marked as published must be there also after the power went off. It holds from the next opening on
        using var repository = new Repository(folder);
        repository.Config.Set("core.fsyncObjectFiles", true);
        _prepared = true;
    }

    private static IEnumerable<(string Name, string Text)> FilesOf(MicroApp app)
    {
        yield return ("manifest.json", Encoding.UTF8.GetString(app.File.Manifest.ToIndentedUtf8()) + "\n");
        yield return ("policy-report.json", app.File.Report.ToJson(indented: true) + "\n");
        yield return ("app.json", new JsonObject
        {
            ["id"] = app.File.Id,
            ["state"] = StateOf(app),
            ["granted_by"] = app.File.GrantedBy,
            ["granted_at"] = app.File.GrantedAt,
            ["expires_at"] = app.File.ExpiresAt,
            ["manifest_hash"] = app.File.ManifestHash,
        }.ToJsonString(Indented) + "\n");
    }

    /// <summary>What the catalogue wants to be so; an app being set up is to be active.</summary>
    private static string StateOf(MicroApp app) => app is MicroApp.Provisioning ? "active" : Streams.StateName(app);

    private static string Message(MicroApp app)
    {
        var what = app switch
        {
            MicroApp.Provisioning => "Grant",
            MicroApp.Active => "Update",
            MicroApp.Suspended => "Suspend",
            _ => "Archive",
        };
        return $"{what} {app.File.Name}\n\nApp: {app.File.Id}\nRequest: {app.File.GrantedBy}\nRisk: {app.File.Report.Risk.Tier}\nPolicy-Revision: {app.File.Report.Revision}\n";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The catalogue has {App} as {State}.")]
    private partial void Published(string app, string state);

    [LoggerMessage(Level = LogLevel.Information, Message = "Cleared {Lock}, left in the catalogue by a process that was killed.")]
    private partial void LockCleared(string @lock);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The catalogue could not take {App}; it is tried again.")]
    private partial void CouldNotWrite(string app, Exception fault);
}
