using Governance.Catalogue;

namespace MicroAppBot.Conversation.Understanding;

/// <summary>Somebody who may be named in an answer.</summary>
public sealed record Candidate(string Id, string Name, string Email);

/// <summary>What is known around a question, so that a short answer ("yes", "the same", "Ines") can be understood.</summary>
public sealed record SlotContext
{
    public static SlotContext Empty { get; } = new();
    /// <summary>The kind of data that was asked about by a yes-or-no question, or null.</summary>
    public string? AskedKind { get; init; }
    /// <summary>Kinds said so far.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];
    /// <summary>Connectors said so far: whose names are meant, and which fields there are, depends on them.</summary>
    public IReadOnlyList<string> Connectors { get; init; } = [];
    /// <summary>Slot to the value that is proposed or was given before, for "same as before".</summary>
    public IReadOnlyDictionary<string, string> Proposed { get; init; } = new Dictionary<string, string>();
    /// <summary>The choices in the order in which they are shown, for "the second".</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
    /// <summary>The people who may be named, without the person who speaks.</summary>
    public IReadOnlyList<Candidate> People { get; init; } = [];
}

/// <summary>A value for a slot, written as the cards' inputs send it (ids; lists by comma; <c>connector:field</c>).</summary>
/// <param name="Words">The person's own words.</param>
public sealed record SlotAnswer(string Slot, string Value, string Words);

/// <summary>What an answer in words came to.</summary>
/// <param name="Answers">The asked slot first, then what was said besides.</param>
/// <param name="Refusal">Why the asked slot could not be read, in words for the person; null when it was.</param>
/// <param name="Command">Set when the text is no answer but a wish such as cancel, back, help or start over (<see cref="Intents"/>).</param>
public sealed record SlotReading(IReadOnlyList<SlotAnswer> Answers, string? Refusal = null, string? Command = null)
{
    public string? Of(string slot) => Answers.FirstOrDefault(a => a.Slot == slot)?.Value;
}
