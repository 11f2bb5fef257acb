namespace MicroAppBot.Channels.Slack;

/// <summary><c>POST /slack/events</c>, <c>/slack/interactions</c> and <c>/slack/commands</c>: each takes any kind of body.</summary>
public static class SlackEndpoint
{
    internal const string ChannelName = "slack";
}
