using MicroAppBot.Content;

namespace MicroAppBot.Tests.Content;

/// <summary>A copy of the shipped content in a folder of its own, to be broken by one test.</summary>
public sealed class ContentCopy : IDisposable
{
    public ContentCopy()
    {
        Root = Directory.CreateTempSubdirectory("content-").FullName;
        foreach (var file in Shipped())
            Write(Path.GetRelativePath(AppContext.BaseDirectory, file), File.ReadAllText(file));

        // One rule in place of all that are shipped: the loader does not look into them
        Write("policies/extra_rule.rego", "package microapps.extra_rule\n\nallow := true\n");
    }

    public string Root { get; }

    public ContentFolder Load() => ContentFolder.Load(Root);

    public IReadOnlyList<ContentFault> Faults() => Assert.Throws<ContentException>(Load).Faults;

    public string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public void Write(string file, string text)
    {
        var path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Replaces the first occurrence, and answers the line on which it stands.</summary>
    public int Change(string file, string from, string to)
    {
        var text = Read(file);
        var at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{file} has no “{from}”");
        Write(file, text[..at] + to + text[(at + from.Length)..]);
        return text[..at].Count(c => c == '\n') + 1;
    }

    public void Delete(string file)
    {
        if (Directory.Exists(Path.GetDirectoryName(Path.Combine(Root, file)))) File.Delete(Path.Combine(Root, file));
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static IEnumerable<string> Shipped()
    {
        var policies = Path.Combine(AppContext.BaseDirectory, "policies");
        return Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "templates"), "*.yaml", SearchOption.AllDirectories)
            .Append(Path.Combine(policies, "data.json")).Append(Path.Combine(policies, "schema", "manifest.schema.json")).Append(Path.Combine(policies, "people", "data.json"));
    }
}
