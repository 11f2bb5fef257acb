using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.Requests;
using MicroAppBot.Tests.Desk;

namespace MicroAppBot.Tests.Conversation;

/// <summary>An owner changes an app that is there, by the same questions as when it was new.</summary>
public sealed class ChangeTalkTests : IAsyncDisposable
{
    private readonly FrontDesk desk = new();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Fact]
    public async Task A_small_change_is_made_at_once_and_the_short_name_stays()
    {
        var app = await desk.LiveAppAsync();
        var card = await desk.SayAsync("ada.keller", $"show {app.File.Name}");

        var summary = await desk.PressAsync("ada.keller", card, "Change");
        Assert.True(summary.Says("as it runs now") && summary.Offers("intake.submit"), summary.ToString());
        Assert.True((await desk.PressAsync("ada.keller", summary, "intake.submit")).Says("Nothing is different yet"));
        Assert.True((await desk.PressAsync("ada.keller", "intake.edit", new JsonObject { ["slot"] = "name" })).Says("The short name stays"));

        await desk.PressAsync("ada.keller", "intake.edit", new JsonObject { ["slot"] = "title" });
        summary = await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["title"] = "Campaigns at a glance" });
        Assert.True(summary.Says("It changes a moment after you click") && summary.Says("Change it"), summary.ToString());
        Assert.Equal("Campaigns last month", (await desk.AppAsync(app.File.Id))!.File.Manifest.App.Title);

        await desk.PressAsync("ada.keller", summary, "intake.submit");
        await desk.FlushAsync(FrontDesk.Cancel);
        var changed = (await desk.AppAsync(app.File.Id))!;
        Assert.Equal(("Campaigns at a glance", app.File.Name, app.File.ExpiresAt), (changed.File.Manifest.App.Title, changed.File.Name, changed.File.ExpiresAt));
        Assert.Single(await desk.Desk.Look(FrontDesk.Cancel).AppsAsync(new MicroAppBot.Desk.SnapshotQuery()));
    }

    [Fact]
    public async Task A_change_that_needs_people_asks_them_and_shows_the_difference()
    {
        var app = await desk.LiveAppAsync();
        await desk.PressAsync("ada.keller", "app.change", new JsonObject { ["app"] = app.File.Id });
        await desk.PressAsync("ada.keller", "intake.edit", new JsonObject { ["slot"] = "ttlDays" });
        var summary = await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["ttlDays"] = "60" });
        Assert.True(summary.Says("Why is that needed?"), summary.ToString());
        summary = await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["justification"] = "The campaign runs for two months" });
        Assert.True(summary.Says("Ask for approval"), summary.ToString());

        await desk.PressAsync("ada.keller", summary, "intake.submit");
        await desk.FlushAsync(FrontDesk.Cancel);

        var request = Assert.IsType<Request.AwaitingApproval>(Assert.Single(await desk.Desk.Look(FrontDesk.Cancel).RequestsAsync(new MicroAppBot.Desk.SnapshotQuery(IsOpen: true))));
        Assert.Equal((RequestKind.Change, app.File.Id), (request.File.Kind, request.File.AppId));
        var asked = desk.Told.Last(t => t.Notice.ToId == request.Seats[0].AskedId).Seen;
        Assert.True(asked.Says("wants to change") && asked.Says("30 days") && asked.Says("60 days"), asked.ToString());
        Assert.Equal(30, (await desk.AppAsync(app.File.Id))!.File.Manifest.Lifecycle.TtlDays);
        foreach (var seat in request.Seats) await desk.PressAsync(seat.AskedId!, "request.approve", new JsonObject { ["request"] = request.File.Id, ["version"] = request.File.Round, ["reason"] = "It goes on for two months" });
        await desk.FlushAsync(FrontDesk.Cancel);
        Assert.Equal(60, (await desk.AppAsync(app.File.Id))!.File.Manifest.Lifecycle.TtlDays);
        Assert.True((await desk.PressAsync("ada.keller", "app.change", new JsonObject { ["app"] = app.File.Id })).Offers("intake.submit"), "Opened again, also with its exception.");
    }

    [Fact]
    public async Task Dropped_it_leaves_the_app_as_it_is_and_another_draft_is_not_lost()
    {
        var app = await desk.LiveAppAsync();
        var change = new JsonObject { ["app"] = app.File.Id };
        await desk.PressAsync("ada.keller", "app.change", change);
        Assert.True((await desk.SayAsync("ada.keller", "cancel")).Says("The app stays as it is."));

        await desk.SayAsync("ada.keller", "Every Friday pick a random lunch place for our team");
        Assert.True((await desk.PressAsync("ada.keller", "app.change", change)).Says("You have a draft open"));
        Assert.IsType<MicroApp.Active>(await desk.AppAsync(app.File.Id));
    }

    [Fact]
    public async Task Who_may_not_change_it_is_told_who_may_and_what_has_no_question_is_not_lost()
    {
        var app = await desk.LiveAppAsync();
        var signer = FrontDesk.Content.People.Values.First(p => p.Has("security")).Id;
        Assert.True((await desk.PressAsync(signer, "app.change", new JsonObject { ["app"] = app.File.Id })).Says("since the app is theirs"));

        var made = app.File.Manifest with { Secrets = new Dictionary<string, string>(app.File.Manifest.Secrets) { ["EXTRA"] = "vault://kv/marketing/extra#key" } };
        await desk.Desk.ActAsync(sitting => sitting.AskAsync(sitting.NewId(), new RequestCommand.Submit(sitting.NewId(), RequestKind.Change, app.File.Id, "ada.keller", made, null, "By a tool")), FrontDesk.Cancel);
        Assert.True((await desk.AppAsync(app.File.Id))!.File.Manifest.Secrets.ContainsKey("EXTRA"));
        Assert.True((await desk.PressAsync("ada.keller", "app.change", new JsonObject { ["app"] = app.File.Id })).Says("details that I have no question for"));
    }
}
