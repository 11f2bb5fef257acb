using Governance.Catalogue;
using MicroAppBot.Content;
using MicroAppBot.Conversation.Understanding;

namespace MicroAppBot.Tests.Conversation.Understanding;

/// <summary>The shipped words, read once for all tests.</summary>
internal static class TheLanguage
{
    private static readonly string Root = AppContext.BaseDirectory;

    public static IEnumerable<(string File, string Text)> Files() => Directory.EnumerateFiles(Path.Combine(Root, "templates"), "*.yaml", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(f => (Path.GetRelativePath(Root, f).Replace('\\', '/'), File.ReadAllText(f)));

    public static Lexicon Lexicon { get; } = Lexicon.Read(Files()).Lexicon;

    public static Reader Reader { get; } = new(Lexicon);

    public static ServiceCatalogue Catalogue { get; } = ContentFolder.Load(Root).Catalogue;

    public static SlotReader Slots { get; } = new(Lexicon, Catalogue);

    public static string Prompt(string file) => File.ReadAllText(Path.Combine(Root, "prompts", "intake", file));
}
