using System.CommandLine;
using System.Text.Json.Nodes;
using MicroAppBot.Policies;
using Rego;

namespace MicroAppBot.Commands;

/// <summary><c>policy explain</c>: which rule of a document fired for an input, and what stopped the others.</summary>
internal static class PolicyExplainCommand
{
    // Exit 0 with an explanation, 2 without
    public static Command Create(Func<string>? content)
    {
        var path = new Argument<string>("path") { Description = "A rule or package, such as data.microapps.risk.tier." };
        var data = new Option<string[]>("--data", "-d") { Description = "A file or folder with rules and data; the shipped policies when left out.", HelpName = "path" };
        var bundle = new Option<string[]>("--bundle", "-b") { Description = "A bundle, as a folder or .tar.gz.", HelpName = "path" };
        var input = new Option<string?>("--input", "-i") { Description = "The input document; - reads it from the standard input.", HelpName = "file" };
        var format = new Option<string>("--format", "-f") { Description = "pretty or json (which names every rule).", DefaultValueFactory = _ => "pretty", HelpName = "format" };
        format.AcceptOnlyFromAmong("pretty", "json");
        var flags = new PolicyFlags();
        var command = new Command("explain", "Say in words which rule fired and what held there, and why not the others.")
        {
            path, data, bundle, input, format,
        };
        foreach (var option in flags.All)
            command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                var bundles = parsed.GetValue(bundle) ?? [];
                var root = content?.Invoke() ?? ContentPlace.Root;
                var named = parsed.GetValue(data) is { Length: > 0 } given ? given : bundles.Length > 0 ? [] : [Path.Combine(root, "policies")];
                var sources = flags.Load(parsed, named, bundles);
                if (parsed.GetValue(data) is not { Length: > 0 } && bundles.Length == 0)
                    sources = sources with { Modules = [.. sources.Modules.Select(module => module with { File = Path.GetRelativePath(root, module.File) })] };
                var policy = PolicyLoading.Compile(sources, flags.Compile(parsed, new CompileOptions()));
                var explanation = policy.Explain(parsed.GetValue(path)!, PolicyLoading.Input(parsed.GetValue(input)));
                if (parsed.GetValue(format) == "json")
                    output.WriteLine(Json(explanation).ToJsonString(ConsoleJson.Indented));
                else
                    foreach (var line in explanation.InWords())
                        output.WriteLine(line);
                return 0;
            }
            catch (Exception fault) when (PolicyFaults.Are(fault))
            {
                PolicyFaults.Write(error, fault);
                return 2;
            }
        });
        return command;
    }

    private static JsonObject Json(Explanation explanation)
    {
        var json = new JsonObject { ["path"] = explanation.Path };
        if (explanation.Value is { } value)
            json["value"] = ConsoleJson.Read(value.ToJson());
        json["rules"] = new JsonArray([.. explanation.Rules.Select(Json)]);
        return json;
    }

    private static JsonObject Json(RuleExplanation rule)
    {
        var json = new JsonObject { ["file"] = rule.File, ["row"] = rule.Row, ["head"] = rule.Head, ["default"] = rule.IsDefault, ["fired"] = rule.Fired };
        if (rule.Title is { } title)
            json["title"] = title;
        if (rule.Value is { } value)
            json["value"] = ConsoleJson.Read(value.ToJson());
        if (rule.Held.Count > 0)
            json["held"] = new JsonArray([.. rule.Held.Select(held => Statement(held.Row, held.Text, held.Values))]);
        if (rule.Failed is { } failed)
            json["stopped_by"] = Statement(failed.Row, failed.Text, failed.Values);
        if (rule.Because.Count > 0)
            json["because"] = new JsonArray([.. rule.Because.Select(Json)]);
        return json;
    }

    private static JsonObject Statement(int row, string text, IReadOnlyList<KeyValuePair<string, Rego.Values.RValue?>> values) => new()
    {
        ["row"] = row,
        ["text"] = text,
        ["values"] = new JsonObject(values.Where(one => one.Value is not null).Select(one => KeyValuePair.Create(one.Key, ConsoleJson.Read(one.Value!.ToJson())))),
        ["undefined"] = new JsonArray([.. values.Where(one => one.Value is null).Select(one => (JsonNode)one.Key)]),
    };
}
