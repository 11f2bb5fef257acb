using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.Manifests;
using LibGit2Sharp;
using MicroAppBot.Desk;
using MicroAppBot.Platform;
using MicroAppBot.Tests.Desk;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Platform;

public sealed class CatalogueRepositoryTests : IAsyncDisposable
{
    private readonly FrontDesk desk = new();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Fact]
    public async Task A_live_app_is_a_folder_with_its_manifest_its_report_and_its_state()
    {
        var app = await desk.LiveAppAsync();

        using var repository = new Repository(desk.CatalogueFolder);
        Assert.True(repository.Info.IsBare);
        Assert.Equal("refs/heads/main", repository.Refs["HEAD"].TargetIdentifier);
        var reading = ManifestReader.Read(System.Text.Encoding.UTF8.GetBytes(File(repository, app, "manifest.json")), FrontDesk.Content.Catalogue);
        Assert.Equal(app.File.ManifestHash, ManifestHash.Of(Assert.IsType<ManifestReading.Read>(reading).Manifest));
        Assert.Equal("low", (string?)JsonNode.Parse(File(repository, app, "policy-report.json"))!["risk"]!["tier"]);
        var state = JsonNode.Parse(File(repository, app, "app.json"))!;
        Assert.Equal(("active", app.File.GrantedBy), ((string)state["state"]!, (string)state["granted_by"]!));
        Assert.Contains($"Request: {app.File.GrantedBy}", repository.Head.Tip.Message, StringComparison.Ordinal);
        Assert.Contains(FrontDesk.Rules.Revision, repository.Head.Tip.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_change_is_one_commit_and_publishing_twice_is_none()
    {
        var app = await desk.LiveAppAsync();
        Assert.Equal(1, Commits());
        var version = (await desk.Store.SnapshotAsync(Streams.OfApp(app.File.Id), FrontDesk.Cancel))!.Version;
        Assert.IsType<EffectOutcome.Done>(await desk.Catalogue.PublishAsync(app.File.Id, version, FrontDesk.Cancel));
        Assert.Equal(1, Commits());
        Assert.Equal(version, (await desk.Store.SnapshotAsync(Streams.OfApp(app.File.Id), FrontDesk.Cancel))!.Version);

        await desk.PressAsync("ada.keller", "app.archive", new JsonObject { ["app"] = app.File.Id });
        await desk.FlushAsync(FrontDesk.Cancel);
        Assert.Equal(2, Commits());
        using var repository = new Repository(desk.CatalogueFolder);
        Assert.StartsWith($"Archive {app.File.Name}", repository.Head.Tip.Message, StringComparison.Ordinal);
        Assert.Equal("archived", (string?)JsonNode.Parse(File(repository, app, "app.json"))!["state"]);
    }

    [Fact]
    public async Task Apps_stand_side_by_side()
    {
        var first = await desk.LiveAppAsync();
        var second = await desk.LiveAppAsync("tomas.novak", "A form to book the demo van, the fleet manager approves");

        using var repository = new Repository(desk.CatalogueFolder);
        Assert.Equal(new[] { first.File.Name, second.File.Name }.Order(), ((Tree)repository.Head.Tip["apps"].Target).Select(e => e.Name).Order());
    }

    [Fact]
    public async Task A_crash_between_the_commit_and_its_confirmation_is_made_good_by_the_next_try()
    {
        var summary = await desk.SayAsync("ada.keller", "I need a page where the marketing team sees which campaigns ran last month");
        await desk.PressAsync("ada.keller", summary, "intake.submit");
        var id = (await desk.Desk.Look(FrontDesk.Cancel).AppsAsync(new SnapshotQuery())).Single().File.Id;
        desk.Spoilt.OnCommit = _ => Task.FromException<CommitResult>(new IOException("killed"));
        await Assert.ThrowsAsync<IOException>(() => desk.Catalogue.PublishAsync(id, 1, FrontDesk.Cancel));
        Assert.IsType<MicroApp.Provisioning>(await desk.AppAsync(id));

        desk.Spoilt.OnCommit = _ => null;
        Assert.IsType<EffectOutcome.Done>(await desk.Catalogue.PublishAsync(id, 1, FrontDesk.Cancel));
        Assert.IsType<MicroApp.Active>(await desk.AppAsync(id));
        using var repository = new Repository(desk.CatalogueFolder);
        Assert.Single(repository.Commits);
    }

    [Fact]
    public async Task A_lock_that_a_killed_process_left_behind_does_not_stop_the_next_one()
    {
        await desk.LiveAppAsync();
        await System.IO.File.WriteAllTextAsync(Path.Combine(desk.CatalogueFolder, "refs", "heads", "main.lock"), "", FrontDesk.Cancel);
        using var next = new CatalogueRepository(desk.CatalogueFolder, desk.Store, desk.Desk, desk.Clock, NullLogger<CatalogueRepository>.Instance);
        var summary = await desk.SayAsync("tomas.novak", "A form to book the demo van, the fleet manager approves");
        await desk.PressAsync("tomas.novak", summary, "intake.submit");
        var id = (await desk.Desk.Look(FrontDesk.Cancel).AppsAsync(new SnapshotQuery())).Single(a => a is MicroApp.Provisioning).File.Id;

        Assert.IsType<EffectOutcome.Done>(await next.PublishAsync(id, 1, FrontDesk.Cancel));
        Assert.Equal(2, Commits());
    }

    [Theory]
    [InlineData("../../outside")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData(".git")]
    public async Task A_name_that_leads_elsewhere_is_no_folder_even_where_the_store_was_tampered_with(string name)
    {
        var app = await desk.LiveAppAsync();
        var snapshot = (await desk.Store.SnapshotAsync(Streams.OfApp(app.File.Id), FrontDesk.Cancel))!;
        var json = snapshot.Json.Replace($"\"name\":\"{app.File.Name}\"", $"\"name\":\"{name}\"", StringComparison.Ordinal);
        Assert.NotEqual(snapshot.Json, json);
        await desk.Store.CommitAsync(new MicroAppBot.Desk.Commit([new StreamWrite(snapshot.StreamId, snapshot.Version, [], json, snapshot.Keys)], null, []), FrontDesk.Cancel);
        Assert.IsType<EffectOutcome.Refused>(await desk.Catalogue.PublishAsync(app.File.Id, snapshot.Version, FrontDesk.Cancel));
        using var repository = new Repository(desk.CatalogueFolder);
        Assert.Single(repository.Commits);
    }

    [Fact]
    public async Task Where_it_cannot_write_it_is_tried_again_and_nothing_is_called_live()
    {
        await desk.SayAsync("ada.keller", "A form to book the demo van, the fleet manager approves");
        await desk.PressAsync("ada.keller", "intake.submit");
        var app = (await desk.Desk.Look(FrontDesk.Cancel).AppsAsync(new SnapshotQuery())).Single();
        Directory.CreateDirectory(Path.GetDirectoryName(desk.CatalogueFolder)!);
        await System.IO.File.WriteAllTextAsync(desk.CatalogueFolder, "no folder", FrontDesk.Cancel);

        Assert.IsType<EffectOutcome.TryAgain>(await desk.Catalogue.PublishAsync(app.File.Id, 1, FrontDesk.Cancel));
        Assert.IsType<MicroApp.Provisioning>(await desk.AppAsync(app.File.Id));

        System.IO.File.Delete(desk.CatalogueFolder);
        Assert.IsType<EffectOutcome.Done>(await desk.Catalogue.PublishAsync(app.File.Id, 1, FrontDesk.Cancel));
        Assert.IsType<MicroApp.Active>(await desk.AppAsync(app.File.Id));
    }

    [Fact]
    public async Task After_a_crash_between_the_folder_and_the_word_of_it_the_app_still_goes_live()
    {
        await desk.SayAsync("ada.keller", "A form to book the demo van, the fleet manager approves");
        await desk.PressAsync("ada.keller", "intake.submit");
        var app = (await desk.Desk.Look(FrontDesk.Cancel).AppsAsync(new SnapshotQuery())).Single();
        desk.Spoilt.OnCommit = _ => Task.FromException<CommitResult>(new IOException("Killed here."));
        await Assert.ThrowsAsync<IOException>(() => desk.Catalogue.PublishAsync(app.File.Id, 1, FrontDesk.Cancel));
        desk.Spoilt.OnCommit = _ => null;

        using var again = new CatalogueRepository(desk.CatalogueFolder, desk.Store, desk.Desk, desk.Clock, NullLogger<CatalogueRepository>.Instance);
        Assert.IsType<EffectOutcome.Done>(await again.PublishAsync(app.File.Id, 1, FrontDesk.Cancel));
        Assert.Equal(1, Commits());
        Assert.IsType<MicroApp.Active>(await desk.AppAsync(app.File.Id));
    }

    [Fact]
    public async Task An_app_that_is_not_there_is_refused() =>
        Assert.IsType<EffectOutcome.Refused>(await desk.Catalogue.PublishAsync("nobody", 1, FrontDesk.Cancel));

    private int Commits()
    {
        using var repository = new Repository(desk.CatalogueFolder);
        return repository.Commits.Count();
    }

    private static string File(Repository repository, MicroApp app, string name) => ((Blob)repository.Head.Tip[$"apps/{app.File.Name}/{name}"].Target).GetContentText();
}
