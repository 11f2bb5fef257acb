using MicroAppBot.Conversation.Understanding;

namespace MicroAppBot.Tests.Conversation.Understanding;

public sealed class MergingTests
{
    private static readonly Merging Merging = new(TheLanguage.Lexicon);

    private static Reading Read(string text) => TheLanguage.Reader.Read(text);

    [Fact]
    public void Without_a_proposal_the_reading_stands()
    {
        var read = Read("dashboard of salaries");
        Assert.Same(read, Merging.Merge(read, null));
    }

    [Fact]
    public void A_model_never_lowers_the_class_nor_removes_what_was_read()
    {
        var merged = Merging.Merge(Read("dashboard of salaries for the Lyon office"), new Proposal { DataClass = "public", Kinds = ["none", "published"], Connectors = [], Template = "campaign", Residency = ["us"] });
        Assert.Equal("regulated", merged.DataClass);
        Assert.Equal(["salary"], merged.Kinds);
        Assert.Equal("regulated-eu", merged.Template);
        Assert.Equal(["eu"], merged.Residency);
    }

    [Fact]
    public void A_model_may_raise_the_class_and_add_kinds()
    {
        var merged = Merging.Merge(Read("A dashboard of stock levels"), new Proposal { DataClass = "confidential", Kinds = ["trade-secret"] });
        Assert.Equal("confidential", merged.DataClass);
        Assert.Contains("trade-secret", merged.Kinds);
        Assert.Contains(merged.Because, b => b is { Slot: "data", Value: "trade-secret" } && b.Words.Contains("model", StringComparison.Ordinal));
    }

    [Fact]
    public void Ids_of_no_catalogue_are_dropped()
    {
        var merged = Merging.Merge(Read("Something for the flibbertigibbets, an app"), new Proposal { Template = "root-shell", Kinds = ["everything", null], Connectors = ["infra-admin", "ticketing"], Residency = ["moon"], Audience = "gods", Name = "../../etc", TtlDays = -5, CostCapUsd = 1e12m });
        Assert.Null(merged.Template);
        Assert.Empty(merged.Kinds);
        Assert.Equal(["ticketing"], merged.Connectors);
        Assert.Empty(merged.Residency);
        Assert.Null(merged.Audience);
        Assert.Null(merged.TtlDays);
        Assert.Null(merged.CostCapUsd);
        Assert.NotEqual("../../etc", merged.Name);
    }

    [Fact]
    public void What_the_words_left_open_is_still_asked()
    {
        var merged = Merging.Merge(Read("Something with customer stuff for the Monday meeting"), new Proposal { Template = "internal-dashboard", Kinds = ["usage-metrics"], Connectors = ["warehouse-readonly"] });
        Assert.Equal("internal-dashboard", merged.Template);
        Assert.Contains("data", merged.MustAsk);
        Assert.DoesNotContain("template", merged.MustAsk);
    }

    [Fact]
    public void A_place_from_the_model_is_asked_for_where_it_decides()
    {
        var merged = Merging.Merge(Read("dashboard of salaries"), new Proposal { Residency = ["uk"] });
        Assert.Equal("regulated-uk", merged.Template);
        Assert.Contains("region", merged.MustAsk);
    }

    [Fact]
    public void A_way_out_of_the_house_is_opened_by_the_persons_words_only() =>
        Assert.DoesNotContain("external-webhook", Merging.Merge(Read("send the total somewhere every night"), new Proposal { Connectors = ["external-webhook"] }).Connectors);

    [Theory]
    [InlineData(Intents.Approve)]
    [InlineData(Intents.Reject)]
    [InlineData(Intents.Quarantine)]
    [InlineData(Intents.Elevate)]
    [InlineData(Intents.Archive)]
    [InlineData("root")]
    public void A_model_gives_no_orders(string intent) => Assert.Equal(Intents.Unknown, Merging.Merge(Read("blah blah"), new Proposal { Intent = intent }).Intent);

    [Fact]
    public void A_model_may_recognise_a_wish_that_the_words_did_not()
    {
        var merged = Merging.Merge(Read("blorp the gronks"), new Proposal { Intent = "new", Template = "internal-dashboard", Kinds = ["usage-metrics"], Purpose = "Count the gronks", Name = "count-gronks" });
        Assert.Equal(Intents.New, merged.Intent);
        Assert.Equal("internal-dashboard", merged.Template);
        Assert.Equal("count-gronks", merged.Name);
        Assert.Contains("data", merged.MustAsk);
    }

    [Fact]
    public void What_was_read_as_something_else_stays_so() => Assert.Equal(Intents.Renew, Merging.Merge(Read("renew where2eat"), new Proposal { Intent = "new", Kinds = ["salary"] }).Intent);
}
