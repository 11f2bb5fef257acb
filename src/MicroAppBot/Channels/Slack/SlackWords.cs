using System.Text.RegularExpressions;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>What somebody typed, as they saw it: Slack sends links, mentions and three characters in its own way of writing.</summary>
internal static partial class SlackWords
{
    private const int MostRead = 40_000;

    /// <param name="bots">The bot's own user ids: its mentions are no words of the person.</param>
    /// <param name="directory">Names for the mentions of people.</param>
    public static string Read(string? text, IReadOnlyCollection<string> bots, IDirectory directory)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (text.Length > MostRead) text = text[..MostRead];
        var read = Marked().Replace(text, mark => Word(mark.Groups["what"].Value, mark.Groups["label"] is { Success: true } label ? label.Value : null, bots, directory));
        return read.Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal).Trim();
    }

    private static string Word(string what, string? label, IReadOnlyCollection<string> bots, IDirectory directory) => what switch
    {
        ['@', .. var user] => bots.Contains(user) ? " " : NameOf(user, directory) ?? label ?? "",
        ['#', .. var channel] => "#" + (label ?? channel),
        ['!', .. var special] when special.StartsWith("date", StringComparison.Ordinal) || special.StartsWith("subteam", StringComparison.Ordinal) => label ?? "",
        ['!', .. var special] => "@" + special,
        // A name of a host that was typed becomes a link by itself, with what was typed beside it
        _ => label is not null && what.EndsWith(label, StringComparison.OrdinalIgnoreCase) ? label : what,
    };

    private static string? NameOf(string user, IDirectory directory) => directory.People.Values.FirstOrDefault(p => p.Accounts.Slack == user)?.Name;

    [GeneratedRegex(@"<(?<what>[^<>|]+)(\|(?<label>[^<>]*))?>")]
    private static partial Regex Marked();
}
