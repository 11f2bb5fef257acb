using System.Text.RegularExpressions;
using MicroAppBot.Desk;

namespace MicroAppBot.Web;

/// <summary>
/// A request that cannot be read (a value that does not fit, a body that is too large) is answered in one sentence of JSON, the same in
/// Development, where a page for developers would show, and in Production, where there would be nothing at all.
/// </summary>
public static partial class PlainBadRequests
{
    public static void UsePlainBadRequests(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await SayAsync(http, bad.StatusCode, Words(bad));
            return;
        }
        // Outside Development a value that cannot be bound ends in a bare 400
        if (http.Response is { StatusCode: 400, HasStarted: false, ContentLength: null } && http.GetEndpoint() is not null) await SayAsync(http, 400, "Something in the address or the body is not what this takes.");
    });

    private static Task SayAsync(HttpContext http, int status, string error) => Results.Json(new { error }, DeskJson.Options, statusCode: status).ExecuteAsync(http);

    private static string Words(BadHttpRequestException bad) => bad.StatusCode == 413 ? "That is too large."
        : Unbound().Match(bad.Message) is { Success: true } m ? $"{m.Groups[1].Value} cannot be \"{(m.Groups[2].Length > 80 ? m.Groups[2].Value[..80] : m.Groups[2].Value)}\"."
        : Missing().Match(bad.Message) is { Success: true } needed ? $"{needed.Groups[1].Value} is missing."
        : "This request cannot be read.";

    [GeneratedRegex("""^Failed to bind parameter "\S+ (\w+)" from "(.*)"\.$""", RegexOptions.Singleline)]
    private static partial Regex Unbound();

    [GeneratedRegex("""^Required parameter "\S+ (\w+)" was not provided""")]
    private static partial Regex Missing();
}
