namespace MicroAppBot.Conversation.Understanding;

/// <summary>What sort of thing a word of the lexicon stands for. The name in the YAML files is this name in kebab case.</summary>
public enum Facet
{
    /// <summary>A kind of data (<c>salary</c>): said outright.</summary>
    Kind,
    /// <summary>A group of people (<c>customer</c>); makes a kind only together with a field.</summary>
    People,
    /// <summary>A house whose visitors are patients or children (a clinic, a school).</summary>
    Setting,
    /// <summary>A form or upload: people bring the data, no source is needed.</summary>
    OwnData,
    /// <summary>Something known about people (<c>name</c>, <c>contact</c>); whose it is decides the kind.</summary>
    Field,
    /// <summary>A connector, named by product or in words.</summary>
    Connector,
    /// <summary>A thing that is shown and implies its usual source, where none is named.</summary>
    Source,
    /// <summary>A source that exists but is not in the catalogue.</summary>
    ForeignSource,
    /// <summary>A template, said outright.</summary>
    Template,
    /// <summary>A weak sign of a template.</summary>
    TemplateHint,
    /// <summary>A place, nationality or national institution; the id is its residency, or <c>elsewhere</c>.</summary>
    Place,
    /// <summary>A state or country: it decides over a city named just before it.</summary>
    PlaceWide,
    /// <summary>A place that is also an ordinary word: counts only capitalised and after a preposition.</summary>
    PlaceUnsure,
    /// <summary>A nationality: counts only before a noun such as customers, branch or staff.</summary>
    Nationality,
    /// <summary>A noun that makes a nationality a place.</summary>
    PlaceNoun,
    /// <summary>An intent, clear on its own.</summary>
    Intent,
    /// <summary>An intent that needs an app or a request to be about.</summary>
    IntentHint,
    /// <summary>A typed command, standing at the beginning, with at most a name after it.</summary>
    Command,
    /// <summary>Words that refer to an existing app or request ("my app", "it").</summary>
    Reference,
    /// <summary>Who will see it.</summary>
    Audience,
    /// <summary>A department.</summary>
    Department,
    /// <summary>Words that negate what comes after, before, or nothing (they only look like it), or that end the scope.</summary>
    Negation,
    /// <summary>Words that take back something said earlier.</summary>
    Correction,
    /// <summary>Words that start a second request.</summary>
    Second,
    /// <summary>Counting words: they make people into totals.</summary>
    Aggregate,
    /// <summary>Words that look like data but are not; they hide what lies inside them.</summary>
    Neutral,
    /// <summary>Claims of rank, orders to the bot, text that poses as the system: they carry no wish and no authority.</summary>
    Pretence,
    /// <summary>Lead-ins that say nothing of the purpose ("I need a page where").</summary>
    Lead,
    /// <summary>Words too common to name an app after.</summary>
    Stop,
    /// <summary>Articles and possessives that may stand between the words of a phrase.</summary>
    Filler,
    /// <summary>A number in words; the id is the number.</summary>
    Number,
    /// <summary>A unit of time; the id is its length in days.</summary>
    Duration,
    /// <summary>Words that make a duration a life time, or keep it from being one.</summary>
    Lifetime,
    /// <summary>A currency; the id is its ISO code.</summary>
    Currency,
    /// <summary>Words that make an amount a monthly cap of the app.</summary>
    Cap,
    /// <summary>Answers: yes, no, none, same, skip, unsure.</summary>
    Answer,
    /// <summary>What an app may do with a connector.</summary>
    Access,
    /// <summary>A data class by its name.</summary>
    DataClass,
    /// <summary>The place of a choice in a list; the id is its number, or <c>last</c>.</summary>
    Ordinal,
    /// <summary>Something that should be asked although it is not missing; the id is the slot.</summary>
    Ask,
    /// <summary>Vague words ("stuff", "the usual"): the data is not said.</summary>
    Vague,
    /// <summary>Ordinary words that must never be read as a misspelling.</summary>
    Known,
}

/// <summary>One meaning of a phrase.</summary>
/// <param name="Facet">What sort of thing it is.</param>
/// <param name="Id">Which one, in the design's vocabulary.</param>
public readonly record struct Meaning(Facet Facet, string Id);
