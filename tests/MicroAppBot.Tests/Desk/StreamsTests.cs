using Governance.Requests;
using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Desk;

public sealed class StreamsTests : IAsyncDisposable
{
    private readonly FrontDesk desk = new();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Fact]
    public async Task A_request_waits_for_who_is_asked_then_for_its_requester_then_for_nobody()
    {
        var request = await desk.MediumRequestAsync();
        var facts = desk.Desk.Look(FrontDesk.Cancel).Facts;
        var keys = Streams.Keys(request, facts);
        Assert.Equal(request.Seats.Select(s => s.AskedId!), keys.Waiting);
        Assert.Equal(("awaiting-approval", true, request.File.Manifest.App.Name), (keys.State, keys.IsOpen, keys.Name));
        Assert.NotNull(keys.DueAt);

        var back = RequestDecider.Evolve(request, new ChangesAsked(request.Seats[0].AskedId!, "smaller", facts.Now.AddDays(9), facts.Now));
        Assert.Equal(["ada.keller"], Streams.Keys(back, facts).Waiting);
        var gone = Streams.Keys(RequestDecider.Evolve(request, new RequestWithdrawn("ada.keller", facts.Now)), facts);
        Assert.Empty(gone.Waiting);
        Assert.Equal(("withdrawn", false, (DateTimeOffset?)null), (gone.State, gone.IsOpen, gone.DueAt));
    }

    [Fact]
    public async Task An_app_is_both_owners_and_keeps_its_name()
    {
        var app = await desk.LiveAppAsync();
        var keys = Streams.Keys(app, desk.Desk.Look(FrontDesk.Cancel).Facts);
        Assert.Equal([app.File.Manifest.App.Owner!, app.File.Manifest.App.CoOwner!], keys.Owners);
        Assert.Equal(("active", true, app.File.Name), (keys.State, keys.IsOpen, keys.Name));
    }
}
