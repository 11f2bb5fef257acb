using System.Text.Json.Nodes;
using MicroAppBot.Cards.BlockKit;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>
/// A button or a menu was pressed. On the person's own message the answer is drawn in its place, by the outbox; on anything
/// that only they see, or that is somebody else's, it is shown to them alone.
/// See <c>docs/decisions/what-a-click-in-slack-answers.md</c>.
/// </summary>
internal sealed class SlackClicks(SlackTalk talk, SlackCards cards, SlackForms forms, SlackHome home, SlackWhispers whispers, TimeProvider time)
{
    /// <summary>Somebody may press a card before its delivery has been written down.</summary>
    private const int Looks = 5;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>What was said is durable when this returns.</summary>
    public async Task TakeAsync(SlackPress press)
    {
        if (press.IsInForm)
        {
            await forms.PressAsync(press);
            return;
        }
        if (press.IsOnHome)
        {
            await home.PressAsync(press);
            return;
        }
        var card = await CardAsync(press);
        // In a channel that is shared with others the workspace of who acts is not the one whose token answers
        var place = SlackAddress.Read(card?.Address ?? "") is { TeamId.Length: > 0 } sent ? press.Place with { InstalledIn = sent.TeamId } : press.Place;
        var who = await talk.WhoAsync(place);
        var action = SlackCards.DrawnOf(card) is { } drawn ? BlockKit.ActionOf(drawn, press.ActionId) : null;
        if (action is { OpensForm: true, FormCard: { } form })
        {
            var isOwn = card!.PersonId == who.Person.Id && !press.IsEphemeral;
            if (!await forms.OpenAsync(place, who, press, card.CardName, form, isOwn ? card.Id : null, isWindow: !isOwn)) await whispers.SayAsync(press, SlackForms.TooLate);
            return;
        }
        var data = (action?.Data ?? press.Value).DeepClone().AsObject();
        var verb = action?.Verb ?? press.Verb;

        if (press.IsEphemeral || (card is not null && card.PersonId != who.Person.Id) || (card is null && !place.IsDirect))
        {
            var reply = await talk.TakeAsync(place, who, press.TurnId, new Said.Press(verb, data, null), SlackAnswering.Here);
            await whispers.AnswerAsync(place, who, press, reply);
            return;
        }
        if (press.MessageTs is { } ts)
        {
            if (card is null) card = await cards.AdoptAsync(who.Person, place, press.CardId, ts);
            else if (card.ChannelMessageId is null) await cards.MarkAsync(card with { ChannelMessageId = ts });
        }
        await talk.TakeAsync(place, who, press.TurnId, new Said.Press(verb, data, card?.Id), SlackAnswering.Sent(place.AnswerAt));
    }

    private async Task<SentCard?> CardAsync(SlackPress press)
    {
        for (var look = 1; ; look++)
        {
            if (press.CardId is null || await cards.FindAsync(press.CardId) is { } card && Fits(card, press)) return press.CardId is null ? null : await cards.FindAsync(press.CardId);
            if (look == Looks) return null;
            await Task.Delay(BetweenLooks, time);
        }
    }

    /// <summary>A card that stands in another message than the pressed one is not what the person saw.</summary>
    private static bool Fits(SentCard card, SlackPress press) => press.IsEphemeral || card.ChannelMessageId is null || card.ChannelMessageId == press.MessageTs;
}
