using MicroAppBot.Channels.Teams;
using Microsoft.Extensions.Time.Testing;

namespace MicroAppBot.Tests.Channels.Teams;

/// <summary>The limits of Teams: 7 a second, 8 in two, 60 in thirty and 1,800 an hour to one conversation; 30 a second in all.</summary>
public sealed class TeamsPaceTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
    private readonly TeamsPace _pace;

    public TeamsPaceTests() => _pace = new TeamsPace(_time);

    private async Task<TimeSpan?> NowAsync(string? conversation, bool isQuestion = false) => await _pace.TurnAsync(conversation, isQuestion, TimeSpan.Zero, default);

    private async Task<int> MostAsync(string conversation, TimeSpan within, bool isQuestion = false)
    {
        var sent = 0;
        for (var end = _time.GetUtcNow() + within; _time.GetUtcNow() < end; _time.Advance(TimeSpan.FromMilliseconds(100)))
        {
            while (await NowAsync(conversation, isQuestion) is null) sent++;
        }
        return sent;
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(2, 8)]
    [InlineData(30, 60)]
    [InlineData(3600, 1800)]
    public async Task One_conversation_gets_no_more_than_teams_takes(int seconds, int most)
    {
        var sent = await MostAsync("a", TimeSpan.FromSeconds(seconds));
        Assert.InRange(sent, most * 9 / 10, most);
    }

    [Fact]
    public async Task Questions_about_members_have_limits_of_their_own()
    {
        Assert.Equal(14, await MostAsync("a", TimeSpan.FromSeconds(1), isQuestion: true));
        _time.Advance(TimeSpan.FromSeconds(0.351));
        Assert.Null(await NowAsync("a"));
    }

    private async Task ThirtyAsync(Func<int, string?> conversation)
    {
        for (var i = 0; i < 30; i++)
        {
            if (i is 10 or 20) _time.Advance(TimeSpan.FromSeconds(0.351));
            Assert.Null(await NowAsync(conversation(i)));
        }
    }

    [Fact]
    public async Task Who_waits_for_a_busy_conversation_holds_nobody_else_up()
    {
        for (var i = 0; i < 7; i++) Assert.Null(await NowAsync("busy"));
        _time.Advance(TimeSpan.FromSeconds(0.351));
        Assert.InRange((await NowAsync("busy"))!.Value, TimeSpan.FromSeconds(0.6), TimeSpan.FromSeconds(2.2));
        for (var i = 0; i < 7; i++) Assert.Null(await NowAsync("other"));
        // What had to wait did not count
        _time.Advance(TimeSpan.FromSeconds(2.2));
        Assert.Null(await NowAsync("busy"));
    }

    [Fact]
    public async Task The_whole_bot_makes_thirty_calls_a_second()
    {
        await ThirtyAsync(i => i % 2 == 0 ? null : $"c{i}");
        Assert.NotNull(await NowAsync("one-more"));
        _time.Advance(TimeSpan.FromSeconds(0.351));
        Assert.Null(await NowAsync("one-more"));
    }

    [Fact]
    public async Task A_short_queue_is_waited_out_in_place()
    {
        await ThirtyAsync(i => $"c{i}");
        var turn = _pace.TurnAsync("late", false, TimeSpan.FromSeconds(1.5), default).AsTask();
        Assert.False(turn.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Null(await turn);
    }
}
