using System.Text.Json.Nodes;

namespace Governance.Catalogue;

/// <summary>Writes the catalogue as the policies see it; the shape is told at <see cref="ServiceCatalogue.ToJson"/>.</summary>
internal static class CatalogueDocument
{
    public static JsonObject Of(ServiceCatalogue catalogue) => new()
    {
        ["templates"] = Keyed(catalogue.Templates, Of),
        ["connectors"] = Keyed(catalogue.Connectors, Of),
        ["roles"] = Keyed(catalogue.Roles, r => Of(r, catalogue)),
        ["environments"] = Keyed(catalogue.Environments, Of),
    };

    private static JsonObject Of(Template template)
    {
        var limits = new JsonObject
        {
            ["highest_class"] = template.Limits.HighestClass.ToText(),
            ["ttl_days"] = template.Limits.TtlDays,
        };
        Put(limits, "cap_usd", template.Limits.CapUsd is { } cap ? JsonValue.Create(cap) : null);
        Put(limits, "connectors", template.Limits.Connectors is { } allowed ? Texts(allowed) : null);
        Put(limits, "residency", template.Limits.Residency);
        Put(limits, "environment", template.Limits.Environment);
        return new JsonObject
        {
            ["title"] = template.Title,
            ["summary"] = template.Summary,
            ["hard_cap"] = template.HardCap,
            ["defaults"] = new JsonObject
            {
                ["data_class"] = template.Defaults.DataClass.ToText(),
                ["deny_external_sinks"] = template.Defaults.DenyExternalSinks,
                ["ttl_days"] = template.Defaults.TtlDays,
                ["cap_usd"] = template.Defaults.CapUsd,
            },
            ["limits"] = limits,
        };
    }

    private static JsonObject Of(Connector connector)
    {
        var reach = new JsonObject { ["how"] = connector.Reach.How, ["port"] = connector.Reach.Port };
        Put(reach, "secret", connector.Reach.Secret);
        var fields = new JsonObject();
        foreach (var field in connector.Fields)
        {
            var one = new JsonObject { ["title"] = field.Title, ["class"] = field.Class.ToText() };
            Put(one, "mask", field.Mask);
            fields[field.Name] = one;
        }

        var document = new JsonObject
        {
            ["title"] = connector.Title,
            ["summary"] = connector.Summary,
            ["class"] = connector.Class.ToText(),
            ["fields"] = fields,
            ["access"] = Texts(connector.Access.Select(a => a.ToText())),
            ["open_to_all"] = connector.OpenToAll,
            ["departments"] = Texts(connector.Departments),
            ["external"] = connector.External,
            ["owner"] = connector.Owner,
            ["reach"] = reach,
        };
        Put(document, "host", connector.Host);
        Put(document, "masked_twin", connector.MaskedTwin);
        return document;
    }

    private static JsonObject Of(RoleTemplate role, ServiceCatalogue catalogue)
    {
        var grants = new JsonObject();
        foreach (var grant in role.Grants)
        {
            // A rule should not need to know that "no fields named" means all of them
            IEnumerable<string> fields = grant.Fields.Count > 0 ? grant.Fields : catalogue.Connector(grant.Connector)?.Fields.Select(f => f.Name) ?? [];
            grants[grant.Connector] = new JsonObject { ["access"] = Texts(grant.Access.Select(a => a.ToText())), ["fields"] = Texts(fields) };
        }

        return new JsonObject
        {
            ["title"] = role.Title,
            ["summary"] = role.Summary,
            ["privileged"] = role.Privileged,
            ["grants"] = grants,
            ["kubernetes"] = new JsonArray([.. role.Kubernetes.Select(rule => new JsonObject
            {
                ["api_groups"] = Texts(rule.ApiGroups),
                ["resources"] = Texts(rule.Resources),
                ["verbs"] = Texts(rule.Verbs),
            })]),
            ["cloud"] = Texts(role.Cloud),
        };
    }

    private static JsonObject Of(DeploymentEnvironment environment) => new()
    {
        ["title"] = environment.Title,
        ["region"] = environment.Region,
        ["residency"] = environment.Residency,
        ["highest_class"] = environment.HighestClass.ToText(),
        ["regimes"] = Texts(environment.Regimes),
    };

    private static JsonObject Keyed<T>(IReadOnlyDictionary<string, T> things, Func<T, JsonObject> document)
    {
        var all = new JsonObject();
        foreach (var (id, thing) in things.OrderBy(p => p.Key, StringComparer.Ordinal))
            all[id] = document(thing);
        return all;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);

    private static void Put(JsonObject document, string key, JsonNode? value)
    {
        if (value is not null)
            document[key] = value;
    }
}
