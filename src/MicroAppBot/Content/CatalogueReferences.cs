using Governance.Catalogue;
using Governance.Manifests;

namespace MicroAppBot.Content;

/// <summary>What the files of the catalogue say of each other: that what they name exists, and that no file promises what another forbids.</summary>
internal sealed class CatalogueReferences(ServiceCatalogue catalogue, Dictionary<string, (string File, YamlForm Form)> sources, List<ContentFault> faults)
{
    public void Check()
    {
        foreach (var template in catalogue.Templates.Values)
            Check(template);
        foreach (var connector in catalogue.Connectors.Values)
            Check(connector);
        foreach (var role in catalogue.Roles.Values)
            Check(role);
    }

    private void Check(Template template)
    {
        var (file, form) = sources[$"template:{template.Id}"];
        var (defaults, limits) = (form.Within("defaults"), form.Within("limits"));
        foreach (var connector in template.Limits.Connectors ?? [])
            Exists(file, limits?.LineOf("connectors", connector) ?? form.Line, connector, "a connector", catalogue.Connectors.Keys);
        if (template.Limits.Environment is { Length: > 0 } named && Exists(file, limits!.LineOf("environment"), named, "an environment", catalogue.Environments.Keys))
        {
            var environment = catalogue.Environments[named];
            if (template.Limits.Residency is { } residency && residency != environment.Residency)
                Fault(file, limits.LineOf("residency"), $"Data that stays in “{residency}” cannot run in “{named}”, which is in “{environment.Residency}”.");
            if (environment.HighestClass < template.Limits.HighestClass)
                Fault(file, limits.LineOf("highest_class"), $"“{named}” is approved up to {environment.HighestClass.ToText()} only.");
        }

        if (template.Defaults.DataClass > template.Limits.HighestClass)
            Fault(file, defaults?.LineOf("data_class") ?? form.Line, "The default class is above the template's own limit.");
        if (template.Defaults.TtlDays > template.Limits.TtlDays)
            Fault(file, defaults?.LineOf("ttl_days") ?? form.Line, "The default lifetime is above the template's own limit.");
        if (template.Defaults.CapUsd > template.Limits.CapUsd)
            Fault(file, defaults?.LineOf("cap_usd") ?? form.Line, "The default cap is above the template's own limit.");
    }

    private void Check(Connector connector)
    {
        var (file, form) = sources[$"connector:{connector.Id}"];
        if (connector.MaskedTwin is not { Length: > 0 } named)
            return;
        if (Exists(file, form.LineOf("masked_twin"), named, "a connector", catalogue.Connectors.Keys) && catalogue.Connectors[named].Class >= connector.Class)
            Fault(file, form.LineOf("masked_twin"), $"“{named}” is no masked twin: its class ({catalogue.Connectors[named].Class.ToText()}) is not below this one's ({connector.Class.ToText()}).");
    }

    private void Check(RoleTemplate role)
    {
        var (file, form) = sources[$"role template:{role.Id}"];
        var lines = form.LinesOf("grants");
        for (var at = 0; at < role.Grants.Count; at++)
        {
            var grant = role.Grants[at];
            var line = at < lines.Count ? lines[at] : form.Line;
            if (role.Grants.Take(at).Any(g => g.Connector == grant.Connector))
                Fault(file, line, $"“{grant.Connector}” is granted twice; put it into one entry.");
            if (!Exists(file, line, grant.Connector, "a connector", catalogue.Connectors.Keys))
                continue;
            var connector = catalogue.Connectors[grant.Connector];
            // Whoever may write may be asked to administer; only a privileged role stands for that
            foreach (var access in grant.Access.Where(a => a == ConnectorAccess.Admin ? !connector.Offers(ConnectorAccess.Write) : !connector.Offers(a)))
                Fault(file, line, $"“{grant.Connector}” does not offer {access.ToText()}.");
            if (grant.Access.Contains(ConnectorAccess.Admin) && !role.Privileged)
                Fault(file, line, "A role that grants admin is privileged; say so.");
            foreach (var field in grant.Fields.Where(f => connector.Field(f) is null))
                Fault(file, line, $"“{grant.Connector}” has no field “{field}”.");
        }
    }

    private bool Exists(string file, int line, string id, string what, IEnumerable<string> known)
    {
        var ids = known as ICollection<string> ?? [.. known];
        if (id.Length == 0 || ids.Contains(id))
            return id.Length > 0;
        Fault(file, line, $"“{id}” is not {what} of the catalogue.{(NearestWord.To(id, ids) is { } nearest ? $" Did you mean “{nearest}”?" : "")}");
        return false;
    }

    private void Fault(string file, int line, string why) => faults.Add(new ContentFault(file, line, why));
}
