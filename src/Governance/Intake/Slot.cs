namespace Governance.Intake;

/// <summary>What the intake fills: the ids of the cards' inputs (design §3.6).</summary>
public static class Slot
{
    public const string Template = "template", Name = "name", Title = "title", Purpose = "purpose", Audience = "audience", Department = "department",
        Data = "data", DataClass = "dataClass", Connectors = "connectors", Fields = "fields", Access = "access", Destination = "destination",
        Region = "region", Environment = "environment", CoOwner = "coOwner", CostCentre = "costCentre", TtlDays = "ttlDays", CostCapUsd = "costCapUsd",
        Justification = "justification";

    /// <summary>Every slot, in the order in which the summary shows them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Title, Name, Purpose, Template, Data, DataClass, Connectors, Fields, Access, Destination, Region, Environment, Audience, Department,
        CoOwner, CostCentre, TtlDays, CostCapUsd, Justification,
    ];
}
