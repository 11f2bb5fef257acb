using System.Globalization;
using System.Text;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>What stands for a colour: Slack has none, and colour alone would say nothing to many people anyway.</summary>
internal static class Signs
{
    public static string? OfStyle(string? style) => style switch { "good" => "✅", "warning" => "⚠️", "attention" => "🛑", _ => null };

    /// <summary>The text with its sign, unless it has one already.</summary>
    public static IReadOnlyList<Run> Before(IReadOnlyList<Run> runs, string sign)
    {
        var text = CardMarkdown.PlainOf(runs).TrimStart();
        if (text.Length == 0)
            return runs;
        Rune.DecodeFromUtf16(text, out var first, out _);
        return Rune.GetUnicodeCategory(first) is UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol ? runs : [new Run(sign + " "), .. runs];
    }
}
