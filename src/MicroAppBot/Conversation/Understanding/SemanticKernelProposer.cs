using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Catalogue;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Connectors.OpenAI;
using OpenAI;

namespace MicroAppBot.Conversation.Understanding;

/// <summary><c>Llm:*</c>. Without an endpoint there is no model.</summary>
public sealed record LlmSettings
{
    /// <summary>Any endpoint that speaks OpenAI's chat completions, such as <c>http://localhost:11434/v1</c>.</summary>
    public Uri? Endpoint { get; init; }
    public string Model { get; init; } = "";
    public string ApiKey { get; init; } = "";
    public int TimeoutSeconds { get; init; } = 4;
}

/// <summary>Asks a model through Semantic Kernel, with the prompt of <c>prompts/intake</c>. One try, one time limit; whatever goes wrong is one line in the log and no proposal.</summary>
public sealed partial class SemanticKernelProposer : IProposer
{
    private const int LongestText = 4000, LongestAnswer = 20_000, FailuresBeforeRest = 3;
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);
    private readonly Kernel kernel;
    private readonly KernelFunction intake;
    private readonly Dictionary<string, string> lists;
    private readonly TimeSpan limit;
    private readonly TimeProvider clock;
    private readonly ILogger<SemanticKernelProposer> log;
    private int failures;
    private long restingSince;

    /// <param name="prompt">Text of <c>prompts/intake/skprompt.txt</c>.</param>
    /// <param name="config">Text of <c>prompts/intake/config.json</c>.</param>
    /// <param name="clock">The system clock: a model that keeps failing is left alone for a minute.</param>
    /// <exception cref="ArgumentException">A setting is missing, or the config is not one of Semantic Kernel's.</exception>
    public SemanticKernelProposer(LlmSettings settings, string prompt, string config, ServiceCatalogue catalogue, TimeProvider clock, ILogger<SemanticKernelProposer> log)
    {
        if (settings.Endpoint is null) throw new ArgumentException("Llm:Endpoint is missing.", nameof(settings));
        if (settings.Model.Length == 0) throw new ArgumentException("Llm:Endpoint is set and Llm:Model is not: name the model.", nameof(settings));
        (this.clock, this.log, limit) = (clock, log, TimeSpan.FromSeconds(Math.Clamp(settings.TimeoutSeconds, 1, 60)));
        var client = new OpenAIClient(new ApiKeyCredential(settings.ApiKey.Length > 0 ? settings.ApiKey : "none"),
            new OpenAIClientOptions { Endpoint = settings.Endpoint, NetworkTimeout = limit, RetryPolicy = new ClientRetryPolicy(0) });
        var builder = Kernel.CreateBuilder();
        builder.AddOpenAIChatCompletion(settings.Model, client);
        kernel = builder.Build();
        var template = Config(config);
        template.Template = prompt;
        intake = KernelFunctionFactory.CreateFromPrompt(template);
        lists = new()
        {
            ["templates"] = string.Join(", ", catalogue.Templates.Keys.Where(t => !t.StartsWith("regulated-", StringComparison.Ordinal))),
            ["kinds"] = string.Join(", ", DataKind.All.Select(k => k.Id)),
            ["connectors"] = string.Join(", ", catalogue.Connectors.Keys),
        };
    }

    public async Task<Proposal?> ProposeAsync(string text, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(text) || IsResting()) return null;
        using var timeUp = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeUp.Token);
        try
        {
            var arguments = new KernelArguments(new OpenAIPromptExecutionSettings { ResponseFormat = typeof(Proposal), Temperature = 0, MaxTokens = 600 }) { ["text"] = text.Length > LongestText ? text[..LongestText] : text };
            foreach (var (name, ids) in lists) arguments[name] = ids;
            // A server that neither answers nor listens to a cancelled request must not hold the turn either
            var result = await intake.InvokeAsync(kernel, arguments, either.Token).WaitAsync(limit + TimeSpan.FromMilliseconds(500), clock, cancel);
            var answer = result.GetValue<string>() ?? "";
            if (answer.Length > LongestAnswer) throw new JsonException("the answer is too long");
            var proposal = JsonSerializer.Deserialize<Proposal>(answer);
            failures = 0;
            return proposal;
        }
        // A slow model surfaces as an AggregateException of cancelled tries, an error as one of half a dozen types of three libraries
        catch (Exception e) when (!cancel.IsCancellationRequested && e is not OutOfMemoryException)
        {
            if (Interlocked.Increment(ref failures) >= FailuresBeforeRest) Interlocked.Exchange(ref restingSince, clock.GetTimestamp());
            SaysNothing(e.GetType().Name, Reason(e));
            return null;
        }
    }

    private bool IsResting()
    {
        if (Volatile.Read(ref failures) < FailuresBeforeRest) return false;
        if (clock.GetElapsedTime(Interlocked.Read(ref restingSince)) < Rest) return true;
        failures = FailuresBeforeRest - 1;
        return false;
    }

    private static PromptTemplateConfig Config(string config)
    {
        try { return PromptTemplateConfig.FromJson(config); }
        catch (Exception e) when (e is JsonException or ArgumentException) { throw new ArgumentException($"prompts/intake/config.json: {e.Message}", nameof(config), e); }
    }

    // The first line only: error pages of proxies are long, and what was asked is nobody's business in a log
    private static string Reason(Exception e)
    {
        var innermost = e.GetBaseException();
        var line = innermost.Message.Split('\n', 2)[0].Trim();
        return innermost is JsonException ? "its answer is not what was asked for" : line.Length > 120 ? line[..120] : line;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The language model proposes nothing this time ({Kind}: {Reason}); reading goes on without it")]
    private partial void SaysNothing(string kind, string reason);
}
