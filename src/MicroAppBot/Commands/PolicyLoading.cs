using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MicroAppBot.Content;
using MicroAppBot.Policies;
using Rego;
using Rego.Values;

namespace MicroAppBot.Commands;

/// <summary>Rules and data named on the command line, compiled.</summary>
internal static class PolicyLoading
{
    public static CompiledPolicy Compile(PolicySources sources, CompileOptions? options = null) =>
        RegoCompiler.Compile(sources.Modules, RValue.Parse(sources.Data.ToJsonString()), options);

    /// <summary>The input document, JSON or YAML whatever the file is called; null when none was named or it is empty.</summary>
    /// <exception cref="ContentException">It is neither.</exception>
    public static RValue? Input(string? file)
    {
        if (file is null)
            return null;
        var path = file.StartsWith("file://", StringComparison.Ordinal) && Uri.TryCreate(file, UriKind.Absolute, out var url) ? url.LocalPath : file;
        if (path != "-" && !File.Exists(path))
            throw new ContentException([new ContentFault(path, 0, Directory.Exists(path) ? "This is a folder, and not a file." : "There is no such file.")]);
        return Document(path == "-" ? "the standard input" : path, InputFile.Read(path));
    }

    public static RValue Document(string name, byte[] bytes)
    {
        if (bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        try
        {
            return RValue.Parse(bytes);
        }
        catch (FormatException json)
        {
            try
            {
                return YamlData.Document(Encoding.UTF8.GetString(bytes), name) is { } document ? RValue.Parse(document.ToJsonString()) : RNull.Instance;
            }
            catch (ContentException yaml)
            {
                var looksLikeYaml = Path.GetExtension(name) is ".yaml" or ".yml" || bytes.FirstOrDefault(b => b > ' ') is not ((byte)'{' or (byte)'[' or (byte)'"');
                throw looksLikeYaml ? yaml : new ContentException([new ContentFault(name, 0, $"unable to parse input: {json.Message}")]);
            }
        }
    }

    /// <summary>Several sources as one.</summary>
    public static PolicySources Merge(IReadOnlyList<PolicySources> all)
    {
        if (all is [var only])
            return only;
        var data = new JsonObject();
        foreach (var one in all)
            PolicySources.Merge(data, one.Data, "the data named on the command line", "");
        return new PolicySources([.. all.SelectMany(one => one.Modules).DistinctBy(module => module.File)], data);
    }

    /// <summary>A number of times to do something again.</summary>
    public static System.CommandLine.Option<int> Count(string description)
    {
        var count = new System.CommandLine.Option<int>("--count") { Description = description, DefaultValueFactory = _ => 1, HelpName = "n" };
        count.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= 100_000))
                result.AddError($"--count is a number from 1 to 100000, and not {token.Value}.");
        });
        return count;
    }
}
