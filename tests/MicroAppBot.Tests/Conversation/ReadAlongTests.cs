using MicroAppBot.Conversation;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Desk;

namespace MicroAppBot.Tests.Conversation;

public class ReadAlongTests
{
    [Theory]
    [InlineData("teams", "add me as an app first")]
    [InlineData("slack", "open me under Apps in the sidebar")]
    public void How_a_chat_begins_is_said_in_the_words_of_the_channel(string channel, string words)
    {
        var reply = ReadAlong.Of(Reply.Card("app-list", [], false), FrontDesk.Content.People["ada.keller"], false, channel);

        var line = Assert.IsType<Message.Line>(reply.Messages[^1]);
        Assert.True(line.ForAll);
        Assert.Contains(words, line.Words, StringComparison.Ordinal);
    }
}
