using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Governance.People;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Desk;
using MicroAppBot.People;
using MicroAppBot.Stores.LiteDb;
using MicroAppBot.Tests.Doubles;
using MicroAppBot.Tests.Doubles.Slack;
using MicroAppBot.Tests.Journeys;
using MicroAppBot.Tests.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Channels.Contract;

public sealed class SlackContractTests : ChannelContract
{
    private protected override Task<ChannelRig> OpenAsync() => SlackRig.OpenAsync(overSocket: false);
}

/// <summary>The same, told over Socket Mode.</summary>
public sealed class SlackSocketContractTests : ChannelContract
{
    private protected override Task<ChannelRig> OpenAsync() => SlackRig.OpenAsync(overSocket: true);
}

internal sealed partial class SlackRig : ChannelRig
{
    private static readonly Person AdaKeller = new(
        "ada.keller", "Ada Keller", "ada.keller@example.com", "marketing", null, "Europe/Berlin", [], "MKT-120", new PersonAccounts(null, "U0ADA"));

    private static readonly Person DanaLevi = new(
        "dana.levi", "Dana Levi", "dana.levi@example.com", "it", null, "Europe/Berlin", ["security"], "IT-1", new PersonAccounts(null, "U0DANA"));

    private readonly WebApplication _app;
    private readonly TestFolder _folder;
    private readonly FakeSlack _slack;
    private readonly RigTurns _turns;
    private readonly HttpClient _bot;
    private readonly ConcurrentDictionary<(string, string), JsonObject> _said = new();

