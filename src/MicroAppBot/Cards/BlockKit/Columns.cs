using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>Columns, which Slack does not have: as a text with something beside it, as fields, or one below the other.</summary>
internal sealed class Columns(Body body, ActionBlocks actions, List<CardLoss> losses)
{
    // A sign, a bullet, a number of points: no text of its own
    private const int Icon = 4;

    // What still reads well in half the width
    private const int Half = 120;

    public void Lay(JsonObject element, Spot path)
    {
        losses.Add(new CardLoss(path, "Slack has no columns of a width: what stands beside each other is laid out anew"));
        var columns = Elements.In(element, "columns", path).Where(found => Elements.Flag(found.Element, "isVisible", otherwise: true))
            .Select(found => (Element: Elements.Effective(found.Element), found.Path)).Where(found => found.Element is not null).Select(found => (Element: found.Element!, found.Path)).ToList();
        var select = element["selectAction"] as JsonObject;
        var texts = columns.Select(column => (column.Element, column.Path, Texts: CardTexts.Of(column.Element, "items"))).ToList();

        if (texts.All(column => column.Texts is not null))
        {
            (JsonObject? Action, Spot Path) press = select is not null ? (select, path + "/selectAction")
                : texts.Select(column => (column.Element["selectAction"] as JsonObject, column.Path + "/selectAction")).FirstOrDefault(found => found.Item1 is not null);
            Lines(texts.Where(column => column.Element["selectAction"] is null || select is not null).Select(column => column.Texts!).ToList(), press);
            foreach (var column in columns)
                if (column.Element["selectAction"] is JsonObject other && !actions.Has(other))
                    Rows(other, column.Path + "/selectAction");
            return;
        }
        if (texts.Count == 2 && (Beside(texts[0], columns[1]) || Beside(texts[1], columns[0])))
            return;
        body.Lay(element, "columns", path, top: false);
        if (select is not null)
            Rows(select, path + "/selectAction");
    }

    private void Lines(List<List<CardText>> columns, (JsonObject? Action, Spot Path) press)
    {
        var lines = Merged([.. columns.Where(column => column.Count > 0)]);
        if (press.Action is not null)
        {
            var all = lines.SelectMany(column => column).ToList();
            // A lone arrow says that the row can be pressed: the button says so now
            all.RemoveAll(text => CardMarkdown.PlainOf(text.Runs).Trim() is "›" or ">" or "→" or "»");
            if (all.Count > 0 && actions.Accessory(press.Action, press.Path, CardMarkdown.PlainOf(all[0].Runs)) is { } button)
            {
                var isPair = lines.Count == 2 && lines.TrueForAll(column => column.Count == 1);
                body.Beside([.. all.SelectMany((text, i) => i == 0 ? isPair ? text.Runs.Select(run => run with { Bold = true }) : text.Runs : [new Run("\n"), .. text.Runs])], button);
                return;
            }
            Rows(press.Action, press.Path);
        }
        if (lines.Count == 2 && lines[0].Count == lines[1].Count && lines.TrueForAll(column => column.TrueForAll(text => CardMarkdown.PlainOf(text.Runs).Length <= Half)))
            body.Fields(lines[0].Zip(lines[1]).SelectMany(row => (IReadOnlyList<Run>[])[row.First.Runs, row.Second.Runs]));
        else if (lines.Count > 2 && lines.TrueForAll(column => column.Count == 1) && lines.Sum(column => CardMarkdown.PlainOf(column[0].Runs).Length) <= Half)
            body.Write(new CardText([.. lines.SelectMany((column, i) => i == 0 ? column[0].Runs : [new Run(" · "), .. column[0].Runs])], Joins: true));
        else
            foreach (var text in lines.SelectMany(column => column))
                body.Write(text);
    }

    // A column that holds a sign only belongs before the first line of the next one
    private static List<List<CardText>> Merged(List<List<CardText>> columns)
    {
        var merged = new List<List<CardText>>();
        for (var i = 0; i < columns.Count; i++)
        {
            if (i + 1 < columns.Count && columns[i] is [var sign] && CardMarkdown.PlainOf(sign.Runs).Length <= Icon && columns[i + 1] is [var first, .. var rest])
            {
                merged.Add([first with { Runs = [.. sign.Runs, new Run(" "), .. first.Runs], Joins = true }, .. rest]);
                i++;
            }
            else
                merged.Add(columns[i]);
        }
        return merged;
    }

    private bool Beside((JsonObject Element, Spot Path, List<CardText>? Texts) words, (JsonObject Element, Spot Path) other)
    {
        if (words.Texts is not { Count: > 0 } texts || words.Element["selectAction"] is not null || other.Element["selectAction"] is not null)
            return false;
        if (Elements.In(other.Element, "items", other.Path).Select(found => (Element: Elements.Effective(found.Element), found.Path)).ToList() is not [{ Element: { } only } one])
            return false;
        JsonObject? accessory = null;
        if (Elements.Text(only, "type") == "Image" && only["selectAction"] is null)
            accessory = Pictures.Of(only, one.Path, losses).Picture;
        else if (Elements.Text(only, "type") == "ActionSet" && Elements.In(only, "actions", one.Path).ToList() is [var action])
            accessory = actions.Accessory(action.Element, action.Path, CardMarkdown.PlainOf(texts[0].Runs));
        if (accessory is null)
            return false;
        body.Beside([.. texts.SelectMany((text, i) => i == 0 ? text.Runs : [new Run("\n"), .. text.Runs])], accessory);
        return true;
    }

    private void Rows(JsonObject action, Spot path)
    {
        foreach (var row in actions.Rows([(action, path)]))
            body.Add(row, glued: true);
    }
}
