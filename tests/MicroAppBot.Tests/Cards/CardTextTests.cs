using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MicroAppBot.Cards;

namespace MicroAppBot.Tests.Cards;

public partial class CardTextTests
{
    [Theory]
    [InlineData("Customer check-in")]
    [InlineData("crm.internal.example.com")]
    [InlineData("customer_name, work_email")]
    [InlineData("R&D costs 5 < 7, 2 + 2 (really)")]
    [InlineData("Zoë – “naïve” … 👋")]
    [InlineData("C:\\Users\\ada")]
    [InlineData("4.5.2026")]
    [InlineData("-5 USD")]
    public void Ordinary_words_stay_as_they_are(string text) => Assert.Equal(text, CardText.Escape(text, 500));

    [Theory]
    [InlineData("[click](https://evil.example)", "[click]\u2060(https://evil.example)")]
    [InlineData("<at>Everyone</at>", "<\u2060at>Everyone<\u2060/at>")]
    [InlineData("**loud** and _soft_", "\\*\\*loud\\*\\* and \\_soft\\_")]
    [InlineData("- item", "\u2060- item")]
    [InlineData("1. item", "\u20601. item")]
    [InlineData("# heading", "\u2060# heading")]
    [InlineData("{{DATE(2026-05-04T00:00:00Z, SHORT)}}", "{\u2060{DATE(2026-05-04T00:00:00Z, SHORT)}}")]
    [InlineData("&lt;b&gt;", "&\u2060lt;b&\u2060gt;")]
    public void What_would_be_a_construct_is_broken_and_reads_the_same(string text, string escaped) => Assert.Equal(escaped, CardText.Escape(text, 500));

    [Fact]
    public void Line_breaks_become_paragraphs_or_spaces()
    {
        Assert.Equal("one\n\n\u2060- two", CardText.Escape("one\r\n\r\n\r\n- two", 500, lines: true));
        Assert.Equal("one two", CardText.Escape("one\r\n\r\ntwo", 500));
        Assert.Equal("one two three", CardText.Plain(" one\ttwo\u2028three ", 500));
    }

    [Fact]
    public void The_direction_of_the_text_around_it_cannot_be_turned()
    {
        Assert.Equal("photoexe.gnp", CardText.Plain("photo\u202eexe.gnp\u202c", 500));
        Assert.Equal("\u2068مرحبا\u2069", CardText.Plain("\u200fمرحبا", 500));
    }

    [Fact]
    public void Control_characters_and_half_characters_are_gone()
    {
        Assert.Equal("ab", CardText.Plain("a\0\u0007\ufeffb", 500));
        Assert.Equal("a\ufffdb", CardText.Plain("a\ud83db", 500));
    }

    [Fact]
    public void Marks_do_not_pile_up_over_other_lines() =>
        Assert.InRange(CardText.Plain("Z" + new string('\u0301', 500), 500).Length, 2, 8);

    [Fact]
    public void A_text_is_cut_between_characters_and_says_so()
    {
        Assert.Equal("👩‍👩‍👧‍👦…", CardText.Plain("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 14));
        Assert.Equal("Hello…", CardText.Plain("Hello, world", 8));
    }

    [Fact]
    public void No_text_whatever_becomes_markup()
    {
        const string alphabet = "*_`~[]()<>!#-+=|\\&;:{}/\"'. \n\n  1aB&lt;<b></at>http://x.y";
        var random = new Random(20260504);
        var texts = Enumerable.Range(0, 4000).Select(_ => new string([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => alphabet[random.Next(alphabet.Length)])])).ToList();
        texts.AddRange(["<script>alert(1)</script>", "[a]: https://evil.example\n[a]", "![x](https://evil.example/p.png)", "<https://evil.example>", "a\n===", "```\ncode\n```", "~~~\ncode", "> quote", "    code", "a  \nb", "&#42;x&#42;", "***", "a*b*c", "__init__", "\\*x\\*", "[x][y]\n\n[y]: http://evil.example"]);

        var drawn = Reference.Ask("markdown", new JsonArray([.. texts.Select(text => (JsonNode)("before " + CardText.Escape(text, 5000, lines: true) + " after")), .. texts.Select(text => (JsonNode)CardText.Escape(text, 5000, lines: true))]));

        for (var i = 0; i < drawn.Count; i++)
        {
            var text = texts[i % texts.Count];
            var html = drawn[i]!.ToString();
            Assert.True(!OtherTag().IsMatch(html), $"{text} became {html}");
            var shown = Words(WebUtility.HtmlDecode(html.Replace("</p>", "\n", StringComparison.Ordinal).Replace("<p>", "", StringComparison.Ordinal)));
            Assert.Equal(i < texts.Count ? Words("before " + text + " after") : Words(text), shown);
        }
    }

    private static string Words(string text)
    {
        var words = new StringBuilder();
        foreach (var word in text.Replace("\u2060", "", StringComparison.Ordinal).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
            words.Append(word).Append(' ');
        return words.ToString();
    }

    [GeneratedRegex("<(?!/?p>)")]
    private static partial Regex OtherTag();
}
