using Governance.Manifests;
using Governance.Tests.Catalogue;

namespace Governance.Tests.Manifests;

public sealed class ManifestDifferenceTests
{
    [Theory]
    [InlineData("/app/title", "\"Lunch\"", "/app/title", "Name", "Where2Eat", "Lunch")]
    [InlineData("/app/template", "\"campaign\"", "/app/template", "Kind of app", "Internal dashboard", "Campaign page")]
    [InlineData("/app/data_class", "\"regulated\"", "/app/data_class", "Data class", "internal", "regulated")]
    [InlineData("/app/department", "\"hr\"", "/app/department", "Department", "Marketing", "HR")]
    [InlineData("/app/audience", "\"external\"", "/app/audience", "Who uses it", "team", "external")]
    [InlineData("/app/co_owner", null, "/app/co_owner", "Co-owner", "jonas.lindqvist", "–")]
    [InlineData("/data/kinds/1", "\"salary\"", "/data/kinds", "Kinds of data", "Everyday work documents", "Everyday work documents, Salaries or bonuses")]
    [InlineData("/data/residency/0", "\"us\"", "/data/residency", "Where the data stays", "European Union", "United States")]
    [InlineData("/environment", "\"sovereign-eu\"", "/environment", "Runs in", "Internal EU", "EU sovereign cloud")]
    [InlineData("/integrations", "[]", "/integrations/0", "CRM-CONTACTS-MASKED", "read: company, segment", "–")]
    [InlineData("/integrations/1", """{"connector":"hr-payroll","access":"read"}""", "/integrations/1", "HR-PAYROLL", "–", "read: all fields")]
    [InlineData("/integrations/0/access", "\"write\"", "/integrations/0", "CRM-CONTACTS-MASKED", "read: company, segment", "write: company, segment")]
    [InlineData("/network/deny_external_sinks", "false", "/network/deny_external_sinks", "Data may leave the company", "no", "yes")]
    [InlineData("/network/allowed_destinations/1", "\"hooks.example.net\"", "/network/allowed_destinations", "Destinations", "crm.internal.example.com", "crm.internal.example.com, hooks.example.net")]
    [InlineData("/secrets/CRM_TOKEN", "\"hunter2\"", "/secrets/CRM_TOKEN", "Secret CRM_TOKEN", "a reference", "another reference")]
    [InlineData("/secrets/a~1b", null, null, null, null, null)]
    [InlineData("/access/roles", "[]", "/access/roles", "Rights", "crm-read-only", "–")]
    [InlineData("/lifecycle/ttl_days", "1", "/lifecycle/ttl_days", "Lifetime", "30 days", "1 day")]
    [InlineData("/cost/cap_usd", "1250.5", "/cost/cap_usd", "Monthly cap", "50 USD", "1,250.50 USD")]
    [InlineData("/cost/cap_usd", null, "/cost/cap_usd", "Monthly cap", "50 USD", "–")]
    [InlineData("/cost/forecast_usd", "49", null, null, null, null)]
    public void A_difference_is_said_in_plain_words(string pointer, string? value, string? at, string? label, string? before, string? after)
    {
        var changes = ManifestDifference.Between(Where2Eat.Manifest, Where2Eat.Read(Where2Eat.With(pointer, value)), SmallCatalogue.Create());
        if (at is null)
            Assert.Empty(changes);
        else
            Assert.Equal(new Change(at, label!, before!, after!), Assert.Single(changes));
    }

    [Fact]
    public void A_pasted_secret_is_never_shown()
    {
        var changes = ManifestDifference.Between(Where2Eat.Manifest, Where2Eat.Read(Where2Eat.With("/secrets", """{"NEW":"hunter2"}""")));
        Assert.Equal(["Secret CRM_TOKEN", "Secret NEW"], changes.Select(c => c.Label));
        Assert.DoesNotContain(changes, c => (c.Before + c.After).Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void There_is_a_difference_exactly_when_the_hash_is_another()
    {
        var any = new AnyManifest(2);
        var (same, other) = (0, 0);
        for (var i = 0; i < 3000; i++)
        {
            var before = any.Next();
            var donor = any.Next();

            // One section at a time is taken from another manifest, so that small differences come up as well as none
            var after = (i % 9) switch
            {
                0 => before with { App = before.App with { Audience = donor.App.Audience } },
                1 => before with { Data = donor.Data },
                2 => before with { Integrations = donor.Integrations },
                3 => before with { Network = donor.Network },
                4 => before with { Secrets = donor.Secrets },
                5 => before with { Access = donor.Access },
                6 => before with { Lifecycle = donor.Lifecycle },
                7 => before with { Cost = donor.Cost },
                _ => before with { Cost = before.Cost with { ForecastUsd = donor.Cost.ForecastUsd } },
            };
            var alike = ManifestHash.Of(before) == ManifestHash.Of(after);
            Assert.Equal(alike, ManifestDifference.Between(before, after).Count == 0);
            _ = alike ? same++ : other++;
        }

        Assert.True(same > 300 && other > 300, $"{same} same, {other} other");
    }
}
