using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.Notices;
using Governance.Requests;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Desk;

namespace MicroAppBot.Tests.Conversation;

/// <summary>A card offers what its reader may do, once, and as it is now.</summary>
public sealed class WhoMayPressTests : IAsyncDisposable
{
    private readonly FrontDesk desk = new();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Theory]
    [InlineData("request.ask-changes", "asks for a change: “Please leave out the e-mails”", "Change my answers")]
    [InlineData("request.reject", "says no: “Please leave out the e-mails”", "Show the request")]
    public async Task The_requester_gets_the_news_and_not_the_same_card_twice(string verb, string words, string button)
    {
        var request = await desk.MediumRequestAsync();
        desk.Told.Clear();
        await desk.PressAsync(request.Seats[0].AskedId!, verb, new JsonObject { ["request"] = request.File.Id, ["version"] = 1, ["reason"] = "Please leave out the e-mails" });
        await desk.FlushAsync(FrontDesk.Cancel);

        var mine = desk.Told.Where(t => t.Notice.ToId == "ada.keller").ToList();
        Assert.Equal([NoticeKind.RequestCardsChanged, NoticeKind.RequestProgress], mine.Select(t => t.Notice.Kind).Order());
        var news = mine.Single(t => t.Notice.Kind == NoticeKind.RequestProgress).Seen;
        Assert.True(news.Says(words), news.ToString());
        Assert.False(news.Offers("request.withdraw"), news.ToString());
        Assert.NotEqual(mine[0].Seen.Words, mine[1].Seen.Words);

        var opened = await desk.PressAsync("ada.keller", news, button);
        Assert.True(opened.Says("Here is what I understood") || opened.Offers("intake.edit"), opened.ToString());
    }

    [Fact]
    public async Task Who_need_not_sign_any_more_is_told_in_a_line_beside_their_card()
    {
        var request = await desk.MediumRequestAsync();
        desk.Told.Clear();
        await desk.PressAsync("ada.keller", "request.withdraw", new JsonObject { ["request"] = request.File.Id });
        await desk.FlushAsync(FrontDesk.Cancel);

        foreach (var seat in request.Seats)
        {
            var news = Assert.Single(desk.Told, t => t.Notice.ToId == seat.AskedId && t.Notice.Kind == NoticeKind.ApprovalNoLongerWanted).Seen;
            Assert.True(news.Says("Taken back by Ada Keller") && news.Says("Nothing is left for you to do"), news.ToString());
            Assert.False((await desk.PressAsync(seat.AskedId!, news, "request.show")).Offers("request.approve"));
        }
    }

    /// <summary>Whatever anybody is shown in an app's life, what its buttons ask for is never refused because of who they are.</summary>
    [Fact]
    public async Task No_card_about_an_app_offers_what_its_reader_may_not_do()
    {
        var app = await desk.LiveAppAsync();
        await desk.CostAsync(app, 41);
        await desk.CostAsync(app, 51);
        await desk.AdvanceAsync(1.1);
        Assert.IsType<MicroApp.Suspended>(await desk.AppAsync(app.File.Id));
        await desk.AdvanceAsync(30);
        Assert.IsType<MicroApp.Archived>(await desk.AppAsync(app.File.Id));
        await CheckAsync(app.File.Id);

        await desk.PressAsync("ada.keller", "app.restore", new JsonObject { ["app"] = app.File.Id });
        await desk.FlushAsync(FrontDesk.Cancel);
        await desk.PressAsync("ada.keller", "app.archive", new JsonObject { ["app"] = app.File.Id });
        await desk.FlushAsync(FrontDesk.Cancel);
        await CheckAsync(app.File.Id);
        Assert.Contains(desk.Told, t => t.Notice.Kind == NoticeKind.RenewalReminder && t.Notice.ToId != "ada.keller");
    }

    [Fact]
    public async Task The_manager_may_renew_and_is_not_offered_to_archive()
    {
        var app = await desk.LiveAppAsync();
        var manager = desk.Person("ada.keller").Manager!;
        await desk.AdvanceAsync(29.5);

        var last = desk.Told.Last(t => t.Notice.Kind == NoticeKind.RenewalReminder && t.Notice.ToId == manager).Seen;
        Assert.True(last.Offers("app.renew"), last.ToString());
        Assert.False(last.Offers("app.archive"), last.ToString());
        Assert.NotNull(app);
    }

    [Fact]
    public async Task What_happens_to_an_app_is_said_on_the_cards_sent_before_with_the_buttons_of_now()
    {
        var app = await desk.LiveAppAsync();
        var coOwner = app.File.Manifest.App.CoOwner!;
        await desk.AdvanceAsync(24);
        desk.Told.Clear();

        await desk.PressAsync("ada.keller", "app.renew", new JsonObject { ["app"] = app.File.Id, ["justification"] = "Still used every week" });
        await desk.FlushAsync(FrontDesk.Cancel);
        Redrawn("ada.keller", "You renewed it. It runs until", "app.renew");
        Redrawn(coOwner, "Ada Keller renewed it. It runs until", "app.renew");

        await desk.PressAsync("ada.keller", "app.archive", new JsonObject { ["app"] = app.File.Id });
        await desk.FlushAsync(FrontDesk.Cancel);
        Redrawn("ada.keller", "You archived it", "app.restore");
        Assert.False(Redrawn(coOwner, "Ada Keller archived it", "app.restore").Offers("app.renew"));

        await desk.PressAsync("ada.keller", "app.restore", new JsonObject { ["app"] = app.File.Id });
        await desk.FlushAsync(FrontDesk.Cancel);
        Assert.True(desk.Told.Last(t => t.Notice.Kind == NoticeKind.AppCardsChanged && t.Notice.ToId == coOwner).Seen.Says("Live until"));

        Journeys.Seen Redrawn(string person, string words, string offers)
        {
            var seen = desk.Told.Last(t => t.Notice.Kind == NoticeKind.AppCardsChanged && t.Notice.ToId == person).Seen;
            Assert.True(seen.Says(words) && seen.Offers(offers), seen.ToString());
            return seen;
        }
    }

    private async Task CheckAsync(string appId)
    {
        var facts = desk.Desk.Look(FrontDesk.Cancel).Facts;
        var app = (await desk.AppAsync(appId))!;
        Assert.NotEmpty(desk.Told);
        foreach (var (notice, seen, _) in desk.Told.Where(t => t.Notice.AppId == appId))
        {
            foreach (var (verb, kind) in ((string, RequestKind)[])[("app.renew", RequestKind.Renew), ("app.archive", RequestKind.Archive), ("app.restore", RequestKind.Restore), ("app.raise-cap", RequestKind.RaiseCap)])
            {
                if (seen.Offers(verb)) Assert.False(AppDecider.Submit(app, new RequestCommand.Submit("x", kind, appId, notice.ToId, app.File.Manifest, null, "why"), facts) is Decision<RequestEvent>.Refused { Code: "not-yours" }, $"{notice.ToId} is offered {verb} on: {seen}");
            }
        }
    }
}
