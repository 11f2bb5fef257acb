using System.Text.Json;
using MicroAppBot.Policies.Log;
using Rego;
using Rego.Values;

namespace MicroAppBot.Policies.Api;

/// <summary>What a server of OPA's API says of itself: its rules, what is configured, and how it is.</summary>
/// <param name="rules">The rules of this moment.</param>
/// <param name="log">Knows the instance, as every logged decision names it.</param>
public sealed class OpaFacts(Func<InProcessPolicies> rules, DecisionLog log, OpaHealth health, TimeProvider clock)
{
    /// <summary>All rules in force are one bundle, whatever they were read from.</summary>
    internal const string BundleName = "microapps";

    internal static string Version => typeof(OpaFacts).Assembly.GetName().Version?.ToString(3) ?? "";

    public IResult Policies(HttpContext http)
    {
        var served = rules().Served;
        return OpaAnswer.Object(new OpaRequest(http).Pretty, writer =>
        {
            writer.WriteStartArray("result");
            foreach (var module in served.Modules)
            {
                writer.WriteStartObject();
                Module(writer, module, served);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        });
    }

    public IResult Policy(HttpContext http)
    {
        var request = new OpaRequest(http);
        var id = string.Join('/', request.PathAfter("/v1/policies"));
        var served = rules().Served;
        return served.Modules.FirstOrDefault(m => m.Name == id) is { } module
            ? OpaAnswer.Object(request.Pretty, writer =>
            {
                writer.WriteStartObject("result");
                Module(writer, module, served);
                writer.WriteEndObject();
            })
            : OpaAnswer.Error(404, OpaAnswer.NotFound, $"storage_not_found_error: policy id \"{id}\"");
    }

    public IResult Config(HttpContext http) => OpaAnswer.Object(new OpaRequest(http).Pretty, writer =>
    {
        writer.WriteStartObject("result");
        Labels(writer);
        writer.WriteString("default_decision", "/" + string.Join('/', OpaDesk.DefaultDecision));
        writer.WriteEndObject();
    });

    public IResult Status(HttpContext http)
    {
        var served = rules().Served;
        return OpaAnswer.Object(new OpaRequest(http).Pretty, writer =>
        {
            writer.WriteStartObject("result");
            Labels(writer);
            writer.WriteStartObject("bundles");
            writer.WriteStartObject(BundleName);
            writer.WriteString("name", BundleName);
            writer.WriteString("active_revision", served.Revision);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteStartObject("plugins");
            foreach (var (name, trouble) in health.Plugins)
            {
                writer.WriteStartObject(name);
                writer.WriteString("state", StateOf(trouble()));
                if (trouble() is { } words) writer.WriteString("message", words);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    public IResult Health(HttpContext http)
    {
        var request = new OpaRequest(http);
        if ((request.Flag("bundles") || request.Flag("bundle")) && !health.BundlesAreActive()) return Ill("one or more bundles are not activated");
        if (!request.Flag("plugins")) return Well();
        var without = http.Request.Query["exclude-plugin"];
        return health.Plugins.Where(p => !without.Contains(p.Name)).Select(p => p.Trouble()).FirstOrDefault(t => t is not null) is { } words ? Ill(words) : Well();
    }

    /// <summary>Asks <c>data.system.health.{path}</c>, which a rulebook may define, such as for <c>/health/ready</c>.</summary>
    public IResult HealthByRule(HttpContext http)
    {
        IReadOnlyList<string> path = ["system", "health", .. new OpaRequest(http).PathAfter("/health")];
        var name = "data." + string.Join('.', path);
        var (states, input) = (new RObjectBuilder(), new RObjectBuilder());
        foreach (var (plugin, trouble) in health.Plugins) states.Set(plugin, new RString(StateOf(trouble())));
        input.Set("plugin_state", states.Build());
        input.Set("plugins_ready", RBool.Of(health.WasReady));
        try
        {
            return rules().Served.Document(path, input.Build(), new EvaluationOptions { Clock = clock, CancellationToken = http.RequestAborted }) switch
            {
                RBool { Value: true } => Well(),
                null => Ill($"health check ({name}) was undefined"),
                _ => Ill($"health check ({name}) returned unexpected value"),
            };
        }
        catch (Exception e) when (e is RegoEvaluationException or RegoCompileException or FormatException)
        {
            return Ill(e.Message);
        }
    }

    private static IResult Well() => OpaAnswer.Object(false, _ => { });

    private static IResult Ill(string words) => OpaAnswer.Object(false, writer => writer.WriteString("error", words), 500);

    private static string StateOf(string? trouble) => trouble is null ? "OK" : "ERROR";

    private void Labels(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("labels");
        writer.WriteString("id", log.Instance);
        writer.WriteString("version", Version);
        writer.WriteEndObject();
    }

    private static void Module(Utf8JsonWriter writer, Content.ContentFile module, ServedRules served)
    {
        writer.WriteString("id", module.Name);
        writer.WriteString("raw", module.Text);
        if (served.TreeOf(module.Name) is not { } tree) return;
        writer.WritePropertyName("ast");
        tree.WriteTo(writer);
    }
}
