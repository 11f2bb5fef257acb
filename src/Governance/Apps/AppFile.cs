using System.Text.Json.Serialization;
using Governance.Manifests;
using Governance.Verdicts;

namespace Governance.Apps;

/// <summary>What is true of a micro app in every state.</summary>
/// <param name="GrantedBy">The request whose grant it lives by now; its manifest is the one in force.</param>
/// <param name="Manifest">In force; its cost cap and TTL are the ones that count.</param>
/// <param name="GrantedAt">Of the create-request.</param>
/// <param name="TermFrom">When the present term began: the grant, the last renewal or restoration.</param>
/// <param name="ExpiresAt">When access ends unless it is renewed.</param>
/// <param name="RemindersSent">Days before this expiry for which a reminder went out (7, 3, 1); emptied by a new term.</param>
/// <param name="Spend">Reported cost.</param>
public sealed record AppFile(
    string Id,
    string GrantedBy,
    Manifest Manifest,
    string ManifestHash,
    PolicyReport Report,
    DateTimeOffset GrantedAt,
    DateTimeOffset TermFrom,
    DateTimeOffset ExpiresAt,
    IReadOnlyList<int> RemindersSent,
    Spend Spend)
{
    /// <summary>Time given for new rules; null where none was. What is over is taken out when it ends.</summary>
    public IReadOnlyList<Grace>? Graces { get; init; }

    [JsonIgnore]
    public string Name => Manifest.App.Name;
}
