using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Channels.Teams;

/// <summary>The app package that administrators upload: within the limits that Teams refuses a package for.</summary>
public sealed class TeamsAppPackageTests
{
    private static readonly string Folder = Path.Combine(Root(), "docs", "teams-app");

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MicroAppBot.sln"))) folder = folder.Parent;
        return folder!.FullName;
    }

    [Fact]
    public void The_manifest_keeps_to_the_lengths_and_counts_of_the_schema()
    {
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "manifest.json")))!;
        Assert.InRange(((string)manifest["name"]!["short"]!).Length, 1, 30);
        Assert.InRange(((string)manifest["name"]!["full"]!).Length, 1, 100);
        Assert.InRange(((string)manifest["description"]!["short"]!).Length, 1, 80);
        Assert.InRange(((string)manifest["description"]!["full"]!).Length, 1, 4000);
        Assert.Equal((string?)manifest["id"], (string?)manifest["bots"]![0]!["botId"]);
        var commands = manifest["bots"]![0]!["commandLists"]![0]!["commands"]!.AsArray();
        Assert.InRange(commands.Count, 1, 10);
        Assert.All(commands, c =>
        {
            Assert.InRange(((string)c!["title"]!).Length, 1, 32);
            Assert.InRange(((string)c["description"]!).Length, 1, 128);
        });
    }

    [Theory]
    [InlineData("color", 192)]
    [InlineData("outline", 32)]
    public void The_icons_have_the_size_that_teams_wants(string name, int size)
    {
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "manifest.json")))!;
        var png = File.ReadAllBytes(Path.Combine(Folder, (string)manifest["icons"]![name]!));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        Assert.Equal((size, size), (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
    }
}
