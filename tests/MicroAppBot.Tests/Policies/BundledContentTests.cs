using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MicroAppBot.Commands;
using MicroAppBot.Content;
using MicroAppBot.Desk;
using MicroAppBot.Policies;
using MicroAppBot.Policies.Bundles;
using MicroAppBot.Tests.Desk;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Policies;

/// <summary>Rules that come as bundles: from a file, a folder, an address; kept, polled, refused.</summary>
public sealed class BundledContentTests : IAsyncDisposable
{
    private readonly ScratchFolder scratch = new();
    private readonly FrontDesk desk = new();
    private readonly Shelf shelf = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await desk.DisposeAsync();
        scratch.Dispose();
        shelf.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task From_a_file_or_a_folder_the_rules_are_those_of_the_bundle(bool folder)
    {
        var path = Path.Combine(scratch.Root, "b.tar.gz");
        var files = Edited(cap: 321);
        if (folder) foreach (var file in files) scratch.Write("b.tar.gz/" + file.Name, Encoding.UTF8.GetString(file.Bytes));
        else File.WriteAllBytes(path, BundleWriter.Pack(files));

        using var bundled = Of(("Policy:Bundles:0:Path", path));
        var content = await bundled.StartAsync(now => InProcessPolicies.Compile(now), Cancel);

        Assert.Equal(321, InProcessPolicies.Compile(content).Numbers.Limits.CapUsd);
        Assert.NotEqual(FrontDesk.Content.Revision, content.Revision);
        Assert.Equal(FrontDesk.Content.Catalogue.Connectors.Keys.Order(), content.Catalogue.Connectors.Keys.Order());
        Assert.NotEmpty(content.People);
    }

    [Fact]
    public async Task A_bundle_of_what_is_here_has_the_revision_of_what_is_here()
    {
        shelf.Put(BundleWriter.Pack(BundleWriter.FilesOf(FrontDesk.Content)), "\"1\"");
        using var bundled = Of(("Policy:Bundles:0:Url", "https://bundles.test/m"));

        Assert.Equal(FrontDesk.Content.Revision, (await bundled.StartAsync(_ => { }, Cancel)).Revision);
    }

    [Fact]
    public async Task A_newer_one_is_taken_up_an_unchanged_one_not_fetched_again_and_a_broken_one_refused()
    {
        shelf.Put(BundleWriter.Pack(Edited(cap: 400)), "\"1\"");
        var (content, watch, source) = await StartAsync(("Policy:Bundles:0:Token", "t0ken"), ("Policy:Bundles:0:LongPollSeconds", "20"));
        Assert.Equal("Bearer t0ken", shelf.Last!.Headers.Authorization!.ToString());
        Assert.Equal("modes=snapshot;wait=20", shelf.Last.Headers.GetValues("Prefer").Single());

        await watch.LookAsync(source, Cancel);
        Assert.Equal("\"1\"", shelf.Last.Headers.IfNoneMatch.Single().ToString());
        Assert.Equal((2, 1), (shelf.Asked, shelf.Given));

        shelf.Put(BundleWriter.Pack(Edited(cap: 250)), "\"2\"");
        await watch.LookAsync(source, Cancel);
        Assert.Equal(250, Cap(content));

        shelf.Put(BundleWriter.Pack([.. Edited(cap: 100).Where(f => f.Name != "policies/cost.rego")]), "\"3\"");
        await watch.LookAsync(source, Cancel);
        Assert.Equal(250, Cap(content));
        Assert.NotNull(watch.Trouble);
        Assert.NotNull(content.Refused);

        shelf.Put("no bundle"u8.ToArray(), "\"4\"");
        await watch.LookAsync(source, Cancel);
        Assert.Equal(250, Cap(content));
        Assert.Contains("not a whole .tar.gz", watch.Trouble, StringComparison.Ordinal);
        // Asked again it is still the bad one
        await watch.LookAsync(source, Cancel);
        Assert.NotNull(content.Refused);

        shelf.Put(BundleWriter.Pack(Edited(cap: 200)), "\"5\"");
        await watch.LookAsync(source, Cancel);
        Assert.Equal(200, Cap(content));
        Assert.Null(content.Refused);
        Assert.Null(watch.Trouble);
    }

