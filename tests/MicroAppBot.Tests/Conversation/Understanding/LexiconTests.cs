using MicroAppBot.Conversation.Understanding;

namespace MicroAppBot.Tests.Conversation.Understanding;

public sealed class LexiconTests
{
    [Fact]
    public void The_shipped_words_load_without_a_fault()
    {
        var (lexicon, faults) = Lexicon.Read(TheLanguage.Files());
        Assert.Empty(faults);
        Assert.True(lexicon.Count > 5000, $"only {lexicon.Count} phrases");
    }

    [Fact]
    public void Every_kind_and_every_connector_of_the_catalogue_has_words()
    {
        foreach (var kind in Governance.Catalogue.DataKind.All) Assert.Contains(kind.Id, TheLanguage.Lexicon.Ids(Facet.Kind));
        foreach (var connector in TheLanguage.Catalogue.Connectors.Keys) Assert.Contains(connector, TheLanguage.Lexicon.Ids(Facet.Connector));
    }

    [Fact]
    public void Words_name_only_kinds_and_connectors_that_exist()
    {
        Assert.All(TheLanguage.Lexicon.Ids(Facet.Kind), k => Assert.NotNull(Governance.Catalogue.DataKind.Find(k)));
        Assert.All(TheLanguage.Lexicon.Ids(Facet.Source), c => Assert.Contains(c, TheLanguage.Catalogue.Connectors.Keys));
    }

    [Theory]
    [InlineData("kindd:\n  salary:\n    en: [salary]\n", 1, "nearest is 'kind'")]
    [InlineData("kind:\n  salary:\n    xx: [salary]\n", 3, "no language")]
    [InlineData("kind:\n  salary:\n    en: [a, '|']\n", 3, "holds no word")]
    [InlineData("kind:\n  salary:\n    en: ['.. pay']\n", 3, "begins or ends with a gap")]
    [InlineData("kind: [salary]\n", 1, "entries")]
    [InlineData("- a\n- b\n", 1, "mapping")]
    [InlineData("kind:\n  salary: [open\n", 0, "YAML")]
    public void A_fault_names_file_line_and_reason(string text, int line, string why)
    {
        var fault = Assert.Single(Lexicon.Read([("templates/language/x.yaml", text)]).Faults);
        Assert.Equal("templates/language/x.yaml", fault.File);
        if (line > 0) Assert.Equal(line, fault.Line);
        Assert.Contains(why, fault.Why, StringComparison.Ordinal);
    }
}
