using System.Text.Json.Nodes;
using Governance.People;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Channels.Console;

namespace MicroAppBot.Tests.Channels.Contract;

public sealed class ConsoleContractTests : ChannelContract
{
    private protected override async Task<ChannelRig> OpenAsync() => new Rig(await ConsoleWorld.StartAsync());

    private sealed class Rig(ConsoleWorld world) : ChannelRig
    {
        private static readonly SmallDirectory Directory = new();

        public override IChannel Channel => world.Channel;

        public override IStore Store => world.Store;

        public override Person Ada => Directory.People["ada.keller"];

        public override Person Other => Directory.People["jonas.lindqvist"];

        public override Person? WithoutAccount => null;

        public override IReadOnlyList<Turn> Taken => [.. world.Turns.Taken];

        public override Func<Turn, Reply> Script { set => world.Turns.Script = value; }

        public override bool Fails { set => world.Turns.Outage = value ? new IOException("The disk is full.") : null; }

        public override Contact Warm(Person person) => new(person.Id, Channel.Name, person.Id);

        public override IReadOnlyList<Shown> Sees(Person person)
        {
            var lines = world.GetAsync($"/console/transcript?as={person.Id}&after=0").GetAwaiter().GetResult()["lines"]!.AsArray();
            return [.. lines.Where(l => !(bool)l!["from_person"]!).GroupBy(l => (string)l!["id"]!).Select(same => same.MaxBy(l => (long)l!["sequence"]!)!).OrderBy(l => (long)l["position"]!).Select(Look)];
        }

        /// <summary>Nothing lies between the channel and what is shown.</summary>
        public override bool Meets(Mishap mishap, bool onUpdate = false) => false;

        public override async Task<bool> SayAsync(Person person, string words, string id) =>
            (await world.PostAsync("/console/say", new JsonObject { ["as"] = person.Id, ["id"] = id, ["text"] = words })).Status is >= 200 and < 300;

        public override async Task<bool> PressAsync(Person person, Shown on, string verb, string id)
        {
            var line = (await world.GetAsync($"/console/transcript?as={Ada.Id}&after=0"))["lines"]!.AsArray().Single(l => (string)l!["id"]! == on.MessageId)!;
            var data = line["card"]!["actions"]!.AsArray().Select(a => a!["data"]!).First(d => (string)d["verb"]! == verb);
            var (status, _) = await world.PostAsync("/console/press", new JsonObject { ["as"] = person.Id, ["id"] = id, ["verb"] = verb, ["data"] = data.DeepClone(), ["card"] = on.MessageId });
            return status is >= 200 and < 300;
        }

        /// <summary>What the page makes of it is looked at in a browser (<see cref="ConsolePageTests"/>).</summary>
        public override IEnumerable<string> Fires(Shown shown) => [];

        public override ValueTask DisposeAsync() => world.DisposeAsync();

        private static Shown Look(JsonNode line) => new(
            (string)line["id"]!, (string)line["id"]!, (long)line["sequence"]! == (long)line["position"]! ? 0 : 1, line["card"] is { } card ? Doubles.Slack.LooseJson.Readable(card) : (string)line["text"]!);
    }
}
