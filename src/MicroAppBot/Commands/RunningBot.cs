using Microsoft.Extensions.Configuration;

namespace MicroAppBot.Commands;

/// <summary>The bot that has the data folder, as its settings say where it listens.</summary>
internal static class RunningBot
{
    /// <summary>The first of <c>Urls</c>, without a slash at its end.</summary>
    public static string Address(IConfiguration settings)
    {
        var first = (settings["Urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var address, ..] ? address : "http://127.0.0.1:3978";
        return first.Replace("://*", "://127.0.0.1", StringComparison.Ordinal).Replace("://+", "://127.0.0.1", StringComparison.Ordinal).TrimEnd('/');
    }
}
