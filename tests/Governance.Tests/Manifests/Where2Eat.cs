using System.Text;
using System.Text.Json.Nodes;
using Governance.Manifests;
using Governance.Tests.Catalogue;

namespace Governance.Tests.Manifests;

/// <summary>The manifest of the design, to be changed by one test at a time.</summary>
public static class Where2Eat
{
    public const string Json = """
        {
          "app": {"name": "where2eat", "title": "Where2Eat", "purpose": "Pick a lunch place for the team", "template": "internal-dashboard", "data_class": "internal",
                  "department": "marketing", "audience": "team", "owner": "ada.keller", "co_owner": "jonas.lindqvist", "cost_centre": "MKT-120"},
          "data": {"kinds": ["internal-documents"], "residency": ["eu"]},
          "integrations": [{"connector": "crm-contacts-masked", "access": "read", "fields": ["company", "segment"]}],
          "network": {"allowed_destinations": ["crm.internal.example.com"], "deny_external_sinks": true},
          "environment": "internal-eu",
          "secrets": {"CRM_TOKEN": "vault://kv/marketing/where2eat#crm_token"},
          "access": {"roles": ["crm-read-only"]},
          "lifecycle": {"ttl_days": 30},
          "cost": {"cap_usd": 50, "forecast_usd": 12}
        }
        """;

    public static Manifest Manifest => Read(Json);

    public static Manifest Read(string json) => Assert.IsType<ManifestReading.Read>(ManifestReader.Read(Encoding.UTF8.GetBytes(json), SmallCatalogue.Create())).Manifest;

    public static IReadOnlyList<ManifestFault> Faults(string json) => Assert.IsType<ManifestReading.Faulty>(ManifestReader.Read(Encoding.UTF8.GetBytes(json), SmallCatalogue.Create())).Faults;

    /// <summary>The JSON with the value at a pointer replaced (null takes it away).</summary>
    public static string With(string pointer, string? value)
    {
        var root = JsonNode.Parse(Json)!;
        var parts = pointer.Split('/')[1..];
        var at = root;
        foreach (var part in parts[..^1])
            at = at is JsonArray list ? list[int.Parse(part, System.Globalization.CultureInfo.InvariantCulture)]! : at[part]!;
        if (value is null)
            at.AsObject().Remove(parts[^1]);
        else if (at is JsonArray items && int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture) is var index && index == items.Count)
            items.Add(JsonNode.Parse(value));
        else if (at is JsonArray array)
            array[int.Parse(parts[^1], System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(value);
        else
            at[parts[^1]] = JsonNode.Parse(value);
        return root.ToJsonString();
    }
}
