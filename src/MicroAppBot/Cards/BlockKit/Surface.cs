namespace MicroAppBot.Cards.BlockKit;

/// <summary>Where in Slack blocks stand; each place takes others.</summary>
internal enum Surface
{
    Message,
    Modal,
    Home,
}
