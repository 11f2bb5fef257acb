using System.Text.Json.Nodes;
using Governance.Catalogue;
using Governance.Intake;
using MicroAppBot.Conversation.Wording;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>One turn being answered: the sitting, where the talk stands, and for whom words are made.</summary>
public sealed class Visit
{
    public Visit(Sitting sitting, ServiceCatalogue catalogue)
    {
        Sitting = sitting;
        Talk = sitting.Conversation is { } kept ? DeskJson.Read<Talk>(kept) : Talk.Start;
        To = new Addressee(sitting.Person, sitting.Facts, catalogue);
        Intake = new IntakeFacts(sitting.Person, sitting.Facts.People, catalogue);
    }

    public Sitting Sitting { get; }

    /// <summary>Set it to move the conversation on; kept when the turn is committed.</summary>
    public Talk Talk { get; set; }

    public Addressee To { get; }

    /// <summary>The rules that are proposed, for what is about to change for an app; null where nobody proposes any.</summary>
    public IRulebookProposal? Proposal { get; init; }

    public IntakeFacts Intake { get; }

    public string PersonId => Sitting.Person.Id;

    /// <summary>True when a card was pressed that can be replaced by its answer.</summary>
    public bool IsPress => Sitting.Turn?.Said is Said.Press;

    /// <summary>Writes the talk back into the sitting.</summary>
    public void Keep() => Sitting.Conversation = DeskJson.Write(Talk);

    /// <summary>Answers with a card; in the place of the card that was pressed, if one was.</summary>
    public Reply Show(string card, JsonObject data, CardSubject? about = null) => Reply.Card(card, data, IsPress, about);

    /// <summary>Answers with a card below the one that was pressed: a list's row was opened, the list stays.</summary>
    public static Reply ShowBeside(string card, JsonObject data, CardSubject? about = null) => Reply.Card(card, data, false, about);

    public Reply Notice(string title, string text, string? icon = null, string? tone = null, params (string Title, string Text)[] buttons) =>
        ShowBeside("notice", GeneralCards.Notice(title, text, icon, tone, buttons));

    /// <summary>A note above a card (design: every card takes one).</summary>
    public static JsonObject Noted(JsonObject data, string tone, string words)
    {
        data["note"] = new JsonObject { ["tone"] = tone, ["text"] = words };
        return data;
    }
}
