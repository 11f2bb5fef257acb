using Governance.Catalogue;
using Governance.People;
using MicroAppBot.Content;

namespace MicroAppBot.Tests.Content;

/// <summary>What the design fixes of the content that is shipped.</summary>
public sealed class ShippedContentTests
{
    private static readonly ContentFolder Shipped = ContentFolder.Load(AppContext.BaseDirectory);

    [Theory]
    [InlineData("internal-dashboard", "internal", "regulated", 30, 50, null, null, null, false)]
    [InlineData("approval-form", "internal", "regulated", 30, 50, null, null, null, false)]
    [InlineData("event-automation", "internal", "regulated", 30, 50, null, null, null, false)]
    [InlineData("campaign", "internal", "internal", 14, 100, 100, null, null, true)]
    [InlineData("regulated-eu", "regulated", "regulated", 30, 50, null, "eu", "sovereign-eu", false)]
    [InlineData("regulated-uk", "regulated", "regulated", 30, 50, null, "uk", "sovereign-uk", false)]
    [InlineData("regulated-apac", "regulated", "regulated", 30, 50, null, "apac", "sovereign-apac", false)]
    public void The_seven_templates_have_secure_defaults_and_their_limits(string id, string dataClass, string highest, int ttl, int cap, int? mostCap, string? residency, string? environment, bool hardCap)
    {
        Assert.Equal(7, Shipped.Catalogue.Templates.Count);
        var template = Shipped.Catalogue.Templates[id];
        Assert.Equal(dataClass, template.Defaults.DataClass.ToText());
        Assert.Equal(highest, template.Limits.HighestClass.ToText());
        Assert.Equal((ttl, ttl), (template.Defaults.TtlDays, template.Limits.TtlDays));
        Assert.Equal(cap, template.Defaults.CapUsd);
        Assert.Equal((decimal?)mostCap, template.Limits.CapUsd);
        Assert.Equal((residency, environment), (template.Limits.Residency, template.Limits.Environment));
        Assert.Equal(hardCap, template.HardCap);
        Assert.True(template.Defaults.DenyExternalSinks);
        Assert.True(template.Words.Count >= 5);
    }

    [Fact]
    public void A_campaign_has_only_its_four_connectors_and_the_others_have_all()
    {
        Assert.Equal(["crm-contacts-masked", "crm-campaigns", "chat-notify", "email-send"], Shipped.Catalogue.Templates["campaign"].Limits.Connectors);
        Assert.All(Shipped.Catalogue.Templates.Values.Where(t => t.Id != "campaign"), t => Assert.Null(t.Limits.Connectors));
    }

    [Theory]
    [InlineData("crm-contacts-masked", "company segment region stage masked-name", "internal", "read", "all", "crm.internal.example.com")]
    [InlineData("crm-contacts", "company segment region stage name email phone", "confidential", "read write", "marketing sales support", "crm.internal.example.com")]
    [InlineData("crm-campaigns", "campaign budget responses", "internal", "read write", "marketing sales", "crm.internal.example.com")]
    [InlineData("hr-directory", "name work-email team manager desk", "internal", "read", "all", "hr.internal.example.com")]
    [InlineData("hr-payroll", "employee salary bank-account", "regulated", "read", "finance hr", "payroll.internal.example.com")]
    [InlineData("ticketing", "ticket status assignee summary", "internal", "read write", "all", "tickets.internal.example.com")]
    [InlineData("documents", "document folder comment", "internal", "read write", "all", "files.internal.example.com")]
    [InlineData("finance-ledger", "account cost-centre amount vendor", "confidential", "read", "finance", "ledger.internal.example.com")]
    [InlineData("warehouse-readonly", "orders-aggregate usage-metrics stock", "internal", "read", "all", "warehouse.internal.example.com")]
    [InlineData("object-store-write", "object", "internal", "write", "all", "objects.internal.example.com")]
    [InlineData("email-send", "recipient subject body", "internal", "write", "all", "mail.internal.example.com")]
    [InlineData("chat-notify", "channel text", "internal", "write", "all", "chat.internal.example.com")]
    [InlineData("payments", "payment amount card-number", "regulated", "write", "finance", "payments.internal.example.com")]
    [InlineData("external-webhook", "payload", "public", "write", "all", null)]
    public void The_fourteen_connectors_are_those_of_the_design(string id, string fields, string dataClass, string access, string departments, string? host)
    {
        Assert.Equal(14, Shipped.Catalogue.Connectors.Count);
        var connector = Shipped.Catalogue.Connectors[id];
        Assert.Equal(fields.Split(' '), connector.Fields.Select(f => f.Name));
        Assert.Equal(dataClass, connector.Class.ToText());
        Assert.Equal(access.Split(' '), connector.Access.Select(a => a.ToText()));
        Assert.Equal(departments == "all", connector.OpenToAll);
        Assert.Equal(departments == "all" ? [] : departments.Split(' '), connector.Departments);
        Assert.Equal(host, connector.Host);
        Assert.Equal(host is null, connector.External);
        Assert.True(connector.Words.Count >= 5);
    }

