using System.Text.RegularExpressions;

namespace MicroAppBot.Conversation.Wording;

/// <summary>What a rule says, as it is shown in chat: without what only the author of a manifest needs.</summary>
public static partial class RuleWords
{
    /// <summary>Leaves out "(in the manifest: …)", which the rules put behind a sentence.</summary>
    public static string Plain(string words) => ForAuthors().Replace(words, "");

    [GeneratedRegex(@" \(in the manifest: [^()]*\)")]
    private static partial Regex ForAuthors();
}
