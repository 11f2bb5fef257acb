using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.Notices;
using Governance.Requests;
using Governance.Verdicts;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Desk;

namespace MicroAppBot.Tests.Conversation;

public sealed class NoticePresenterTests : IAsyncDisposable
{
    private readonly FrontDesk desk = new();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Fact]
    public async Task Every_kind_of_notice_comes_up_in_a_life_and_is_drawn_without_gaps()
    {
        var first = await desk.MediumRequestAsync();
        await desk.AdvanceAsync(4); // reminded, escalated
        await desk.PressAsync("ada.keller", "request.withdraw", Of(first)); // no longer wanted
        await desk.FlushAsync(FrontDesk.Cancel);

        var second = await desk.MediumRequestAsync("ada.keller", "I need a dashboard of customer names and phone numbers from the CRM for my team");
        foreach (var seat in second.Seats) await desk.PressAsync(seat.AskedId!, "request.approve", Of(second));
        await desk.FlushAsync(FrontDesk.Cancel);
        var app = (await desk.AppAsync(second.File.AppId))!;
        Assert.IsType<MicroApp.Active>(app);

        var soon = new Finding("new.rule", FindingLevel.Hard, "Dashboards are going away.", "Use a report.", "/app/template");
        await desk.Desk.ActAsync(sitting => sitting.AskAppAsync(app.File.Id, new AppCommand.GiveGrace([soon], sitting.Now.AddDays(30), "samuel.cohen", "r")), FrontDesk.Cancel);
        await desk.FlushAsync(FrontDesk.Cancel);
        await desk.CostAsync(app, 26);
        await desk.CostAsync(app, 51);
        await desk.AdvanceAsync(1.1); // the soft cap's countdown: suspended
        Assert.IsType<MicroApp.Suspended>(await desk.AppAsync(app.File.Id));
        var raise = await desk.PressAsync("ada.keller", "app.raise-cap", new JsonObject { ["app"] = app.File.Id, ["costCapUsd"] = "100", ["justification"] = "The campaign goes on" });
        await SignAllAsync(); // cap raised, resumed
        Assert.IsType<MicroApp.Active>(await desk.AppAsync(app.File.Id));
        Assert.NotNull(raise);

        await desk.AdvanceAsync(25);
        await desk.PressAsync("ada.keller", "app.renew", new JsonObject { ["app"] = app.File.Id, ["justification"] = "Still used every week" });
        await desk.FlushAsync(FrontDesk.Cancel);
        await desk.AdvanceAsync(31); // reminders and expiry
        Assert.IsType<MicroApp.Archived>(await desk.AppAsync(app.File.Id));
        await desk.PressAsync("ada.keller", "app.restore", new JsonObject { ["app"] = app.File.Id });
        await desk.FlushAsync(FrontDesk.Cancel);
        await desk.PressAsync("ada.keller", "app.archive", new JsonObject { ["app"] = app.File.Id });
        await desk.FlushAsync(FrontDesk.Cancel);

        Assert.Empty(Enum.GetValues<NoticeKind>().Except(desk.Told.Select(t => t.Notice.Kind)));
        Assert.All(desk.Told, t => Assert.NotEmpty(t.Summary));
        Assert.DoesNotContain(desk.Told, t => t.Summary.Contains('{'));
    }

    [Fact]
    public async Task What_is_not_true_any_more_is_not_told()
    {
        var request = await desk.MediumRequestAsync();
        var wanted = desk.Told.First(t => t.Notice.Kind == NoticeKind.ApprovalWanted).Notice;
        await desk.PressAsync("ada.keller", "request.withdraw", Of(request));

        Assert.Null(await desk.PresentAsync(wanted, desk.Person(wanted.ToId)));
        Assert.Null(await desk.PresentAsync(wanted with { Kind = NoticeKind.ApprovalReminder }, desk.Person(wanted.ToId)));
        Assert.Null(await desk.PresentAsync(wanted with { RequestId = "nothing-known" }, desk.Person(wanted.ToId)));
        Assert.Null(await desk.PresentAsync(wanted with { Kind = NoticeKind.AppLive }, desk.Person("ada.keller")));
    }

    [Fact]
    public async Task The_card_of_somebody_who_cannot_be_reached_goes_to_their_manager_and_says_why()
    {
        var request = await desk.MediumRequestAsync();
        var wanted = desk.Told.First(t => t.Notice.Kind == NoticeKind.ApprovalWanted).Notice;
        var instead = wanted with { Detail = new Dictionary<string, string>(wanted.Detail) { [INoticePresenter.InsteadOf] = wanted.ToId } };

        var seen = await desk.PresentAsync(instead, desk.Person("priya.raman"));

        Assert.NotNull(seen);
        Assert.True(seen.Says($"This is for {desk.Person(wanted.ToId).Name}, whom I could not reach"), seen.ToString());
        Assert.False(seen.Offers("request.approve"));
        Assert.NotNull(request);
    }

    [Fact]
    public async Task A_decided_request_is_not_announced_as_one_that_waits_for_you()
    {
        var request = await desk.MediumRequestAsync();
        await desk.PressAsync(request.Seats[0].AskedId!, "request.reject", Of(request, reason: "We have one already"));
        await desk.FlushAsync(FrontDesk.Cancel);

        var redrawn = desk.Told.Last(t => t.Notice.Kind == NoticeKind.RequestCardsChanged && t.Notice.ToId == request.Seats[1].AskedId);
        Assert.DoesNotContain("asks for your approval", redrawn.Summary, StringComparison.Ordinal);
        Assert.True(redrawn.Seen.Says("We have one already"), redrawn.Seen.ToString());
    }

    [Fact]
    public async Task A_grant_that_came_too_late_says_that_nothing_was_done()
    {
        var app = await desk.LiveAppAsync();
        var granted = (await desk.RequestAsync(app.File.GrantedBy))!;
        var seen = await desk.PresentAsync(new Notice("ada.keller", NoticeKind.RequestProgress, granted.File.Id, app.File.Id, new Dictionary<string, string> { ["because"] = "overtaken" }), desk.Person("ada.keller"));

        Assert.True(seen!.Says("nothing was done"), seen.ToString());
    }

    [Fact]
    public async Task A_guest_is_never_called_by_an_account_number_on_an_approvers_card()
    {
        var robin = desk.Guest("Robin Guest");
        var question = await desk.SayAsync(robin.Id, "I need a dashboard of customer names and e-mails from the CRM for my team");
        await desk.PressAsync(robin.Id, question, "intake.answer", new JsonObject { ["department"] = "sales", ["coOwner"] = "mateo.garcia", ["costCentre"] = "SAL-210" });
        await desk.PressAsync(robin.Id, "intake.submit");
        await desk.FlushAsync(FrontDesk.Cancel);

        var asked = desk.Told.Where(t => t.Notice.Kind == NoticeKind.ApprovalWanted).ToList();
        Assert.NotEmpty(asked);
        Assert.All(asked, t => Assert.DoesNotContain("teams:", t.Seen.Words, StringComparison.Ordinal));
        Assert.All(asked, t => Assert.DoesNotContain("teams:", t.Summary, StringComparison.Ordinal));
    }

    private static JsonObject Of(Request request, string? reason = null) => new() { ["request"] = request.File.Id, ["version"] = request.File.Round, ["reason"] = reason };

    private async Task SignAllAsync()
    {
        var open = (await desk.Desk.Look(FrontDesk.Cancel).RequestsAsync(new SnapshotQuery(IsOpen: true))).OfType<Request.AwaitingApproval>().ToList();
        foreach (var request in open)
        {
            foreach (var seat in request.Seats) await desk.PressAsync(seat.AskedId!, "request.approve", Of(request, "All right"));
        }
        await desk.FlushAsync(FrontDesk.Cancel);
    }
}