    private SlackRig(WebApplication app, TestFolder folder, FakeSlack slack, RigTurns turns)
    {
        (_app, _folder, _slack, _turns) = (app, folder, slack, turns);
        _bot = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public override IChannel Channel => _app.Services.GetServices<IChannel>().Single(c => c.Name == "slack");

    public override IStore Store => _app.Services.GetRequiredService<IStore>();

    public override Person Ada => AdaKeller;

    public override Person Other => DanaLevi;

    public override Person? WithoutAccount => AdaKeller with { Id = "nobody", Email = "", Accounts = PersonAccounts.None };

    public override IReadOnlyList<Turn> Taken => _turns.Taken;

    public override Func<Turn, Reply> Script { set => _turns.Script = value; }

    public override bool Fails
    {
        set
        {
            _turns.Fails = value;
            // What is not kept is not acknowledged over a socket, and Slack waits for nothing
            _slack.Patience = value ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(10);
        }
    }

    public static async Task<ChannelRig> OpenAsync(bool overSocket)
    {
        var slack = await FakeSlack.StartAsync();
        slack.Patience = TimeSpan.FromSeconds(10);
        var folder = new TestFolder();
        var turns = new RigTurns();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Channels:Slack:ApiUrl"] = slack.ApiUrl,
            ["Channels:Slack:BotToken"] = slack.BotToken,
            [overSocket ? "Channels:Slack:AppToken" : "Channels:Slack:SigningSecret"] = overSocket ? FakeSlack.AppToken : slack.SigningSecret,
        });
        builder.Services.AddRoutingCore().AddLogging()
            .AddSingleton<ITurns>(turns).AddSingleton<IOutbox>(turns).AddSingleton<INoticePresenter>(turns)
            .AddSingleton<IStore>(_ => LiteDbStore.Open(new LiteDbSettings(folder.New()), TimeProvider.System, NullLogger<LiteDbStore>.Instance))
            .AddSingleton<IDirectory>(new FileDirectory(new Dictionary<string, Person> { [AdaKeller.Id] = AdaKeller, [DanaLevi.Id] = DanaLevi }))
            .AddSingleton<ICardPen, NoPen>().AddSingleton<IOwnPage, NoPage>()
            .AddSingleton(new GovernanceClock(TimeProvider.System))
            .AddSlack(builder.Configuration);
        var app = builder.Build();
        app.UseRouting();
        app.UseEndpoints(_ => { });
        app.MapSlack();
        await app.StartAsync();
        var rig = new SlackRig(app, folder, slack, turns);
        rig.User(AdaKeller);
        rig.User(DanaLevi);
        if (overSocket)
        {
            slack.TellOverSocket();
            await slack.Socket.ConnectedAsync();
        }
        else slack.TellOverHttp(rig._bot);
        return rig;
    }

    public override Contact Warm(Person person) => new SlackAddress(FakeSlack.TeamId, person.Accounts.Slack!, User(person).Chat.Id).ToContact(person.Id);

    public override IReadOnlyList<Shown> Sees(Person person) => [.. Reader(person).Inbox.Select(s => new Shown(s.MessageId, s.OurId, s.Changes, s.Words))];

    public override bool Meets(Mishap mishap, bool onUpdate = false)
    {
        switch (mishap)
        {
            case Mishap.Unreachable:
                _slack.StopAsync().GetAwaiter().GetResult();
                return true;
            case Mishap.Gone:
                // The chat is not there, and another cannot be opened
                _slack.Then("chat.postMessage", BadDay.OfSlack("channel_not_found"));
                _slack.Change(Ada.Accounts.Slack!, account => account with { IsDeleted = true });
                return true;
        }
        _slack.Then(onUpdate ? "chat.update" : "chat.postMessage", mishap switch
        {
            Mishap.TooMany => BadDay.SlackThrottled(7),
            Mishap.Away => BadDay.OfSlack("service_unavailable") with { Status = 503 },
            Mishap.ArrivesWithoutAnswer => BadDay.DeliveredThenSilence,
            Mishap.ArrivesWithFault => BadDay.OfSlack("fatal_error", afterDelivery: true),
            Mishap.ArrivesWithEmptyAnswer => BadDay.EmptyBody,
            Mishap.Cut => BadDay.ConnectionDropped,
            _ => BadDay.OfSlack("invalid_blocks"),
        });
        return true;
    }

    public override async Task<bool> SayAsync(Person person, string words, string id) =>
        (await _slack.Telling.EventAsync(_said.GetOrAdd((person.Id, id), _ => User(person).Saying(words, eventId: $"Ev{person.Id}{id}")))).IsOk;

    public override async Task<bool> PressAsync(Person person, Shown on, string verb, string id)
    {
        var post = _slack.Posts.Single(p => p.Ts == on.MessageId);
        var (block, element) = SlackSight.Elements(post.Blocks).First(e => e.Element.Str("action_id")!.StartsWith(verb, StringComparison.Ordinal));
        var payload = User(person).Pressing(post, block, element);
        payload["actions"]![0]!["action_ts"] = $"1772441000.{id}00";
        return (await _slack.Telling.InteractionAsync(payload)).IsOk;
    }

    public override IEnumerable<string> Fires(Shown shown)
    {
        var post = _slack.Posts.Single(p => p.Ts == shown.MessageId);
        var call = _slack.Calls.Last(c => c.Method is "chat.postMessage" && c.Arguments.Obj("metadata").Obj("event_payload").Str("id") == post.OurId).Arguments;
        if (call.Is("link_names") || call.Str("parse") == "full") yield return "names become mentions";
        foreach (var text in Texts(post.Blocks).Append(post.Text))
        {
            if (Armed().Match(text) is { Success: true } armed) yield return armed.Value;
            if (text.Contains('\u202E', StringComparison.Ordinal)) yield return "it reads backwards";
        }
        foreach (var element in Parts(post.Blocks).Where(p => p.Str("type") is "broadcast" or "user" or "usergroup")) yield return element.Readable();
    }

    public override async ValueTask DisposeAsync()
    {
        _bot.Dispose();
        await _app.DisposeAsync();
        await _slack.DisposeAsync();
        _folder.Dispose();
    }

    private SlackUser User(Person person) => _slack.User(person.Accounts.Slack!, person.Name, person.Email);

    private SlackPerson Reader(Person person) => new(person.Id, User(person), _slack);

    /// <summary>What is read as mrkdwn.</summary>
    private static IEnumerable<string> Texts(JsonNode node) => Parts(node).Where(p => p.Str("type") == "mrkdwn").Select(p => p.Str("text") ?? "");

    private static IEnumerable<JsonObject> Parts(JsonNode? node) => node switch
    {
        JsonArray list => list.SelectMany(Parts),
        JsonObject part => part.SelectMany(p => Parts(p.Value)).Prepend(part),
        _ => [],
    };

    /// <summary>In mrkdwn a mention, a link or a date is in angle brackets.</summary>
    [GeneratedRegex("<(!|@|#|https?:|mailto:)[^>]*>")]
    private static partial Regex Armed();

    private sealed class NoPen : ICardPen
    {
        public JsonObject Draw(string card, JsonObject data) => throw new NotSupportedException("These turns are answered with nothing.");
    }

    private sealed class NoPage : IOwnPage
    {
        public ValueTask<IReadOnlyList<Message.Card>> OfAsync(Person person, CancellationToken cancel) => new((IReadOnlyList<Message.Card>)[]);
    }
}
