using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Catalogue;
using Governance.Manifests;
using Governance.Verdicts;
using MicroAppBot.Content;
using MicroAppBot.Desk;
using Rego;
using Rego.Values;

namespace MicroAppBot.Policies;

/// <summary>The content folder's rules, compiled once and evaluated in this process. Any number of threads may ask at once.</summary>
public sealed class InProcessPolicies : IPolicies
{
    /// <summary>The entry point that every OPA client asks for as well.</summary>
    public const string Decision = "data.microapps.decision";

    private readonly CompiledPolicy rules;

    private InProcessPolicies(CompiledPolicy rules, PolicyNumbers numbers, ContentFolder content)
    {
        this.rules = rules;
        Numbers = numbers;
        Catalogue = content.Catalogue;
        Revision = content.Revision;
    }

    public PolicyNumbers Numbers { get; }

    public ServiceCatalogue Catalogue { get; }

    public string Revision { get; }

    /// <summary>Compiles the rules with their data, and has them judge once, so that a rulebook that cannot decide is found at the start.</summary>
    /// <exception cref="ContentException">A rule does not compile, a number is missing, or nothing is decided; with file and line.</exception>
    public static InProcessPolicies Compile(ContentFolder content)
    {
        var policies = new InProcessPolicies(Rules(content), NumbersOf(content), content);
        try
        {
            policies.Judge(Probe(content.Catalogue));
        }
        catch (CouldNotJudgeException mute)
        {
            throw new ContentException([new ContentFault("policies", 0, mute.Message)]);
        }

        return policies;
    }

    /// <inheritdoc/>
    /// <exception cref="CouldNotJudgeException">The rules gave no decision; the message says why.</exception>
    public PolicyReport Judge(Manifest manifest) => Judge(manifest.ToJson());

    private PolicyReport Judge(JsonObject manifest)
    {
        try
        {
            var decision = rules.Evaluate(Decision, RValue.Parse(JsonSerializer.SerializeToUtf8Bytes(manifest)))
                ?? throw new CouldNotJudgeException($"The rules decide nothing: {Decision} is undefined.");
            return PolicyReport.Parse(decision.ToJson());
        }
        catch (RegoEvaluationException halted)
        {
            throw new CouldNotJudgeException($"The rules halted: {halted.Message}", halted);
        }
        catch (JsonException odd)
        {
            throw new CouldNotJudgeException($"{Decision} is not a decision document: {odd.Message}", odd);
        }
    }

    private static CompiledPolicy Rules(ContentFolder content)
    {
        var modules = content.PolicyFiles
            .Where(file => !file.Name.EndsWith("_test.rego", StringComparison.Ordinal))
            .Select(file => new RegoModule(file.Name, file.Text));
        try
        {
            return RegoCompiler.Compile(modules, RValue.Parse(content.DataJson.Span));
        }
        catch (RegoCompileException broken)
        {
            throw new ContentException([.. broken.Errors.Select(error => new ContentFault(error.File, error.Row, $"{error.Message} ({error.Code})"))]);
        }
    }

    private static PolicyNumbers NumbersOf(ContentFolder content)
    {
        try
        {
            return PolicyNumbers.Parse(content.DataJson.Span);
        }
        catch (JsonException broken)
        {
            throw new ContentException([new ContentFault("policies/data.json", 0, broken.Message)]);
        }
    }

    private static JsonObject Probe(ServiceCatalogue catalogue) => new()
    {
        ["app"] = new JsonObject { ["name"] = "probe", ["template"] = catalogue.Templates.Keys.Min(StringComparer.Ordinal), ["data_class"] = "public" },
        ["data"] = new JsonObject { ["kinds"] = new JsonArray("none") },
        ["environment"] = catalogue.Environments.Keys.Min(StringComparer.Ordinal),
    };
}
