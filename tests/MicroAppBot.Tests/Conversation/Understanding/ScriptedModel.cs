using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MicroAppBot.Tests.Conversation.Understanding;

/// <summary>An OpenAI-compatible endpoint on loopback that answers as a test tells it, and keeps what it was asked.</summary>
internal sealed class ScriptedModel : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly TaskCompletionSource closing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScriptedModel(WebApplication app) => this.app = app;

    /// <summary>What it does with a request. Default: answers with <see cref="Answer"/>.</summary>
    public Func<HttpContext, Task>? Does { get; set; }
    public string Answer { get; set; } = "{}";
    public List<JsonElement> Asked { get; } = [];
    public Uri Endpoint { get; private set; } = null!;

    public static async Task<ScriptedModel> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        ScriptedModel model = new(app);
        app.MapPost("/v1/chat/completions", model.HandleAsync);
        await app.StartAsync();
        model.Endpoint = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/v1");
        return model;
    }

    private async Task HandleAsync(HttpContext context)
    {
        lock (Asked) Asked.Add(JsonDocument.Parse(new StreamReader(context.Request.Body).ReadToEndAsync().GetAwaiter().GetResult()).RootElement.Clone());
        if (Does is not null) { await Does(context); return; }
        await AnswerAsync(context, Answer);
    }

    public static Task AnswerAsync(HttpContext context, string content) => context.Response.WriteAsJsonAsync(new
    {
        id = "chatcmpl-1",
        @object = "chat.completion",
        created = 1,
        model = "scripted",
        choices = new[] { new { index = 0, finish_reason = "stop", message = new { role = "assistant", content } } },
        usage = new { prompt_tokens = 1, completion_tokens = 1, total_tokens = 2 },
    });

    /// <summary>Never answers, until the test is over.</summary>
    public async Task HangAsync(HttpContext context) => await Task.WhenAny(closing.Task, Task.Delay(Timeout.Infinite, context.RequestAborted));

    public static Task StatusAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync("{\"error\":{\"message\":\"no\",\"type\":\"x\"}}");
    }

    public async ValueTask DisposeAsync()
    {
        closing.TrySetResult();
        await app.DisposeAsync();
    }
}
