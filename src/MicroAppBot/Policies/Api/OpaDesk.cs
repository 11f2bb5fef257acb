using System.Text.Json;
using MicroAppBot.Policies.Log;
using Rego;
using Rego.Values;

namespace MicroAppBot.Policies.Api;

/// <summary>Answers one request of OPA's API from the rules in force.</summary>
/// <param name="rules">The rules of this moment.</param>
/// <param name="log">Takes each decision; the log may be off.</param>
/// <param name="health">What is not well, in words; null when all is.</param>
public sealed class OpaDesk(Func<InProcessPolicies> rules, DecisionLog log, TimeProvider clock, OpaHealth health)
{
    /// <summary>What <c>POST /</c> asks for.</summary>
    public static readonly IReadOnlyList<string> DefaultDecision = ["microapps", "decision"];

    public async Task<IResult> DataAsync(HttpContext http, string prefix, bool body)
    {
        var (request, measured, served) = (new OpaRequest(http), new Measured(clock), rules().Served);
        if (NotExplained(request) is { } refused) return refused;
        RValue? input;
        try
        {
            var sent = body ? await request.BodyAsync(http.RequestAborted) : null;
            input = measured.Timed("rego_input_parse", () => body ? (sent is null ? null : sent is RObject o ? o.Get("input") : throw new FormatException("the body must be an object with the key \"input\"")) : request.InputOfQuery());
        }
        catch (FormatException why)
        {
            return OpaAnswer.BadBody(why);
        }
        var path = request.PathAfter(prefix);
        var notes = new List<string>();
        var decision = Begin(request, served, measured) with { Path = string.Join('/', path), Input = input };
        try
        {
            var result = measured.Timed("rego_query_eval", () => served.Document(path, input, Options(request, notes, http)));
            log.Take(decision with { Result = result, Metrics = measured.All });
            return OpaAnswer.Object(request.Pretty, writer =>
            {
                // Nothing was decided and nothing is logged: then OPA's answer is empty, and its clients look for that
                if (result is not null || log.IsOn) writer.WriteString("decision_id", decision.Id);
                if (request.Provenance) Provenance(writer, served);
                if (request.Metrics) measured.Write(writer);
                Explanation(writer, request, notes);
                if (result is not null)
                {
                    writer.WritePropertyName("result");
                    result.WriteTo(writer);
                }
                if (body && input is null)
                {
                    writer.WriteStartObject("warning");
                    writer.WriteString("code", "api_usage_warning");
                    writer.WriteString("message", "'input' key missing from the request");
                    writer.WriteEndObject();
                }
            });
        }
        catch (RegoEvaluationException halted)
        {
            log.Take(decision with { Error = halted, Metrics = measured.All });
            return OpaAnswer.Error(halted);
        }
        catch (RegoCompileException)
        {
            return OpaAnswer.Error(400, OpaAnswer.InvalidParameter, $"invalid path: {string.Join('/', path)}");
        }
    }

    /// <summary>The whole body is the input and the whole answer the result: version 0, and the default decision (no path).</summary>
    public async Task<IResult> BareAsync(HttpContext http, IReadOnlyList<string>? path)
    {
        var (request, measured, served) = (new OpaRequest(http), new Measured(clock), rules().Served);
        path ??= DefaultDecision;
        RValue? input;
        try
        {
            input = await request.BodyAsync(http.RequestAborted);
        }
        catch (FormatException why)
        {
            return OpaAnswer.BadBody(why);
        }
        var decision = Begin(request, served, measured) with { Path = string.Join('/', path), Input = input };
        try
        {
            var result = measured.Timed("rego_query_eval", () => served.Document(path, input, Options(request, [], http)));
            log.Take(decision with { Result = result, Metrics = measured.All });
            return result is null
                ? OpaAnswer.Error(404, "undefined_document", $"document undefined: data.{string.Join('.', path)}")
                : OpaAnswer.Value(result);
        }
        catch (RegoEvaluationException halted)
        {
            log.Take(decision with { Error = halted, Metrics = measured.All });
            return OpaAnswer.Error(halted);
        }
    }

