using System.ComponentModel;
using System.Diagnostics;

namespace MicroAppBot.Web;

/// <summary>Opens the console in the newcomer's browser once it is there, where there is a screen to open it on.</summary>
public sealed partial class BrowserOpener(ILogger<BrowserOpener> log)
{
    /// <summary>Says where the console is, and opens it if it can. Never fails the start.</summary>
    public void Open(string address)
    {
        ConsoleIsAt(address);
        var opener = OperatingSystem.IsWindows() ? "explorer" : OperatingSystem.IsMacOS() ? "open" : HasScreen ? "xdg-open" : null;
        if (opener is null || Console.IsOutputRedirected) return;
        try
        {
            using var started = Process.Start(new ProcessStartInfo(opener, [address]) { UseShellExecute = false });
        }
        catch (Win32Exception)
        {
            // No browser to open it with: the address is in the log
        }
    }

    private static bool HasScreen => Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } || Environment.GetEnvironmentVariable("WAYLAND_DISPLAY") is { Length: > 0 };

    [LoggerMessage(Level = LogLevel.Information, Message = "The console is at {Address}")]
    private partial void ConsoleIsAt(string address);
}
