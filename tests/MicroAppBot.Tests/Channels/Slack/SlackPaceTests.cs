using MicroAppBot.Channels.Slack;
using Microsoft.Extensions.Time.Testing;

namespace MicroAppBot.Tests.Channels.Slack;

public sealed class SlackPaceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SlackPace _pace;

    public SlackPaceTests() => _pace = new SlackPace(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Null for "now".</summary>
    private TimeSpan? Enter(string method, string place, string install = "T1") => _pace.EnterAsync(install, method, place, TimeSpan.Zero, Cancel).AsTask().GetAwaiter().GetResult();

    [Fact]
    public void A_few_messages_at_once_pass_in_a_conversation_and_then_one_a_second()
    {
        Assert.All(Enumerable.Range(0, 3), _ => Assert.Null(Enter("chat.postMessage", "D1")));
        Assert.Equal(TimeSpan.FromSeconds(3), Enter("chat.postMessage", "D1"));
        // Nobody else waits for it
        Assert.Null(Enter("chat.postMessage", "D2"));
    }

    [Theory]
    [InlineData("users.info", 100)]
    [InlineData("views.open", 100)]
    [InlineData("chat.update", 50)]
    [InlineData("conversations.open", 50)]
    [InlineData("users.lookupByEmail", 50)]
    [InlineData("a.method.nobody.knows", 20)]
    public void No_method_is_called_more_often_in_a_minute_than_its_tier_allows(string method, int most)
    {
        for (var i = 0; i < most; i++) Assert.Null(Enter(method, $"X{i}"));
        Assert.Equal(TimeSpan.FromMinutes(1), Enter(method, "X-late"));
        // Another workspace, another method: another count
        Assert.Null(Enter(method, "X", install: "T2"));
        Assert.Null(Enter("chat.postMessage", "D1"));
    }

    [Fact]
    public void Five_hundred_who_come_at_once_each_get_a_turn_of_their_own_and_none_is_overtaken()
    {
        var waits = Enumerable.Range(0, 500).Select(n => (n, Wait: Enter("chat.postMessage", $"D{n}") ?? TimeSpan.Zero)).ToList();
        Assert.Equal(waits.Select(w => w.Wait), waits.Select(w => w.Wait).Order());
        Assert.All(waits.Chunk(20).Index(), five => Assert.All(five.Item, w => Assert.Equal(TimeSpan.FromSeconds(5 * five.Index), w.Wait)));

        // Whoever comes at their turn passes, and whoever comes before it is told the same moment again
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(TimeSpan.FromSeconds(5), Enter("chat.postMessage", "D40"));
        Assert.All(waits.Where(w => w.n is >= 20 and < 40), w => Assert.Null(Enter("chat.postMessage", $"D{w.n}")));
        // Somebody new comes after all who were there before
        Assert.Equal(TimeSpan.FromSeconds(120), Enter("chat.postMessage", "D-new"));
    }

    [Fact]
    public async Task A_short_wait_is_waited_for_here()
    {
        for (var i = 0; i < 3; i++) Assert.Null(Enter("chat.postMessage", "D1"));
        _time.Advance(TimeSpan.FromSeconds(2.5));
        var entering = _pace.EnterAsync("T1", "chat.postMessage", "D1", TimeSpan.FromSeconds(1), Cancel).AsTask();
        Assert.False(entering.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Null(await entering.WaitAsync(TimeSpan.FromSeconds(30), Cancel));
    }

    [Fact]
    public void What_slack_asks_for_holds_for_that_method_and_workspace_alone()
    {
        _pace.Pause("T1", "chat.postMessage", TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.FromSeconds(30), Enter("chat.postMessage", "D1"));
        Assert.Null(Enter("chat.update", "D1"));
        Assert.Null(Enter("chat.postMessage", "D1", install: "T2"));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(Enter("chat.postMessage", "D1"));
    }

    [Fact]
    public void Turns_that_were_given_before_slack_asked_for_a_pause_are_given_anew_after_it()
    {
        for (var i = 0; i < 40; i++) Enter("chat.postMessage", $"D{i}");
        _pace.Pause("T1", "chat.postMessage", TimeSpan.FromSeconds(60));
        _time.Advance(TimeSpan.FromSeconds(5));
        var again = Enumerable.Range(20, 21).Select(n => Enter("chat.postMessage", $"D{n}")).ToList();
        Assert.All(again.Take(20), wait => Assert.Equal(TimeSpan.FromSeconds(55), wait));
        Assert.Equal(TimeSpan.FromSeconds(60), again[20]);
    }

    [Fact]
    public void A_turn_that_nobody_took_is_free_again_after_a_while()
    {
        for (var i = 0; i < 4; i++) Enter("chat.postMessage", "D1");
        _time.Advance(TimeSpan.FromMinutes(3));
        for (var i = 0; i < 3; i++) Assert.Null(Enter("chat.postMessage", "D1"));
        Assert.NotNull(Enter("chat.postMessage", "D1"));
    }

    [Fact]
    public void Never_more_than_the_limit_in_any_stretch_when_each_comes_at_its_turn()
    {
        var random = new Random(20261124);
        var coming = new PriorityQueue<string, TimeSpan>();
        for (var i = 0; i < 1_500; i++) coming.Enqueue($"D{random.Next(40)}", TimeSpan.FromMilliseconds(random.Next(200_000)));
        var passed = new List<(TimeSpan At, string Place)>();
        var now = TimeSpan.Zero;
        while (coming.TryDequeue(out var place, out var at))
        {
            _time.Advance(at - now);
            now = at;
            if (Enter("chat.postMessage", place) is { } wait) coming.Enqueue(place, now + wait);
            else passed.Add((now, place));
        }
        Assert.Equal(1_500, passed.Count);
        Held(passed.Select(p => p.At), 20, TimeSpan.FromSeconds(5));
        foreach (var one in passed.GroupBy(p => p.Place)) Held(one.Select(p => p.At), 3, TimeSpan.FromSeconds(3));

        static void Held(IEnumerable<TimeSpan> times, int most, TimeSpan stretch)
        {
            var all = times.ToList();
            for (var i = most; i < all.Count; i++) Assert.True(all[i] - all[i - most] >= stretch, $"{most + 1} within {all[i] - all[i - most]}");
        }
    }
}
