namespace MicroAppBot.Cards.BlockKit;

/// <summary>A piece of text in one style. A line break in it is <c>\n</c>.</summary>
/// <param name="Link">A web or mail address.</param>
/// <param name="Date">Slack's date token without its fallback, such as <c>!date^1487052519^{date_short_pretty}</c>; the text is the fallback.</param>
internal sealed record Run(string Text, bool Bold = false, bool Italic = false, bool Strike = false, bool Code = false, string? Link = null, string? Date = null)
{
    public bool IsStyledAs(Run other) =>
        Bold == other.Bold && Italic == other.Italic && Strike == other.Strike && Code == other.Code && Link == other.Link && Date == other.Date;

    public bool IsPlain => !Bold && !Italic && !Strike && !Code && Link is null && Date is null;
}
