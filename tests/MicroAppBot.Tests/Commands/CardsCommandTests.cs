using System.CommandLine;
using System.Text.Json.Nodes;
using MicroAppBot.Commands;
using MicroAppBot.Content;
using MicroAppBot.Tests.Cards;

namespace MicroAppBot.Tests.Commands;

public sealed class CardsCommandTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "card-preview-" + Path.GetRandomFileName());

    [Fact]
    public void Preview_writes_one_page_with_every_sample()
    {
        var (exit, output, _) = Run(TheCards.Files);

        Assert.Equal(0, exit);
        var page = File.ReadAllText(Path.Combine(_folder, "index.html"));
        Assert.All(TheCards.Library.Samples, sample => Assert.Contains($"\"card\":\"{sample.Card}\",\"what\":\"{sample.What}\"", page, StringComparison.Ordinal));
        Assert.DoesNotContain("{{", page.Replace("{{DATE", "", StringComparison.Ordinal)[..200], StringComparison.Ordinal);
        Assert.Contains("index.html", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Beside_it_stands_what_Slack_is_sent_of_every_sample()
    {
        Run(TheCards.Files);

        foreach (var sample in TheCards.Library.Samples)
        {
            var slack = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, $"{sample.Card}.{sample.What}.slack.json")))!;
            Assert.NotEmpty((JsonArray)slack["blocks"]!);
            Assert.NotEmpty(slack["text"]!.ToString());
        }
    }

    [Fact]
    public void Where_there_is_a_Chromium_it_takes_a_picture_of_each()
    {
        var (exit, output, _) = Run(TheCards.Files.Where(file => file.Name.Contains("/lapsed.", StringComparison.Ordinal)), pictures: true);

        Assert.Equal(0, exit);
        Assert.SkipWhen(output.Contains("no Chromium", StringComparison.Ordinal), "There is no Chromium here.");
        Assert.All(TheCards.Library.Samples.Where(sample => sample.Card == "lapsed"), sample => Assert.Equal(0x89, File.ReadAllBytes(Path.Combine(_folder, $"lapsed.{sample.What}.slack.png"))[0]));
    }

    [Fact]
    public void Without_the_renderer_the_page_says_what_to_install()
    {
        Run(TheCards.Files);
        Assert.Contains("Install Node.js", File.ReadAllText(Path.Combine(_folder, "index.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_faulty_card_is_named_and_no_page_is_written()
    {
        var (exit, _, errors) = Run([new ContentFile("cards/broken.json", "{")]);

        Assert.Equal(1, exit);
        Assert.StartsWith("cards/broken.json:1, column ", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder));
    }

    private (int Exit, string Output, string Errors) Run(IEnumerable<ContentFile> files, bool pictures = false)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exit = CardsCommand.Create(() => files, Path.Combine(_folder, "no-wwwroot"), pictures).Parse(["preview", _folder]).Invoke(new InvocationConfiguration { Output = output, Error = errors });
        return (exit, output.ToString(), errors.ToString());
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
