using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Governance.Catalogue;
using Governance.Manifests;
using Governance.Verdicts;
using MicroAppBot.Content;
using MicroAppBot.Desk;
using Rego;
using Rego.Values;

namespace MicroAppBot.Policies;

/// <summary>The content folder's rules, compiled once and evaluated in this process. Any number of threads may ask at once.</summary>
public sealed partial class InProcessPolicies : IPolicies
{
    /// <summary>The entry point that every OPA client asks for as well.</summary>
    public const string Decision = "data.microapps.decision";

    /// <summary>What <see cref="Trace"/> explains.</summary>
    private const string Tier = "data.microapps.risk.tier";

    private readonly CompiledPolicy rules;
    private readonly Lazy<ServedRules> served;

    private InProcessPolicies(CompiledPolicy rules, PolicyNumbers numbers, ContentFolder content)
    {
        this.rules = rules;
        Content = content;
        served = new Lazy<ServedRules>(() => new ServedRules(rules, content));
        Numbers = numbers;
        Catalogue = content.Catalogue;
        Revision = content.Revision;
    }

    /// <summary>What the rules were compiled from.</summary>
    public ContentFolder Content { get; }

    /// <summary>The rules as they are evaluated, with everything they may look into.</summary>
    internal CompiledPolicy Whole => rules;

    /// <summary>The same rules, as others may ask them.</summary>
    public ServedRules Served => served.Value;

    public PolicyNumbers Numbers { get; }

    public ServiceCatalogue Catalogue { get; }

    public string Revision { get; }

    /// <summary>Compiles the rules with their data, and has them judge once, so that a rulebook that cannot decide is found at the start.</summary>
    /// <exception cref="ContentException">A rule does not compile, a number is missing, or nothing is decided; with file and line.</exception>
    public static InProcessPolicies Compile(ContentFolder content)
    {
        var policies = new InProcessPolicies(Rules(content, RValue.Parse(content.DataJson.Span)), NumbersOf(content), content);
        try
        {
            policies.Judge(Probe(content.Catalogue));
        }
        catch (CouldNotJudgeException mute)
        {
            var (file, line) = MissingRules.PlaceOfDecision(Modules(content));
            throw new ContentException([new ContentFault(file, line, mute.Message)]);
        }

        return policies;
    }

    /// <inheritdoc/>
    /// <exception cref="CouldNotJudgeException">The rules gave no decision; the message says why.</exception>
    public PolicyReport Judge(Manifest manifest) => Judge(manifest.ToJson());

    /// <inheritdoc/>
    public IReadOnlyList<string> Trace(Manifest manifest)
    {
        try
        {
            return rules.Explain(Tier, RValue.Parse(JsonSerializer.SerializeToUtf8Bytes(manifest.ToJson()))).InWords();
        }
        catch (RegoEvaluationException)
        {
            return [];
        }
    }

    private PolicyReport Judge(JsonObject manifest)
    {
        try
        {
            var decision = rules.Evaluate(Decision, RValue.Parse(JsonSerializer.SerializeToUtf8Bytes(manifest)))
                ?? throw new CouldNotJudgeException($"The rules decide nothing: {Decision} is undefined.") { IsAboutOne = true };
            return DecisionDocument.Read(Encoding.UTF8.GetBytes(decision.ToJson()));
        }
        catch (RegoEvaluationException halted)
        {
            throw new CouldNotJudgeException($"The rules halted: {halted.Message}", halted) { IsAboutOne = true };
        }
        catch (JsonException odd)
        {
            throw new CouldNotJudgeException($"{Decision} is not a decision document: {odd.Message}", odd) { IsAboutOne = true };
        }
    }

    /// <param name="data">The base documents: the content's own, or less of them.</param>
    internal static CompiledPolicy Rules(ContentFolder content, RValue data)
    {
        var modules = Modules(content);
        if (MissingRules.In(modules) is { Count: > 0 } missing) throw new ContentException(missing);
        try
        {
            return RegoCompiler.Compile(modules, data);
        }
        catch (RegoCompileException broken)
        {
            throw new ContentException([.. broken.Errors.Select(error => new ContentFault(error.File, error.Row, $"{error.Message} ({error.Code})", error.Col) { Source = error.Line?.Trim() })]);
        }
    }

    private static List<RegoModule> Modules(ContentFolder content) =>
    [
        .. content.PolicyFiles.Where(file => !file.Name.EndsWith("_test.rego", StringComparison.Ordinal)).Select(file => new RegoModule(file.Name, file.Text)),
    ];

    private static PolicyNumbers NumbersOf(ContentFolder content)
    {
        try
        {
            return PolicyNumbers.Parse(content.DataJson.Span);
        }
        catch (JsonException broken)
        {
            throw new ContentException([new ContentFault("policies/data.json", LineOf(broken, content), NumbersWrong(broken))]);
        }
    }

    // A reader's own words name a type of ours, which tells nobody what is wrong
    private static string NumbersWrong(JsonException broken) => broken.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal) && broken.Path is { } path
        ? $"{path.TrimStart('$', '.')} is another kind of value than is wanted here: a number, a word or a list?"
        : broken.Message.Split(" Path: ")[0];

    /// <summary>Where it stands in the file: numbers are read from the data that all of the content makes up, which has no lines.</summary>
    private static int LineOf(JsonException broken, ContentFolder content)
    {
        if (ContentFiles.One(content.Bundled ?? content.Root, "policies/data.json", []) is not { } file || JsonText.Of(file, []) is not { } text) return 0;
        // "$.lifecycle.reminder_days[0]", or a name of ours such as "limits.ttl_days must be above 0"
        var path = broken.Path?.TrimStart('$', '.') ?? NamedNumber().Match(broken.Message).Value;
        return path.Length == 0 ? 0 : text.LineOf("/" + path.Replace('.', '/').Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"[a-z_]+(?:\.[a-z_-]+)+")]
    private static partial Regex NamedNumber();

    private static JsonObject Probe(ServiceCatalogue catalogue) => new()
    {
        ["app"] = new JsonObject { ["name"] = "probe", ["template"] = catalogue.Templates.Keys.Min(StringComparer.Ordinal), ["data_class"] = "public" },
        ["data"] = new JsonObject { ["kinds"] = new JsonArray("none") },
        ["environment"] = catalogue.Environments.Keys.Min(StringComparer.Ordinal),
    };
}
