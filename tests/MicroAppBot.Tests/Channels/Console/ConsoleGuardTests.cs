using System.Net;
using System.Text;
using MicroAppBot.Channels.Console;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace MicroAppBot.Tests.Channels.Console;

public sealed class ConsoleGuardTests
{
    private static readonly string[] Everything = ["/", "/console/people", "/console/overview", "/console/transcript?as=ada.keller", "/console/events", "/vendor/adaptivecards.js", "/assets/console.js"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_own_page_on_this_machine_is_let_in()
    {
        await using var world = await ConsoleWorld.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(world, HttpMethod.Get, "/console/people", ("Sec-Fetch-Site", "same-origin")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(world, HttpMethod.Get, "/", ("Sec-Fetch-Site", "none"), ("Sec-Fetch-Mode", "navigate")));
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(world, HttpMethod.Post, "/console/say", ("Origin", world.Address)));
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("x-forwarded-host", "abc.ngrok.example")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    [InlineData("X-Real-IP", "203.0.113.7")]
    [InlineData("Via", "1.1 tunnel")]
    public async Task A_tunnel_that_looks_like_loopback_finds_nothing_here(string header, string value)
    {
        await using var world = await ConsoleWorld.StartAsync();

        foreach (var path in Everything) Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(world, HttpMethod.Get, path, (header, value)));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(world, HttpMethod.Post, "/console/say", (header, value)));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(world, HttpMethod.Post, "/dev/clock", (header, value)));
        Assert.Empty(world.Turns.Taken);
    }

    [Theory]
    [InlineData("rebind.example")]
    [InlineData("localhost.example")]
    [InlineData("192.168.1.20")]
    [InlineData("127.0.0.1.example")]
    public async Task A_name_that_somebody_pointed_at_loopback_finds_nothing_here(string host)
    {
        await using var world = await ConsoleWorld.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(world, HttpMethod.Get, "/console/people", ("Host", host)));
    }

    [Fact]
    public async Task Localhost_by_name_is_this_machine()
    {
        await using var world = await ConsoleWorld.StartAsync();

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(world, HttpMethod.Get, "/console/people", ("Host", $"localhost:{new Uri(world.Address).Port}")));
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Another_page_in_the_same_browser_cannot_say_or_read_anything(string header, string value)
    {
        await using var world = await ConsoleWorld.StartAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(world, HttpMethod.Post, "/console/say", (header, value)));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(world, HttpMethod.Get, "/console/events", (header, value)));
        Assert.Empty(world.Turns.Taken);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task What_a_form_elsewhere_could_post_is_not_read(string contentType)
    {
        await using var world = await ConsoleWorld.StartAsync();

        var (status, _) = await world.PostTextAsync("/console/say", """{"as": "ada.keller", "id": "1", "text": "new"}""", contentType);

        Assert.Equal(415, status);
        Assert.Empty(world.Turns.Taken);
    }

    [Fact]
    public async Task Where_it_is_off_a_plain_sentence_stands_in_its_place()
    {
        await using var world = await ConsoleWorld.StartAsync(new ConsoleSettings("The console is off because of this and that."));

        foreach (var path in Everything)
        {
            using var response = await world.Http.GetAsync(path, Cancel);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Equal("The console is off because of this and that.\n", await response.Content.ReadAsStringAsync(Cancel));
        }
        Assert.Null(world.Channel.ColdContact(new SmallDirectory().People["ada.keller"]));
    }

    [Theory]
    [InlineData("Production", null, false)]
    [InlineData("Staging", null, false)]
    [InlineData("Development", null, true)]
    [InlineData("Development", "Channels:Teams:AppId", false)]
    [InlineData("Development", "Channels:Slack:BotToken", false)]
    [InlineData("Development", "Channels:Slack:SigningSecret", false)]
    [InlineData("Development", "Channels:Teams:Anything", true)]
    public void It_is_there_in_development_only_and_only_without_a_real_channel(string environment, string? key, bool on)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(key is null ? [] : [KeyValuePair.Create(key, (string?)"something")]).Build();

        var settings = ConsoleSettings.From(configuration, new HostingEnvironment { EnvironmentName = environment });

        Assert.Equal(on, settings.IsOn);
        Assert.Equal(on, settings.WhyOff is null);
        if (key is not null && !on) Assert.Contains(key, settings.WhyOff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_runs_nothing_and_asks_for_nothing_that_did_not_come_with_it()
    {
        await using var world = await ConsoleWorld.StartAsync();
        Assert.SkipUnless(File.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot", "assets", "console.js")), "The console's page was not bundled, since the build found no Node.");

        using var response = await world.Http.GetAsync("/", Cancel);

        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_page_was_built_it_says_what_to_install()
    {
        using var folder = new Stores.TestFolder();
        var root = folder.New();
        File.Copy(Path.Combine(AppContext.BaseDirectory, "wwwroot", "not-built.html"), Path.Combine(root, "not-built.html"));
        await using var world = await ConsoleWorld.StartAsync(wwwroot: root);

        Assert.Contains("Node.js 20 or newer", await world.Http.GetStringAsync("/", Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(world, HttpMethod.Get, "/assets/console.js"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(world, HttpMethod.Get, "/console/people"));
    }

    [Theory]
    [InlineData("/assets/..%2Findex.html")]
    [InlineData("/assets/%2E%2E%2F%2E%2E%2Fappsettings.json")]
    [InlineData("/vendor/nothing.js")]
    public async Task Only_files_of_the_page_are_served(string path)
    {
        await using var world = await ConsoleWorld.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(world, HttpMethod.Get, path));
    }

    private static async Task<HttpStatusCode> StatusAsync(ConsoleWorld world, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent("""{"as": "ada.keller", "id": "1", "text": "new", "advance": "0"}""", Encoding.UTF8, "application/json");
        }
        using var response = await world.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        return response.StatusCode;
    }
}
