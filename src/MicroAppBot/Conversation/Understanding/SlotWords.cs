using Governance.Catalogue;
using Governance.Intake;

namespace MicroAppBot.Conversation.Understanding;

/// <summary>What is said when an answer could not be read: what would help, with an example.</summary>
internal static class SlotWords
{
    public const string Credentials = "An app can never hold passwords or access keys: those belong into the vault. What else will it show or store?";
    public const string WhichKinds = "Good. Which of these will it show or store? For example: customer names, or just totals.";
    public const string Elsewhere = "I can keep data in the European Union, the United Kingdom, the United States or Asia-Pacific. Which of the four is right here?";
    public const string NoEnd = "Every app has an end, and you can renew it with one click before that. How many days to begin with? 30 is usual.";
    public const string TooLong = "That is a bit long for me. Please keep it to 500 characters.";

    public static string OnlyUsd(string? currency) => $"Caps are in US dollars, and you said {currency}. How many dollars a month may it cost?";

    public static string NoSuchSource(ServiceCatalogue catalogue) =>
        $"I do not know that one. I can connect to {string.Join(", ", catalogue.Connectors.Values.Where(c => !c.External).Select(c => c.Title).Order(StringComparer.Ordinal))}. Say \"none\" if it needs none of them.";

    public static string Nothing(string slot) => $"I got no words there. {Example(slot)}";

    public static string Unsure(string slot) => $"No problem. {Example(slot)}";

    public static string NotRead(string slot) => $"I did not catch that. {Example(slot)}";

    private static string Example(string slot) => slot switch
    {
        Slot.Template => "Should it be a page to look at, a form that somebody approves, something that happens by itself, or a campaign page?",
        Slot.Name or Slot.Title => "How should it be called? For example: Campaign corner.",
        Slot.Purpose => "What is it for, in one sentence? For example: see which campaigns ran last month.",
        Slot.Audience => "Who will use it: your team, your department, the whole company, or people outside?",
        Slot.Department => "Which department is it for: marketing, sales, support, finance, HR, legal, IT or operations?",
        Slot.Data => "What will it show or store? For example: customer names and e-mails, salaries, or just totals. \"None\" is fine too.",
        Slot.DataClass => "The classes are public, internal, confidential and regulated.",
        Slot.Connectors => "Where does its data come from? For example: the CRM, tickets, or SharePoint. \"None\" is fine too.",
        Slot.Fields => "Which of its fields do you need? You can name them, or say all.",
        Slot.Access => "Does it only read, or does it also write?",
        Slot.Destination => "Which web address does it send to? For example: hooks.partner.example.",
        Slot.Region => "Where are the people whose data it is? A country or a city is enough.",
        Slot.Environment => "Please name one of the places in the list.",
        Slot.CoOwner => "Who looks after it when you are away? A colleague's name or e-mail is enough.",
        Slot.CostCentre => "Which cost centre pays for it? For example: MKT-120.",
        Slot.TtlDays => "How long do you need it? For example: 14 days, or two weeks.",
        Slot.CostCapUsd => "How many US dollars a month may it cost? For example: 50.",
        Slot.Justification => "Why is it needed, in a few words? The people who sign will read it.",
        _ => "Please try again in other words.",
    };
}
