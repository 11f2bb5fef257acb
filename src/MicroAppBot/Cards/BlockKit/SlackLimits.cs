namespace MicroAppBot.Cards.BlockKit;

/// <summary>Slack's limits, in UTF-16 units where they are lengths. Source: docs.slack.dev, reference of Block Kit.</summary>
internal static class SlackLimits
{
    public const int MessageBlocks = 50;
    public const int ViewBlocks = 100;

    /// <summary><c>chat.update</c> takes no more; <c>chat.postMessage</c> would.</summary>
    public const int MessageText = 4000;

    /// <summary>Slack answers <c>msg_blocks_too_long</c> somewhere above 11,000 characters in all blocks together; it is not documented.</summary>
    public const int MessageBlockText = 10_000;

    /// <summary>250 kB; room is left for what the channel adds.</summary>
    public const int ViewBytes = 240_000;

    public const int Header = 150;
    public const int Section = 3000;
    public const int Field = 2000;
    public const int Fields = 10;
    public const int ContextText = 2000;
    public const int ContextElements = 10;
    public const int ActionsElements = 25;
    public const int ButtonText = 75;
    public const int ButtonValue = 2000;
    public const int Url = 3000;
    public const int Id = 255;
    public const int AccessibilityLabel = 75;
    public const int OptionText = 75;
    public const int OptionValue = 150;
    public const int Options = 100;
    public const int OverflowOptions = 5;
    public const int BoxOptions = 10;
    public const int Placeholder = 150;
    public const int Label = 2000;
    public const int AltText = 2000;
    public const int InputText = 3000;
    public const int ViewTitle = 24;
    public const int PrivateMetadata = 3000;
    public const int TableRows = 100;
    public const int TableColumns = 20;
    public const int ConfirmTitle = 100;
    public const int ConfirmText = 300;
    public const int ConfirmButton = 30;
}
