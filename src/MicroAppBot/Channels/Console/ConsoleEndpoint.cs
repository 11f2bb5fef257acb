using Governance.People;
using MicroAppBot.Desk;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MicroAppBot.Channels.Console;

/// <summary>The console: its page at <c>/</c>, and what the page asks for and hands in. JSON in snake_case; a fault is <c>{"error": words}</c>.</summary>
public static partial class ConsoleEndpoint
{
    /// <summary>What the console needs; to be added beside the store, the directory, the turns and the clocks.</summary>
    /// <param name="draw">Draws the cards of direct answers.</param>
    public static IServiceCollection AddConsole(this IServiceCollection services, ConsoleSettings settings, DrawCard draw) => services
        .AddSingleton(settings)
        .AddSingleton(draw)
        .AddSingleton<ConsoleBell>()
        .AddSingleton<ConsoleInbox>()
        .AddSingleton<ConsoleOverviewReader>()
        .AddSingleton<ConsoleTalk>()
        .AddSingleton(provider => new ConsoleEvents(
            provider.GetRequiredService<IStore>(), provider.GetRequiredService<ConsoleOverviewReader>(), provider.GetRequiredService<ConsoleBell>(), TimeProvider.System))
        .AddSingleton<ConsoleChannel>();

    /// <summary>Maps the page, its API and <c>POST /dev/clock</c>, all behind <see cref="ConsoleGuard"/>.</summary>
    /// <param name="wwwroot">The folder the page was built to.</param>
    public static void MapConsole(this IEndpointRouteBuilder routes, string wwwroot)
    {
        var settings = routes.ServiceProvider.GetRequiredService<ConsoleSettings>();
        var page = new ConsolePage(wwwroot);
        var log = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ConsoleEndpoint));
        var console = routes.MapGroup("").AddEndpointFilter(new ConsoleGuard(settings)).AddEndpointFilter(new ConsoleFaults(log))
            .WithMetadata(new RequestSizeLimitAttribute(ConsoleBody.MostBytes));

        console.MapGet("/", (HttpContext http) => page.Index(http));
        console.MapGet("/assets/{file}", (HttpContext http, string file) => page.Asset(http, "assets", file));
        console.MapGet("/vendor/{file}", (HttpContext http, string file) => page.Asset(http, "vendor", file));

        console.MapGet("/console/people", People);
        console.MapGet("/console/overview", async (ConsoleOverviewReader overviews, CancellationToken cancel) =>
            Results.Json(await overviews.ReadAsync(cancel), DeskJson.Options));
        console.MapGet("/console/transcript", TranscriptAsync);
        console.MapGet("/console/events", Events);
        console.MapPost("/console/say", SayAsync);
        console.MapPost("/console/press", PressAsync);
        console.MapPost("/console/seen", SeenAsync);
        console.MapPost("/dev/clock", ConsoleClockHand.MoveAsync);
    }

    /// <summary>Everybody of the directory, with department and roles in words.</summary>
    private static IResult People(IDirectory directory) => Results.Json(
        directory.People.Values.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => new
        {
            p.Id,
            p.Name,
            Department = Department.Named(p.Department),
            Roles = p.Roles.Select(Role.Title),
            p.Manager,
            p.TimeZone,
        }),
        DeskJson.Options);

    /// <summary>The lines of one person after a sequence number (0 at first), by sequence; <c>more</c> says that there are further ones.</summary>
    private static async Task<IResult> TranscriptAsync([FromQuery(Name = "as")] string? who, long? after, IDirectory directory, IStore store, CancellationToken cancel)
    {
        const int Page = 200;
        if (who is null || !directory.People.ContainsKey(who)) return ConsoleBody.Fault("Nobody of that name is in the people directory.", StatusCodes.Status404NotFound);
        var lines = await store.TranscriptAsync(who, Math.Max(0, after ?? 0), Page, cancel);
        return Results.Json(new { lines = lines.Select(ConsoleLine.Of), more = lines.Count == Page }, DeskJson.Options);
    }

    /// <summary>A browser that comes back by itself says in a header what it had; the page says it in the address.</summary>
    private static ServerSentEventsResult<string> Events(HttpContext http, long? after, ConsoleEvents events, IHostApplicationLifetime life)
    {
        if (long.TryParse(http.Request.Headers["Last-Event-ID"], out var had)) after = Math.Max(had, after ?? 0);
        // An open stream would hold the shutdown until its time is out
        var until = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, life.ApplicationStopping);
        http.Response.RegisterForDispose(until);
        return TypedResults.ServerSentEvents(events.ListenAsync(after, until.Token));
    }

    private static async Task<IResult> SayAsync(HttpRequest request, IDirectory directory, ConsoleTalk talk, CancellationToken cancel)
    {
        var (body, fault) = await ConsoleBody.ReadAsync(request, cancel);
        if (body is null) return fault!;
        var (person, id, unfit) = body.Who(directory);
        if (person is null) return unfit!;
        if (body.Text("text") is not { } words || string.IsNullOrWhiteSpace(words)) return ConsoleBody.Fault("There are no words in this message.");
        if (words.Length > ConsoleBody.MostWords)
        {
            return ConsoleBody.Fault($"That is longer than I can read at once ({ConsoleBody.MostWords:N0} characters). Please say it in parts.", StatusCodes.Status413PayloadTooLarge);
        }
        await talk.SayAsync(person, id, words, cancel);
        return Results.Json(new { id }, DeskJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> PressAsync(HttpRequest request, IDirectory directory, ConsoleTalk talk, CancellationToken cancel)
    {
        var (body, fault) = await ConsoleBody.ReadAsync(request, cancel);
        if (body is null) return fault!;
        var (person, id, unfit) = body.Who(directory);
        if (person is null) return unfit!;
        if (body.Text("verb") is not { Length: > 0 and <= 64 } verb) return ConsoleBody.Fault("This button does not say what it does.");
        return Results.Json(await talk.PressAsync(person, id, verb, body.Object("data"), body.Text("card"), cancel), DeskJson.Options);
    }

    private static async Task<IResult> SeenAsync(HttpRequest request, IDirectory directory, ConsoleInbox inbox, ConsoleBell bell, CancellationToken cancel)
    {
        var (body, fault) = await ConsoleBody.ReadAsync(request, cancel);
        if (body is null) return fault!;
        if (body.Text("as") is not { } who || !directory.People.ContainsKey(who) || body.Number("sequence") is not { } sequence)
        {
            return ConsoleBody.Fault("Say who has seen what: as, sequence.");
        }
        await inbox.SeeAsync(who, sequence, cancel);
        bell.Ring();
        return Results.NoContent();
    }
}
