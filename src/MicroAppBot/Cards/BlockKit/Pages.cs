using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>
/// Blocks laid out on pages that Slack takes. What decides stays on the first page beside the beginning of what it decides on; the rest
/// follows, in order. Nothing is dropped from a message but lines between blocks.
/// </summary>
internal static class Pages
{
    /// <summary>No block has more text than this, so that two of them and what decides fit on one page.</summary>
    public const int MostTextOfBlock = 3500;

    public static List<JsonArray> OfMessage(IReadOnlyList<Piece> pieces, Func<JsonObject> more)
    {
        var calm = WithoutIdleDividers(pieces);
        if (Fits(calm))
            return [Page(calm)];
        var bare = calm.Where(piece => piece.Type != "divider").ToList();
        if (Fits(bare))
            return [Page(bare)];

        var signpost = new Piece(more());
        var kept = Kept(bare);
        var (blocks, text) = (SlackLimits.MessageBlocks - kept.Count - 1, SlackLimits.MessageBlockText - TextOf(kept) - signpost.TextLength);
        var pages = new List<List<Piece>> { new() };
        foreach (var group in Groups(bare.Except(kept)))
        {
            if (pages[^1].Count > 0 && (pages[^1].Count + group.Count > blocks || TextOf(pages[^1]) + TextOf(group) > text))
            {
                pages.Add([]);
                (blocks, text) = (SlackLimits.MessageBlocks, SlackLimits.MessageBlockText);
            }
            pages[^1].AddRange(group);
        }
        if (pages.Count > 1)
            pages[0].Add(signpost);
        pages[0].AddRange(kept);
        return [.. pages.Where(page => page.Count > 0).Select(Page)];
    }

    /// <summary>One page, in order. What is beyond it is left out from the end, what stays last of all; a sign says so.</summary>
    public static (JsonArray Page, bool Complete) OfView(IReadOnlyList<Piece> pieces, Func<JsonObject> more)
    {
        var calm = WithoutIdleDividers(pieces);
        if (calm.Count > SlackLimits.ViewBlocks)
            calm.RemoveAll(piece => piece.Type == "divider");
        if (calm.Count <= SlackLimits.ViewBlocks)
            return (Page(calm), true);
        foreach (var stays in (bool[])[false, true])
            for (var i = calm.Count - 1; i >= 0 && calm.Count >= SlackLimits.ViewBlocks; i--)
                if (calm[i].Stays == stays)
                    calm.RemoveAt(i);
        calm.Add(new Piece(more()));
        return (Page(calm), false);
    }

    private static List<Piece> Kept(List<Piece> pieces)
    {
        var kept = new List<Piece>();
        foreach (var piece in pieces.Where(piece => piece.Stays))
        {
            if (kept.Count >= SlackLimits.MessageBlocks / 3 || TextOf(kept) + piece.TextLength > SlackLimits.MessageBlockText / 3)
                break;
            kept.Add(piece);
        }
        return kept;
    }

    // Two at most: a long chain of blocks is no unit any more
    private static IEnumerable<List<Piece>> Groups(IEnumerable<Piece> pieces)
    {
        var group = new List<Piece>();
        foreach (var piece in pieces)
        {
            if (group.Count > 0 && (!piece.Glued || group.Count == 2 || TextOf(group) + piece.TextLength > SlackLimits.MessageBlockText / 2))
            {
                yield return group;
                group = [];
            }
            group.Add(piece);
        }
        if (group.Count > 0)
            yield return group;
    }

    private static List<Piece> WithoutIdleDividers(IReadOnlyList<Piece> pieces)
    {
        var calm = new List<Piece>();
        foreach (var piece in pieces)
            if (piece.Type != "divider" || calm is [.., { Type: not "divider" }])
                calm.Add(piece);
        while (calm is [.., { Type: "divider" }])
            calm.RemoveAt(calm.Count - 1);
        return calm;
    }

    private static int TextOf(IEnumerable<Piece> pieces) => pieces.Sum(piece => piece.TextLength);

    private static bool Fits(List<Piece> pieces) => pieces.Count <= SlackLimits.MessageBlocks && TextOf(pieces) <= SlackLimits.MessageBlockText;

    private static JsonArray Page(IEnumerable<Piece> pieces) => new([.. pieces.Select(piece => piece.Block)]);
}
