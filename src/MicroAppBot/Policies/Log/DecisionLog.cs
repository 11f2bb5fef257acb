using System.Threading.Channels;
using Rego;

namespace MicroAppBot.Policies.Log;

/// <summary>
/// The decision log: takes decisions without making anybody wait, masks them, and brings them to a file, to another service, or both.
/// What was decided never depends on it.
/// </summary>
/// <param name="rules">Says what is masked; null where the rules are somewhere else.</param>
public sealed partial class DecisionLog(DecisionLogSettings settings, Func<CompiledPolicy?> rules, TimeProvider clock, ILogger<DecisionLog> log, HttpMessageHandler? network = null) : BackgroundService
{
    private readonly Channel<Decision> _taken = Channel.CreateBounded<Decision>(new BoundedChannelOptions(settings.MostWaiting) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private readonly DecisionFile? _file = settings.File ? new DecisionFile(settings, clock) : null;
    private readonly DecisionUpload? _upload = settings.Url is null ? null : new DecisionUpload(settings, clock, log, network);

    /// <summary>Names this process in every logged decision; another one after a restart.</summary>
    public string Instance { get; } = Guid.CreateVersion7(clock.GetUtcNow()).ToString();

    public bool IsOn => settings.IsOn;

    /// <summary>Why decisions do not get where they should; null when they do.</summary>
    public string? Trouble => _fileTrouble ?? _upload?.Trouble;

    private string? _fileTrouble;

    /// <summary>Notes a decision. Never waits and never fails.</summary>
    public void Take(Decision decision)
    {
        if (settings.IsOn && !_taken.Writer.TryWrite(decision)) Full(decision.Id);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _taken.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
        // Stopped before it ran at all: what was taken is written all the same
        if (settings.IsOn) Drain();
    }

    public override void Dispose()
    {
        _file?.Dispose();
        _upload?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.IsOn) return;
        var sending = _upload?.RunAsync(stoppingToken) ?? Task.CompletedTask;
        // Ends when the writer is completed and everything taken is written, also while stopping
        while (await _taken.Reader.WaitToReadAsync(CancellationToken.None))
        {
            Drain();
        }
        await sending;
    }

    private void Drain()
    {
        while (_taken.Reader.TryRead(out var decision)) Write(decision);
    }

    private void Write(Decision decision)
    {
        try
        {
            var line = DecisionLine.Of(decision, Instance);
            if (!DecisionMask.Apply(line, rules(), new EvaluationOptions { Clock = clock })) return;
            var text = DecisionLine.Text(line);
            _upload?.Add(text);
            _file?.Add(text);
            _fileTrouble = null;
        }
        catch (Exception e)
        {
            if (_fileTrouble is null) NotWritten(e, decision.Id);
            _fileTrouble = $"decisions cannot be logged: {e.Message}";
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Decision {DecisionId} is not in the decision log: too many wait to be written.")]
    private partial void Full(string decisionId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Decision {DecisionId} could not be written to the decision log.")]
    private partial void NotWritten(Exception e, string decisionId);
}
