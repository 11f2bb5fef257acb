using System.Text.Json.Nodes;
using Governance.Apps;
using Governance.Notices;
using Governance.People;
using Governance.Requests;
using MicroAppBot.Cards;
using MicroAppBot.Content;
using MicroAppBot.Conversation;
using MicroAppBot.Conversation.Understanding;
using MicroAppBot.Desk;
using MicroAppBot.People;
using MicroAppBot.Platform;
using MicroAppBot.Policies;
using MicroAppBot.Stores.LiteDb;
using MicroAppBot.Tests.Journeys;
using MicroAppBot.Tests.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MicroAppBot.Tests.Desk;

/// <summary>
/// The bot without its channels: shipped content, real rules, store and catalogue, on a clock of the test's own. Every
/// reply and every notice is drawn, and a card with a gap fails the test that caused it.
/// </summary>
internal sealed class FrontDesk : IAsyncDisposable, IOutbox, IReach
{
    public static readonly ContentFolder Content = ContentFolder.Load(AppContext.BaseDirectory);
    public static readonly InProcessPolicies Rules = InProcessPolicies.Compile(Content);
    private static readonly Lexicon Words = Lexicon.Read(Content.TemplateFiles.Select(f => (f.Name, f.Text))).Lexicon;
    private static readonly (Reader Reader, TypedAnswers Typed, Merging Merging) Language = (new Reader(Words), new TypedAnswers(new SlotReader(Words, Content.Catalogue)), new Merging(Words));
    private static readonly CardLibrary Cards = CardLibrary.Load(Content.CardFiles);
    private readonly TestFolder _folders = new();
    private readonly LiteDbStore _disk;
    private readonly Converser _converser;
    private readonly NoticePresenter _presenter;
    private readonly Dictionary<string, Person> _guests = new(StringComparer.Ordinal);
    private int _turn;

    public FrontDesk(IPolicies? rules = null, IRulebookProposal? proposal = null)
    {
        System = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        Clock = new GovernanceClock(System);
        _disk = LiteDbStore.Open(new LiteDbSettings(_folders.New()), System, NullLogger<LiteDbStore>.Instance);
        Spoilt = SpoiltStore.Around(_disk);
        Directory = new FileDirectory(Content.People);
        Desk = new MicroAppBot.Desk.Desk(Store, rules ?? Rules, Directory, Clock, System, this, NullLogger<MicroAppBot.Desk.Desk>.Instance);
        CatalogueFolder = Path.Combine(_folders.New(), "catalogue.git");
        Catalogue = new CatalogueRepository(CatalogueFolder, Store, Desk, Clock, NullLogger<CatalogueRepository>.Instance);
        ClockControl = new ClockControl(Store, Desk, this, Clock);
        _converser = new Converser(Desk, Content, Language.Reader, Language.Typed, Language.Merging, new NoProposer(), NullLogger<Converser>.Instance, this, proposal);
        _presenter = new NoticePresenter(Desk, proposal);
    }

    /// <summary>Whom nothing reaches.</summary>
    public IReadOnlyList<Unreached> Missing { get; set; } = [];

    ValueTask<IReadOnlyList<Unreached>> IReach.UnreachedAsync(CancellationToken cancel) => new(Missing);

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public FakeTimeProvider System { get; }

    public GovernanceClock Clock { get; }

    public IStore Store => (IStore)(object)Spoilt;

    public SpoiltStore Spoilt { get; }

    public FileDirectory Directory { get; }

    public MicroAppBot.Desk.Desk Desk { get; }

    public CatalogueRepository Catalogue { get; }

    public string CatalogueFolder { get; }

    public ClockControl ClockControl { get; }

    /// <summary>Told and drawn, oldest first.</summary>
    public List<(Notice Notice, Seen Seen, string Summary)> Told { get; } = [];

    /// <summary>What was found to be true no more when it was to be told.</summary>
    public List<Notice> Dropped { get; } = [];

    /// <summary>How often the clock had the outbox emptied, and when by its own time.</summary>
    public List<DateTimeOffset> Flushes { get; } = [];

    public Person Person(string id) => Content.People.GetValueOrDefault(id) ?? _guests[id];

    /// <summary>A sender whom the directory does not know.</summary>
    public Person Guest(string name)
    {
        var guest = Directory.PersonOf(new ChannelAccount("teams", "aad-" + name), name, name + "@example.org");
        return _guests[guest.Id] = guest;
    }

    public Task<Reply> TakeAsync(string personId, Said said, string? turnId = null, bool directly = true, bool aloud = false) =>
        _converser.TakeAsync(new Turn(turnId ?? $"test:{Interlocked.Increment(ref _turn)}", new ChannelAccount("teams", personId), Person(personId), said, null, directly, OthersReadAlong: aloud), Cancel);

    public Task<Reply> TakeAsync(Turn turn) => _converser.TakeAsync(turn, Cancel);

    public async Task<Seen> SayAsync(string personId, string words) => First(await TakeAsync(personId, new Said.Text(words)));

