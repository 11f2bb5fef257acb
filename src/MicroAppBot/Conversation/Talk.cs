using Governance.Intake;

namespace MicroAppBot.Conversation;

/// <summary>Where the conversation with one person stands. Kept with each turn's commit, so that it goes on in the same place after a restart, days later, or in another channel.</summary>
public sealed record Talk
{
    /// <summary>How many steps back are kept.</summary>
    private const int Remembered = 8;

    public static readonly Talk Start = new();

    /// <summary>The person was greeted once.</summary>
    public bool Greeted { get; init; }

    /// <summary>The draft; null when none is open.</summary>
    public IntakeForm? Form { get; init; }

    /// <summary>The open request whose answers are edited; null for a new one.</summary>
    public string? EditsRequest { get; init; }

    /// <summary>The live app that the draft is to change; null for a new one.</summary>
    public string? Changes { get; init; }

    /// <summary>The request that is over and whose answers this draft was opened with; null for any other draft.</summary>
    public string? Follows { get; init; }

    /// <summary>The id a new request will have: who is asked depends on it, and the summary says who before it is filed.</summary>
    public string? FilesAs { get; init; }

    /// <summary>What is asked now; null while the summary is shown or no draft is open.</summary>
    public Question? Asking { get; init; }

    /// <summary>How the draft looked before, newest last.</summary>
    public IReadOnlyList<Step> Past { get; init; } = [];

    /// <summary>Further requests of the same message, to be taken up when the draft is done.</summary>
    public IReadOnlyList<string> Later { get; init; } = [];

    /// <summary>The request that was shown or filed last: "it" in what is said next.</summary>
    public string? LastRequest { get; init; }

    /// <summary>The app that was shown last.</summary>
    public string? LastApp { get; init; }

    /// <summary>What was dropped by "start over" or "cancel", until something new is begun: it can be taken back once.</summary>
    public Talk? Dropped { get; init; }

    /// <summary>Takes a step that <c>back</c> can undo.</summary>
    public Talk Step(IntakeForm form) => this with { Form = form, Past = [.. Past.TakeLast(Remembered - 1), new Step(Form!, Asking)] };

    /// <summary>The draft is dropped, with all that was kept for after it.</summary>
    public Talk Drop() => Closed() with { Later = [], Dropped = this with { Dropped = null } };

    /// <summary>The draft is done with.</summary>
    public Talk Closed() => this with { Form = null, EditsRequest = null, Changes = null, Follows = null, Dropped = null, FilesAs = null, Asking = null, Past = [] };
}

/// <summary>The draft before an answer, and what was being asked.</summary>
public sealed record Step(IntakeForm Form, Question? Asking);
