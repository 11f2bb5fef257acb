using Microsoft.AspNetCore.StaticFiles;

namespace MicroAppBot.Channels.Console;

/// <summary>
/// The page and what belongs to it, from <c>wwwroot</c> beside the program. Where the build found no Node there is no
/// script, and the page says what to install.
/// </summary>
public sealed class ConsolePage
{
    /// <summary>The page asks nobody else for anything, and nothing on it runs that did not come with it.</summary>
    private const string ContentSecurity =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>The page that stands in for it brings its few styles itself and has nothing of anybody's on it.</summary>
    private const string ContentSecurityUnbuilt = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string[] Folders = ["assets", "vendor"];
    private static readonly FileExtensionContentTypeProvider Types = new();

    private readonly string _root;
    private readonly Dictionary<string, string> _files;

    /// <param name="root">The folder <c>wwwroot</c>.</param>
    public ConsolePage(string root)
    {
        _root = root;
        // Listed once: what is asked for is looked up here and never becomes a path
        _files = Folders.Select(folder => Path.Combine(root, folder)).Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFiles)
            .ToDictionary(file => Path.GetRelativePath(root, file).Replace('\\', '/'), StringComparer.Ordinal);
    }

    public bool IsBuilt => _files.ContainsKey("assets/console.js") && _files.ContainsKey("vendor/adaptivecards.js");

    public IResult Index(HttpContext http) => IsBuilt
        ? File(http, Path.Combine(_root, "index.html"), ContentSecurity)
        : File(http, Path.Combine(_root, "not-built.html"), ContentSecurityUnbuilt);

    public IResult Asset(HttpContext http, string folder, string file) =>
        _files.TryGetValue($"{folder}/{file}", out var path) ? File(http, path, ContentSecurity) : Results.NotFound();

    private static IResult File(HttpContext http, string path, string contentSecurity)
    {
        var info = new FileInfo(path);
        if (!info.Exists) return Results.NotFound();
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = contentSecurity;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        var type = Types.TryGetContentType(path, out var known) ? known : "application/octet-stream";
        if (type.StartsWith("text/", StringComparison.Ordinal)) type += "; charset=utf-8";
        return Results.File(path, type, lastModified: info.LastWriteTimeUtc);
    }
}
