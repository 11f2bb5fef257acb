using System.Text.RegularExpressions;
using MicroAppBot.Content;
using MicroAppBot.Conversation;
using MicroAppBot.Conversation.Wording;
using MicroAppBot.Tests.Policies;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MicroAppBot.Tests.Conversation;

/// <summary>What the conversation needs of the content is looked at when the bot starts.</summary>
public sealed partial class ContentAtStartTests : IDisposable
{
    private readonly ScratchFolder content = ScratchFolder.OfContent();

    public ContentAtStartTests()
    {
        foreach (var part in (string[])["cards", "prompts"])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, part), "*", SearchOption.AllDirectories))
                content.Write(Path.GetRelativePath(AppContext.BaseDirectory, file), File.ReadAllText(file));
        }
    }

    public void Dispose() => content.Dispose();

    [Fact]
    public void The_shipped_content_starts() => Start();

    [Theory]
    [InlineData("cards/approval.json")]
    [InlineData("cards/answers.json")]
    [InlineData("prompts/intake/skprompt.txt")]
    [InlineData("prompts/intake/config.json")]
    public void A_file_that_was_deleted_stops_the_start(string file)
    {
        File.Delete(Path.Combine(content.Root, file));
        var fault = Assert.Single(Assert.Throws<ContentException>(Start).Faults);
        Assert.Equal(file, fault.File);
        Assert.Contains("missing", fault.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prompts/intake/config.json", "\"schema\": 1,", "\"schema\": 1", 3, "not valid JSON")]
    [InlineData("prompts/intake/config.json", "\"input_variables\": [", "\"input_variables\": 7, \"x\": [", 6, "no prompt configuration")]
    [InlineData("prompts/intake/config.json", "\"name\": \"kinds\"", "\"name\": \"sorts\"", 10, "“kinds” is none of the input_variables", "prompts/intake/skprompt.txt")]
    [InlineData("prompts/intake/skprompt.txt", "{{$text}}", "the text", 0, "it needs {{$text}}")]
    [InlineData("prompts/intake/skprompt.txt", "{{$text}}", "{{$text}} {{nothing", 18, "nothing else can stand there")]
    [InlineData("prompts/intake/skprompt.txt", "{{$text}}", "{{$text}} {{call it}}", 18, "nothing else can stand there")]
    public void A_broken_prompt_stops_the_start_with_its_line(string file, string was, string becomes, int line, string why, string? named = null)
    {
        Assert.Contains(was, content.Read(file), StringComparison.Ordinal);
        content.Write(file, content.Read(file).Replace(was, becomes, StringComparison.Ordinal));
        var faults = Assert.Throws<ContentException>(Start).Faults;
        Assert.True(faults.Any(f => f.File == (named ?? file) && f.Line == line && f.Why.Contains(why, StringComparison.Ordinal)), string.Join('\n', faults));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t\n")]
    public void An_empty_prompt_stops_the_start(string text)
    {
        content.Write("prompts/intake/skprompt.txt", text);
        Assert.Contains(Assert.Throws<ContentException>(Start).Faults, f => f is { File: "prompts/intake/skprompt.txt", Why: "This file is empty." });
    }

    [Fact]
    public void Every_card_that_the_code_draws_by_name_is_among_those_looked_for()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "MicroAppBot.sln"))) root = Path.GetDirectoryName(root)!;
        var drawn = Directory.EnumerateFiles(Path.Combine(root, "src", "MicroAppBot", "Conversation"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Drawn().Matches(File.ReadAllText(file))).SelectMany(m => m.Groups.Cast<Group>().Skip(1)).Where(g => g.Success).Select(g => g.Value).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(CardNames.All.Order(StringComparer.Ordinal), drawn);
    }

    private void Start() => new ServiceCollection().AddConversation(new ContentInForce(ContentFolder.Load(content.Root)), new ConfigurationBuilder().Build());

    [GeneratedRegex("""\b(?:Show|ShowBeside|OfApp|Card|Presented)\("([a-z-]+)"|\("(request-status)"|: \("(approval)",""")]
    private static partial Regex Drawn();
}
