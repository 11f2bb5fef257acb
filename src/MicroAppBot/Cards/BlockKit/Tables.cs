using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>A table: Slack's own where it takes one, else in letters of one width.</summary>
internal sealed class Tables(List<CardLoss> losses)
{
    private const int Widest = 30;

    public IEnumerable<JsonObject> Of(JsonObject element, Spot path, bool asTable)
    {
        var rows = Elements.In(element, "rows", path).Select(row => Elements.In(row.Element, "cells", row.Path).Select(cell => Words(cell.Element)).ToList()).Where(row => row.Count > 0).ToList();
        if (rows.Count == 0)
            yield break;
        losses.Add(new CardLoss(path, "a table keeps its texts, not the styles of its cells"));
        var columns = rows.Max(row => row.Count);
        var head = Elements.Flag(element, "firstRowAsHeader", otherwise: true);
        if (asTable && columns <= SlackLimits.TableColumns && rows.Take(SlackLimits.TableRows).Sum(row => row.Sum(cell => cell.Length)) <= Pages.MostTextOfBlock)
        {
            yield return new JsonObject { ["type"] = "table", ["rows"] = new JsonArray([.. rows.Take(SlackLimits.TableRows).Select((row, i) => Row(row, columns, head && i == 0))]) };
            rows = [.. rows.Skip(SlackLimits.TableRows)];
        }
        foreach (var text in Letters(rows, columns))
            yield return Kit.Preformatted(text);
    }

    private static string Words(JsonObject cell) =>
        SlackText.Plain(string.Join(' ', Elements.All(cell).Where(inner => Elements.Text(inner, "type") is "TextBlock" or "TextRun").Select(inner => CardMarkdown.PlainOf(CardMarkdown.Read(Elements.Scalar(inner["text"]) ?? "")))), 300);

    private static JsonArray Row(List<string> cells, int columns, bool head) => new([.. Enumerable.Range(0, columns).Select(i => Cell(i < cells.Count ? cells[i] : "–", head))]);

    private static JsonObject Cell(string text, bool head) => head ? Kit.RichSection([new Run(text, Bold: true)]) : new JsonObject { ["type"] = "raw_text", ["text"] = text };

    private static IEnumerable<string> Letters(List<List<string>> rows, int columns)
    {
        var widths = Enumerable.Range(0, columns).Select(i => Math.Min(Widest, rows.Select(row => i < row.Count ? Width(row[i]) : 0).DefaultIfEmpty().Max())).ToList();
        var page = new StringBuilder();
        foreach (var row in rows)
        {
            var line = string.Join("  ", row.Select((cell, i) => cell + new string(' ', Math.Max(0, widths[i] - Width(cell))))).TrimEnd();
            if (line.Length > SlackLimits.Section)
                line = SlackText.Cut(line, SlackLimits.Section);
            if (page.Length > 0 && page.Length + 1 + line.Length > SlackLimits.Section)
            {
                yield return page.ToString();
                page.Clear();
            }
            page.Append(page.Length > 0 ? "\n" : "").Append(line);
        }
        if (page.Length > 0)
            yield return page.ToString();
    }

    private static int Width(string text) => new StringInfo(text).LengthInTextElements;
}
