using MicroAppBot.Channels.Slack;
using MicroAppBot.Desk;
using Microsoft.Extensions.Configuration;

namespace MicroAppBot.Tests.Channels.Slack;

public sealed class SlackSettingsTests
{
    private const string Signing = "SigningSecret=8f742231b10e8888abcd99yyyzzz85a5";
    private const string Bot = "BotToken=xoxb-1-2";
    private const string App = "AppToken=xapp-1-2";
    private static readonly string[] OAuth =
        ["ClientId=1.2", "ClientSecret=very-secret", "StateSecret=0123456789abcdef0123456789abcdef", "RedirectUrl=https://bot.example.com/slack/oauth/callback", "Workspaces=T1, T2,E3"];

    private static SlackSettings Read(params string[] settings) => SlackSettings.From(new ConfigurationBuilder().AddInMemoryCollection(
        settings.Select(s => s.Split('=', 2)).Select(s => new KeyValuePair<string, string?>("Channels:Slack:" + s[0], s[1]))).Build());

    [Theory]
    [InlineData("SigningSecret is missing", Bot)]
    [InlineData("SigningSecret is missing", Bot, "PreviousSigningSecret=8f742231b10e8888abcd99yyyzzz85a5")]
    [InlineData("SigningSecret is too short", "SigningSecret=abc", Bot)]
    [InlineData("SigningSecret is the same", Signing, "PreviousSigningSecret=8f742231b10e8888abcd99yyyzzz85a5", Bot)]
    [InlineData("BotToken is missing", Signing)]
    [InlineData("BotToken is missing", App)]
    [InlineData("BotToken does not start with xoxb-", Signing, "BotToken=xapp-1-2")]
    [InlineData("BotToken is a token that runs out", Signing, "BotToken=xoxe.xoxb-1")]
    [InlineData("AppToken does not start with xapp-", Bot, "AppToken=xoxb-9")]
    [InlineData("Command is no slash command", Signing, Bot, "Command=microapp")]
    [InlineData("Connections must be a number", App, Bot, "Connections=11")]
    [InlineData("Cloud is neither", Signing, Bot, "Cloud=moon")]
    [InlineData("ApiUrl is no https address", Signing, Bot, "ApiUrl=http://slack.example.com/api")]
    [InlineData("ClientSecret is missing", Signing, "ClientId=1.2")]
    [InlineData("ClientId is missing", Signing, Bot, "ClientSecret=s")]
    public void Half_a_registration_stops_the_start_and_names_the_key_and_no_secret(string expected, params string[] settings)
    {
        var fault = Assert.Throws<SettingException>(() => Read(settings));
        Assert.StartsWith("Channels:Slack:" + expected, fault.Message, StringComparison.Ordinal);
        foreach (var secret in settings.Where(s => s.StartsWith("BotToken=", StringComparison.Ordinal) || s.StartsWith("AppToken=", StringComparison.Ordinal) || s.StartsWith("SigningSecret=", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain(secret.Split('=')[1], fault.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ClientId")]
    [InlineData("ClientSecret")]
    [InlineData("StateSecret")]
    [InlineData("RedirectUrl")]
    [InlineData("Workspaces")]
    public void For_many_workspaces_every_part_is_needed(string missing)
    {
        var fault = Assert.Throws<SettingException>(() => Read([Signing, .. OAuth.Where(o => !o.StartsWith(missing, StringComparison.Ordinal))]));
        Assert.StartsWith($"Channels:Slack:{missing} is missing", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("StateSecret=short", "StateSecret is too short")]
    [InlineData("RedirectUrl=http://bot.example.com/slack/oauth/callback", "RedirectUrl is no https address")]
    [InlineData("Workspaces=acme", "Workspaces holds “acme”")]
    public void For_many_workspaces_every_part_is_looked_at(string part, string expected)
    {
        var fault = Assert.Throws<SettingException>(() => Read([Signing, .. OAuth.Where(o => o.Split('=')[0] != part.Split('=')[0]), part]));
        Assert.StartsWith("Channels:Slack:" + expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_set_is_off_and_each_whole_way_is_on()
    {
        Assert.False(Read().IsOn);
        Assert.Equal("off", Read().ToString());
        Assert.Equal("HTTP, one workspace", Read(Signing, Bot).ToString());
        Assert.Equal("Socket Mode, one workspace", Read(App, Bot).ToString());
        Assert.Equal("HTTP, OAuth", Read([Signing, .. OAuth]).ToString());
        Assert.Equal("HTTP, Socket Mode, one workspace, OAuth", Read([Signing, App, Bot, .. OAuth]).ToString());
        Assert.Equal(["T1", "T2", "E3"], Read([Signing, .. OAuth]).OAuth!.Workspaces);
        Assert.Equal(2, Read(Signing, "PreviousSigningSecret=another-secret-of-before", Bot).SigningSecrets.Count);
    }

    [Fact]
    public void Nothing_that_is_logged_holds_a_secret()
    {
        var settings = Read([Signing, App, Bot, .. OAuth]);
        var said = $"{settings} {settings.OAuth} {new SlackInstall("T1", "Acme", null, "A1", "U1", "xoxb-secret", "xoxe-1-secret")}";
        foreach (var secret in (string[])["8f742231b10e8888abcd99yyyzzz85a5", "xoxb-", "xapp-", "xoxe-", "very-secret", "0123456789abcdef"]) Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("commercial", "https://slack.com/api/", "https://slack.com/oauth/v2/authorize", "https://hooks.slack.com/actions/T1/2/3", true)]
    [InlineData("gov", "https://slack-gov.com/api/", "https://slack-gov.com/oauth/v2/authorize", "https://hooks.slack-gov.com/actions/T1", true)]
    [InlineData("gov", "https://slack-gov.com/api/", "https://slack-gov.com/oauth/v2/authorize", "https://hooks.slack.com/actions/T1", false)]
    [InlineData("commercial", "https://slack.com/api/", "https://slack.com/oauth/v2/authorize", "https://hooks.slack.com.evil.example/x", false)]
    [InlineData("commercial", "https://slack.com/api/", "https://slack.com/oauth/v2/authorize", "https://hooks.slack.com@evil.example/x", false)]
    [InlineData("commercial", "https://slack.com/api/", "https://slack.com/oauth/v2/authorize", "https://u:p@hooks.slack.com/x", false)]
    [InlineData("commercial", "https://slack.com/api/", "https://slack.com/oauth/v2/authorize", "http://hooks.slack.com/x", false)]
    [InlineData("commercial", "https://slack.com/api/", "https://slack.com/oauth/v2/authorize", "https://hooks.slack.com:8443/x", false)]
    [InlineData("commercial", "https://slack.com/api/", "https://slack.com/oauth/v2/authorize", "http://127.0.0.1/x", false)]
    [InlineData("commercial", "https://slack.com/api/", "https://slack.com/oauth/v2/authorize", "file:///etc/passwd", false)]
    [InlineData("commercial", "https://slack.com/api/", "https://slack.com/oauth/v2/authorize", "not a url", false)]
    public void Each_cloud_has_its_own_addresses_and_only_its_own_response_urls_are_called(string cloud, string api, string authorize, string responseUrl, bool may)
    {
        var settings = Read(Signing, Bot, "Cloud=" + cloud);
        Assert.Equal(api, settings.Cloud.ApiUrl.ToString());
        Assert.Equal(authorize, settings.Cloud.AuthorizeUrl.ToString());
        Assert.Equal(may, settings.Cloud.MayRespond(responseUrl));
    }

    [Fact]
    public void A_slack_on_this_machine_may_be_named_for_tests()
    {
        var settings = Read(Signing, Bot, "ApiUrl=http://127.0.0.1:5055/api");
        Assert.Equal("http://127.0.0.1:5055/api/", settings.Cloud.ApiUrl.ToString());
        Assert.Equal("http://127.0.0.1:5055/oauth/v2/authorize", settings.Cloud.AuthorizeUrl.ToString());
        Assert.True(settings.Cloud.MayRespond("http://127.0.0.1:5055/commands/1"));
        Assert.False(settings.Cloud.MayRespond("https://hooks.slack.com/x"));
    }
}
