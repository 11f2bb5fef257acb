using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Console;

/// <summary>Whether the console may be there at all. It lets one person play everybody, so it is for trying out only.</summary>
/// <param name="WhyOff">The sentence that stands in its place; null when it is on.</param>
public sealed record ConsoleSettings(string? WhyOff)
{
    public static ConsoleSettings On { get; } = new((string?)null);

    public bool IsOn => WhyOff is null;

    public static ConsoleSettings From(IConfiguration settings, IHostEnvironment environment)
    {
        if (!environment.IsDevelopment())
        {
            return new("The console is for trying MicroAppBot out and is there in Development only (start with --environment Development). In this installation the bot lives in your chat.");
        }
        return RealChannels.KeyIn(settings) is { } key
            ? new($"The console is off because a real channel is set up ({key}): nobody may play somebody else there.")
            : On;
    }
}
