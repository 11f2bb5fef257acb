using System.Text.Json;
using MicroAppBot.Policies.Log;
using Rego;
using Rego.Values;

namespace MicroAppBot.Policies.Api;

/// <summary>Answers one question of OPA's API from the rules in force.</summary>
/// <param name="rules">The rules of this moment.</param>
/// <param name="log">Takes each decision; the log may be off.</param>
public sealed class OpaDesk(Func<InProcessPolicies> rules, DecisionLog log, TimeProvider clock)
{
    /// <summary>What <c>POST /</c> asks for.</summary>
    public static readonly IReadOnlyList<string> DefaultDecision = ["microapps", "decision"];

    private long _asked;

    public async Task<IResult> DataAsync(HttpContext http, string prefix, bool body)
    {
        var (request, measured, served) = (new OpaRequest(http), new Measured(clock), rules().Served);
        RValue? input;
        try
        {
            input = await measured.TimedAsync("rego_input_parse", () => body ? request.InputOfBodyAsync(http.RequestAborted) : Task.FromResult(request.InputOfQuery()));
        }
        catch (FormatException why)
        {
            return OpaAnswer.BadRequest(why.Message);
        }
        var path = request.PathAfter(prefix);
        var decision = Begin(request, served, measured) with { Path = string.Join('/', path), Input = input };
        var explained = request.Explain is { } mode ? new OpaExplanation(mode) : null;
        try
        {
            var options = Options(request.StrictBuiltinErrors, explained, http);
            var result = measured.Timed("rego_query_eval", () => served.Document(path, input, options));
            log.Take(decision with { Result = result, Metrics = measured.All });
            if (explained is { ShowsRules: true } && served.Explain(path, input, options with { Note = null, Print = null }) is { } why) explained.Add(why);
            return OpaAnswer.Object(request.Pretty, writer =>
            {
                writer.WriteString("decision_id", decision.Id);
                if (request.Provenance) Provenance(writer, served);
                if (request.Metrics) measured.Write(writer);
                explained?.Write(writer, request.Pretty);
                if (result is not null)
                {
                    writer.WritePropertyName("result");
                    OpaAnswer.Write(writer, result, request.Pretty);
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
        catch (FormatException odd)
        {
            return OpaAnswer.BadRequest($"invalid path: {odd.Message}");
        }
        catch (RegoEvaluationException halted)
        {
            log.Take(decision with { Error = halted, Metrics = measured.All });
            return OpaAnswer.Error(halted);
        }
    }

    /// <summary>The whole body is the input and the whole answer the result: version 0, and the default decision (no path).</summary>
    public async Task<IResult> BareAsync(HttpContext http, IReadOnlyList<string>? path)
    {
        var (request, measured, served) = (new OpaRequest(http), new Measured(clock), rules().Served);
        path ??= DefaultDecision;
        RValue input;
        try
        {
            // A body that is not there is the input null, as in OPA
            input = await measured.TimedAsync("rego_input_parse", () => request.BodyAsync(http.RequestAborted)) ?? RNull.Instance;
        }
        catch (FormatException why)
        {
            return OpaAnswer.BadRequest($"unexpected parse error for input: {why.Message}");
        }
        var decision = Begin(request, served, measured) with { Path = string.Join('/', path), Input = input };
        try
        {
            var options = Options(strict: false, null, http);
            var result = measured.Timed("rego_query_eval", () => served.Document(path, input, options));
            log.Take(decision with { Result = result, Metrics = measured.All });
            return result is not null
                ? OpaAnswer.Value(result, request.Pretty)
                : OpaAnswer.Error(404, "undefined_document", $"{(served.Explain(path, input, options) is null ? "document missing" : "document undefined")}: {ServedRules.NameOf(path)}");
        }
        catch (FormatException odd)
        {
            return OpaAnswer.BadRequest($"invalid path: {odd.Message}");
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
        string? query;
        RValue? input = null;
        try
        {
            var sent = body ? await request.BodyAsync(http.RequestAborted, malformed: "") as RObject : null;
            query = body ? (sent?.Get("query") as RString)?.Value : http.Request.Query["q"] is [.., { } q] ? q : null;
            input = sent?.Get("input") is { } given and not RNull ? given : body ? null : request.InputOfQuery();
        }
        catch (FormatException why)
        {
            return OpaAnswer.BadRequest($"error(s) occurred while decoding request: {why.Message}");
        }
        if (query is null) return OpaAnswer.BadRequest(body ? "missing key 'query'" : "missing parameter 'q'");
        var explained = request.Explain is { } mode ? new OpaExplanation(mode) : null;
        var decision = Begin(request, served, measured) with { Query = query, Input = input };
        try
        {
            var prepared = measured.Timed("rego_query_compile", () => served.Prepare(query));
            var results = measured.Timed("rego_query_eval", () => prepared.Run(input, Options(strict: false, explained, http)));
            var rows = Rows(results);
            log.Take(decision with { Result = rows, Metrics = measured.All });
            return OpaAnswer.Object(request.Pretty, writer =>
            {
                if (request.Metrics) measured.Write(writer);
                explained?.Write(writer, request.Pretty);
                if (rows.Count == 0) return;
                writer.WritePropertyName("result");
                OpaAnswer.Write(writer, rows, request.Pretty);
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

    private Decision Begin(OpaRequest request, ServedRules served, Measured measured) =>
        new(Guid.CreateVersion7(clock.GetUtcNow()).ToString(), served.Revision, clock.GetUtcNow(), request.RequestedBy, measured.All)
        {
            Request = Interlocked.Increment(ref _asked),
            Span = request.Span,
        };

    private EvaluationOptions Options(bool strict, OpaExplanation? explained, HttpContext http) => new()
    {
        StrictBuiltinErrors = strict,
        CancellationToken = http.RequestAborted,
        Clock = clock,
        Note = explained is null ? null : explained.Note,
        Print = explained is null ? null : explained.Note,
    };

    private static void Provenance(Utf8JsonWriter writer, ServedRules served)
    {
        writer.WriteStartObject("provenance");
        writer.WriteString("version", OpaFacts.Version);
        writer.WriteStartObject("bundles");
        writer.WriteStartObject(OpaFacts.BundleName);
        writer.WriteString("revision", served.Revision);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>What each result binds. A name that nobody gave (_, and those the compiler makes) is nobody's business.</summary>
    private static RArray Rows(IReadOnlyList<QueryResult> results) => new([.. results.Select(result =>
    {
        var one = new RObjectBuilder();
        foreach (var (name, value) in result.Bindings) one.Set(name, value);
        return (RValue)one.Build();
    })]);
}
