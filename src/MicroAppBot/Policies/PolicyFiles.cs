using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Content;
using Rego;

namespace MicroAppBot.Policies;

/// <summary>Collects rules and data from files and folders as OPA's loader does, and every fault on the way.</summary>
internal sealed class PolicyFiles(RegoVersion version, IReadOnlyList<string> ignore, bool onlyRules, bool asBundle = false)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>As deep as the engine reads.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 512 };

    private readonly List<RegoModule> modules = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly List<ContentFault> faults = [];
    private readonly HashSet<string> open = new(StringComparer.Ordinal);

    public JsonObject Data { get; } = [];

    /// <exception cref="ContentException">Something could not be read.</exception>
    public PolicySources Loaded() => faults.Count > 0 ? throw new ContentException(faults) : new PolicySources(modules, Data);

    /// <summary><c>a.b:path</c> in its parts; a path alone has no prefix, and neither has <c>C:\…</c> or a URL.</summary>
    public static (IReadOnlyList<string> Prefix, string Path) Split(string path)
    {
        var colon = path.IndexOf(':', StringComparison.Ordinal);
        if (colon > 1 && colon != path.IndexOf("://", StringComparison.Ordinal) && !Path.Exists(path))
            return (path[..colon].Split('.'), Local(path[(colon + 1)..]));
        return ([], Local(path));
    }

    private static string Local(string path) => path.StartsWith("file://", StringComparison.Ordinal) && Uri.TryCreate(path, UriKind.Absolute, out var url) ? url.LocalPath : path;

    public void Take(string path, IReadOnlyList<string> under) => Take(path, under, 0);

    private void Take(string path, IReadOnlyList<string> under, int depth)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        if (depth > 0 && (name.StartsWith('.') || ignore.Any(pattern => Matches(pattern, name))))
            return;
        try
        {
            if (new FileInfo(path) is { LinkTarget: { } target } link && !Path.Exists(link.ResolveLinkTarget(returnFinalTarget: true)?.FullName))
                faults.Add(new ContentFault(path, 0, $"This link leads to {target}, which is not there."));
            else if (Directory.Exists(path))
                Folder(path, depth == 0 ? under : [.. under, name], depth);
            else if (File.Exists(path))
                One(path, under, depth);
            else
                faults.Add(new ContentFault(path, 0, "There is no such file or folder."));
        }
        catch (ContentException broken)
        {
            faults.AddRange(broken.Faults);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            faults.Add(new ContentFault(path, 0, broken.Message));
        }
    }

    private void Folder(string path, IReadOnlyList<string> under, int depth)
    {
        var real = new DirectoryInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        // A link that leads back into a folder it is in has nothing new.
        if (!open.Add(Path.TrimEndingDirectorySeparator(real)))
            return;
        foreach (var name in Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal))
            Take(Joined(path, name), under, depth + 1);
        open.Remove(Path.TrimEndingDirectorySeparator(real));
    }

    /// <summary>Without ./ and // in it, as OPA names the files of a folder.</summary>
    private static string Joined(string folder, string name)
    {
        while (folder.StartsWith("./", StringComparison.Ordinal))
            folder = folder[2..].TrimStart('/');
        return folder is "" or "." ? name : Path.Join(Path.TrimEndingDirectorySeparator(folder), name);
    }

    private void One(string file, IReadOnlyList<string> under, int depth)
    {
        switch (Path.GetExtension(file))
        {
            case ".rego":
                Rules(file);
                break;
            case ".json" or ".yaml" or ".yml" when onlyRules || (asBundle && Path.GetFileName(file) is not ("data.json" or "data.yaml" or "data.yml")):
                break;
            case ".json":
                Add(file, under, Json(file));
                break;
            case ".yaml" or ".yml":
                Add(file, under, Yaml(file));
                break;
            case ".gz" when depth == 0 && file.EndsWith(".tar.gz", StringComparison.Ordinal):
                var bundle = PolicyBundles.Load(file, version);
                modules.AddRange(bundle.Modules);
                Add(file, under, bundle.Data);
                break;
            default:
                if (depth == 0)
                    Unknown(file, under);
                break;
        }
    }

    private void Rules(string file)
    {
        if (!seen.Add(Path.GetFullPath(file)))
            return;
        modules.Add(new RegoModule(file, ReadText(file)) { Version = version });
    }

    /// <summary>A file that was named is read even if its name does not say what it is.</summary>
    private void Unknown(string file, IReadOnlyList<string> under)
    {
        if (ReadText(file).Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && line[0] != '#')?.StartsWith("package ", StringComparison.Ordinal) ?? false)
        {
            Rules(file);
            return;
        }

        if (onlyRules)
            return;
        try
        {
            Add(file, under, Json(file));
        }
        catch (ContentException)
        {
            try
            {
                Add(file, under, Yaml(file));
            }
            catch (ContentException)
            {
                throw Fault(file, "This is neither rules (.rego) nor data (.json, .yaml) nor a bundle (.tar.gz).");
            }
        }
    }

    private void Add(string file, IReadOnlyList<string> under, JsonNode? data)
    {
        if (under.Count == 0 && data is null && Path.GetExtension(file) != ".json")
            return;
        if (under.Reverse().Aggregate(data, (inner, folder) => new JsonObject { [folder] = inner }) is not JsonObject document)
            throw Fault(file, "The data of a file is one object ({ … }), unless it lies in a subfolder.", Path.GetExtension(file) == ".json" ? 0 : 1);
        PolicySources.Merge(Data, document, file, "");
    }

    private static JsonNode? Json(string file)
    {
        var bytes = File.ReadAllBytes(file);
        try
        {
            return JsonNode.Parse(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes, documentOptions: Deep);
        }
        catch (JsonException broken)
        {
            var why = bytes.All(b => b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') ? "it is empty" : broken.Message.Split(" LineNumber:")[0].TrimEnd('.');
            throw Fault(file, $"This is not valid JSON: {why}.", (int)(broken.LineNumber ?? 0) + 1);
        }
    }

    private static JsonNode? Yaml(string file) => YamlData.Document(ReadText(file), file);

    /// <exception cref="ContentException">It is not UTF-8; the row is named.</exception>
    public static string ReadText(string file)
    {
        try
        {
            using var reader = new StreamReader(file, Strict, detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            var rows = File.ReadAllText(file).Split('\n');
            throw Fault(file, "There is a character that is not valid UTF-8.", 1 + Array.FindIndex(rows, row => row.Contains('\ufffd', StringComparison.Ordinal)));
        }
    }

    /// <summary>As Go's filepath.Match.</summary>
    private static bool Matches(string pattern, string name)
    {
        var expression = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var close = pattern[i] == '[' ? pattern.IndexOf(']', i + 1) : -1;
            if (close > 0)
            {
                expression.Append('[').Append(pattern[(i + 1)..close].Replace("\\", "\\\\", StringComparison.Ordinal)).Append(']');
                i = close;
                continue;
            }

            expression.Append(pattern[i] switch
            {
                '*' => ".*",
                '?' => ".",
                '\\' when i + 1 < pattern.Length => System.Text.RegularExpressions.Regex.Escape(pattern[++i].ToString()),
                var letter => System.Text.RegularExpressions.Regex.Escape(letter.ToString()),
            });
        }

        try
        {
            return System.Text.RegularExpressions.Regex.IsMatch(name, expression.Append('$').ToString(), System.Text.RegularExpressions.RegexOptions.NonBacktracking | System.Text.RegularExpressions.RegexOptions.Singleline);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static ContentException Fault(string file, string why, int line = 0) => new([new ContentFault(file, line, why)]);
}
