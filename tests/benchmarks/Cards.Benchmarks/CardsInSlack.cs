using System.Diagnostics;
using System.Globalization;
using MicroAppBot.Cards;
using MicroAppBot.Cards.BlockKit;
using MicroAppBot.Content;

namespace Cards.Benchmarks;

/// <summary>
/// What every card costs with every sample: drawn, laid out for Slack, and asked what a button on it means. The best of many rounds, so that
/// it says something on a busy machine too. <c>dotnet run -c Release --project tests/benchmarks/Cards.Benchmarks -- slack [card]</c>
/// </summary>
internal static class CardsInSlack
{
    private const int Rounds = 200;
    private const int InARound = 4;

    public static void Measure(string only)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "cards");
        var library = CardLibrary.Load(Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .Select(path => new ContentFile(Path.GetRelativePath(AppContext.BaseDirectory, path).Replace('\\', '/'), File.ReadAllText(path))));
        var samples = library.Samples.Where(sample => sample.Card.StartsWith(only, StringComparison.Ordinal)).ToList();
        foreach (var isWarm in (bool[])[false, true])
            foreach (var sample in samples)
            {
                var card = library.Draw(sample.Card, sample.Data, "slack");
                var line = string.Create(CultureInfo.InvariantCulture, $"{sample.Card + "." + sample.What,-32}{Cost("drawn", () => library.Draw(sample.Card, sample.Data, "slack"))}{Cost("laid out", () => BlockKit.Message(card, "", "card"))}{Cost("pressed", () => BlockKit.ActionOf(card, "none"))}");
                if (isWarm)
                    Console.WriteLine(line);
            }
    }

    private static string Cost(string what, Func<object?> act)
    {
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            for (var i = 0; i < InARound; i++)
                act();
            if (Stopwatch.GetElapsedTime(began) is var took && took < best)
                best = took;
        }
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        act();
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        return string.Create(CultureInfo.InvariantCulture, $"   {what} {best.TotalMicroseconds / InARound,7:F1} µs {bytes,8} B");
    }
}
