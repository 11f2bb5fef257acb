using System.CommandLine;
using System.Text.Json.Nodes;
using MicroAppBot.Policies;
using Rego;

namespace MicroAppBot.Commands;

/// <summary><c>policy explain</c>: which rule of a document fired for an input, and what stopped the others.</summary>
internal static class PolicyExplainCommand
{
    public static Command Create(Func<string>? content)
    {
        var path = new Argument<string>("path") { Description = "A rule or package, such as data.microapps.risk.tier." };
        var data = new Option<string[]>("--data", "-d") { Description = "A file or folder with rules and data; the shipped policies when left out." };
        var input = new Option<string?>("--input", "-i") { Description = "The input document; - reads it from the standard input." };
        var format = new Option<string>("--format", "-f") { Description = "pretty or json.", DefaultValueFactory = _ => "pretty" };
        format.AcceptOnlyFromAmong("pretty", "json");
        var old = new Option<bool>("--v0-compatible") { Description = "Read rules as Rego v0 unless they say otherwise." };
        var command = new Command("explain", "Say which rule fired, and why not the others.") { path, data, input, format, old };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                var named = parsed.GetValue(data) is { Length: > 0 } given ? given : [Path.Combine(content?.Invoke() ?? ContentPlace.Root, "policies")];
                var policy = PolicyLoading.Compile(PolicySources.Load(named, parsed.GetValue(old) ? RegoVersion.V0 : RegoVersion.V1));
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
            json["value"] = JsonNode.Parse(value.ToJson());
        json["rules"] = new JsonArray([.. explanation.Rules.Select(Json)]);
        return json;
    }

    private static JsonObject Json(RuleExplanation rule)
    {
        var json = new JsonObject { ["file"] = rule.File, ["row"] = rule.Row, ["head"] = rule.Head, ["default"] = rule.IsDefault, ["fired"] = rule.Fired };
        if (rule.Value is { } value)
            json["value"] = JsonNode.Parse(value.ToJson());
        if (rule.Failed is { } failed)
        {
            json["stopped_by"] = new JsonObject
            {
                ["row"] = failed.Row,
                ["text"] = failed.Text,
                ["values"] = new JsonObject(failed.Values.Where(one => one.Value is not null).Select(one => KeyValuePair.Create(one.Key, JsonNode.Parse(one.Value!.ToJson())))),
                ["undefined"] = new JsonArray([.. failed.Values.Where(one => one.Value is null).Select(one => (JsonNode)one.Key)]),
            };
        }

        if (rule.Because.Count > 0)
            json["because"] = new JsonArray([.. rule.Because.Select(Json)]);
        return json;
    }
}
