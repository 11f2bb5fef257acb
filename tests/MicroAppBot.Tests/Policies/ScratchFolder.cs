namespace MicroAppBot.Tests.Policies;

/// <summary>A folder of a test's own, gone with the test.</summary>
public sealed class ScratchFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("microapp-").FullName;

    /// <summary>A copy of the content that was built beside the tests.</summary>
    public static ScratchFolder OfContent()
    {
        var scratch = new ScratchFolder();
        foreach (var part in (string[])["policies", "templates"])
        {
            var from = Path.Combine(AppContext.BaseDirectory, part);
            foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
                scratch.Write(Path.Combine(part, Path.GetRelativePath(from, file)), File.ReadAllText(file));
        }

        return scratch;
    }

    public string Write(string name, string text)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public string Read(string name) => File.ReadAllText(Path.Combine(Root, name));

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
