using System.Security.Cryptography;
using System.Text;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>Hands in what was said and where people can be reached. All of it is durable when a method returns.</summary>
internal sealed class SlackTalk(ITurns turns, IStore store, SlackIdentity identity)
{
    public ValueTask<SlackSender> WhoAsync(SlackPlace place) => identity.SenderAsync(place.TeamId, place.UserId, CancellationToken.None, place.InstalledIn);

    /// <returns>The reply, where <paramref name="answering"/> wants it here.</returns>
    public async Task<Reply> TakeAsync(SlackPlace place, SlackSender who, string turnId, Said said, SlackAnswering answering)
    {
        var contact = await ContactAsync(place, who);
        return await turns.TakeAsync(
            new Turn(turnId, who.Account, who.Person, said, contact, answering.Directly, AnswerAt: answering.At, AnswerId: answering.Id, ReturnsReply: answering.Returns,
                OthersReadAlong: answering.At is not null && place.OthersReadAlong), CancellationToken.None);
    }

    /// <summary>The id of a turn made of Slack's own ids, some of which are secrets as long as they are fresh.</summary>
    public static string TurnId(string kind, params ReadOnlySpan<string?> parts) =>
        $"{SlackEndpoint.ChannelName}:{kind}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts!))))[..32]}";

    private async ValueTask<Contact?> ContactAsync(SlackPlace place, SlackSender who)
    {
        if (place.IsDirect) return place.Own.ToContact(who.Person.Id);
        // What concerns one person is said to that person: a channel is nobody's address
        var contacts = await store.ContactsAsync(who.Person.Id);
        return who.IsStranger || contacts.Any(c => c is { Channel: SlackEndpoint.ChannelName, Dead: false }) ? null : place.Own.ToContact(who.Person.Id);
    }
}

/// <summary>How an answer gets to the person.</summary>
/// <param name="Directly">Shown by whoever hands the turn in, and nowhere else.</param>
/// <param name="At">Sent there; into the person's own chat when null.</param>
/// <param name="Id">The id the answer is sent under.</param>
/// <param name="Returns">Sent, and shown by whoever hands the turn in besides.</param>
internal sealed record SlackAnswering(bool Directly, string? At = null, string? Id = null, bool Returns = false)
{
    public static readonly SlackAnswering Here = new(Directly: true);

    public static SlackAnswering Sent(string? at) => new(Directly: false, at);
}
