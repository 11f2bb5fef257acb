namespace MicroAppBot.Channels.Slack;

/// <summary>How this bot is registered with Slack (<c>Channels:Slack:*</c>), or that it is not.</summary>
/// <param name="SigningSecrets">The current one first, and the previous one during a rotation; empty when nothing is taken over HTTP.</param>
/// <param name="Command">The slash command as the manifest names it.</param>
public sealed record SlackSettings(bool IsOn, IReadOnlyList<string> SigningSecrets, string Command = "/microapp")
{
    public const string Section = "Channels:Slack";

    /// <summary>Never a secret: this ends up in logs.</summary>
    public override string ToString() => $"Slack {(IsOn ? "on" : "off")}";
}
