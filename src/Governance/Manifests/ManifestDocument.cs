using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Governance.Catalogue;

namespace Governance.Manifests;

/// <summary>Writes a manifest in the form of DESIGN's manifest section.</summary>
internal static class ManifestDocument
{
    public static JsonObject Of(Manifest manifest)
    {
        var app = new JsonObject();
        Put(app, "name", manifest.App.Name);
        Put(app, "title", manifest.App.Title);
        Put(app, "purpose", manifest.App.Purpose);
        Put(app, "template", manifest.App.Template);
        Put(app, "data_class", manifest.App.DataClass.ToText());
        Put(app, "department", manifest.App.Department);
        Put(app, "audience", manifest.App.Audience?.ToText());
        Put(app, "owner", manifest.App.Owner);
        Put(app, "co_owner", manifest.App.CoOwner);
        Put(app, "cost_centre", manifest.App.CostCentre);

        var network = new JsonObject { ["allowed_destinations"] = Texts(manifest.Network.AllowedDestinations) };
        Put(network, "deny_external_sinks", manifest.Network.DenyExternalSinks is { } deny ? JsonValue.Create(deny) : null);

        var secrets = new JsonObject();
        foreach (var (name, reference) in manifest.Secrets.OrderBy(s => s.Key, StringComparer.Ordinal))
            secrets[name] = reference;

        var lifecycle = new JsonObject();
        Put(lifecycle, "ttl_days", manifest.Lifecycle.TtlDays is { } days ? JsonValue.Create(days) : null);

        var cost = new JsonObject();
        Put(cost, "cap_usd", manifest.Cost.CapUsd is { } cap ? JsonValue.Create(cap) : null);
        Put(cost, "forecast_usd", manifest.Cost.ForecastUsd is { } forecast ? JsonValue.Create(forecast) : null);

        return new JsonObject
        {
            ["app"] = app,
            ["data"] = new JsonObject { ["kinds"] = Texts(manifest.Data.Kinds), ["residency"] = Texts(manifest.Data.Residency) },
            ["integrations"] = new JsonArray([.. manifest.Integrations.Select(i => new JsonObject
            {
                ["connector"] = i.Connector,
                ["access"] = i.Access.ToText(),
                ["fields"] = Texts(i.Fields),
            })]),
            ["network"] = network,
            ["environment"] = manifest.Environment,
            ["secrets"] = secrets,
            ["access"] = new JsonObject { ["roles"] = Texts(manifest.Access.Roles) },
            ["lifecycle"] = lifecycle,
            ["cost"] = cost,
        };
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);

    private static void Put(JsonObject document, string key, JsonNode? value)
    {
        if (value is not null)
            document[key] = value;
    }
}

/// <summary>Keeps a manifest in its own form inside any other JSON (an event, a snapshot), whatever the serializer's options.</summary>
internal sealed class ManifestConverter : JsonConverter<Manifest>
{
    /// <exception cref="JsonException">What was stored is no manifest by form. Closed lists are not looked at: a template may have gone since.</exception>
    public override Manifest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return ManifestReader.ReadStored(document.RootElement) switch
        {
            ManifestReading.Read read => read.Manifest,
            ManifestReading.Faulty faulty => throw new JsonException($"Not a manifest: {faulty.Faults[0].Pointer}: {faulty.Faults[0].Message}"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public override void Write(Utf8JsonWriter writer, Manifest value, JsonSerializerOptions options) => value.ToJson().WriteTo(writer);
}
