using MicroAppBot.Desk;

namespace MicroAppBot.Policies.Opa;

/// <summary>
/// Looks now and then whether the OPA server answers, and by the same book as the bot's own catalogue and numbers. The governance admins are
/// told when it does not, once it lasted for two looks: a new bundle reaches one of them first.
/// </summary>
public sealed partial class OpaWatch(OpaPolicies server, OpaSettings settings, RulebookNews news, TimeProvider clock, ILogger<OpaWatch> log) : BackgroundService
{
    private string? _before;

    /// <summary>What is not well, in words; null when all is.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken cancel)
    {
        var ours = server.Revision;
        string? trouble, about;
        try
        {
            var theirs = await Task.Run(server.RevisionThere, cancel);
            (trouble, about) = theirs == ours ? (null, null) : (theirs.Length == 0
                ? $"The policy server names no revision, so nobody can tell by which rules it decides. This bot has {RulebookNews.Short(ours)}. Load it with the bundle that \"policy bundle\" writes."
                : $"The policy server decides by revision {RulebookNews.Short(theirs)}, and this bot has {RulebookNews.Short(ours)}: what people are offered may not be what is decided. Bring both to the same bundle.",
                $"opa-differs:{ours}:{theirs}");
        }
        catch (CouldNotJudgeException mute)
        {
            (trouble, about) = ($"{mute.Message} Until it answers, nothing can be approved; nothing is lost.", "opa-mute:" + mute.Message);
        }
        if (trouble is null && Trouble is not null)
        {
            FineAgain(ours);
            await news.TellAsync($"opa-fine:{clock.GetUtcNow():O}", "The policy server is fine again", $"It decides by revision {RulebookNews.Short(ours)}, as this bot does.", "👌", "good", cancel);
            Trouble = null;
        }
        else if (trouble is not null && about == _before)
        {
            if (Trouble is null) NotWell(trouble);
            Trouble = trouble;
            await news.TellAsync(about!, "The policy server needs a look", trouble, "⚠️", "warning", cancel);
        }
        _before = about;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                CouldNotLook(e);
            }
            await Task.Delay(TimeSpan.FromSeconds(settings.CheckEverySeconds), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The policy server is not well: {Trouble}")]
    private partial void NotWell(string trouble);

    [LoggerMessage(Level = LogLevel.Information, Message = "The policy server is fine again, by revision {Revision}.")]
    private partial void FineAgain(string revision);

    [LoggerMessage(Level = LogLevel.Error, Message = "The policy server could not be looked at; it is tried again.")]
    private partial void CouldNotLook(Exception e);
}
