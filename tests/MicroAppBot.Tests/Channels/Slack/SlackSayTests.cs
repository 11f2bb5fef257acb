using System.Text.Json.Nodes;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Doubles.Slack;

namespace MicroAppBot.Tests.Channels.Slack;

/// <summary>Words in Slack: heard once, answered where they were said, and kept before Slack is told that they were heard.</summary>
public sealed class SlackSayTests : IAsyncLifetime
{
    private SlackHost _host = null!;

    private SlackUser Ada => _host.Ada;

    public async ValueTask InitializeAsync() => _host = await SlackHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Words_in_the_chat_are_answered_there()
    {
        var heard = await Ada.SayAsync("help");
        Assert.Equal((200, ""), (heard.Status, heard.Body));
        var answer = await Ada.SeesAsync(p => p.Words.Contains("Here is what I can do", StringComparison.Ordinal));
        Assert.Null(answer.ThreadTs);
        var turn = Assert.Single(_host.Turns.Taken);
        Assert.Equal(("ada.keller", "slack", Ada.Id, "help"), (turn.Person.Id, turn.Account.Channel, turn.Account.Id, Assert.IsType<Said.Text>(turn.Said).Words));
        Assert.False(turn.AnswerDirectly);
        Assert.Single(await _host.Store.ContactsAsync("ada.keller", TestContext.Current.CancellationToken));
    }
}
