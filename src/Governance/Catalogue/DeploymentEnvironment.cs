namespace Governance.Catalogue;

/// <summary>A place where apps run: <c>templates/environments/*.yaml</c>.</summary>
/// <param name="Region">The cloud region, such as <c>eu-central-1</c>.</param>
/// <param name="Residency">One of <see cref="Residency.All"/>.</param>
/// <param name="HighestClass">The most sensitive class it is approved for.</param>
/// <param name="Regimes">What it is certified for: <c>GDPR</c>, <c>UK GDPR</c>, <c>HIPAA</c>, <c>APPs</c>, <c>PCI</c>, <c>payroll</c>.</param>
public sealed record DeploymentEnvironment(
    string Id,
    string Title,
    string Region,
    string Residency,
    DataClass HighestClass,
    IReadOnlyList<string> Regimes)
{
    /// <summary>The closed list of regimes.</summary>
    public static IReadOnlyList<string> AllRegimes { get; } = ["GDPR", "UK GDPR", "HIPAA", "APPs", "PCI", "payroll"];
}
