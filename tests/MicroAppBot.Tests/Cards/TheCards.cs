using MicroAppBot.Cards;
using MicroAppBot.Content;

namespace MicroAppBot.Tests.Cards;

/// <summary>The cards of this repository, as the content folder hands them over.</summary>
internal static class TheCards
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<ContentFile> Files { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "cards"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => new ContentFile(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllText(path)))];

    public static CardLibrary Library { get; } = CardLibrary.Load(Files);

    public static CardSample Sample(string card, string what) => Library.Samples.Single(sample => sample.Card == card && sample.What == what);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MicroAppBot.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests run somewhere below the repository.");
    }
}
