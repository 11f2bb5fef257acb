using MicroAppBot.Desk;

namespace MicroAppBot.Delivery;

/// <summary>
/// <c>GET /api/deliveries</c>: who cannot be reached and what bounced; with <c>?person=</c> what somebody got and how it stands;
/// with <c>?id=</c> how one message stands (<c>waiting</c>, <c>sent</c>, <c>seen</c>, <c>acted-on</c>, <c>bounced</c>).
/// </summary>
public static class DeliveriesEndpoint
{
    private const int Page = 500;

    public static void MapDeliveries(this IEndpointRouteBuilder api) => api.MapGet("/api/deliveries", async (
        IStore store, DeliveryBook book, string? person, string? id, CancellationToken cancel) =>
        id is not null ? await OneAsync(book, id, cancel)
        : person is not null ? await OfAsync(store, person, cancel)
        : await AllAsync(store, book, cancel));

    private static async Task<IResult> OneAsync(DeliveryBook book, string id, CancellationToken cancel) => await book.StateAsync(id, cancel) is { } state
        ? Json(new { id, state = Word(state) })
        : Results.Json(new { error = "Nothing is known of this message: it was never written, or was not needed any more." }, DeskJson.Options, statusCode: 404);

    private static async Task<IResult> OfAsync(IStore store, string person, CancellationToken cancel) => Json(new
    {
        person,
        contacts = (await store.ContactsAsync(person, cancel)).Select(c => new { c.Channel, reachable = !c.Dead }),
        waiting = (await store.MessagesForAsync(person, cancel)).Take(Page).Select(m => new
        {
            m.Id,
            kinds = KindsOf(m.Body),
            state = Word(NoticeState.Waiting),
            m.Attempts,
            not_before = m.NotBefore,
        }),
        sent = (await store.CardsOfAsync(person, DateTimeOffset.MinValue, Page, cancel)).Select(c => new
        {
            c.Id,
            kinds = (c.Told ?? []).Select(n => n.Kind),
            instead_of = c.Told is [{ ToId: var meant }, ..] && meant != c.PersonId ? meant : null,
            c.Channel,
            card = c.CardName,
            state = Word(DeliveryBook.StateOf(c)),
            sent_at = c.At,
            seen_at = c.SeenAt,
            acted_at = c.ActedAt,
        }),
    });

    private static async Task<IResult> AllAsync(IStore store, DeliveryBook book, CancellationToken cancel) => Json(new
    {
        unreachable = (await book.UnreachedAsync(cancel)).Select(u => new { person = u.PersonId, u.Name, u.Why }),
        bounced = (await store.BouncedAsync(Page, cancel)).Select(b => new
        {
            b.Id,
            to = b.ToId,
            kinds = KindsOf(b.Body),
            request = (b.Body as OutboxBody.Tell)?.Notice.RequestId,
            app = (b.Body as OutboxBody.Tell)?.Notice.AppId,
            b.Why,
            b.At,
        }),
    });

    private static IEnumerable<string> KindsOf(OutboxBody body) => body switch
    {
        OutboxBody.Tell tell => [tell.Notice.Kind.ToString()],
        OutboxBody.Publish => ["Publish"],
        _ => ["Reply"],
    };

    private static string Word(NoticeState state) => state == NoticeState.ActedOn ? "acted-on" : state.ToString().ToLowerInvariant();

    private static IResult Json(object value) => Results.Json(value, DeskJson.Options);
}
