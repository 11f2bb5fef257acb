namespace MicroAppBot.Cards.BlockKit;

/// <summary>Texts that follow each other closely become one block: Slack keeps blocks far apart.</summary>
internal sealed class TextFlow
{
    private readonly List<Run> _runs = [];
    private bool _subtle;
    private bool _part = true;
    private string? _sign;

    /// <summary>The next text gets this sign, unless it has one.</summary>
    public void Mark(string? sign) => _sign = sign;

    /// <summary>What comes next does not belong to what came before.</summary>
    public void Part() => _part = true;

    /// <returns>Blocks that are complete now.</returns>
    public IReadOnlyList<Piece> Add(CardText text)
    {
        var joins = text.Joins && !_part && text.Subtle == _subtle && _runs.Count > 0;
        var done = joins ? [] : Take();
        var sign = _sign ?? text.Sign;
        (_sign, _subtle, _part) = (null, text.Subtle, false);
        if (joins)
            _runs.Add(new Run("\n"));
        _runs.AddRange(sign is null ? text.Runs : Signs.Before(text.Runs, sign));
        return done;
    }

    public IReadOnlyList<Piece> Take()
    {
        if (_runs.Count == 0)
            return [];
        var pieces = _subtle
            ? Kit.Texts(_runs, SlackLimits.ContextText).Select(text => new Piece(Kit.Context(text), glued: true)).ToList()
            : Kit.Texts(_runs, SlackLimits.Section).Select((text, i) => new Piece(Kit.Section(text), glued: i > 0)).ToList();
        _runs.Clear();
        return pieces;
    }
}
