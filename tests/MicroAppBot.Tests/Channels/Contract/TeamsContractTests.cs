using System.Text.Json.Nodes;
using Governance.People;
using MicroAppBot.Channels.Teams;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Channels.Teams;
using MicroAppBot.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;

namespace MicroAppBot.Tests.Channels.Contract;

public sealed class TeamsContractTests : ChannelContract
{
    private protected override async Task<ChannelRig> OpenAsync()
    {
        var turns = new RigTurns();
        var connector = await FakeConnector.StartAsync();
        var host = await TeamsHost.StartAsync(
            new Dictionary<string, string?> { ["Channels:Teams:ServiceUrl"] = connector.ServiceUrl },
            more: services => services.AddSingleton<ITurns>(turns).AddSingleton<IOutbox>(turns).AddSingleton<INoticePresenter>(turns), connector: connector);
        return new Rig(host, turns);
    }

    private sealed class Rig(TeamsHost host, RigTurns turns) : ChannelRig
    {
        private bool _unreachable;

        public override IChannel Channel => host.Channel;

        public override IStore Store => host.Store;

        public override Person Ada => TeamsHost.AdaKeller;

        public override Person Other => TeamsHost.DanaLevi;

        public override Person? WithoutAccount => TeamsHost.AdaKeller with { Id = "nobody", Accounts = PersonAccounts.None };

        public override IReadOnlyList<Turn> Taken => turns.Taken;

        public override Func<Turn, Reply> Script { set => turns.Script = value; }

        public override bool Fails { set => turns.Fails = value; }

        public override Contact Warm(Person person)
        {
            var service = _unreachable ? "http://127.0.0.1:1/amer/" : host.Connector.ServiceUrl;
            return new TeamsAddress(service, User(person).Chat, person.Accounts.Teams, null, TeamsHost.Tenant, "28:bot").ToContact(person.Id);
        }

        public override IReadOnlyList<Shown> Sees(Person person) => [.. User(person).Sees.Select(p => new Shown(p.Id, p.OurId, p.Before.Count, p.Words))];

        public override bool Meets(Mishap mishap, bool onUpdate = false)
        {
            _unreachable = mishap == Mishap.Unreachable;
            if (_unreachable) return true;
            host.Connector.Then(mishap switch
            {
                Mishap.TooMany => BadDay.Throttled(7),
                Mishap.Away => BadDay.Answering(503),
                Mishap.ArrivesWithoutAnswer => BadDay.DeliveredThenSilence,
                Mishap.ArrivesWithFault => BadDay.DeliveredThenBadGateway,
                Mishap.ArrivesWithEmptyAnswer => BadDay.EmptyBody,
                Mishap.Cut => BadDay.ConnectionDropped,
                Mishap.Refused => BadDay.Answering(400, "BadArgument"),
                _ => BadDay.Answering(403, "ConversationBlockedByUser"),
            });
            return true;
        }

        public override async Task<bool> SayAsync(Person person, string words, string id) => (int)await User(person).SayAsync(words, id) is >= 200 and < 300;

        public override async Task<bool> PressAsync(Person person, Shown on, string verb, string id)
        {
            var post = host.Connector.Posts.Single(p => p.Id == on.MessageId);
            var answer = await User(person).PressAsync(post, verb, id: "f:" + id);
            return answer.Code == 200;
        }

        public override IEnumerable<string> Fires(Shown shown)
        {
            var post = host.Connector.Posts.Single(p => p.Id == shown.MessageId);
            // A mention needs its entity, a link in a line needs markdown, and a card's text needs no html
            if (post.Activity["entities"] is not null || post.Card?["msteams"]?["entities"] is not null) yield return "a mention";
            if (post.Text is not null && (string?)post.Activity["textFormat"] != "plain") yield return "markdown in a line";
        }

        public override ValueTask DisposeAsync() => host.DisposeAsync();

        /// <summary>The connector knows the chats by what the bot opens them with.</summary>
        private TeamsUser User(Person person) => person.Id == Ada.Id ? host.Ada : new TeamsUser(host.Bot, host.Connector, null, "dana", TeamsHost.Tenant);
    }
}
