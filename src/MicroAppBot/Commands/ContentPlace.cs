using Microsoft.Extensions.Configuration;

namespace MicroAppBot.Commands;

/// <summary>Where the content folders are: beside the program, unless <c>Content:Folder</c> (environment <c>Content__Folder</c>) says otherwise.</summary>
internal static class ContentPlace
{
    /// <summary>The settings of a verb: the file beside the program, and the environment.</summary>
    public static IConfiguration Settings { get; } = new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .Build();

    public static string Root { get; } = Of(Settings);

    public static string Of(IConfiguration settings) =>
        settings["Content:Folder"] is { Length: > 0 } folder ? Path.GetFullPath(folder) : AppContext.BaseDirectory;
}
