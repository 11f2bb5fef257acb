using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Catalogue;
using Governance.Manifests;
using Governance.Verdicts;
using MicroAppBot.Desk;

namespace MicroAppBot.Policies.Opa;

/// <summary>
/// The rulebook of an OPA server. Numbers and catalogue are this bot's own, from the same files. No answer, or one that is no decision
/// document, is never a yes: it fails closed.
/// </summary>
public sealed partial class OpaPolicies : IPolicies, IDisposable
{
    /// <summary>A decision has some kilobytes.</summary>
    private const int MostBytes = 4 * 1024 * 1024;

    private const int AtOnce = 128;

    private readonly OpaSettings _settings;
    private readonly Func<IPolicies> _local;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly HttpClient _http;

    /// <param name="local">Numbers, catalogue and revision of the content here.</param>
    public OpaPolicies(OpaSettings settings, Func<IPolicies> local, TimeProvider clock, ILogger<OpaPolicies> log, HttpMessageHandler? network = null)
    {
        (_settings, _local, _clock, _log) = (settings, local, clock, log);
        // Connections are kept, and made anew now and then: the name may point elsewhere by then
        _http = new HttpClient(network ?? new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), ResponseDrainTimeout = TimeSpan.Zero, ConnectTimeout = TimeSpan.FromSeconds(settings.TimeoutSeconds) }, disposeHandler: network is null)
        {
            BaseAddress = settings.Url,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MostBytes,
        };
        if (settings.Token is { Length: > 0 } token) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Who asks waits on a thread of the pool: with a slow server, that many may wait before anybody else has to.</summary>
    public static void MakeRoom()
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, AtOnce), ports);
    }

    public PolicyNumbers Numbers => _local().Numbers;

    public ServiceCatalogue Catalogue => _local().Catalogue;

    /// <summary>Of the content here; what the server decided by stands in each report.</summary>
    public string Revision => _local().Revision;

    public IPolicies InForce => new AtThisMoment(this, _local());

    public void Dispose() => _http.Dispose();

    public PolicyReport Judge(Manifest manifest)
    {
        var answer = Ask("v1/data/microapps/decision", new JsonObject { ["input"] = manifest.ToJson() });
        if (!answer.TryGetProperty("result", out var result)) throw new CouldNotJudgeException($"The policy server at {Host} decides nothing: microapps/decision is undefined there. Are the rules and their data loaded?");
        try
        {
            return DecisionDocument.Read(JsonSerializer.SerializeToUtf8Bytes(result));
        }
        catch (JsonException odd)
        {
            throw new CouldNotJudgeException($"What the policy server at {Host} answers is no decision document: {odd.Message}", odd);
        }
    }

    /// <summary>The revision of the book that the server decides by; empty where it has none.</summary>
    /// <exception cref="CouldNotJudgeException">It does not answer.</exception>
    public string RevisionThere() =>
        Ask("v1/data/revision", new JsonObject { ["input"] = new JsonObject() }).TryGetProperty("result", out var revision) && revision.ValueKind == JsonValueKind.String ? revision.GetString()! : "";

    private string Host => _settings.Url!.Authority;

    private JsonElement Ask(string path, JsonObject body)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(_settings.TimeoutSeconds), _clock);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var answer = _http.Send(request, limit.Token);
                // To ask for a decision changes nothing, so it may be asked once more; not after a timeout, when the time is up anyway
                if (attempt == 1 && answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout) continue;
                return Read(answer, limit.Token);
            }
            catch (HttpRequestException lost) when (attempt == 1 && lost.HttpRequestError is not HttpRequestError.ConfigurationLimitExceeded)
            {
                AskingAgain(Host, lost.Message);
            }
            catch (HttpRequestException large) when (large.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded)
            {
                throw new CouldNotJudgeException($"The policy server at {Host} answers more than {MostBytes >> 20} MB: that is no decision.", large);
            }
            catch (HttpRequestException lost)
            {
                throw new CouldNotJudgeException($"The policy server at {Host} cannot be reached: {lost.Message.TrimEnd('.')}.", lost);
            }
            // A body that is cut off by the limit in its last moment is gone when it is read
            catch (Exception late) when (late is OperationCanceledException || (late is ObjectDisposedException && limit.IsCancellationRequested))
            {
                throw new CouldNotJudgeException($"The policy server at {Host} did not answer within {_settings.TimeoutSeconds:0.#} s.", late);
            }
        }
    }

    private JsonElement Read(HttpResponseMessage answer, CancellationToken cancel)
    {
        using var stream = answer.Content.ReadAsStream(cancel);
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) throw new CouldNotJudgeException($"The policy server at {Host} does not let the bot in ({(int)answer.StatusCode}): is Policy:Opa:Token right?");
        // Whoever answers with another address gets no decision to make: the token and the manifest are for the one that is configured
        if (answer.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest) throw new CouldNotJudgeException($"The policy server at {Host} sends the bot elsewhere ({(int)answer.StatusCode}). Put the address itself into Policy:Opa:Url.");
        JsonElement document;
        try
        {
            using var parsed = JsonDocument.Parse(stream);
            document = parsed.RootElement.Clone();
        }
        catch (JsonException odd)
        {
            throw new CouldNotJudgeException($"The policy server at {Host} answered {(int)answer.StatusCode}{((int)answer.StatusCode >= 500 ? "." : ", and not in JSON. Is Policy:Opa:Url the address of an OPA server?")}", odd);
        }
        if (answer.IsSuccessStatusCode && document.ValueKind == JsonValueKind.Object) return document;
        var why = document.ValueKind == JsonValueKind.Object && document.TryGetProperty("message", out var message) ? message.ToString() : "no reason";
        throw new CouldNotJudgeException($"The policy server at {Host} answered {(int)answer.StatusCode}: {(why.Length > 300 ? why[..300] + "…" : why)}");
    }

    private sealed class AtThisMoment(OpaPolicies server, IPolicies local) : IPolicies
    {
        public PolicyNumbers Numbers => local.Numbers;

        public ServiceCatalogue Catalogue => local.Catalogue;

        public string Revision => local.Revision;

        public PolicyReport Judge(Manifest manifest) => server.Judge(manifest);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The policy server at {Host} broke off ({Why}) and is asked once more.")]
    private partial void AskingAgain(string host, string why);
}
