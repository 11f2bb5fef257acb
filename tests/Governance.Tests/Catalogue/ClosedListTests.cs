using System.Text.Json;
using Governance.Catalogue;

namespace Governance.Tests.Catalogue;

public sealed class ClosedListTests
{
    [Theory]
    [InlineData(DataClass.Public, "public")]
    [InlineData(DataClass.Internal, "internal")]
    [InlineData(DataClass.Confidential, "confidential")]
    [InlineData(DataClass.Regulated, "regulated")]
    public void A_data_class_is_a_lower_case_word_in_text_and_in_json(DataClass dataClass, string word)
    {
        Assert.Equal(word, dataClass.ToText());
        Assert.True(ClosedWord.TryParse(word, out DataClass read) && read == dataClass);
        Assert.Equal($"\"{word}\"", JsonSerializer.Serialize(dataClass));
        Assert.Equal(dataClass, JsonSerializer.Deserialize<DataClass>($"\"{word}\""));
    }

    [Theory]
    [InlineData("Public")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("0")]
    [InlineData("secret")]
    public void What_is_not_exactly_a_word_of_the_list_is_not_read(string? text) => Assert.False(ClosedWord.TryParse<DataClass>(text, out _));

    [Fact]
    public void Classes_are_ordered_from_harmless_to_sensitive() =>
        Assert.True(DataClass.Public < DataClass.Internal && DataClass.Internal < DataClass.Confidential && DataClass.Confidential < DataClass.Regulated);

    [Theory]
    [InlineData(DataClass.Public, "none published")]
    [InlineData(DataClass.Internal, "internal-documents employee-contact usage-metrics")]
    [InlineData(DataClass.Confidential, "customer-name customer-contact employee-record contract financial-plan trade-secret")]
    [InlineData(DataClass.Regulated, "salary health payment-card government-id customer-financial child-data credentials")]
    public void Each_kind_of_data_has_the_lowest_class_of_the_design(DataClass lowest, string kinds) =>
        Assert.Equal(kinds.Split(' '), DataKind.All.Where(k => k.Lowest == lowest).Select(k => k.Id));

    [Fact]
    public void Only_credentials_are_never_possible() => Assert.Equal(["credentials"], DataKind.All.Where(k => k.Never).Select(k => k.Id));

    [Theory]
    [InlineData("customer-name", "Will it show or store customer names?")]
    [InlineData("salary", "Will it show or store salaries or bonuses?")]
    [InlineData("child-data", "Is there anything about children in it?")]
    public void A_kind_can_be_asked_for_in_plain_words(string kind, string question) => Assert.Equal(question, DataKind.Find(kind)!.Question);
}