    [Fact]
    public void Contacts_have_a_masked_twin_that_shows_the_same_without_a_person()
    {
        var twin = Shipped.Catalogue.Connectors[Shipped.Catalogue.Connectors["crm-contacts"].MaskedTwin!];
        Assert.Equal("crm-contacts-masked", twin.Id);
        Assert.Equal("First letter only", twin.Field("masked-name")!.Mask);
        Assert.Null(Shipped.Catalogue.Connectors["crm-contacts"].Field("masked-name"));
    }

    [Theory]
    [InlineData("internal-eu", "eu-central-1", "eu", "confidential", "GDPR")]
    [InlineData("internal-uk", "eu-west-2", "uk", "confidential", "UK GDPR")]
    [InlineData("internal-us", "us-east-1", "us", "confidential", "")]
    [InlineData("internal-apac", "ap-southeast-2", "apac", "confidential", "APPs")]
    [InlineData("sovereign-eu", "eusc-de-east-1", "eu", "regulated", "GDPR,PCI,payroll")]
    [InlineData("sovereign-uk", "eu-west-2", "uk", "regulated", "UK GDPR,PCI,payroll")]
    [InlineData("sovereign-us", "us-gov-west-1", "us", "regulated", "HIPAA,PCI,payroll")]
    [InlineData("sovereign-apac", "ap-southeast-2", "apac", "regulated", "APPs,PCI")]
    public void The_eight_environments_are_those_of_the_design(string id, string region, string residency, string highest, string regimes)
    {
        Assert.Equal(8, Shipped.Catalogue.Environments.Count);
        var environment = Shipped.Catalogue.Environments[id];
        Assert.Equal((region, residency, highest), (environment.Region, environment.Residency, environment.HighestClass.ToText()));
        Assert.Equal(regimes.Split(',', StringSplitOptions.RemoveEmptyEntries), environment.Regimes);
    }

    [Fact]
    public void There_is_a_right_for_every_access_that_a_connector_offers_and_only_admin_and_payments_need_a_privileged_one()
    {
        foreach (var connector in Shipped.Catalogue.Connectors.Values)
        {
            foreach (var access in connector.Access)
            {
                var role = Shipped.Catalogue.RoleFor(connector.Id, access);
                Assert.True(role is not null, $"{connector.Id} {access}");
                Assert.Equal(connector.Id == "payments", role.Privileged);
            }

            if (connector.Offers(ConnectorAccess.Write))
                Assert.Equal("infra-admin", Shipped.Catalogue.RoleFor(connector.Id, ConnectorAccess.Admin)?.Id);
        }

        Assert.Equal(["infra-admin", "payments-operator"], Shipped.Catalogue.Roles.Values.Where(r => r.Privileged).Select(r => r.Id).Order());
        Assert.Contains("crm-read-only", Shipped.Catalogue.Roles.Keys);
        Assert.Equal("crm-read-only", Shipped.Catalogue.RoleFor("crm-contacts-masked", ConnectorAccess.Read)!.Id);
    }

    [Fact]
    public void Nobody_in_the_directory_is_a_bottleneck()
    {
        var people = Shipped.People.Values.ToList();
        Assert.True(people.Count >= 10);
        Assert.True(people.Select(p => p.Department).Distinct().Count() >= 6);
        Assert.True(people.Select(p => p.TimeZone).Distinct().Count() >= 3);
        Assert.All(Role.All, role => Assert.True(people.Count(p => p.Has(role)) >= 2, role));
        Assert.True(people.Where(p => p.Has(Role.BusinessOwner)).Select(p => p.Department).Distinct().Count() >= 3);
        Assert.True(people.Count(p => p.Department == "marketing" && p.Roles.Count == 0) >= 2);
        Assert.Single(people, p => p.Manager is null);
        Assert.All(people, p => Assert.EndsWith("@example.com", p.Email, StringComparison.Ordinal));
        Assert.All(people, p => Assert.True(Guid.TryParse(p.Accounts.Teams, out _) && p.Accounts.Slack!.StartsWith('U') && p.CostCentre is not null));
    }

    // Whatever anybody in the directory files as high, three people beside them can sign for
    [Fact]
    public void Every_requester_finds_a_different_signer_for_every_seat()
    {
        foreach (var requester in Shipped.People.Values)
        {
            foreach (var role in new[] { Role.BusinessOwner, Role.Security, Role.Compliance, Role.InfraOps })
                Assert.Contains(Shipped.People.Values, p => p.Has(role) && p.Id != requester.Id);
        }
    }

    [Fact]
    public void Titles_and_summaries_speak_without_jargon()
    {
        var texts = Shipped.Catalogue.Templates.Values.Select(t => t.Summary).Concat(Shipped.Catalogue.Connectors.Values.Select(c => c.Summary)).ToList();
        Assert.All(texts, text => Assert.InRange(text.Length, 20, 140));
        Assert.All(texts, text => Assert.DoesNotMatch(@"\b(API|REST|SQL|PII|DLP|RBAC|endpoint|schema|manifest)\b", text));
        Assert.All(texts, text => Assert.EndsWith(".", text, StringComparison.Ordinal));
    }
}
