using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Journeys;

/// <summary>Somebody who uses the bot, through whichever channel: the same journey is played on each.</summary>
internal interface IPerson
{
    string Id { get; }

    /// <summary>How often this person typed or pressed something.</summary>
    int Turns { get; }

    /// <summary>Everything in their chat from the bot, in order, as it looks now to them.</summary>
    IReadOnlyList<Seen> Inbox { get; }

    /// <summary>Types words.</summary>
    /// <returns>The first message that comes after them.</returns>
    Task<Seen> SayAsync(string words);

    /// <summary>Presses the first button with this verb (or title) on a card.</summary>
    /// <param name="on">The card, as it was seen: it may have become stale meanwhile.</param>
    /// <returns>What stands in its place, or the message that answers it.</returns>
    Task<Seen> PressAsync(Seen on, string verbOrTitle, JsonObject? inputs = null);

    /// <summary>Waits until there is a message like this, the latest one first.</summary>
    Task<Seen> SeesAsync(Func<Seen, bool> fits, string what);
}

internal static class PersonExtensions
{
    public static Task<Seen> SeesAsync(this IPerson person, string words) => person.SeesAsync(s => s.Says(words), $"a message that says \"{words}\"");

    public static Task<Seen> SeesButtonAsync(this IPerson person, string verb, string words = "") =>
        person.SeesAsync(s => s.Offers(verb) && s.Says(words), $"a card with the button {verb} that says \"{words}\"");

    /// <summary>Waits until there are so many messages like this, and finds no more of them: a channel may want its messages one after the other.</summary>
    public static async Task SeesTimesAsync(this IPerson person, int times, Func<Seen, bool> fits, string what)
    {
        if (times > 0) await person.SeesAsync(_ => person.Inbox.Count(fits) >= times, $"{times} times {what}");
        Assert.Equal(times, person.Inbox.Count(fits));
    }
}
