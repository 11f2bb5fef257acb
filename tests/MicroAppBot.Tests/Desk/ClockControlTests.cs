using Governance.Apps;
using Governance.Notices;
using MicroAppBot.Desk;
using Microsoft.Extensions.Time.Testing;

namespace MicroAppBot.Tests.Desk;

public sealed class ClockControlTests : IAsyncDisposable
{
    private readonly FrontDesk desk = new();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Fact]
    public async Task What_is_due_on_the_way_comes_one_after_the_other_each_at_its_time()
    {
        var app = await desk.LiveAppAsync();
        desk.Told.Clear();
        desk.Flushes.Clear();

        var moved = await desk.AdvanceAsync(40);

        // Cards that are drawn again in place are no news
        NoticeKind[] owners = [.. desk.Told.Where(t => t.Notice.ToId == "ada.keller" && t.Notice.Kind is not NoticeKind.AppCardsChanged).Select(t => t.Notice.Kind)];
        Assert.Equal([NoticeKind.RenewalReminder, NoticeKind.RenewalReminder, NoticeKind.RenewalReminder, NoticeKind.AppExpired], owners);
        Assert.Equal(4, moved.Acted);
        Assert.Equal(desk.Flushes.Order(), desk.Flushes);
        Assert.Contains(app.File.ExpiresAt, desk.Flushes);
        Assert.Equal(desk.System.GetUtcNow().AddDays(40), moved.Now);
    }

    [Fact]
    public async Task To_the_next_event_is_just_as_far_as_something_happens()
    {
        Assert.Equal(desk.Clock.GetUtcNow(), (await desk.ClockControl.ToNextEventAsync(FrontDesk.Cancel)).Now);
        var app = await desk.LiveAppAsync();
        for (var i = 0; i < 4; i++) Assert.Equal(1, (await desk.ClockControl.ToNextEventAsync(FrontDesk.Cancel)).Acted);
        Assert.Equal(app.File.ExpiresAt, desk.Clock.GetUtcNow());
        Assert.Equal(0, (await desk.ClockControl.ToNextEventAsync(FrontDesk.Cancel)).Acted);
    }

    [Fact]
    public async Task What_stays_due_for_ever_neither_stops_the_clock_nor_throws_the_rest_together()
    {
        var app = await desk.LiveAppAsync();
        var archived = new MicroApp.Archived(app.File, app.File.GrantedAt, ArchiveReason.ByOwner, desk.Clock.GetUtcNow(), desk.Clock.GetUtcNow());
        await desk.Store.CommitAsync(new Commit([new StreamWrite("app-stuck", 0, ["{}"], DeskJson.Write<MicroApp>(archived),
            new SnapshotKeys(Streams.AppWord, "archived", true, "stuck", [], [], "stuck", desk.Clock.GetUtcNow()))], null, []), FrontDesk.Cancel);
        desk.Flushes.Clear();

        Assert.Equal(1, (await desk.ClockControl.ToNextEventAsync(FrontDesk.Cancel)).Acted);
        Assert.Equal(3, (await desk.AdvanceAsync(40)).Acted);
        Assert.Contains(app.File.ExpiresAt, desk.Flushes);
    }

    [Fact]
    public async Task It_goes_neither_back_nor_ten_years_at_once()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => desk.AdvanceAsync(-1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => desk.AdvanceAsync(4000));
        Assert.Equal(TimeSpan.Zero, desk.Clock.Offset);
    }

    [Fact]
    public async Task Where_it_stood_is_kept_for_the_next_start()
    {
        await desk.AdvanceAsync(3.5);
        var next = new GovernanceClock(desk.System);
        using var control = new ClockControl(desk.Store, desk.Desk, desk, next);
        await control.RestoreAsync(FrontDesk.Cancel);
        Assert.Equal(TimeSpan.FromDays(3.5), next.Offset);
    }

    [Fact]
    public void The_governance_clock_never_runs_back()
    {
        var system = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        var clock = new GovernanceClock(system);
        clock.MoveTo(system.GetUtcNow().AddDays(2));
        clock.MoveTo(system.GetUtcNow().AddDays(1));
        Assert.Equal(TimeSpan.FromDays(2), clock.Offset);
        clock.Restore(TimeSpan.FromDays(-1));
        Assert.Equal(TimeSpan.Zero, clock.Offset);
    }
}
