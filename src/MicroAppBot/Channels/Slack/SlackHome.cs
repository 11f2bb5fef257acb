using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Governance.People;
using MicroAppBot.Cards.BlockKit;
using MicroAppBot.Desk;

namespace MicroAppBot.Channels.Slack;

/// <summary>
/// App Home as the person's own page. Shown when it is opened, and again whenever something of theirs has changed; what would
/// look the same is not sent. A courtesy: what is lost here is made good when the tab is opened the next time.
/// </summary>
internal sealed partial class SlackHome(
    SlackApi api, SlackTalk talk, SlackForms forms, SlackViews views, SlackCards cards, IOwnPage page, IStore store, PeopleBell bell, GovernanceClock clock, TimeProvider time, ILogger<SlackHome> log) : BackgroundService
{
    private const int MostTries = 4;

    private readonly Channel<string> _changed = Channel.CreateBounded<string>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _drawing = new(StringComparer.Ordinal);

    /// <summary>The tab was opened.</summary>
    /// <param name="shown">The view it shows so far.</param>
    public async Task OpenedAsync(SlackPlace place, JsonObject? shown)
    {
        var who = await talk.WhoAsync(place);
        // Opening the tab is no turn: nothing that was said is lost where Slack is slow to take the page
        _ = ShowAsync(who.Person, last => last is not null && last.TeamId == place.InstalledIn && last.UserId == place.UserId && SlackJson.Text(shown, "hash") is { } hash && hash == last.ViewHash
            ? last
            : new SlackHomeShown(place.InstalledIn, place.TeamId, place.UserId, "", SlackJson.Text(shown, "hash")));
    }

    /// <summary>A button of the page was pressed: what it leads to is shown in a window.</summary>
    public async Task PressAsync(SlackPress press)
    {
        var who = await talk.WhoAsync(press.Place);
        var card = await cards.FindAsync(CardId(who.Person.Id, BlockKit.HomeCardOf(press.ActionId)));
        var action = cards.DrawnOf(card) is { } drawn ? BlockKit.ActionOf(drawn, press.ActionId) : null;
        if (action is { OpensForm: true, FormCard: { } form })
        {
            await forms.OpenAsync(press.Place, who, press, card!.CardName, form, on: null, isWindow: true);
            return;
        }
        var (verb, data) = (action?.Verb ?? press.Verb, (action?.Data ?? press.Value).DeepClone().AsObject());
        // Somebody who wants something new is asked for it right there, and not told to write it elsewhere
        if (verb is "say" && SlackJson.Text(data, "text") == "new") await forms.WishAsync(press.Place, who, press.TriggerId);
        else await forms.WindowAsync(press.Place, press.TriggerId, press.TurnId, verb, data);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        bell.Rang -= Heard;
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bell.Rang += Heard;
        var waiting = new HashSet<string>(StringComparer.Ordinal);
        while (await _changed.Reader.WaitToReadAsync(stoppingToken))
        {
            while (_changed.Reader.TryRead(out var id)) waiting.Add(id);
            foreach (var id in waiting)
            {
                if (await LastAsync(id) is { } last) await RefreshAsync(id, last);
            }
            waiting.Clear();
        }
    }

    private void Heard(IReadOnlyCollection<string> people)
    {
        foreach (var person in people) _changed.Writer.TryWrite(person);
    }

    private async Task RefreshAsync(string personId, SlackHomeShown last)
    {
        try
        {
            var who = await talk.WhoAsync(new SlackPlace(last.TeamId, last.HomeTeamId, last.UserId));
            if (who.Person.Id == personId) await ShowAsync(who.Person, now => now);
        }
        catch (Exception fault)
        {
            NotShown(personId, fault.Message);
        }
    }

    /// <param name="over">What the page is drawn over, from what was published last; null for nobody who ever opened it.</param>
    private async Task ShowAsync(Person person, Func<SlackHomeShown?, SlackHomeShown?> over)
    {
        var one = _drawing.GetOrAdd(person.Id, _ => new SemaphoreSlim(1));
        await one.WaitAsync();
        try
        {
            if (over(await LastAsync(person.Id)) is not { } last) return;
            for (var attempt = 1; attempt <= MostTries; attempt++)
            {
                var drawn = (await page.OfAsync(person, CancellationToken.None)).Select(card => (card.Name, Card: views.Draw(card))).ToList();
                var view = BlockKit.Home([.. drawn.Select(d => d.Card)]).View;
                var content = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(view.ToJsonString(SlackJson.Options))));
                if (content == last.Content) return;
                // What can be pressed is kept before it can be
                foreach (var (i, (name, card)) in drawn.Index())
                {
                    var address = new SlackAddress(last.TeamId, last.UserId, null);
                    await cards.MarkAsync(new SentCard(CardId(person.Id, i), person.Id, SlackEndpoint.ChannelName, address.ToJson(), null, name, null, clock.GetUtcNow(), card.ToJsonString(SlackJson.Options)));
                }
                var args = new JsonObject { ["user_id"] = last.UserId, ["view"] = view };
                if (last.ViewHash is { } hash) args["hash"] = hash;
                var answer = await api.CallAsync(last.TeamId, "views.publish", args, CancellationToken.None);
                if (answer.Ok)
                {
                    var now = last with { Content = content, ViewHash = SlackJson.Text(answer.Body["view"], "hash") };
                    await store.SaveSettingAsync(KeyOf(person.Id), DeskJson.Write(now));
                    return;
                }
                if (answer.Error == "hash_conflict") last = last with { ViewHash = null };
                else if (answer.Fate == SlackFate.TryAgain) await Task.Delay(answer.RetryAfter ?? TimeSpan.FromSeconds(1 << attempt), time);
                else
                {
                    NotShown(person.Id, answer.ToString());
                    return;
                }
            }
            NotShown(person.Id, "tried often enough");
        }
        catch (Exception fault)
        {
            NotShown(person.Id, fault.Message);
        }
        finally
        {
            one.Release();
        }
    }

    private async ValueTask<SlackHomeShown?> LastAsync(string personId) => await store.SettingAsync(KeyOf(personId)) is { } kept ? DeskJson.Read<SlackHomeShown>(kept) : null;

    private static string CardId(string personId, int card) => $"slack-home-{personId}-{card}";

    private static string KeyOf(string personId) => $"slack-home-{personId}";

    [LoggerMessage(Level = LogLevel.Information, Message = "The Home tab of {PersonId} stays as it is: {Why}")]
    private partial void NotShown(string personId, string why);
}

/// <summary>What somebody's Home tab shows.</summary>
/// <param name="TeamId">The installation whose bot it is.</param>
/// <param name="HomeTeamId">The person's own workspace.</param>
/// <param name="Content">A digest of what was published; empty where that is not known.</param>
/// <param name="ViewHash">Slack's mark of the view, so that an older page never takes the place of a newer one.</param>
internal sealed record SlackHomeShown(string TeamId, string HomeTeamId, string UserId, string Content, string? ViewHash);
