using System.Text.Json;
using Governance.Catalogue;

namespace Governance.Manifests;

/// <summary>The form of a manifest: which properties there are, of what type, out of which closed list. One use per document.</summary>
/// <param name="catalogue">The templates and environments there are; null for what we stored ourselves, where only the types count.</param>
internal sealed class ManifestForm(ServiceCatalogue? catalogue)
{
    private const int LongText = 4000;
    private const int ShortText = 200;
    private const decimal MostUsd = 1_000_000_000m;
    // What is far too long is for lifecycle.ttl to say; this is only where a number cannot be meant as days at all
    private const int MostDays = 1_000_000_000;

    private readonly JsonForm form = new(strict: catalogue is not null);

    public ManifestReading Read(JsonElement root)
    {
        var manifest = Whole(root);
        return form.Faults.Count == 0 ? new ManifestReading.Read(manifest) : new ManifestReading.Faulty(form.Faults);
    }

    private Manifest Whole(JsonElement root)
    {
        var document = form.Object(root, "", "a manifest", ["app", "data", "integrations", "network", "environment", "secrets", "access", "lifecycle", "cost"]);
        return new Manifest(
            App(document.Section("app", "name", "title", "purpose", "template", "data_class", "department", "audience", "owner", "co_owner", "cost_centre")),
            Data(document.Section("data", "kinds", "residency")),
            Integrations(document),
            Network(document.Section("network", "allowed_destinations", "deny_external_sinks")),
            document.RequiredWord("environment", "an environment", catalogue?.Environments.Keys),
            document.TextMap("secrets", ShortText, LongText),
            new AccessSection(document.Section("access", "roles").Texts("roles", ShortText, unique: true)),
            new LifecycleSection(document.Section("lifecycle", "ttl_days").WholeNumber("ttl_days", 1, MostDays)),
            Cost(document.Section("cost", "cap_usd", "forecast_usd")));
    }

    private AppSection App(JsonForm.Members app) => new(
        Name(app),
        app.Text("title", ShortText),
        app.Text("purpose", LongText),
        app.RequiredWord("template", "a template", catalogue?.Templates.Keys),
        app.RequiredWord<DataClass>("data_class", "a data class"),
        app.Text("department", ShortText),
        app.Word<Audience>("audience", "an audience"),
        app.Text("owner", ShortText),
        app.Text("co_owner", ShortText),
        app.Text("cost_centre", ShortText));

    private string Name(JsonForm.Members app)
    {
        var name = app.RequiredText("name", "The app needs a name.", ShortText);
        if (name is null)
            return "";
        if (!AppName.IsValid(name))
        {
            var nearest = AppName.From(name);
            form.Limit(app.Pointer("name"), $"A name has only the letters a to z, digits and hyphens, and at most {AppName.LongestLabel} of them.{(nearest is null ? "" : $" Did you mean “{nearest}”?")}", nearest);
        }

        return name;
    }

    private DataSection Data(JsonForm.Members data)
    {
        var kinds = data.Words("kinds", "a kind of data", catalogue is null ? null : [.. DataKind.All.Select(k => k.Id)]);
        if (kinds is { Count: 0 } && data.Expected)
            form.Limit(data.Pointer("kinds"), data.Has("kinds") ? "Name at least one kind of data; “none” says that there is none." : "Say which kinds of data the app has; “none” says that there is none.");
        return new DataSection(kinds ?? [], data.Words("residency", "a residency", catalogue is null ? null : [.. Residency.All.Select(r => r.Id)]) ?? []);
    }

    private List<Integration> Integrations(JsonForm.Members document)
    {
        var all = new List<Integration>();
        foreach (var (element, pointer) in document.Items("integrations"))
        {
            var one = form.Object(element, pointer, "an integration", ["connector", "access", "fields"]);
            var connector = one.RequiredText("connector", "Say which connector this is.", ShortText);
            var access = one.RequiredWord<ConnectorAccess>("access", "an access");
            var fields = one.Texts("fields", ShortText, unique: true);
            if (connector is null)
                continue;
            if (all.Any(i => i.Connector == connector))
                form.Limit(one.Pointer("connector"), $"“{connector}” is listed twice; put all that is needed of it into one entry.");
            all.Add(new Integration(connector, access, fields));
        }

        return all;
    }

    private static NetworkSection Network(JsonForm.Members network) => new(
        network.Texts("allowed_destinations", 253, unique: false), network.YesOrNo("deny_external_sinks"));

    private static CostSection Cost(JsonForm.Members cost) => new(cost.Amount("cap_usd", MostUsd), cost.Amount("forecast_usd", MostUsd));
}