    public async Task<IResult> QueryAsync(HttpContext http, bool body)
    {
        var (request, measured, served) = (new OpaRequest(http), new Measured(clock), rules().Served);
        if (NotExplained(request) is { } refused) return refused;
        string? query;
        RValue? input = null;
        try
        {
            var sent = body ? await request.BodyAsync(http.RequestAborted) as RObject : null;
            query = body ? (sent?.Get("query") as RString)?.Value : http.Request.Query["q"] is [.., { } q] ? q : null;
            input = body ? sent?.Get("input") : request.InputOfQuery();
        }
        catch (FormatException why)
        {
            return OpaAnswer.Error(400, OpaAnswer.InvalidParameter, $"error(s) occurred while decoding request: {why.Message}");
        }
        if (query is null) return OpaAnswer.Error(400, OpaAnswer.InvalidParameter, body ? "missing key 'query'" : "missing parameter 'q'");
        var notes = new List<string>();
        var decision = Begin(request, served, measured) with { Query = query, Input = input };
        try
        {
            var results = measured.Timed("rego_query_eval", () => served.Query(query, input, Options(request, notes, http)));
            var rows = results.Select(r => r.Bindings.Where(b => !b.Key.StartsWith('_')).ToList()).ToList();
            log.Take(decision with { Result = Rows(rows), Metrics = measured.All });
            return OpaAnswer.Object(request.Pretty, writer =>
            {
                if (request.Metrics) measured.Write(writer);
                Explanation(writer, request, notes);
                if (rows.Count == 0) return;
                writer.WritePropertyName("result");
                Rows(rows).WriteTo(writer);
            });
        }
        catch (RegoCompileException faulty)
        {
            return OpaAnswer.Error(faulty);
        }
        catch (RegoEvaluationException halted)
        {
            log.Take(decision with { Error = halted, Metrics = measured.All });
            return OpaAnswer.Error(halted);
        }
    }

    public IResult Policies(HttpContext http)
    {
        var served = rules().Served;
        return OpaAnswer.Object(new OpaRequest(http).Pretty, writer =>
        {
            writer.WriteStartArray("result");
            foreach (var module in served.Modules)
            {
                writer.WriteStartObject();
                Module(writer, module);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        });
    }

    public IResult Policy(HttpContext http)
    {
        var request = new OpaRequest(http);
        var id = string.Join('/', request.PathAfter("/v1/policies"));
        return rules().Served.Modules.FirstOrDefault(m => m.Name == id) is { } module
            ? OpaAnswer.Object(request.Pretty, writer =>
            {
                writer.WriteStartObject("result");
                Module(writer, module);
                writer.WriteEndObject();
            })
            : OpaAnswer.Error(404, OpaAnswer.NotFound, $"storage_not_found_error: policy id \"{id}\"");
    }

    public IResult Health(HttpContext http)
    {
        var request = new OpaRequest(http);
        var ill = (request.Flag("bundles") || request.Flag("bundle") ? health.Bundles() : null) ?? (request.Flag("plugins") ? health.Plugins() : null);
        return ill is null ? OpaAnswer.Object(false, _ => { }) : OpaAnswer.Object(false, writer => writer.WriteString("error", ill), 500);
    }

    private Decision Begin(OpaRequest request, ServedRules served, Measured measured) => new(
        Guid.CreateVersion7(clock.GetUtcNow()).ToString(), served.Revision, clock.GetUtcNow(), request.RequestedBy, measured.All);

    private EvaluationOptions Options(OpaRequest request, List<string> notes, HttpContext http) => new()
    {
        StrictBuiltinErrors = request.StrictBuiltinErrors,
        CancellationToken = http.RequestAborted,
        Clock = clock,
        Print = notes.Add,
    };

    private static IResult? NotExplained(OpaRequest request) => request.Explain is "off" or "notes"
        ? null
        : OpaAnswer.Error(400, OpaAnswer.InvalidParameter, $"explain={request.Explain} is not supported: notes is, which gives the lines of print(). In words: the bot's command \"policy explain\".");

    private static void Explanation(Utf8JsonWriter writer, OpaRequest request, List<string> notes)
    {
        if (request.Explain != "notes") return;
        writer.WriteStartArray("explanation");
        foreach (var note in notes) writer.WriteStringValue(note);
        writer.WriteEndArray();
    }

    private static void Provenance(Utf8JsonWriter writer, ServedRules served)
    {
        writer.WriteStartObject("provenance");
        writer.WriteString("version", typeof(OpaDesk).Assembly.GetName().Version?.ToString(3) ?? "");
        writer.WriteStartObject("bundles");
        writer.WriteStartObject("microapps");
        writer.WriteString("revision", served.Revision);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Module(Utf8JsonWriter writer, Content.ContentFile module)
    {
        writer.WriteString("id", module.Name);
        writer.WriteString("raw", module.Text);
    }

    private static RArray Rows(List<List<KeyValuePair<string, RValue>>> rows) => new([.. rows.Select(row =>
    {
        var one = new RObjectBuilder();
        foreach (var (name, value) in row) one.Set(name, value);
        return (RValue)one.Build();
    })]);
}
