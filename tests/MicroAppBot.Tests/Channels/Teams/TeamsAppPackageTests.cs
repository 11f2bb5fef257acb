using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json.Nodes;
using MicroAppBot.Tests.Stores;

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
        Assert.Equal(["personal", "team", "groupChat"], manifest["bots"]![0]!["scopes"]!.AsArray().Select(s => (string)s!));
        Assert.All(manifest["bots"]![0]!["commandLists"]!.AsArray(), list =>
        {
            var commands = list!["commands"]!.AsArray();
            Assert.InRange(commands.Count, 1, 10);
            Assert.All(commands, c =>
            {
                Assert.InRange(((string)c!["title"]!).Length, 1, 32);
                Assert.InRange(((string)c["description"]!).Length, 1, 128);
            });
        });
        // A resource-specific permission is given to an application that is named
        Assert.Equal((string?)manifest["id"], (string?)manifest["webApplicationInfo"]!["id"]);
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

    [Fact]
    public async Task The_command_makes_a_package_that_holds_what_teams_wants_and_nothing_to_be_filled_in()
    {
        using var folder = new TestFolder();
        var place = folder.New();
        var (code, said) = await PackAsync(place, "2F0E4A6C-1b7d-4f3a-9a63-6a1d3c1b9e77", "Müller & \"Sons\" | A/B", "https://www.example.com/a?b=1&c=2");
        Assert.True(code == 0, said);
        using var zip = ZipFile.OpenRead(Path.Combine(place, "microappbot-teams.zip"));
        Assert.Equal(["color.png", "manifest.json", "outline.png"], zip.Entries.Select(e => e.FullName).Order(StringComparer.Ordinal));
        using var reader = new StreamReader(zip.GetEntry("manifest.json")!.Open());
        var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
        var manifest = JsonNode.Parse(text)!;
        Assert.Equal(("Müller & \"Sons\" | A/B", "https://www.example.com/a?b=1&c=2"), ((string)manifest["developer"]!["name"]!, (string)manifest["developer"]!["websiteUrl"]!));
        Assert.True(Guid.TryParse((string)manifest["bots"]![0]!["botId"]!, out _));
    }

    [Theory]
    [InlineData("GUID", "no-guid", "Company", "https://www.example.com")]
    [InlineData("https://", "2f0e4a6c-1b7d-4f3a-9a63-6a1d3c1b9e77", "Company", "http://www.example.com")]
    [InlineData("32 characters", "2f0e4a6c-1b7d-4f3a-9a63-6a1d3c1b9e77", "A company with a very long name indeed", "https://www.example.com")]
    [InlineData("usage", "2f0e4a6c-1b7d-4f3a-9a63-6a1d3c1b9e77")]
    public async Task What_cannot_be_packed_is_said(string words, params string[] arguments)
    {
        using var folder = new TestFolder();
        var place = folder.New();
        var (code, said) = await PackAsync(place, arguments);
        Assert.Equal(2, code);
        Assert.Contains(words, said, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(place));
    }

    private static async Task<(int Code, string Said)> PackAsync(string place, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "There is no shell on this machine.");
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", [Path.Combine(Folder, "pack.sh"), .. arguments]) { WorkingDirectory = place, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, said);
    }
}
