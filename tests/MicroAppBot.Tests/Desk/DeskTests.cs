using Governance.Apps;
using Governance.Notices;
using Governance.Requests;
using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Desk;

public sealed class DeskTests : IAsyncDisposable
{
    private const string Van = "A form to book the demo van, the fleet manager approves";
    private readonly FrontDesk desk = new();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Fact]
    public async Task After_a_conflict_it_is_loaded_and_decided_again()
    {
        await desk.SayAsync("ada.keller", Van);
        var conflicts = 3;
        desk.Spoilt.OnCommit = _ => conflicts-- > 0 ? Task.FromResult(CommitResult.Conflict) : null;

        var filed = await desk.PressAsync("ada.keller", "intake.submit");

        Assert.True(filed.Says("Approved at once"), filed.ToString());
        Assert.Single(await desk.Desk.Look(FrontDesk.Cancel).AppsAsync(new SnapshotQuery()));
    }

    [Fact]
    public async Task Conflicts_without_end_are_an_outage_and_hold_nobody_for_ever()
    {
        desk.Spoilt.OnCommit = _ => Task.FromResult(CommitResult.Conflict);
        await Assert.ThrowsAsync<TimeoutException>(() => desk.SayAsync("ada.keller", "help"));
        Assert.Equal(8, desk.Spoilt.Commits);

        desk.Spoilt.OnCommit = _ => null;
        Assert.True((await desk.SayAsync("ada.keller", "help")).Says("Here is what I can do"));
    }

    [Fact]
    public async Task A_store_that_fails_fails_the_turn_whole_and_the_same_turn_can_come_again()
    {
        await desk.SayAsync("ada.keller", Van);
        desk.Spoilt.OnCommit = _ => Task.FromException<CommitResult>(new IOException("The disk is full."));
        var press = new Said.Press("intake.submit", [], null);
        await Assert.ThrowsAsync<IOException>(() => desk.TakeAsync("ada.keller", press, "turn-1"));
        Assert.Empty(await desk.Desk.Look(FrontDesk.Cancel).RequestsAsync(new SnapshotQuery()));

        desk.Spoilt.OnCommit = _ => null;
        Assert.True(FrontDesk.First(await desk.TakeAsync("ada.keller", press, "turn-1")).Says("Approved at once"));
    }

    [Fact]
    public async Task Of_two_who_file_the_same_name_at_once_one_has_it_and_the_other_is_asked_for_another()
    {
        string[] people = ["ada.keller", "tomas.novak", "jonas.lindqvist"];
        await Task.WhenAll(people.Select(p => desk.SayAsync(p, Van)));
        var answers = await Task.WhenAll(people.Select(p => desk.PressAsync(p, "intake.submit")));

        var apps = await desk.Desk.Look(FrontDesk.Cancel).AppsAsync(new SnapshotQuery());
        Assert.Equal(apps.Count, apps.Select(a => a.File.Name).Distinct().Count());
        Assert.Equal(apps.Count, answers.Count(a => a.Says("Approved at once")));
        Assert.All(answers.Where(a => !a.Says("Approved at once")), a => Assert.True(a.Says("Please pick another short name"), a.ToString()));
        Assert.NotEmpty(apps);
    }

    [Fact]
    public async Task An_answer_that_is_sent_says_where_it_belongs_which_card_it_replaces_and_comes_back_where_it_is_wanted()
    {
        await desk.SayAsync("ada.keller", Van);
        var kept = new List<OutboxBody.Say>();
        var ids = new List<string>();
        desk.Spoilt.OnCommit = commit =>
        {
            kept.AddRange(commit.Messages.Select(m => m.Body).OfType<OutboxBody.Say>());
            ids.AddRange(commit.Messages.Where(m => m.Body is OutboxBody.Say).Select(m => m.Id));
            return null;
        };
        var ada = desk.Directory.People["ada.keller"];
        var turn = new Turn("slack:1", new ChannelAccount("slack", "U1"), ada, new Said.Press("intake.edit", new() { ["slot"] = "purpose" }, "card-1"), null,
            AnswerDirectly: false, AnswerAt: "a thread", AnswerId: "answer-1", ReturnsReply: true);
        var reply = await desk.TakeAsync(turn);

        var say = Assert.Single(kept);
        Assert.Equal(("question", "a thread", "card-1", "answer-1"), (say.CardName, say.At, say.Replaces, ids.Single()));
        Assert.Equal("question", Assert.IsType<Message.Card>(Assert.Single(reply.Messages)).Name);

        // The same turn again says what is true, and sends nothing
        var again = await desk.TakeAsync(turn);
        Assert.Equal("question", Assert.IsType<Message.Card>(Assert.Single(again.Messages)).Name);
        Assert.Single(kept);

        // Only what takes the place of a card does so
        await desk.TakeAsync(turn with { Id = "slack:2", Said = new Said.Press("say", new() { ["text"] = "help" }, "card-1"), AnswerId = null });
        Assert.All(kept.Skip(1), s => Assert.Null(s.Replaces));
        Assert.Empty((await desk.TakeAsync(turn with { Id = "slack:3", ReturnsReply = false })).Messages);
    }

    [Fact]
    public async Task One_persons_turns_go_one_after_the_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => desk.TakeAsync("ada.keller", new Said.Text("help"), $"at-once-{i}")));
        Assert.Equal(12, desk.Spoilt.Commits);
    }

    [Fact]
    public async Task A_sweep_acts_once_however_often_it_runs()
    {
        var app = await desk.LiveAppAsync();
        desk.Clock.MoveTo(app.File.ExpiresAt.AddMinutes(1));

        var sweeps = await Task.WhenAll(desk.Desk.SweepAsync(FrontDesk.Cancel), desk.Desk.SweepAsync(FrontDesk.Cancel));
        Assert.Equal(0, await desk.Desk.SweepAsync(FrontDesk.Cancel));
        await desk.FlushAsync(FrontDesk.Cancel);

        Assert.InRange(sweeps.Sum(), 1, 2);
        Assert.IsType<MicroApp.Archived>(await desk.AppAsync(app.File.Id));
        Assert.Single(await desk.Store.EventsAsync(Streams.OfApp(app.File.Id), FrontDesk.Cancel), e => e.Json.Contains("app-archived", StringComparison.Ordinal));
        Assert.Equal(desk.Told.Where(t => t.Notice.Kind == NoticeKind.AppExpired).Select(t => t.Notice.ToId).Distinct().Count(), desk.Told.Count(t => t.Notice.Kind == NoticeKind.AppExpired));
    }

    [Fact]
    public async Task What_says_that_it_is_due_and_is_not_neither_holds_the_sweep_nor_hides_what_is()
    {
        var app = await desk.LiveAppAsync();
        await KeepDueAsync(250);
        desk.Clock.MoveTo(app.File.ExpiresAt.AddMinutes(1));

        Assert.Equal(1, await desk.Desk.SweepAsync(FrontDesk.Cancel));
        Assert.IsType<MicroApp.Archived>(await desk.AppAsync(app.File.Id));
    }

    [Fact]
    public async Task One_that_cannot_be_acted_on_does_not_keep_the_sweep_from_the_others()
    {
        var first = await desk.LiveAppAsync();
        desk.Clock.MoveTo(desk.Clock.GetUtcNow().AddMinutes(1));
        var second = await desk.LiveAppAsync("tomas.novak", Van);
        desk.Spoilt.OnCommit = commit => commit.Streams.Any(s => s.StreamId == Streams.OfApp(first.File.Id)) ? Task.FromException<CommitResult>(new IOException("A bad page.")) : null;
        desk.Clock.MoveTo(second.File.ExpiresAt.AddMinutes(1));

        Assert.Equal(1, await desk.Desk.SweepAsync(FrontDesk.Cancel));
        Assert.IsType<MicroApp.Archived>(await desk.AppAsync(second.File.Id));
        Assert.IsType<MicroApp.Active>(await desk.AppAsync(first.File.Id));
    }

    [Fact]
    public async Task The_same_person_is_told_the_same_once_in_a_sitting()
    {
        var request = await desk.MediumRequestAsync();
        await desk.Desk.ActAsync(async sitting =>
        {
            foreach (var seat in request.Seats) await sitting.AskAsync(request.File.Id, new RequestCommand.Approve(seat.AskedId!, null, null));
            return true;
        }, FrontDesk.Cancel);
        var due = await DueAsync();

        Assert.Equal(due.Count, due.Select(n => (n.ToId, n.Kind, n.RequestId, n.AppId)).Distinct().Count());
        Assert.Equal("granted", Assert.Single(due, n => n.Kind == NoticeKind.RequestProgress).Detail["because"]);
    }

    [Fact]
    public async Task Looking_writes_nothing()
    {
        var before = desk.Spoilt.Commits;
        await desk.Desk.ActAsync(sitting => sitting.RequestsAsync(new SnapshotQuery()), FrontDesk.Cancel);
        await desk.Desk.ActAsync(sitting => sitting.AskAppAsync("nobody", new AppCommand.Tick()), FrontDesk.Cancel);
        Assert.Equal(before, desk.Spoilt.Commits);
        Assert.Throws<InvalidOperationException>(() => desk.Desk.Look(FrontDesk.Cancel).Person);
    }

    /// <summary>Snapshots whose due date is a lie: archived apps, for which the clock does nothing.</summary>
    private async Task KeepDueAsync(int count)
    {
        var app = (await desk.Desk.Look(FrontDesk.Cancel).AppsAsync(new SnapshotQuery())).Single();
        var archived = new MicroApp.Archived(app.File, app.File.GrantedAt, ArchiveReason.ByOwner, desk.Clock.GetUtcNow(), desk.Clock.GetUtcNow().AddDays(30));
        var writes = Enumerable.Range(0, count).Select(i => new StreamWrite(Streams.OfApp($"stuck-{i}"), 0, ["{}"], DeskJson.Write<MicroApp>(archived),
            new SnapshotKeys(Streams.AppWord, "archived", true, $"stuck-{i}", [], [], $"stuck-{i}", desk.Clock.GetUtcNow())));
        Assert.Equal(CommitResult.Done, await desk.Store.CommitAsync(new Commit([.. writes], null, []), FrontDesk.Cancel));
    }

    private async Task<List<Notice>> DueAsync()
    {
        var found = new List<Notice>();
        while (await desk.Store.DueMessagesAsync(DateTimeOffset.MaxValue, 50, FrontDesk.Cancel) is { Count: > 0 } due)
        {
            foreach (var message in due)
            {
                if (message.Body is OutboxBody.Tell tell) found.Add(tell.Notice);
                await desk.Store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Sent), FrontDesk.Cancel);
            }
        }
        return found;
    }
}
