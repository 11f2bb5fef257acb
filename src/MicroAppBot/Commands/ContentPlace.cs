using Microsoft.Extensions.Configuration;

namespace MicroAppBot.Commands;

/// <summary>Where the content folders are: beside the program, unless <c>Content:Folder</c> (environment <c>Content__Folder</c>) says otherwise.</summary>
internal static class ContentPlace
{
    public static string Root { get; } = Of(new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .Build());

    public static string Of(IConfiguration settings) =>
        settings["Content:Folder"] is { Length: > 0 } folder ? Path.GetFullPath(folder) : AppContext.BaseDirectory;
}
