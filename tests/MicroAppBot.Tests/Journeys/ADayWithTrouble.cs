using MicroAppBot.Tests.Doubles;

namespace MicroAppBot.Tests.Journeys;

/// <summary>A channel that is away, and a channel that wants things one after the other: nothing is lost, doubled or out of order.</summary>
public sealed class ADayWithTrouble
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_ten_minutes_without_the_channel_every_notice_arrives_once_and_in_order(bool inSlack)
    {
        string[] people = ["ada", "ben", "cleo"];
        await using var room = await PostRoom.OpenAsync(inSlack, people);
        foreach (var person in people) await room.QueueAsync(person, 1, 2);
        await room.UntilAsync(() => people.All(p => room.Got(p).Count == 2), Second, "the first ones");

        // Away in every way there is, one after the other. What breaks off in Slack can be looked up afterwards; in Teams it may have arrived, and is sent once more at most
        BadDay[] ways = inSlack
            ? [BadDay.Answering(503), BadDay.ConnectionDropped, BadDay.OfSlack("service_unavailable"), BadDay.SlackThrottled(30)]
            : [BadDay.Answering(503), BadDay.Answering(412, "PreconditionFailed"), BadDay.Answering(502, retryAfter: "20"), BadDay.Throttled(30)];
        foreach (var (n, way) in ways.Index())
        {
            room.Slack.Always("*", way);
            foreach (var person in people) room.Teams.Always(room.Teams.ChatWith("29:" + person), way);
            foreach (var person in people) await room.QueueAsync(person, 3 + n * 2, 2);
            await room.PassAsync(TimeSpan.FromMinutes(2.5), Second);
        }
        Assert.All(people, p => Assert.Equal([1, 2], room.Got(p)));
        room.Slack.Always("*", null);
        foreach (var person in people) room.Teams.Always(room.Teams.ChatWith("29:" + person), null);

        await room.UntilAsync(() => people.All(p => room.Got(p).Count >= 10), Second, "all of them");
        await room.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(5));
        Assert.All(people, p => Assert.Equal(Enumerable.Range(1, 10), room.Got(p)));
        await room.EmptiedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Five_hundred_notices_at_once_keep_to_the_limits_and_none_is_lost(bool inSlack)
    {
        var people = Enumerable.Range(0, 25).Select(n => $"person{n:00}").ToList();
        await using var room = await PostRoom.OpenAsync(inSlack, people);
        room.Teams.Throttles = true;
        var began = room.Time.GetUtcNow();
        await Task.WhenAll(people.Select(person => room.QueueAsync(person, 1, 20)));
        await room.UntilAsync(() => people.Sum(p => room.Got(p).Count) >= 500, TimeSpan.FromMilliseconds(200), "all of them");

        Assert.All(people, p => Assert.Equal(Enumerable.Range(1, 20), room.Got(p)));
        await room.EmptiedAsync();
        // Hardly anybody had to be told to slow down (a busy machine bunches together what left at different times); and it did not take longer than the limits make it
        var refused = inSlack ? room.Slack.Calls.Count(c => c.Status == 429) : room.Teams.TooMany;
        Assert.True(refused <= 25, $"{refused} calls were too many");
        var took = room.Time.GetUtcNow() - began;
        TestContext.Current.TestOutputHelper?.WriteLine($"500 notices took {took.TotalSeconds:0} s of the clock, with {refused} refusals.");
        Assert.InRange(took, TimeSpan.FromSeconds(14), TimeSpan.FromMinutes(5));
    }
}
