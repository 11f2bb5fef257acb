using System.Text.Json.Nodes;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Console;

/// <summary>
/// The local browser console as a channel. There is no service behind it: sending a message is writing a line of the
/// transcript, which the store does together with the mark of the delivery. So it never fails and never repeats.
/// </summary>
public sealed class ConsoleChannel(ConsoleSettings settings, ConsoleBell bell) : IKeepsTranscript
{
    public const string ChannelName = "console";

    public string Name => ChannelName;

    /// <summary>Everybody can be reached here, as long as the console is on.</summary>
    public Contact? ColdContact(Person person) => settings.IsOn ? ContactOf(person) : null;

    public Task<SendOutcome> SendAsync(Contact to, ChannelMessage message, CancellationToken cancel) => Take(message.Id);

    public Task<SendOutcome> UpdateAsync(Contact to, string channelMessageId, ChannelMessage message, CancellationToken cancel) => Take(channelMessageId);

    public NewTranscriptLine LineOf(Contact to, string channelMessageId, ChannelMessage message, DateTimeOffset at) =>
        new(to.PersonId, channelMessageId, FromPerson: false, LineJson(message.Text, message.Card), at);

    public void LinesWritten() => bell.Ring();

    internal static Contact ContactOf(Person person) => new(person.Id, ChannelName, person.Id);

    internal static string LineJson(string text, JsonObject? card = null)
    {
        var line = new JsonObject { ["text"] = text };
        if (card is not null) line["card"] = card.DeepClone();
        return line.ToJsonString(DeskJson.Options);
    }

    private Task<SendOutcome> Take(string id)
    {
        bell.Ring();
        return Task.FromResult<SendOutcome>(settings.IsOn ? new SendOutcome.Sent(id) : new SendOutcome.Gone("The console is off."));
    }
}
