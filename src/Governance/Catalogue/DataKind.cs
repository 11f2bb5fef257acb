namespace Governance.Catalogue;

/// <summary>A kind of data a builder can name without knowing what a data class is.</summary>
/// <param name="Id">The word of the manifest (<c>data.kinds</c>).</param>
/// <param name="Lowest">The lowest class an app with this kind may declare.</param>
/// <param name="Label">What a person ticks: "Customer names".</param>
/// <param name="Example">What falls under it, in a few words.</param>
public sealed record DataKind(string Id, DataClass Lowest, string Label, string Example)
{
    public const string Credentials = "credentials";

    /// <summary>No app may have this kind at all, whatever its class.</summary>
    public bool Never => Id == Credentials;

    /// <summary>The closed list, from harmless to sensitive, in the order in which it is shown.</summary>
    public static IReadOnlyList<DataKind> All { get; } =
    [
        new("none", DataClass.Public, "No data at all", "a timer, a lunch picker"),
        new("published", DataClass.Public, "Things already published", "what anyone can read on our website"),
        new("internal-documents", DataClass.Internal, "Everyday work documents", "guides, tickets, meeting notes"),
        new("employee-contact", DataClass.Internal, "Colleagues' work contacts", "name, team, desk, work e-mail"),
        new("usage-metrics", DataClass.Internal, "Numbers and totals", "orders per day, stock, campaign results"),
        new("customer-name", DataClass.Confidential, "Customer names", "who bought, who complained"),
        new("customer-contact", DataClass.Confidential, "Customer e-mails, phones or addresses", "how to reach a customer"),
        new("employee-record", DataClass.Confidential, "Personal records of colleagues", "leave, reviews, training, expenses"),
        new("contract", DataClass.Confidential, "Contracts", "what was signed, with whom, until when"),
        new("financial-plan", DataClass.Confidential, "Budgets, plans or ledger amounts", "what we plan to spend or earn"),
        new("trade-secret", DataClass.Confidential, "Company secrets", "recipes, designs, unreleased products"),
        new("salary", DataClass.Regulated, "Salaries or bonuses", "what a colleague earns"),
        new("health", DataClass.Regulated, "Health details", "sick notes, diagnoses, injuries"),
        new("payment-card", DataClass.Regulated, "Card or payment details", "card numbers, refunds to a card"),
        new("government-id", DataClass.Regulated, "Official ID numbers or documents", "passport, tax or social security number"),
        new("customer-financial", DataClass.Regulated, "Customers' bank or credit details", "account numbers, credit checks"),
        new("child-data", DataClass.Regulated, "Anything about children", "pupils, class lists, safeguarding"),
        new(Credentials, DataClass.Regulated, "Passwords or access keys", "an app may never hold these"),
    ];

    private static readonly Dictionary<string, DataKind> ById = All.ToDictionary(k => k.Id, StringComparer.Ordinal);

    /// <summary>The kind with this id, or null.</summary>
    public static DataKind? Find(string? id) => id is null ? null : ById.GetValueOrDefault(id);

    /// <summary>The yes-or-no question about this kind: "Will it show or store customer names?"</summary>
    public string Question => Id switch
    {
        "none" => "Does it work without any data?",
        "published" => "Is everything in it already published?",
        "child-data" => "Is there anything about children in it?",
        _ => $"Will it show or store {Spoken}?",
    };

    /// <summary>The label inside a sentence: "customer names".</summary>
    public string Spoken => char.ToLowerInvariant(Label[0]) + Label[1..];
}
