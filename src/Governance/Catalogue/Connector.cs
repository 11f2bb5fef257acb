namespace Governance.Catalogue;

/// <summary>One thing a connector can show.</summary>
/// <param name="Name">The word of the manifest (<c>integrations[].fields</c>).</param>
/// <param name="Title">What a person ticks: "Company".</param>
/// <param name="Class">How sensitive this field is.</param>
/// <param name="Mask">How its value is masked ("first letter only"), or null when it is shown as it is.</param>
/// <param name="Kind">The kind of data (<see cref="DataKind"/>) it is; an app that does not name the kind is not proposed the field. Null where it goes with any.</param>
public sealed record ConnectorField(string Name, string Title, DataClass Class, string? Mask, string? Kind = null);

/// <summary>How an app gets to a connector.</summary>
/// <param name="How">In words: "REST over HTTPS, with a token".</param>
/// <param name="Port">The TCP port that the network policy opens.</param>
/// <param name="Secret">The name under which the manifest lists the reference to its secret (<c>CRM_TOKEN</c>), or null when it needs none.</param>
public sealed record ConnectorReach(string How, int Port, string? Secret);

/// <summary>An approved integration: <c>templates/connectors/*.yaml</c>.</summary>
/// <param name="Access">What it offers, out of read and write. <c>admin</c> is never offered, only asked for.</param>
/// <param name="OpenToAll">Open to every department; then <paramref name="Departments"/> is empty.</param>
/// <param name="Host">The destination host, lower case; null exactly when <paramref name="External"/>.</param>
/// <param name="External">The host is the one that the manifest names.</param>
/// <param name="MaskedTwin">The connector that shows the same without personal data, or null.</param>
/// <param name="Owner">The department that looks after it.</param>
public sealed record Connector(
    string Id,
    string Title,
    string Summary,
    IReadOnlyList<string> Words,
    IReadOnlyList<ConnectorField> Fields,
    IReadOnlyList<ConnectorAccess> Access,
    bool OpenToAll,
    IReadOnlyList<string> Departments,
    string? Host,
    bool External,
    string? MaskedTwin,
    string Owner,
    ConnectorReach Reach)
{
    /// <summary>That of its most sensitive field.</summary>
    public DataClass Class => Fields.Max(f => f.Class);

    public ConnectorField? Field(string name) => Fields.FirstOrDefault(f => f.Name == name);

    public bool IsOpenTo(string? department) => OpenToAll || (department is not null && Departments.Contains(department, StringComparer.Ordinal));

    public bool Offers(ConnectorAccess access) => Access.Contains(access);

    /// <summary>
    /// The class that asking for these fields means. No fields named means all of them; a field that the connector does not have counts as its most sensitive one.
    /// </summary>
    public DataClass ClassOf(IReadOnlyCollection<string> fields) => fields.Count == 0 ? Class : fields.Max(f => Field(f)?.Class ?? Class);
}
