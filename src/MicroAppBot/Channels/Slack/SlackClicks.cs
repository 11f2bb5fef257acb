using System.Text.Json.Nodes;
using MicroAppBot.Cards.BlockKit;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>
/// A button or a menu was pressed. On the person's own message the answer is drawn in its place, by the outbox; on anything
/// that only they see, or that is somebody else's, it is shown to them alone.
/// See <c>docs/decisions/what-a-click-in-slack-answers.md</c>.
/// </summary>
internal sealed class SlackClicks(SlackTalk talk, SlackCards cards, SlackForms forms, SlackHome home, SlackWhispers whispers, SlackDrawings drawings, TimeProvider time)
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
        var action = (await drawings.LatestAsync(card?.Id, time) ?? cards.DrawnOf(card)) is { } drawn ? BlockKit.ActionOf(drawn, press.ActionId) : null;
        var isOwn = place.IsDirect && !press.IsEphemeral && (card is null || card.PersonId == who.Person.Id);
        if (action is { OpensForm: true, FormCard: { } form })
        {
            if (!await forms.OpenAsync(place, who, press, card!.CardName, form, isOwn ? card.Id : null, isWindow: !isOwn)) await whispers.SayAsync(press, SlackForms.TooLate);
            return;
        }
        var (verb, data) = (action?.Verb ?? press.Verb, (action?.Data ?? press.Value).DeepClone().AsObject());
        // A link says that it was opened, and wants nothing
        if (action is null && data.Count == 0 && !verb.Contains('.', StringComparison.Ordinal)) return;
        if (!isOwn)
        {
            var reply = await talk.TakeAsync(place, who, press.TurnId, new Said.Press(verb, data, null), SlackAnswering.Here);
            _ = whispers.AnswerAsync(place, who, press, reply);
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
        if (press.CardId is null) return null;
        for (var look = 1; ; look++)
        {
            if (await cards.FindAsync(press.CardId) is { } card) return card;
            if (look == Looks) return null;
            await Task.Delay(BetweenLooks, time);
        }
    }
}
