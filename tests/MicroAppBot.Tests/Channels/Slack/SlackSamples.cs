using System.Text.Json;
using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Channels.Slack;

/// <summary>Payloads of Slack's own SDKs, where they lie beside the checkout.</summary>
internal static class SlackSamples
{
    private static readonly string? Folder = Find();

    /// <summary>Skips the test, saying so, where they do not.</summary>
    public static void Need() => Assert.SkipUnless(Folder is not null, "../shared/slack-fixtures is not beside this checkout.");

    public static IEnumerable<string> Names => Folder is null ? [] : Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f)).Order(StringComparer.Ordinal);

    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder!, name));

    /// <returns>Null where there is none, or it is no JSON.</returns>
    public static JsonNode? Read(string name)
    {
        try
        {
            return Folder is null ? null : JsonNode.Parse(Text(name));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "MicroAppBot.sln"))) continue;
            var shared = Path.Combine(folder.FullName, "..", "shared", "slack-fixtures");
            return Directory.Exists(shared) ? shared : null;
        }
        return null;
    }
}
