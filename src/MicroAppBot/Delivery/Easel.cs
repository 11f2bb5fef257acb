using System.Text.Json.Nodes;
using Governance.Notices;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Delivery;

/// <summary>A message as a channel shows it.</summary>
/// <param name="CardName">Null for a plain line.</param>
public sealed record Drawn(ChannelMessage Message, string? CardName, CardSubject? About);

/// <summary>Draws messages at the moment they go out: a reply from its data, a notice from what is true now.</summary>
public sealed class Easel(INoticePresenter presenter, ICardPen pen)
{
    /// <summary>Null when a notice is no longer true.</summary>
    public async ValueTask<Drawn?> DrawAsync(OutboxMessage message, Recipient to, CancellationToken cancel)
    {
        if (message.Body is OutboxBody.Say say)
        {
            if (say.CardName is null) return new Drawn(new ChannelMessage(message.Id, null, say.Line ?? ""), null, null);
            var card = pen.Draw(say.CardName, say.CardData ?? new JsonObject());
            return new Drawn(new ChannelMessage(message.Id, card, CardWords.Of(card), say.About), say.CardName, say.About);
        }
        var notice = ((OutboxBody.Tell)message.Body).Notice;
        if (to.InsteadOf is { } missing)
        {
            notice = notice with { Detail = new Dictionary<string, string>(notice.Detail, StringComparer.Ordinal) { [INoticePresenter.InsteadOf] = missing.Id } };
        }
        return await DrawAsync(message.Id, notice, to.Reader, cancel);
    }

    /// <inheritdoc cref="DrawAsync(OutboxMessage, Recipient, CancellationToken)"/>
    public async ValueTask<Drawn?> DrawAsync(string id, Notice notice, Person reader, CancellationToken cancel)
    {
        if (await presenter.PresentAsync(notice, reader, cancel) is not { } shown) return null;
        return new Drawn(new ChannelMessage(id, pen.Draw(shown.Card, shown.Data), shown.Summary, shown.About), shown.Card, shown.About);
    }
}
