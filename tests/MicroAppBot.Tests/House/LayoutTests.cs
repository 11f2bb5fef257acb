using System.Text.RegularExpressions;

namespace MicroAppBot.Tests.House;

/// <summary>Holds the floors of the house (README, "The floors of the house"): a folder uses only floors above it, never a sibling.</summary>
public sealed partial class LayoutTests
{
    /// <summary>From the top down; folders in one line share a floor.</summary>
    private static readonly string[][] Floors =
    [
        ["Rego"],
        ["Governance.People"],
        ["Governance.Catalogue"],
        ["Governance.Manifests"],
        ["Governance.Intake", "Governance.Verdicts"],
        ["Governance.Requests"],
        ["Governance.Apps"],
        ["Governance.Lifecycle", "Governance.Notices"],
        ["MicroAppBot.Content"],
        ["MicroAppBot.Desk"],
        ["MicroAppBot.Cards", "MicroAppBot.Conversation"],
        [
            "MicroAppBot.Channels.Teams", "MicroAppBot.Channels.Slack", "MicroAppBot.Channels.Console", "MicroAppBot.Delivery", "MicroAppBot.People",
            "MicroAppBot.Policies", "MicroAppBot.Stores.LiteDb", "MicroAppBot.Stores.Postgres", "MicroAppBot.Platform", "MicroAppBot.Signals",
            "MicroAppBot.Jobs", "MicroAppBot.Web",
        ],
        ["MicroAppBot.Commands"],
        ["MicroAppBot"],
    ];

    private static readonly string Root = FindRoot();

    [Fact]
    public void Every_file_uses_only_the_floors_above_its_own()
    {
        var faults = Sources().SelectMany(file =>
        {
            var home = RoomOf(file.Namespace);
            return file.Uses.Select(RoomOf).OfType<string>().Where(used => used != home && FloorOf(used) >= FloorOf(home!))
                .Distinct().Select(used => $"{file.Path} ({home}) uses {used}");
        }).ToList();

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Every_file_stands_in_the_folder_its_namespace_names_and_every_room_has_a_floor()
    {
        var faults = Sources().Where(file => RoomOf(file.Namespace) is null || file.Namespace != file.Folder).Select(file => $"{file.Path} says {file.Namespace}").ToList();

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void Only_the_program_lives_in_the_bare_root()
    {
        Assert.Equal(["Program.cs"], Directory.EnumerateFiles(Path.Combine(Root, "src", "MicroAppBot"), "*.cs").Select(Path.GetFileName));
    }

    [Fact]
    public void The_doorstep_holds_what_the_design_names_and_nothing_else()
    {
        string[] welcome = ["MicroAppBot.sln", "appsettings.json", "README.md", "cards", "prompts", "policies", "templates", "src", "tests", "docs", "BannedSymbols.txt", "data", "LICENSE"];
        var others = Directory.EnumerateFileSystemEntries(Root).Select(e => Path.GetFileName(e)!)
            .Where(name => name[0] != '.' && !name.StartsWith("Directory.", StringComparison.Ordinal) && !welcome.Contains(name)).ToList();

        Assert.Empty(others);
    }

    [Fact]
    public void The_core_is_pure()
    {
        string[] impure = ["System.IO", "System.Net", "System.Threading.Tasks", "Microsoft.", "TimeProvider"];
        var faults = Sources().Where(f => f.Path.Contains("Governance", StringComparison.Ordinal))
            .SelectMany(f => f.Usings.Where(u => impure.Any(i => u.StartsWith(i, StringComparison.Ordinal))).Select(u => $"{f.Path} uses {u}")).ToList();

        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.Empty(Packages("Governance"));
        // YAML as OPA's users write it, and signatures that a slip would forge, have more corners than code of our own should have
        Assert.Equal(["BouncyCastle.Cryptography", "YamlDotNet"], Packages("Rego").Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Packages(string project) =>
        System.Xml.Linq.XDocument.Load(Path.Combine(Root, "src", project, $"{project}.csproj")).Descendants("PackageReference").Select(p => (string)p.Attribute("Include")!);

    private static string? RoomOf(string name)
    {
        var rooms = Floors.SelectMany(f => f).Where(room => name == room || (room != "MicroAppBot" && name.StartsWith(room + ".", StringComparison.Ordinal)));
        return rooms.MaxBy(room => room.Length);
    }

    private static int FloorOf(string room) => Array.FindIndex(Floors, floor => floor.Contains(room));

    private static IEnumerable<Source> Sources()
    {
        var src = Path.Combine(Root, "src");
        foreach (var path in Directory.EnumerateFiles(src, "*.cs", SearchOption.AllDirectories))
        {
            var parts = Path.GetRelativePath(src, path).Split(Path.DirectorySeparatorChar);
            if (parts.Contains("obj") || parts.Contains("bin") || parts is ["MicroAppBot", "Program.cs"]) continue;
            var text = File.ReadAllText(path);
            var usings = UsingLine().Matches(text).Select(m => m.Groups[1].Value).ToList();
            yield return new Source(string.Join('/', parts), string.Join('.', parts[..^1]), NamespaceLine().Match(text).Groups[1].Value, usings,
                [.. usings.Concat(WholeName().Matches(text).Select(m => m.Value)).Where(u => RoomOf(u) is not null)]);
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MicroAppBot.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run inside the checkout: MicroAppBot.sln was not found above them.");
    }

    private sealed record Source(string Path, string Folder, string Namespace, IReadOnlyList<string> Usings, IReadOnlyList<string> Uses);

    [GeneratedRegex(@"^(?:global )?using (?:static )?(?:\w+ = )?(?:global::)?([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    /// <summary>A name of ours written out in full, outside a namespace line.</summary>
    [GeneratedRegex(@"(?<![\w.])(?<!namespace )(?:MicroAppBot|Governance|Rego)\.[A-Z]\w*(?:\.[A-Z]\w*)*")]
    private static partial Regex WholeName();
}
