using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Console;

/// <summary>
/// Lets through only what comes from a browser on this very machine. A tunnel or a proxy looks like loopback, and any web
/// page the user has open can send requests to loopback; both are told apart by what they cannot help sending along.
/// </summary>
public sealed class ConsoleGuard(ConsoleSettings settings) : IEndpointFilter
{
    private const string NotFromHere = "The console answers only on the machine it runs on, at http://localhost or http://127.0.0.1, and not through a tunnel or a proxy.";
    private const string NotThisPage = "The console answers only to its own page.";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Refusal(context.HttpContext) ?? await next(context);

    private IResult? Refusal(HttpContext http)
    {
        if (settings.WhyOff is { } why) return Sentence(StatusCodes.Status404NotFound, why);
        var request = http.Request;
        if (!ThisMachine.Sent(http)) return Sentence(StatusCodes.Status404NotFound, NotFromHere);
        if (!IsOurOrigin(request)) return Sentence(StatusCodes.Status403Forbidden, NotThisPage);
        // A form or a plain-text POST from another page needs no preflight; JSON does
        return HttpMethods.IsPost(request.Method) && !request.HasJsonContentType()
            ? Sentence(StatusCodes.Status415UnsupportedMediaType, "Send JSON (Content-Type: application/json).")
            : null;
    }

    private static bool IsOurOrigin(HttpRequest request)
    {
        string? origin = request.Headers.Origin;
        if (!string.IsNullOrEmpty(origin) && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)) return false;
        // Opening the page from a link elsewhere is harmless; being fetched or framed by another site is not
        string? site = request.Headers["Sec-Fetch-Site"];
        return site is not ("cross-site" or "same-site") || (request.Headers["Sec-Fetch-Mode"] == "navigate" && HttpMethods.IsGet(request.Method));
    }

    private static IResult Sentence(int status, string words) => Results.Text(words + "\n", "text/plain; charset=utf-8", statusCode: status);
}
