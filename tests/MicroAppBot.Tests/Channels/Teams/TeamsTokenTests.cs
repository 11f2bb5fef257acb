using System.Collections.Concurrent;
using System.Net;
using System.Text;
using MicroAppBot.Channels.Teams;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MicroAppBot.Tests.Channels.Teams;

/// <summary>The bot's own token: asked for once, kept, renewed when the connector does not take it.</summary>
public sealed class TeamsTokenTests : IAsyncLifetime
{
    private const string Secret = "p@ss/word+secret";
    private readonly LoginServer _login = new();
    private readonly SpokenLog _spoken = new();
    private FakeConnector _connector = null!;
    private ServiceProvider _services = null!;
    private TeamsChannel _channel = null!;

    public async ValueTask InitializeAsync()
    {
        _connector = await FakeConnector.StartAsync();
        var settings = new TeamsSettings(new TeamsApp("app-1", "tenant-1", Secret, TeamsCloud.Public), false, ["127.0.0.1"], null);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_spoken));
        services.AddHttpClient(TeamsConnector.HttpClientName);
        services.AddHttpClient(TeamsToken.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => _login);
        services.AddSingleton(settings).AddSingleton(TimeProvider.System).AddSingleton<IStore>(_ => null!)
            .AddSingleton<TeamsToken>().AddSingleton<TeamsPace>().AddSingleton<TeamsConnector>().AddSingleton<TeamsChannel>()
            .AddSingleton(new TeamsPlace(null!, settings, TimeProvider.System));
        _services = services.BuildServiceProvider();
        _channel = _services.GetRequiredService<TeamsChannel>();
        _connector.TakesToken = token => token == _login.Valid;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _connector.DisposeAsync();
    }

    private Task<SendOutcome> SendAsync() => _channel.SendAsync(
        new TeamsAddress(_connector.ServiceUrl, _connector.ChatWith("29:ada"), "29:ada", null, null, null).ToContact("ada"), new ChannelMessage("1", null, "Hi"), default);

    [Fact]
    public async Task One_token_is_fetched_for_many_messages_at_once_in_the_form_the_login_server_wants()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => SendAsync()));
        Assert.All(outcomes, o => Assert.IsType<SendOutcome.Sent>(o));
        var (url, form) = Assert.Single(_login.Asked);
        Assert.Equal("https://login.microsoftonline.com/tenant-1/oauth2/v2.0/token", url);
        Assert.Contains("grant_type=client_credentials", form, StringComparison.Ordinal);
        Assert.Contains("client_id=app-1", form, StringComparison.Ordinal);
        Assert.Contains("client_secret=" + Uri.EscapeDataString(Secret), form, StringComparison.Ordinal);
        Assert.Contains("scope=https%3A%2F%2Fapi.botframework.com%2F.default", form, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_not_taken_any_more_is_renewed_once_for_all_and_the_message_goes_out_once()
    {
        await SendAsync();
        _login.Number = 2;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => SendAsync()));
        Assert.All(outcomes, o => Assert.IsType<SendOutcome.Sent>(o));
        Assert.Equal(2, _login.Asked.Count);
        Assert.Equal(6, _connector.Posts.Count);
    }

    [Fact]
    public async Task A_bot_whose_tokens_are_never_taken_waits_for_somebody_to_mend_it()
    {
        _connector.TakesToken = _ => false;
        var again = Assert.IsType<SendOutcome.TryAgain>(await SendAsync());
        Assert.Equal(TimeSpan.FromMinutes(5), again.After);
        Assert.Equal(2, _connector.Calls.Count);
    }

    [Fact]
    public async Task A_secret_that_ran_out_loses_no_message_and_is_named_in_the_log_without_itself()
    {
        _login.Refuses = """{"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys are expired."}""";
        var again = Assert.IsType<SendOutcome.TryAgain>(await SendAsync());
        Assert.Equal(("The login server gave no token (invalid_client).", TimeSpan.FromMinutes(5)), (again.Why, again.After));
        Assert.Empty(_connector.Calls);
        Assert.Contains("Channels:Teams:AppId, TenantId and Secret", _spoken.All, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, _spoken.All, StringComparison.Ordinal);
        _login.Refuses = null;
        Assert.IsType<SendOutcome.Sent>(await SendAsync());
    }

    [Fact]
    public async Task A_login_server_that_cannot_be_reached_is_tried_again_later()
    {
        _login.Unreachable = true;
        Assert.IsType<SendOutcome.TryAgain>(await SendAsync());
        Assert.Empty(_connector.Calls);
    }

    [Fact]
    public async Task No_token_goes_to_a_host_that_is_not_listed()
    {
        var elsewhere = new TeamsAddress(_connector.ServiceUrl.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), "a", "29:ada", null, null, null).ToContact("ada");
        Assert.IsType<SendOutcome.Gone>(await _channel.SendAsync(elsewhere, new ChannelMessage("1", null, "Hi"), default));
        Assert.Empty(_login.Asked);
        Assert.Empty(_connector.Calls);
    }

    /// <summary>Entra's token endpoint, as far as client credentials go.</summary>
    private sealed class LoginServer : HttpMessageHandler
    {
        public ConcurrentQueue<(string Url, string Form)> Asked { get; } = new();

        public int Number { get; set; } = 1;

        public string? Refuses { get; set; }

        public bool Unreachable { get; set; }

        public string Valid => $"token-{Number}";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (Unreachable) throw new HttpRequestException(HttpRequestError.NameResolutionError, "no such host");
            Asked.Enqueue((request.RequestUri!.GetLeftPart(UriPartial.Path), await request.Content!.ReadAsStringAsync(cancellationToken)));
            return Refuses is { } error
                ? new HttpResponseMessage(HttpStatusCode.Unauthorized) { Content = new StringContent(error, Encoding.UTF8, "application/json") }
                : new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Content = new StringContent($$"""{"token_type":"Bearer","expires_in":3600,"access_token":"{{Valid}}"}""", Encoding.UTF8, "application/json"),
                };
        }
    }
}