    public async Task<Seen> PressAsync(string personId, string verb, JsonObject? data = null) => First(await TakeAsync(personId, new Said.Press(verb, data ?? [], null)));

    /// <summary>Presses a button of a card, with what stands in its inputs and what is typed into them.</summary>
    public Task<Seen> PressAsync(string personId, Seen on, string verbOrTitle, JsonObject? inputs = null)
    {
        var button = on.Button(verbOrTitle) ?? throw new ArgumentException($"There is no button {verbOrTitle} on: {on}");
        var data = on.WithDefaults(inputs);
        foreach (var (key, value) in button["data"]!.AsObject()) data[key] = value?.DeepClone();
        return PressAsync(personId, (string)data["verb"]!, data);
    }

    /// <summary>Everything a reply shows, drawn; a gap in a card fails here.</summary>
    public static IReadOnlyList<Seen> Drawn(Reply reply) => [.. reply.Messages.Select(m => m switch
    {
        MicroAppBot.Desk.Message.Card card => new Seen("", null, Draw(card.Name, card.Data), null),
        MicroAppBot.Desk.Message.Line line => new Seen("", null, null, line.Words),
        _ => throw new InvalidOperationException(),
    })];

    public static Seen First(Reply reply) => Drawn(reply)[0];

    /// <summary>A low-risk app, live.</summary>
    public async Task<MicroApp> LiveAppAsync(string owner = "ada.keller", string words = "I need a page where the marketing team sees which campaigns ran last month")
    {
        var summary = await SayAsync(owner, words);
        Assert.True(summary.Offers("intake.submit"), summary.ToString());
        await PressAsync(owner, "intake.submit");
        await FlushAsync(Cancel);
        var app = (await Desk.Look(Cancel).AppsAsync(new SnapshotQuery(Owner: owner))).MaxBy(a => a.File.Id)!;
        Assert.IsType<MicroApp.Active>(app);
        return app;
    }

    /// <summary>A request that a business owner and a security reviewer are asked to sign.</summary>
    public async Task<Request.AwaitingApproval> MediumRequestAsync(string by = "ada.keller", string words = "I need a dashboard of customer names and e-mails from the CRM for my team")
    {
        var summary = await SayAsync(by, words);
        Assert.True(summary.Offers("intake.submit"), summary.ToString());
        await PressAsync(by, "intake.submit");
        await FlushAsync(Cancel);
        return Assert.IsType<Request.AwaitingApproval>((await Desk.Look(Cancel).RequestsAsync(new SnapshotQuery(IsOpen: true, Owner: by))).MaxBy(r => r.File.Id));
    }

    public Task<Request?> RequestAsync(string id) => Desk.Look(Cancel).RequestAsync(id).AsTask();

    public Task<MicroApp?> AppAsync(string id) => Desk.Look(Cancel).AppAsync(id).AsTask();

    public Task<ClockMoved> AdvanceAsync(double days) => ClockControl.AdvanceAsync(TimeSpan.FromDays(days), Cancel);

    public async Task CostAsync(MicroApp app, decimal usd, decimal? forecast = null)
    {
        var refused = await Desk.ActAsync(async sitting => await sitting.AskAppAsync(app.File.Id, new AppCommand.ReportCost(DateOnly.FromDateTime(sitting.Now.UtcDateTime), usd, forecast)) as Decision<AppEvent>.Refused, Cancel);
        Assert.Null(refused);
        await FlushAsync(Cancel);
    }

    public void Wake() { }

    public async Task FlushAsync(CancellationToken cancel = default)
    {
        Flushes.Add(Clock.GetUtcNow());
        while (await Store.DueMessagesAsync(DateTimeOffset.MaxValue, 50, cancel) is { Count: > 0 } due)
        {
            foreach (var message in due)
            {
                if (message.Body is OutboxBody.Publish publish) Assert.IsType<EffectOutcome.Done>(await Catalogue.PublishAsync(publish.AppId, publish.Version, cancel));
                if (message.Body is OutboxBody.Tell tell) await PresentAsync(tell.Notice, Person(tell.Notice.ToId));
                if (message.Body is OutboxBody.Say { CardName: { } card } say) Draw(card, say.CardData!);
                await Store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Sent), cancel);
            }
        }
    }

    public async Task<Seen?> PresentAsync(Notice notice, Person reader)
    {
        if (await _presenter.PresentAsync(notice, reader, Cancel) is not { } presented)
        {
            Dropped.Add(notice);
            return null;
        }
        var seen = new Seen("", null, Draw(presented.Card, presented.Data), null);
        Told.Add((notice, seen, presented.Summary));
        return seen;
    }

    public async ValueTask DisposeAsync()
    {
        Catalogue.Dispose();
        ClockControl.Dispose();
        await _disk.DisposeAsync();
        _folders.Dispose();
    }

    private static JsonObject Draw(string card, JsonObject data)
    {
        var drawing = Cards.DrawWithNotes(card, JsonNode.Parse(data.ToJsonString()));
        Assert.True(drawing.Notes.Count == 0, $"{card} has gaps: {string.Join("; ", drawing.Notes)}\n{data}");
        return drawing.Card;
    }
}
