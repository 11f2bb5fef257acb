using System.Text.Json.Nodes;
using Governance.Notices;
using Governance.People;
using MicroAppBot.Desk;

namespace MicroAppBot.Delivery;

/// <summary>A message as a channel shows it.</summary>
/// <param name="CardName">Null for a plain line.</param>
/// <param name="Told">The notices it tells; null for a reply.</param>
/// <param name="Shown">What it was drawn from; null for a reply.</param>
public sealed record Drawn(ChannelMessage Message, string? CardName, CardSubject? About, IReadOnlyList<Notice>? Told = null, Presented? Shown = null);

/// <summary>Draws messages at the moment they go out: a reply from its data, a notice from what is true now.</summary>
public sealed class Easel(INoticePresenter presenter, IDigestPresenter digests, ICardPen pen)
{
    /// <summary>Null when a notice is no longer true.</summary>
    public async ValueTask<Drawn?> DrawAsync(OutboxMessage message, Recipient to, CancellationToken cancel)
    {
        if (message.Body is OutboxBody.Say say)
        {
            if (say.CardName is null) return new Drawn(new ChannelMessage(message.Id, null, say.Line ?? ""), null, null);
            var card = pen.DrawFor(to.Channel.Name, say.CardName, say.CardData ?? new JsonObject());
            return new Drawn(new ChannelMessage(message.Id, card, CardWords.Of(card), say.About), say.CardName, say.About);
        }
        var own = ((OutboxBody.Tell)message.Body).Notice;
        return await DrawAsync(message.Id, [own], own, to, cancel);
    }

    /// <summary>One card of all these notices that are true, in this order.</summary>
    /// <param name="own">The one that it is drawn for.</param>
    /// <returns>Null when that one is no longer true.</returns>
    public async ValueTask<Drawn?> DrawAsync(string id, IReadOnlyList<Notice> notices, Notice own, Recipient to, CancellationToken cancel)
    {
        var stillTrue = new List<(Notice Notice, Presented Shown)>();
        foreach (var notice in notices)
        {
            if (await presenter.PresentAsync(For(notice, to), to.Reader, cancel) is { } shown) stillTrue.Add((notice, shown));
            else if (ReferenceEquals(notice, own)) return null;
        }
        List<Notice> told = [.. stillTrue.Select(t => t.Notice)];
        if (told.Count > 1 && await digests.PresentAsync([.. told.Select(n => For(n, to))], to.Reader, cancel) is { } digest) return Drawn(id, digest, told, to.Channel.Name);
        return Drawn(id, stillTrue[0].Shown, [told[0]], to.Channel.Name);
    }

    /// <inheritdoc cref="DrawAsync(OutboxMessage, Recipient, CancellationToken)"/>
    public async ValueTask<Drawn?> DrawAsync(string id, Notice notice, Person reader, CancellationToken cancel) =>
        await presenter.PresentAsync(notice, reader, cancel) is { } shown ? Drawn(id, shown, [notice], "") : null;

    /// <summary>The same once more, as this channel shows it.</summary>
    public JsonObject Again(Drawn drawn, string channel) => pen.DrawFor(channel, drawn.Shown!.Card, drawn.Shown.Data);

    private Drawn Drawn(string id, Presented shown, IReadOnlyList<Notice> told, string channel) =>
        new(new ChannelMessage(id, pen.DrawFor(channel, shown.Card, shown.Data), shown.Summary, shown.About, shown.Viewers), shown.Card, shown.About, told, shown);

    private static Notice For(Notice notice, Recipient to) => to.InsteadOf is { } missing
        ? notice with { Detail = new Dictionary<string, string>(notice.Detail, StringComparer.Ordinal) { [INoticePresenter.InsteadOf] = missing.Id } }
        : notice;
}
