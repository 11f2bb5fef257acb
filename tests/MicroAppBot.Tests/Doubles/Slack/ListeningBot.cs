using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>Something that Slack can tell: keeps what it heard, and answers as it was told to.</summary>
internal sealed class ListeningBot : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ListeningBot(WebApplication app) => _app = app;

    public HttpClient Http { get; private set; } = null!;

    public ConcurrentQueue<Heard> All { get; } = new();

    /// <summary>Status and body of the answer; null for none at all.</summary>
    public Func<Heard, (int Status, string Body)?> Answer { get; set; } = _ => (200, "");

    public static async Task<ListeningBot> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var bot = new ListeningBot(app);
        app.Run(bot.TakeAsync);
        await app.StartAsync();
        bot.Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        return bot;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var heard = new Heard(http.Request.Path.Value!, await reader.ReadToEndAsync(), http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        All.Enqueue(heard);
        if (Answer(heard) is not var (status, body))
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }
        http.Response.StatusCode = status;
        if (body.Length > 0) http.Response.ContentType = body[0] == '{' ? "application/json" : "text/plain";
        await http.Response.WriteAsync(body);
    }

    public sealed record Heard(string Path, string Body, IReadOnlyDictionary<string, string> Headers);
}