    [Fact]
    public async Task With_the_server_away_at_the_start_the_last_good_one_is_taken()
    {
        shelf.Put(BundleWriter.Pack(Edited(cap: 123)), "\"1\"");
        await StartAsync();

        shelf.Status = HttpStatusCode.BadGateway;
        using var again = Of(("Policy:Bundles:0:Url", "https://bundles.test/m"));
        var content = await again.StartAsync(now => InProcessPolicies.Compile(now), Cancel);
        Assert.Equal(123, InProcessPolicies.Compile(content).Numbers.Limits.CapUsd);
        Assert.Contains(again.AtStart, f => f.Why.Contains("502", StringComparison.Ordinal));

        shelf.Status = HttpStatusCode.OK;
        shelf.Put(BundleWriter.Pack([.. Edited(cap: 1).Where(f => f.Name != "policies/rulebook.rego")]), "\"2\"");
        using var broken = Of(("Policy:Bundles:0:Url", "https://bundles.test/m"));
        Assert.Equal(123, InProcessPolicies.Compile(await broken.StartAsync(now => InProcessPolicies.Compile(now), Cancel)).Numbers.Limits.CapUsd);
        Assert.NotEmpty(broken.AtStart);
    }

    [Fact]
    public async Task With_nothing_kept_and_the_server_away_the_start_says_why()
    {
        shelf.Status = HttpStatusCode.NotFound;
        using var bundled = Of(("Policy:Bundles:0:Url", "https://bundles.test/m"), ("Policy:Bundles:0:Name", "rules"));

        var fault = Assert.Single((await Assert.ThrowsAsync<ContentException>(() => bundled.StartAsync(_ => { }, Cancel))).Faults);
        Assert.Equal("rules: bundles.test answered 404.", fault.ToString());
    }

    [Fact]
    public async Task A_server_that_is_away_for_a_while_is_told_and_all_is_well_when_it_is_back()
    {
        shelf.Put(BundleWriter.Pack(Edited(cap: 400)), "\"1\"");
        var (content, watch, source) = await StartAsync();
        shelf.Status = HttpStatusCode.ServiceUnavailable;

        var waits = new List<TimeSpan>();
        for (var i = 0; i < 4; i++) waits.Add(await watch.LookAsync(source, Cancel));
        Assert.Equal(waits.Order(), waits);
        Assert.True(waits[3] > waits[0]);
        Assert.Null(watch.Trouble);
        await watch.LookAsync(source, Cancel);
        Assert.Contains("503", watch.Trouble, StringComparison.Ordinal);
        Assert.NotNull(content.Refused);
        Assert.Equal(400, Cap(content));

        shelf.Status = HttpStatusCode.OK;
        await watch.LookAsync(source, Cancel);
        Assert.Null(watch.Trouble);
        Assert.Null(content.Refused);
        Assert.Equal(["The bundle of rules cannot be had", "The rules are fine again"], (await ToldAsync()).Distinct());
    }

    [Fact]
    public async Task A_bad_bundle_is_still_a_bad_one_after_its_server_was_away()
    {
        shelf.Put(BundleWriter.Pack(Edited(cap: 400)), "\"1\"");
        var (content, watch, source) = await StartAsync();
        shelf.Put("no bundle"u8.ToArray(), "\"2\"");
        await watch.LookAsync(source, Cancel);
        shelf.Status = HttpStatusCode.ServiceUnavailable;
        for (var i = 0; i < 6; i++) await watch.LookAsync(source, Cancel);

        shelf.Status = HttpStatusCode.OK;
        await watch.LookAsync(source, Cancel);

        Assert.Contains("not a whole .tar.gz", watch.Trouble, StringComparison.Ordinal);
        Assert.NotNull(content.Refused);
        Assert.Equal(400, Cap(content));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("without-quotes")]
    [InlineData("W/\"weak\"")]
    public async Task Servers_without_a_good_entity_tag_do_as_well(string? tag)
    {
        shelf.Put(BundleWriter.Pack(Edited(cap: 400)), tag);
        var (content, watch, source) = await StartAsync();
        await watch.LookAsync(source, Cancel);
        Assert.Equal(tag is null ? (2, 2) : (2, 1), (shelf.Asked, shelf.Given));
        Assert.Equal(tag is not null, shelf.Last!.Headers.Contains("If-None-Match"));

        shelf.Put(BundleWriter.Pack(Edited(cap: 250)), tag is null ? null : tag + "2");
        await watch.LookAsync(source, Cancel);
        Assert.Equal(250, Cap(content));
    }

