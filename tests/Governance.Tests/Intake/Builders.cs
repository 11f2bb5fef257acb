using Governance.Intake;
using Governance.People;
using Governance.Tests.Catalogue;
using Governance.Tests.Requests;

namespace Governance.Tests.Intake;

/// <summary>Ada of marketing with the small catalogue, and a guest whom the directory does not know.</summary>
internal static class Builders
{
    public static readonly IntakeFacts Ada = FactsOf(World.People["ada"] with { CostCentre = "MKT-120" });

    public static readonly IntakeFacts Guest = FactsOf(Person.Unknown("Gast", null, new PersonAccounts("aad-1", null)));

    public static IntakeForm Empty => new() { AppId = "app-1", BuilderId = "ada" };

    /// <summary>Nothing is left to be asked.</summary>
    public static IntakeForm Complete => Empty.With("template", "internal-dashboard").With("purpose", "Pick a lunch place for the team").With("data", "internal-documents").With("connectors", "none");

    public static IntakeFacts FactsOf(Person builder) => new(builder, new Dictionary<string, Person>(World.People) { [builder.Id] = builder }, SmallCatalogue.Create());

    /// <summary>The form with an answer that has to pass.</summary>
    public static IntakeForm With(this IntakeForm form, string slot, string value, IntakeFacts? facts = null)
    {
        var answered = Answers.Put(form, slot, value, facts ?? Ada);
        Assert.True(answered.Fault is null, $"{slot} = {value}: {answered.Fault}");
        return answered.Form;
    }
}
