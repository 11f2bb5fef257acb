using Governance.Catalogue;
using Governance.People;

namespace Governance.Intake;

/// <summary>What the intake knows besides the form: who builds, their colleagues, and the catalogue.</summary>
public sealed record IntakeFacts(Person Builder, IReadOnlyDictionary<string, Person> People, ServiceCatalogue Catalogue)
{
    /// <summary>
    /// A colleague of the department without an approving role (who approves may not own a part of it): the one with the
    /// same manager first. Null when there is none.
    /// </summary>
    public Person? ProposedCoOwner(string? department) => People.Values
        .Where(p => p.Id != Builder.Id && p.Department.Length > 0 && p.Department == department && p.Roles.Count == 0)
        .OrderBy(p => p.Manager == Builder.Manager ? 0 : 1).ThenBy(p => p.Id, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>Where the builder sits, as a first guess for where the data is: proposed, shown, and asked for where it decides.</summary>
    public string HomeResidency => Builder.TimeZone switch
    {
        "Europe/London" or "Europe/Belfast" or "Europe/Jersey" or "Europe/Guernsey" or "Europe/Isle_of_Man" => "uk",
        var zone when zone.StartsWith("America/", StringComparison.Ordinal) || zone.StartsWith("US/", StringComparison.Ordinal) || zone == "Pacific/Honolulu" => "us",
        var zone when zone.StartsWith("Asia/", StringComparison.Ordinal) || zone.StartsWith("Australia/", StringComparison.Ordinal) || zone.StartsWith("Pacific/", StringComparison.Ordinal) => "apac",
        _ => "eu",
    };
}