    [Fact]
    public async Task A_server_that_holds_no_questions_is_not_asked_in_a_circle()
    {
        shelf.Put(BundleWriter.Pack(Edited(cap: 400)), "\"1\"");
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var (_, watch, sources) = await StartAsync(clock, ("Policy:Bundles:0:Url", "https://bundles.test/m"), ("Policy:Bundles:0:LongPollSeconds", "20"), ("Policy:Bundles:0:PollSeconds", "60"));

        Assert.Equal(TimeSpan.FromSeconds(60), await watch.LookAsync(sources[0], Cancel));
        shelf.Held = () => clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.Zero, await watch.LookAsync(sources[0], Cancel));
    }

    [Fact]
    public async Task Two_bundles_share_the_work_and_may_not_own_the_same()
    {
        var files = BundleWriter.FilesOf(FrontDesk.Content);
        var own = files.Where(f => f.Name != Bundle.ManifestName).ToList();
        var people = own.Where(f => f.Name == "people/data.json").ToList();
        var rest = own.Except(people).ToList();
        var roots = JsonNode.Parse(files.Single(f => f.Name == Bundle.ManifestName).Bytes)!["roots"]!.AsArray().Select(r => (string)r!).Where(r => r != "people").ToList();
        File.WriteAllBytes(Path.Combine(scratch.Root, "people.tar.gz"), BundleWriter.Pack([.. people, Manifest(["people"])]));
        File.WriteAllBytes(Path.Combine(scratch.Root, "rules.tar.gz"), BundleWriter.Pack([.. rest, Manifest(roots)]));
        File.WriteAllBytes(Path.Combine(scratch.Root, "more.tar.gz"), BundleWriter.Pack([new BundleFile("extra.rego", "package microapps.extra\n\nx := 1\n"u8.ToArray()), Manifest(["microapps/extra"])]));

        using var both = Of(("Policy:Bundles:0:Path", Path.Combine(scratch.Root, "rules.tar.gz")), ("Policy:Bundles:1:Path", Path.Combine(scratch.Root, "people.tar.gz")));
        Assert.Equal(FrontDesk.Content.Revision, (await both.StartAsync(now => InProcessPolicies.Compile(now), Cancel)).Revision);

        using var overlapping = Of(("Policy:Bundles:0:Path", Path.Combine(scratch.Root, "rules.tar.gz")), ("Policy:Bundles:1:Path", Path.Combine(scratch.Root, "more.tar.gz")));
        var fault = Assert.Single((await Assert.ThrowsAsync<ContentException>(() => overlapping.StartAsync(_ => { }, Cancel))).Faults);
        Assert.Contains("two bundles may not own the same", fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_moves_from_one_bundle_to_another_is_taken_up_in_whatever_order_they_come()
    {
        var files = BundleWriter.FilesOf(FrontDesk.Content);
        var people = files.Single(f => f.Name == "people/data.json");
        var rest = files.Where(f => f.Name is not Bundle.ManifestName and not "people/data.json").ToList();
        var roots = JsonNode.Parse(files.Single(f => f.Name == Bundle.ManifestName).Bytes)!["roots"]!.AsArray().Select(r => (string)r!).Where(r => r != "people").ToList();
        BundleFile Extra(int x) => new("policies/extra.rego", Encoding.UTF8.GetBytes($"package extra\n\nx := {x}\n"));
        var (rules, other) = (Path.Combine(scratch.Root, "rules.tar.gz"), Path.Combine(scratch.Root, "other.tar.gz"));
        File.WriteAllBytes(rules, BundleWriter.Pack([.. rest, Manifest(roots)]));
        File.WriteAllBytes(other, BundleWriter.Pack([people, Extra(1), Manifest(["people", "extra"])]));
        var (content, watch, sources) = await StartAsync(TimeProvider.System, ("Policy:Bundles:0:Path", rules), ("Policy:Bundles:1:Path", other));

        // The rules have it now as well: refused, until the other one lets it go
        File.WriteAllBytes(rules, BundleWriter.Pack([.. rest, Extra(2), Manifest([.. roots, "extra"])]));
        await watch.LookAsync(sources[0], Cancel);
        Assert.Contains("two bundles may not own the same", content.Refused!.Faults[0].Why, StringComparison.Ordinal);
        File.WriteAllBytes(other, BundleWriter.Pack([people, Manifest(["people"])]));
        await watch.LookAsync(sources[1], Cancel);
        await watch.LookAsync(sources[0], Cancel);

        Assert.Null(content.Refused);
        Assert.Null(watch.Trouble);
        Assert.Contains("x := 2", content.Now.PolicyFiles.Single(f => f.Name.EndsWith("extra.rego", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_catalogue_that_is_not_the_one_of_the_templates_here_is_refused()
    {
        var files = BundleWriter.FilesOf(FrontDesk.Content).Where(f => !f.Name.StartsWith("templates/", StringComparison.Ordinal)).ToList();
        var path = Path.Combine(scratch.Root, "b.tar.gz");
        File.WriteAllBytes(path, BundleWriter.Pack(files));
        using (var same = Of(("Policy:Bundles:0:Path", path))) Assert.Equal(FrontDesk.Content.Revision, (await same.StartAsync(_ => { }, Cancel)).Revision);

        var catalogue = JsonNode.Parse(files.Single(f => f.Name == "catalogue/data.json").Bytes)!;
        catalogue["connectors"]!.AsObject().Remove("documents");
        File.WriteAllBytes(path, BundleWriter.Pack([.. files.Select(f => f.Name == "catalogue/data.json" ? f with { Bytes = Encoding.UTF8.GetBytes(catalogue.ToJsonString()) } : f)]));
        using var other = Of(("Policy:Bundles:0:Path", path));
        Assert.Contains("another catalogue", (await Assert.ThrowsAsync<ContentException>(() => other.StartAsync(_ => { }, Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_check_command_judges_by_the_bundle()
    {
        var path = Path.Combine(scratch.Root, "b.tar.gz");
        File.WriteAllBytes(path, BundleWriter.Pack(Edited(cap: 10)));
        var settings = Settings(("Policy:Bundles:0:Path", path));
        using var output = new StringWriter();
        var sample = Path.Combine(AppContext.BaseDirectory, "policies", "samples", "granted-campaign", "manifest.json");

        var code = CheckCommand.Create(() => AppContext.BaseDirectory, settings).Parse([sample]).Invoke(new System.CommandLine.InvocationConfiguration { Output = output, Error = output });

        Assert.Equal(2, code);
        await Task.CompletedTask;
    }

    private async Task<(ContentInForce Content, BundleWatch Watch, BundleSource Source)> StartAsync(params (string, string)[] more)
    {
        var (content, watch, sources) = await StartAsync(TimeProvider.System, [("Policy:Bundles:0:Url", "https://bundles.test/m"), .. more]);
        return (content, watch, sources[0]);
    }

    private async Task<IReadOnlyList<string>> ToldAsync()
    {
        var told = new List<string>();
        while (await desk.Store.DueMessagesAsync(DateTimeOffset.MaxValue, 1000, Cancel) is { Count: > 0 } due)
        {
            told.AddRange(due.Select(m => m.Body).OfType<OutboxBody.Say>().Select(said => (string)said.CardData!["title"]!));
            foreach (var message in due) await desk.Store.MarkAsync(new DeliveryMark(message.Id, DeliveryState.Sent), Cancel);
        }
        return told;
    }

    private async Task<(ContentInForce Content, BundleWatch Watch, IReadOnlyList<BundleSource> Sources)> StartAsync(TimeProvider clock, params (string, string)[] settings)
    {
        var bundled = Of(settings);
        var content = new ContentInForce(await bundled.StartAsync(now => InProcessPolicies.Compile(now), Cancel));
        content.Part(InProcessPolicies.Compile);
        var uptake = new ContentUptake(content, new RulebookNews(desk.Desk, desk.Store, desk.Directory), desk.Desk, desk.Store, TimeProvider.System, NullLogger<ContentUptake>.Instance);
        return (content, new BundleWatch(bundled, content, uptake, clock, NullLogger<BundleWatch>.Instance), bundled.Sources);
    }

    private static decimal Cap(ContentInForce content) => (decimal)JsonNode.Parse(content.Now.DataJson.Span)!["limits"]!["cap_usd"]!;

    private BundledContent Of(params (string Key, string Value)[] settings) => new(AppContext.BaseDirectory, Settings(settings), shelf);

    private IConfiguration Settings(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Append(("Data:Folder", Path.Combine(scratch.Root, "data"))).Select(s => KeyValuePair.Create(s.Item1, (string?)s.Item2))).Build();

    private static IReadOnlyList<BundleFile> Edited(int cap) =>
        [.. BundleWriter.FilesOf(FrontDesk.Content).Select(f => f.Name == "data.json" ? f with { Bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(f.Bytes).Replace("\"cap_usd\": 500", $"\"cap_usd\": {cap}", StringComparison.Ordinal)) } : f)];

    private static BundleFile Manifest(IEnumerable<string> roots) =>
        new(Bundle.ManifestName, Encoding.UTF8.GetBytes(new JsonObject { ["revision"] = "r", ["roots"] = new JsonArray([.. roots.Select(r => (JsonNode)r)]) }.ToJsonString()));

    /// <summary>A server of bundles that knows entity tags.</summary>
    private sealed class Shelf : HttpMessageHandler
    {
        private byte[] _bytes = [];
        private string? _tag;

        public Action? Held { get; set; }

        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public int Asked { get; private set; }

        public int Given { get; private set; }

        public HttpRequestMessage? Last { get; private set; }

        public void Put(byte[] bytes, string? tag) => (_bytes, _tag) = (bytes, tag);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (Asked, Last) = (Asked + 1, request);
            if (Status != HttpStatusCode.OK) return Task.FromResult(new HttpResponseMessage(Status));
            Held?.Invoke();
            if (_tag is not null && request.Headers.NonValidated.TryGetValues("If-None-Match", out var has) && has.ToString() == _tag) return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotModified));
            Given++;
            var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(_bytes) };
            if (_tag is not null) answer.Headers.TryAddWithoutValidation("ETag", _tag);
            return Task.FromResult(answer);
        }
    }
}
