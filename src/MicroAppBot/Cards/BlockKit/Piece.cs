using System.Text.Json.Nodes;

namespace MicroAppBot.Cards.BlockKit;

/// <summary>A block on its way to a page.</summary>
/// <param name="block">Not to be changed any more.</param>
/// <param name="stays">Stands on the first page whatever has to go: what a person decides with.</param>
/// <param name="glued">Not to be torn from the block before it.</param>
internal sealed class Piece(JsonObject block, bool stays = false, bool glued = false)
{
    public JsonObject Block => block;
    public bool Stays => stays;
    public bool Glued => glued;
    public string Type { get; } = block["type"]!.GetValue<string>();
    public int TextLength { get; } = Kit.TextOf(block);
}
