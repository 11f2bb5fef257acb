namespace MicroAppBot.Content;

/// <summary>
/// The content that holds now, with everything that is made of it (rules, word lists, the directory). It is replaced as a
/// whole or not at all: what one part cannot be made of is not taken by the others either.
/// </summary>
public sealed class ContentInForce(ContentFolder first)
{
    private readonly Lock _one = new();
    private readonly List<Func<ContentFolder, object>> _makers = [];
    private volatile Edition _now = new(first, []);

    public ContentFolder Now => _now.Content;

    /// <summary>The edit that was refused last, while it is the one on the disk; null when what is there is in force.</summary>
    public RefusedEdit? Refused { get; private set; }

    /// <summary>Makes a part of the content at once, and again of every content that follows.</summary>
    /// <exception cref="ContentException">It cannot be made of what is in force.</exception>
    public ContentPart<T> Part<T>(Func<ContentFolder, T> make) where T : class
    {
        lock (_one)
        {
            var now = _now;
            var made = make(now.Content);
            _makers.Add(make);
            _now = now with { Parts = [.. now.Parts, made] };
            return new ContentPart<T>(this, now.Parts.Length);
        }
    }

    /// <summary>Makes every part of the new content, and puts all of it in force.</summary>
    /// <exception cref="ContentException">A part cannot be made of it: everything stays as it was.</exception>
    public void Replace(ContentFolder next)
    {
        lock (_one)
        {
            _now = new Edition(next, [.. _makers.Select(make => make(next))]);
            Refused = null;
        }
    }

    /// <summary>Notes that what is on the disk is not in force.</summary>
    public void Refuse(RefusedEdit edit)
    {
        lock (_one) Refused = edit;
    }

    /// <summary>Notes that what is there is in force after all.</summary>
    public void Accept()
    {
        lock (_one) Refused = null;
    }

    internal object PartAt(int index) => _now.Parts[index];

    private sealed record Edition(ContentFolder Content, object[] Parts);
}

/// <summary>Something made of the content in force.</summary>
public sealed class ContentPart<T> where T : class
{
    private readonly ContentInForce _content;
    private readonly int _index;

    internal ContentPart(ContentInForce content, int index) => (_content, _index) = (content, index);

    /// <summary>As made of what is in force now. Take it once where several answers have to fit together.</summary>
    public T Now => (T)_content.PartAt(_index);
}

/// <summary>An edit that cannot be used.</summary>
/// <param name="At">When it was found, on the system clock.</param>
public sealed record RefusedEdit(DateTimeOffset At, IReadOnlyList<ContentFault> Faults);
