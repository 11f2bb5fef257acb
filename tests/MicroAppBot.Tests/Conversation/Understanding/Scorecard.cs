using System.Text.Json;
using MicroAppBot.Conversation.Understanding;

namespace MicroAppBot.Tests.Conversation.Understanding;

/// <summary>The figures of the example set's score.py that matter most, computed the same way.</summary>
internal sealed class Scorecard
{
    private static readonly List<string> Classes = ["public", "internal", "confidential", "regulated"];
    private int all, intents, isNew, templates, classes, floors, under, open, asked, askedRight, residencies, connectorsRight, connectorsWrong, connectorsMissed;

    public double Intent => (double)intents / all;
    public double Template => (double)templates / isNew;
    public double Class => (double)classes / isNew;
    public double UnderClassified => (double)under / floors;
    public double LeftOpen => (double)open / floors;
    public double AskRecall => (double)askedRight / asked;
    public double Residency => (double)residencies / isNew;
    public double ConnectorsF1 => 2.0 * connectorsRight / (2 * connectorsRight + connectorsWrong + connectorsMissed);
    public List<string> Low { get; } = [];
    public List<string> Predictions { get; } = [];

    public static Scorecard Of(string file)
    {
        Scorecard card = new();
        foreach (var line in File.ReadLines(file))
            if (line.Trim().Length > 0) card.Add(JsonDocument.Parse(line).RootElement);
        return card;
    }

    private void Add(JsonElement row)
    {
        var id = row.GetProperty("id").GetString()!;
        var expected = row.GetProperty("expect");
        var read = TheLanguage.Reader.Read(row.GetProperty("text").GetString()!);
        Predictions.Add(JsonSerializer.Serialize(new { id, intent = read.Intent, template = read.Template, data_class = read.DataClass, connectors = read.Connectors, residency = read.Residency, must_ask = read.MustAsk, kinds = read.Kinds, also = read.Also }));
        all++;
        var intent = expected.GetProperty("intent").GetString();
        if (read.Intent == intent) intents++;
        var must = Texts(expected, "must_ask");
        asked += must.Count;
        askedRight += must.Count(read.MustAsk.Contains);
        if (intent != "new") return;
        isNew++;
        if (read.Template == expected.GetProperty("template").GetString() || read.Template is not null && Texts(expected, "template_alt").Contains(read.Template)) templates++;
        if (read.DataClass == expected.GetProperty("data_class").GetString()) classes++;
        var floor = Classes.IndexOf(expected.GetProperty("data_class_at_least").GetString()!);
        if (floor > 0)
        {
            floors++;
            if (read.DataClass is null) open++;
            else if (Classes.IndexOf(read.DataClass) < floor) { under++; Low.Add(id); }
        }
        if (Texts(expected, "residency").ToHashSet().SetEquals(read.Residency)) residencies++;
        var should = Texts(expected, "connectors");
        var fine = Texts(expected, "connectors_tolerated");
        connectorsRight += read.Connectors.Count(should.Contains);
        connectorsWrong += read.Connectors.Count(c => !should.Contains(c) && !fine.Contains(c));
        connectorsMissed += should.Count(c => !read.Connectors.Contains(c));
    }

    private static List<string> Texts(JsonElement of, string name) => of.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(e => e.GetString()!)] : [];

    public override string ToString() => FormattableString.Invariant(
        $"intent {Intent:F3}, template {Template:F3}, class {Class:F3}, under-classified {UnderClassified:F3} ({string.Join(' ', Low)}), left open {LeftOpen:F3}, connectors F1 {ConnectorsF1:F3}, residency {Residency:F3}, ask recall {AskRecall:F3}");
}
