using Governance.Catalogue;
using Governance.People;

namespace MicroAppBot.Content;

/// <summary>Reads <c>templates/</c>: one YAML file for each template, connector, role template and environment, named by its id.</summary>
internal sealed class CatalogueFiles(List<ContentFault> faults)
{
    private readonly Dictionary<string, (string File, YamlForm Form)> sources = new(StringComparer.Ordinal);

    public ServiceCatalogue? Read(string root)
    {
        var before = faults.Count;
        var catalogue = new ServiceCatalogue(
            All(root, "templates", "template", Template).ToList(),
            All(root, "templates/connectors", "connector", Connector).ToList(),
            All(root, "templates/roles", "role template", Role).ToList(),
            All(root, "templates/environments", "environment", Environment).ToList());
        new CatalogueReferences(catalogue, sources, faults).Check();
        return faults.Count == before ? catalogue : null;
    }

    private IEnumerable<T> All<T>(string root, string folder, string what, Func<YamlForm, T> read)
    {
        var found = false;
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in ContentFiles.In(root, folder, "*.yaml", deep: false, faults))
        {
            found = true;
            if (YamlForm.Of(source, what, faults) is not { } form)
                continue;
            var thing = read(form);
            var id = form.Has("id") ? form.OptionalText("id")! : "";
            if (id.Length == 0)
                continue;
            if (!ids.TryAdd(id, source.Name))
            {
                form.Fault(form.LineOf("id"), $"The id “{id}” is already that of {ids[id]}.");
                continue;
            }

            if (id != source.ShortName)
                form.Fault(form.LineOf("id"), $"The id “{id}” and the file's name must be the same, so that everybody finds it.");
            sources[$"{what}:{id}"] = (source.Name, form);
            yield return thing;
        }

        if (!found)
            faults.Add(new ContentFault(folder, 0, $"There is no {what} here (*.yaml)."));
    }

    private static Template Template(YamlForm form)
    {
        form.Knows("id", "title", "summary", "words", "defaults", "limits", "hard_cap");
        var defaults = form.Section("defaults", "data_class", "deny_external_sinks", "ttl_days", "cap_usd");
        var limits = form.Section("limits", "highest_class", "ttl_days", "cap_usd", "connectors", "residency", "environment");
        return new Template(
            form.Text("id"),
            form.Text("title"),
            form.Text("summary"),
            form.PlainTexts("words"),
            defaults is null ? new TemplateDefaults(default, true, 1, 0)
                : new TemplateDefaults(defaults.Word<DataClass>("data_class"), defaults.YesOrNo("deny_external_sinks"), defaults.WholeNumber("ttl_days", 1, 90), defaults.Amount("cap_usd")),
            limits is null ? new TemplateLimits(default, 1, null, null, null, null)
                : new TemplateLimits(
                    limits.Word<DataClass>("highest_class"),
                    limits.WholeNumber("ttl_days", 1, 90),
                    limits.Has("cap_usd") ? limits.Amount("cap_usd") : null,
                    limits.Has("connectors") ? limits.PlainTexts("connectors") : null,
                    limits.Has("residency") ? limits.Word("residency", [.. Residency.All.Select(r => r.Id)]) : null,
                    limits.OptionalText("environment")),
            form.YesOrNo("hard_cap"));
    }

    private static Connector Connector(YamlForm form)
    {
        form.Knows("id", "title", "summary", "words", "fields", "access", "departments", "host", "external", "masked_twin", "owner", "reach");
        var toAll = form.Has("departments") && form.IsWord("departments", "all");
        var external = form.Has("external") && form.YesOrNo("external");
        var reach = form.Section("reach", "how", "port", "secret");
        var connector = new Connector(
            form.Text("id"),
            form.Text("title"),
            form.Text("summary"),
            form.PlainTexts("words"),
            Fields(form),
            form.Words<ConnectorAccess>("access"),
            toAll,
            toAll ? [] : form.Words("departments", Department.All),
            external ? null : Host(form),
            external,
            form.OptionalText("masked_twin"),
            form.Word("owner", Department.All),
            reach is null ? new ConnectorReach("", 1, null) : new ConnectorReach(reach.Text("how"), reach.WholeNumber("port", 1, 65535), reach.OptionalText("secret")));
        if (external && form.Has("host"))
            form.Fault(form.LineOf("host"), "An external connector has no host of its own: the manifest names it.");
        if (connector.Access.Contains(ConnectorAccess.Admin))
            form.Fault(form.LineOf("access"), "“admin” is never offered, only asked for; list read and write.");
        if (connector.Access.Count == 0 && form.Has("access"))
            form.Fault(form.LineOf("access"), "A connector offers read, write or both.");
        if (!toAll && connector.Departments.Count == 0 && form.Has("departments"))
            form.Fault(form.LineOf("departments"), "Nobody could use this connector; list departments, or write “all”.");
        return connector;
    }

    private static List<ConnectorField> Fields(YamlForm form)
    {
        var fields = new List<ConnectorField>();
        foreach (var one in form.Sections("fields", "field", "name", "title", "class", "mask", "kind"))
        {
            var field = new ConnectorField(one.Text("name"), one.Text("title"), one.Word<DataClass>("class"), one.OptionalText("mask"), KindOf(one));
            if (fields.Any(f => f.Name == field.Name))
                one.Fault(one.LineOf("name"), $"The field “{field.Name}” is there twice.");
            else
                fields.Add(field);
        }

        if (fields.Count > 0)
            return fields;
        if (form.Has("fields"))
            form.Fault(form.LineOf("fields"), "A connector has at least one field; its class is that of its highest.");
        return [new ConnectorField("", "", DataClass.Regulated, null)];
    }

    private static string? KindOf(YamlForm field)
    {
        var kind = field.OptionalText("kind");
        if (kind is not null && DataKind.Find(kind) is null) field.Fault(field.LineOf("kind"), $"“{kind}” is no kind of data; use one of {string.Join(", ", DataKind.All.Select(k => k.Id))}.");
        return kind;
    }

    private static string Host(YamlForm form)
    {
        var host = form.Text("host");
        if (host.Length > 0 && (Uri.CheckHostName(host) != UriHostNameType.Dns || host.Any(char.IsUpper)))
            form.Fault(form.LineOf("host"), $"“{host}” is not a host name in small letters, such as crm.internal.example.com.");
        return host;
    }

    private static RoleTemplate Role(YamlForm form)
    {
        form.Knows("id", "title", "summary", "privileged", "grants", "kubernetes", "cloud");
        return new RoleTemplate(
            form.Text("id"),
            form.Text("title"),
            form.Text("summary"),
            form.YesOrNo("privileged"),
            [.. form.Sections("grants", "grant", "connector", "access", "fields").Select(g =>
                new RoleGrant(g.Text("connector"), g.Words<ConnectorAccess>("access"), g.Has("fields") ? g.PlainTexts("fields") : []))],
            [.. form.Sections("kubernetes", "Kubernetes rule", "api_groups", "resources", "verbs").Select(k =>
                new KubernetesRule(k.PlainTexts("api_groups"), k.PlainTexts("resources"), k.PlainTexts("verbs")))],
            form.PlainTexts("cloud"));
    }

    private static DeploymentEnvironment Environment(YamlForm form)
    {
        form.Knows("id", "title", "region", "residency", "highest_class", "regimes");
        return new DeploymentEnvironment(
            form.Text("id"),
            form.Text("title"),
            form.Text("region"),
            form.Word("residency", [.. Residency.All.Select(r => r.Id)]),
            form.Word<DataClass>("highest_class"),
            form.Words("regimes", DeploymentEnvironment.AllRegimes));
    }
}
