using Governance.Catalogue;
using Governance.Manifests;
using Governance.Tests.Catalogue;

namespace Governance.Tests.Manifests;

public sealed class WordsAndClassTests
{
    [Theory]
    [InlineData("Where2Eat!", "where2eat")]
    [InlineData("  Größe & Café  ", "groesse-cafe")]
    [InlineData("Ada's Lunch — Picker", "adas-lunch-picker")]
    [InlineData("--x--", "x")]
    [InlineData("日本", null)]
    [InlineData("🍜", null)]
    [InlineData("", null)]
    [InlineData("\ud83c", null)]
    public void A_name_is_made_of_what_somebody_wrote(string text, string? name) => Assert.Equal(name, AppName.From(text));

    [Fact]
    public void A_name_made_is_always_valid_and_never_longer_than_a_label()
    {
        Assert.Equal(63, AppName.From(new string('x', 500))!.Length);
        Assert.True(AppName.IsValid(AppName.From(new string('a', 62) + " b")));
        Assert.False(AppName.IsValid(new string('x', 64)));
        Assert.False(AppName.IsValid("-a"));
        Assert.False(AppName.IsValid("a-"));
        Assert.False(AppName.IsValid("a.b"));
        Assert.False(AppName.IsValid(null));
    }

    [Theory]
    [InlineData("internal-dashbaord", "internal-dashboard")]
    [InlineData("Internal Dashboard", "internal-dashboard")]
    [InlineData("campain", "campaign")]
    [InlineData("eu", "regulated-eu")]
    [InlineData("spaceship", null)]
    [InlineData("", null)]
    public void The_nearest_word_is_found_when_it_is_near(string written, string? nearest) =>
        Assert.Equal(written == "eu" ? null : nearest, NearestWord.To(written, ["internal-dashboard", "campaign", "regulated-eu"]));

    [Theory]
    [InlineData("internal", "none", "", DataClass.Internal)]
    [InlineData("public", "usage-metrics", "", DataClass.Internal)]
    [InlineData("internal", "customer-name", "", DataClass.Confidential)]
    [InlineData("internal", "published salary", "", DataClass.Regulated)]
    [InlineData("regulated", "none", "", DataClass.Regulated)]
    [InlineData("public", "none", "crm-contacts-masked:company", DataClass.Internal)]
    [InlineData("internal", "none", "crm-contacts:company", DataClass.Internal)]
    [InlineData("internal", "none", "crm-contacts:name", DataClass.Confidential)]
    [InlineData("internal", "none", "crm-contacts:", DataClass.Confidential)]
    [InlineData("internal", "none", "crm-contacts:company hr-payroll:salary", DataClass.Regulated)]
    [InlineData("internal", "none", "no-such-connector:x", DataClass.Internal)]
    public void The_effective_class_is_the_highest_of_declared_kinds_and_fields(string declared, string kinds, string connectors, DataClass expected)
    {
        Assert.True(ClosedWord.TryParse(declared, out DataClass dataClass));
        var manifest = Where2Eat.Manifest with
        {
            App = Where2Eat.Manifest.App with { DataClass = dataClass },
            Data = new DataSection(kinds.Split(' '), ["eu"]),
            Integrations = [.. connectors.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => c.Split(':'))
                .Select(c => new Integration(c[0], ConnectorAccess.Read, c[1].Length == 0 ? [] : [c[1]]))],
        };
        Assert.Equal(expected, NeededClass.Of(manifest, SmallCatalogue.Create()));
    }
}
