using MicroAppBot.Desk;
using Microsoft.Extensions.Configuration;

namespace MicroAppBot.Tests.Desk;

public sealed class RealChannelsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(null, "Channels:Slack:ApiUrl=http://127.0.0.1:5000/api/", "Channels:Slack:BotToken=xoxb-1", "Channels:Slack:SigningSecret=s")]
    [InlineData(null, "Channels:Slack:BotToken= ")]
    [InlineData("Channels:Slack:BotToken", "Channels:Slack:BotToken=xoxb-1", "Channels:Slack:SigningSecret=s")]
    [InlineData("Channels:Slack:AppToken", "Channels:Slack:AppToken=xapp-1")]
    [InlineData("Channels:Slack:SigningSecret", "Channels:Slack:SigningSecret=s", "Channels:Slack:ApiUrl=https://slack.example.com/api/")]
    [InlineData("Channels:Slack:SigningSecret", "Channels:Slack:SigningSecret=s", "Channels:Slack:ApiUrl=http://127.0.0.1@slack.com/api/")]
    [InlineData("Channels:Slack:SigningSecret", "Channels:Slack:SigningSecret=s", "Channels:Slack:ApiUrl=http://localhost.example.com/api/")]
    [InlineData("Channels:Teams:AppId", "Channels:Teams:AppId=a", "Channels:Slack:ApiUrl=http://127.0.0.1:5000/api/")]
    public void A_channel_is_real_unless_its_service_is_on_this_machine(string? key, params string[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => s.Split('=', 2)).ToDictionary(s => s[0], s => (string?)s[1])).Build();
        Assert.Equal(key, RealChannels.KeyIn(configuration));
    }
}
