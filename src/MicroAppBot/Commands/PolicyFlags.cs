using System.CommandLine;
using MicroAppBot.Content;
using MicroAppBot.Policies;
using Rego;
using Rego.Values;

namespace MicroAppBot.Commands;

/// <summary>The flags that several <c>policy</c> verbs share: what is loaded, in which language, and what it may use.</summary>
internal sealed class PolicyFlags
{
    private readonly bool compilesOnly;

    private readonly Option<bool> old = new("--v0-compatible") { Description = "Read rules as Rego v0 unless they say otherwise." };
    private readonly Option<bool> newer = new("--v1-compatible") { Description = "Read rules as Rego v1; this is the default." };
    private readonly Option<string[]> ignore = new("--ignore") { Description = "Names of files and folders not to load, such as '*_test.rego'; commas or more than once.", HelpName = "name" };
    private readonly Option<string?> capabilities = new("--capabilities") { Description = "A file of OPA's capabilities: only its builtins may be used.", HelpName = "file" };
    private readonly Option<string?> schema = new("--schema", "-s") { Description = "A JSON schema of the input, or a folder of schemas, for the type check.", HelpName = "path" };
    private readonly Option<string?> target = new("--target", "-t") { Description = "rego; wasm is not supported.", Hidden = true };

    // The data of `check` is not looked at, and only its paths can be bundles.
    public PolicyFlags(bool compilesOnly = false)
    {
        this.compilesOnly = compilesOnly;
        target.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not "rego" } other, ..])
                result.AddError($"--target is rego; {other.Value} is not supported.");
        });
    }

    /// <summary>For the verbs that only compile and test; the others have it not.</summary>
    public Option<int> MaxErrors { get; } = new("--max-errors", "-m") { Description = "How many errors of one kind are told; 0 for all.", DefaultValueFactory = _ => CompileOptions.Default.MaxErrors, HelpName = "n" };

    public IEnumerable<Option> All => [old, newer, ignore, capabilities, schema, target];

    public RegoVersion Version(ParseResult parsed) => parsed.GetValue(old) ? RegoVersion.V0 : RegoVersion.V1;

    private IReadOnlyList<string> Ignored(ParseResult parsed) => [.. (parsed.GetValue(ignore) ?? []).SelectMany(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries))];

    public PolicySources Load(ParseResult parsed, IReadOnlyList<string> paths, IReadOnlyList<string> bundles, bool revision = true)
    {
        var (version, ignored) = (Version(parsed), Ignored(parsed));
        var sources = PolicySources.Load(paths, version, revision, ignored, compilesOnly);
        return PolicyLoading.Merge([sources, .. bundles.Select(one => PolicyBundles.Load(one, version, ignored))]);
    }

    /// <summary>The same options with what these flags say about capabilities and schemas.</summary>
    public CompileOptions Compile(ParseResult parsed, CompileOptions options) => options with
    {
        MaxErrors = parsed.GetResult(MaxErrors) is null ? options.MaxErrors : parsed.GetValue(MaxErrors),
        Capabilities = parsed.GetValue(capabilities) is { } file ? Capabilities(file) : null,
        Schemas = parsed.GetValue(schema) is { } place ? Schemas(place) : new Dictionary<string, RValue>(),
    };

    private static Capabilities Capabilities(string file)
    {
        if (!File.Exists(file))
            throw new ContentException([new ContentFault(file, 0, "no such file or capabilities version found. Only a file is taken: opa capabilities --version … prints one.")]);
        try
        {
            return Rego.Capabilities.Parse(RValue.Parse(File.ReadAllBytes(file)));
        }
        catch (FormatException broken)
        {
            throw new ContentException([new ContentFault(file, 0, broken.Message)]);
        }
    }

    private static Dictionary<string, RValue> Schemas(string place)
    {
        if (File.Exists(place))
            return new() { [""] = Schema(place) };
        if (!Directory.Exists(place))
            throw new ContentException([new ContentFault(place, 0, "There is no such schema file or folder.")]);
        return Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .ToDictionary(file => Path.ChangeExtension(Path.GetRelativePath(place, file), null).Replace(Path.DirectorySeparatorChar, '/'), Schema);
    }

    private static RValue Schema(string file)
    {
        try
        {
            return PolicyLoading.Document(file, File.ReadAllBytes(file));
        }
        catch (FormatException broken)
        {
            throw new ContentException([new ContentFault(file, 0, broken.Message)]);
        }
    }
}
