using System.Text;

namespace Rego.Syntax;

/// <summary>Indented lines, with the comments of the source put where the words around them went.</summary>
internal class LineWriter(IReadOnlyList<Comment> comments)
{
    private readonly StringBuilder _text = new();
    private int _next;
    private int _level;
    private bool _delay;

    protected bool InLine { get; private set; }

    /// <summary>The comment that ends the current line.</summary>
    protected Comment? AtLineEnd { get; private set; }

    protected Comment? NextComment => _next < comments.Count ? comments[_next] : null;

    protected IEnumerable<Comment> Pending => comments.Skip(_next);

    protected readonly record struct Mark(int Length, int Next, int Level, bool Delay, bool InLine, Comment? AtLineEnd);

    protected Mark Here => new(_text.Length, _next, _level, _delay, InLine, AtLineEnd);

    protected void Back(Mark to)
    {
        _text.Length = to.Length;
        (_next, _level, _delay, InLine, AtLineEnd) = (to.Next, to.Level, to.Delay, to.InLine, to.AtLineEnd);
    }

    protected void Say(string text) => _text.Append(text);

    protected void StartLine()
    {
        InLine = true;
        _text.Append('\t', _level);
    }

    protected void EndLine()
    {
        InLine = false;
        if (AtLineEnd is { } comment && !_delay)
        {
            _text.Append(" #").Append(comment.Text.TrimEnd());
            AtLineEnd = null;
        }
        _delay = false;
        _text.Append('\n');
    }

    /// <summary>The comment of this line belongs to the next one that ends: a bracket was opened here.</summary>
    protected void DelayLineEnd() => _delay = true;

    protected void DropLineEnd() => AtLineEnd = null;

    protected void BlankLine()
    {
        if (InLine) EndLine();
        _text.Append('\n');
    }

    protected void Up() => _level++;

    protected void Down() => _level--;

    /// <summary>Writes the comments above a row, and keeps that of the row itself for the end of the line.</summary>
    /// <exception cref="CommentInTheWay">The line has a comment already.</exception>
    protected void Comments(int row, bool also = true)
    {
        Comment? last = null;
        var inMetadata = false;
        while (NextComment is { } comment && comment.Row < row)
        {
            if (last is not null && (comment.Row > last.Row + 1 || (inMetadata && IsMetadata(comment)))) BlankLine();
            if (last is not null && comment.Row > last.Row + 1) inMetadata = false;
            inMetadata |= IsMetadata(comment);
            if (!InLine) StartLine();
            Say("#" + comment.Text.TrimEnd());
            EndLine();
            last = comment;
            _next++;
        }
        if (last is not null && row < int.MaxValue && row - last.Row > 1) BlankLine();
        if (also && NextComment is { } here && here.Row == row)
        {
            _next++;
            if (AtLineEnd is not null) throw new CommentInTheWay();
            AtLineEnd = here;
        }
    }

    private static bool IsMetadata(Comment comment) => comment.Text.Trim() == "METADATA";

    /// <summary>Comments up to a row were written with the text they stand in.</summary>
    protected void SkipComments(int upTo)
    {
        while (NextComment is { } comment && comment.Row < upTo) _next++;
        if (AtLineEnd is { } held && held.Row < upTo) AtLineEnd = null;
        if (AtLineEnd is not null || NextComment is not { } last || last.Row != upTo) return;
        AtLineEnd = last;
        _next++;
    }

    protected string Text => _text.ToString();
}

/// <summary>Comments stand where no formatted text has a place for them: the words around them stay as they are written.</summary>
internal sealed class CommentInTheWay : Exception;
