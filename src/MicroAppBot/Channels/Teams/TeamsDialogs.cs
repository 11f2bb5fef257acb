using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Notices;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Teams;

/// <summary>What a window shows when it is opened (<c>task/fetch</c>), and what comes after a button in it (<c>task/submit</c>).</summary>
internal sealed class TeamsDialogs(TeamsTalk talk, TeamsAnswers answers, INoticePresenter presenter, ICardPen pen, TimeProvider time)
{
    private const string NotTheirs = "I cannot show this here: the card is somebody else's, or I do not know it any more. Say \"approvals\" to see what waits for you.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <returns>The response's body.</returns>
    public async Task<JsonObject> OpenAsync(TeamsActivity activity, TeamsSender sender, CancellationToken cancel)
    {
        var data = DataOf(activity);
        if (!data.Remove(TeamsWindow.Look)) return await PressAsync(activity, sender, data, cancel) ?? TeamsWindow.Message("Done.");
        var typed = (JsonObject)data.DeepClone();
        var (person, card) = await talk.LookAsync(activity, sender, data, Patience, time, cancel);
        if (card?.About is not { } about || !TeamsRefresh.Shows(about)) return TeamsWindow.Message(NotTheirs);
        var notice = new Notice(person.Id, NoticeKind.RequestCardsChanged, about.Id, null, new Dictionary<string, string>());
        return await presenter.PresentAsync(notice, person, cancel) is { } now
            ? TeamsWindow.Continue(pen.Draw(now.Card, now.Data), card.Id, typed)
            : TeamsWindow.Message(NotTheirs);
    }

    /// <returns>The next card, a line, or null where the window closes.</returns>
    public Task<JsonObject?> SubmitAsync(TeamsActivity activity, TeamsSender sender, CancellationToken cancel) => PressAsync(activity, sender, DataOf(activity), cancel);

    private async Task<JsonObject?> PressAsync(TeamsActivity activity, TeamsSender sender, JsonObject data, CancellationToken cancel) =>
        await answers.ShowInWindowAsync(await talk.PressAsync(activity, sender, null, data, cancel));

    private static JsonObject DataOf(TeamsActivity activity) =>
        activity.Value.Member("data") is { ValueKind: JsonValueKind.Object } data ? TeamsBody.Object(data) : [];
}
