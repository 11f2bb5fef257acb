namespace MicroAppBot.Tests.Conversation.Understanding;

/// <summary>How well openings are understood, on a set that others wrote and on one of our own in other trades. Set INTAKE_PREDICTIONS to a folder to get the predictions for score.py.</summary>
public sealed class ReadingScoreTests(ITestOutputHelper output)
{
    [Fact]
    public void The_example_set_is_read_well_and_never_too_low()
    {
        var file = Beside("shared/language-examples/intake-open.jsonl");
        Assert.SkipWhen(file is null, "The example set ../shared/language-examples/intake-open.jsonl is not on this machine");
        var card = Score(file!, "intake-open.predictions.jsonl");
        Assert.Empty(card.Low);
        Assert.True(card.Intent >= 0.97, card.ToString());
        Assert.True(card.Template >= 0.95, card.ToString());
        Assert.True(card.Class >= 0.95, card.ToString());
        Assert.True(card.LeftOpen <= 0.08, card.ToString());
        Assert.True(card.ConnectorsF1 >= 0.95, card.ToString());
        Assert.True(card.Residency >= 0.98, card.ToString());
        Assert.True(card.AskRecall >= 0.90, card.ToString());
    }

    [Theory]
    [InlineData("more-messages.jsonl")]
    [InlineData("more-messages-2.jsonl")]
    [InlineData("more-messages-3.jsonl")]
    public void Our_own_sets_in_other_trades_are_read_well_and_never_too_low(string set)
    {
        var card = Score(Path.Combine(Source(), set), Path.GetFileNameWithoutExtension(set) + ".predictions.jsonl");
        Assert.Empty(card.Low);
        Assert.True(card.Intent >= 0.93, card.ToString());
        Assert.True(card.Template >= 0.90, card.ToString());
        Assert.True(card.Class >= 0.85, card.ToString());
        Assert.True(card.LeftOpen <= 0.12, card.ToString());
        Assert.True(card.ConnectorsF1 >= 0.85, card.ToString());
        Assert.True(card.AskRecall >= 0.75, card.ToString());
    }

    private Scorecard Score(string file, string predictions)
    {
        var card = Scorecard.Of(file);
        output.WriteLine(card.ToString());
        if (Environment.GetEnvironmentVariable("INTAKE_PREDICTIONS") is { Length: > 0 } folder) File.WriteAllLines(Path.Combine(folder, predictions), card.Predictions);
        return card;
    }

    // Found by walking up: the set stands beside the repository, wherever that is
    private static string? Beside(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, name))) return Path.Combine(folder.FullName, name);
        return null;
    }

    private static string Source([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
