using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Governance.Notices;
using Governance.People;
using MicroAppBot.Delivery;
using MicroAppBot.Desk;
using MicroAppBot.Stores.LiteDb;
using MicroAppBot.Tests.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MicroAppBot.Tests.Delivery;

/// <summary>A pump with the real store, on a clock of the test's own, with channels that behave.</summary>
internal sealed class PostOffice : IAsyncDisposable, IDirectory, INoticePresenter, IDigestPresenter, ICardPen, IPlatform
{
    private readonly TestFolder _folders = new();
    private string _folder;
    private long _turn;

    public PostOffice()
    {
        _folder = _folders.New();
        System = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
        Clock = new GovernanceClock(System);
        Store = OpenStore();
        (Pump, Bell) = NewPump();
    }

    public FakeTimeProvider System { get; }
    public GovernanceClock Clock { get; private set; }
    public IStore Store { get; private set; }
    public Pump Pump { get; private set; }
    public OutboxBell Bell { get; private set; }
    public DeliveryBook Book { get; private set; } = null!;
    public FakeChannel Teams { get; } = new("teams");
    public FakeChannel Slack { get; } = new("slack");
    public Dictionary<string, Person> Known { get; } = new(StringComparer.Ordinal);
    public ConcurrentQueue<(Notice Notice, string Reader)> Asked { get; } = new();
    public Func<Notice, bool> IsTrue { get; set; } = _ => true;
    public Func<string, Exception?> Spoils { get; set; } = _ => null;
    public Queue<EffectOutcome> Effects { get; } = new();
    public List<(string, long)> Published { get; } = [];

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    IReadOnlyDictionary<string, Person> IDirectory.People => Known;

    Person IDirectory.PersonOf(ChannelAccount account, string? displayName, string? email) => throw new NotSupportedException();

    public ValueTask<Presented?> PresentAsync(Notice notice, Person reader, CancellationToken cancel)
    {
        Asked.Enqueue((notice, reader.Id));
        return new(IsTrue(notice)
            ? new Presented(notice.Kind is NoticeKind.ApprovalReminder ? "approval-reminder" : "approval", new JsonObject { ["title"] = $"{notice.Kind}" }, $"{notice.Kind} {notice.RequestId}", notice.RequestId is null ? null : new CardSubject("request", notice.RequestId))
            : null);
    }

    public ValueTask<Presented?> PresentAsync(IReadOnlyList<Notice> notices, Person reader, CancellationToken cancel) =>
        new(new Presented("digest", new JsonObject { ["title"] = "digest" }, "Digest: " + string.Join(", ", notices.Select(n => $"{n.RequestId ?? n.AppId}")), null));

    public JsonObject Draw(string card, JsonObject data) => Spoils(card) is { } fault ? throw fault
        : new JsonObject { ["type"] = "AdaptiveCard", ["body"] = new JsonArray(new JsonObject { ["type"] = "TextBlock", ["text"] = data["title"]?.DeepClone() }) };

    public Task<EffectOutcome> PublishAsync(string appId, long version, CancellationToken cancel)
    {
        var outcome = Effects.TryDequeue(out var next) ? next : new EffectOutcome.Done();
        if (outcome is EffectOutcome.Done) Published.Add((appId, version));
        return Task.FromResult(outcome);
    }

    public void Know(string id, string? manager = null, string zone = "Etc/UTC", params string[] roles) => Known[id] = new Person(id, id, "", "sales", manager, zone, roles, null, PersonAccounts.None);

    public async Task ReachAsync(string person, string channel) => await Store.CommitAsync(new Commit([], null, [], new Contact(person, channel, "warm")), Cancel);

    public async Task<string> QueueAsync(string to, OutboxBody body, string? channel = null, DateTimeOffset? notBefore = null, string? id = null)
    {
        id ??= $"m{++_turn}";
        Assert.Equal(CommitResult.Done, await Store.CommitAsync(new Commit([], null, [new NewMessage(id, to, channel, body, notBefore ?? Clock.GetUtcNow())]), Cancel));
        return id;
    }

    public Task<string> QueueLineAsync(string to, string words, string? channel = null, DateTimeOffset? notBefore = null) =>
        QueueAsync(to, new OutboxBody.Say(null, null, words, null), channel, notBefore);

    public Task<string> QueueNoticeAsync(string to, NoticeKind kind, string request = "r1", params (string Key, string Value)[] detail) =>
        QueueAsync(to, new OutboxBody.Tell(new Notice(to, kind, request, null, detail.ToDictionary(d => d.Key, d => d.Value))));

    public Task FlushAsync() => Pump.FlushAsync(Cancel);

    public async Task<OutboxMessage?> LeftAsync() => (await Store.DueMessagesAsync(DateTimeOffset.MaxValue, 1, Cancel)).SingleOrDefault();

    public static string[] Texts(FakeChannel channel) => [.. channel.Arrived.Select(a => a.Text)];

    /// <summary>The process is killed and started again: what is on disk is all there is.</summary>
    public async Task CrashAsync()
    {
        var copy = _folders.New();
        foreach (var file in Directory.EnumerateFiles(_folder).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal))) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        await Store.DisposeAsync();
        Pump.Dispose();
        (_folder, Clock) = (copy, new GovernanceClock(System));
        Store = OpenStore();
        (Pump, Bell) = NewPump();
    }

    public async ValueTask DisposeAsync()
    {
        Pump.Dispose();
        await Store.DisposeAsync();
        _folders.Dispose();
    }

    private LiteDbStore OpenStore() => LiteDbStore.Open(new LiteDbSettings(_folder), System, NullLogger<LiteDbStore>.Instance);

    private (Pump, OutboxBell) NewPump()
    {
        var bell = new OutboxBell();
        var settings = DeliverySettings.Default;
        var recipients = new Recipients(Store, this, [Teams, Slack]);
        Book = new DeliveryBook(Store, recipients, this);
        var courier = new Courier(Store, recipients, new Reminders(Store, Clock), new Easel(this, this, this), this, Clock, System, settings, NullLogger<Courier>.Instance) { Jitter = () => 0 };
        return (new Pump(Store, courier, bell, Clock, System, settings, NullLogger<Pump>.Instance), bell);
    }
}
