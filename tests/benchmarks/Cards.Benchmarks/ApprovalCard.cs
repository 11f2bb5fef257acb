using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using MicroAppBot.Cards;
using MicroAppBot.Cards.Templating;
using MicroAppBot.Content;

namespace Cards.Benchmarks;

/// <summary>
/// One approval card: only expanded (what the reference engine's figure is about), and drawn (escaped, finished, measured).
/// <c>dotnet run -c Release --project tests/benchmarks/Cards.Benchmarks</c>; the reference on the same card:
/// <c>node tests/benchmarks/Cards.Benchmarks/reference.mjs</c> in a folder with <c>adaptivecards-templating</c>.
/// </summary>
[InProcess, MemoryDiagnoser]
public class ApprovalCard
{
    private CardLibrary _library = null!;
    private CardTemplate _template = null!;
    private JsonNode _data = null!;

    [GlobalSetup]
    public void Load()
    {
        // The cards travel beside the program
        var folder = Path.Combine(AppContext.BaseDirectory, "cards");
        ContentFile[] files = [.. Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .Select(path => new ContentFile(Path.GetRelativePath(AppContext.BaseDirectory, path).Replace('\\', '/'), File.ReadAllText(path)))];
        _library = CardLibrary.Load(files);
        _template = CardTemplate.Parse("approval.json", files.Single(file => file.Name == "cards/approval.json").Text);
        _data = _library.Samples.Single(sample => sample is { Card: "approval", What: "medium" }).Data;
    }

    [Benchmark(Baseline = true)]
    public JsonNode? Expand() => _template.Expand(_data);

    [Benchmark]
    public JsonObject Draw() => _library.Draw("approval", _data);
}
