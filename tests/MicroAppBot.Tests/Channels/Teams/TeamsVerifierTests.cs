using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MicroAppBot.Channels.Teams;
using MicroAppBot.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MicroAppBot.Tests.Channels.Teams;

/// <summary>Who comes in where an app id is set: the table of the Bot Framework's authentication, case by case.</summary>
public sealed class TeamsVerifierTests : IAsyncLifetime
{
    private const string AppId = "11111111-2222-3333-4444-555555555555";
    private const string Secret = "very-secret-value";

    private FakeBotFramework _framework = null!;
    private TeamsHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _framework = await FakeBotFramework.StartAsync();
        _host = await StartAsync(TimeSpan.FromMinutes(5));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _framework.DisposeAsync();
    }

    private Task<TeamsHost> StartAsync(TimeSpan betweenFetches, string hosts = "127.0.0.1", string environment = "Production") => TeamsHost.StartAsync(
        new Dictionary<string, string?>
        {
            ["Channels:Teams:AppId"] = AppId,
            ["Channels:Teams:TenantId"] = TeamsHost.Tenant,
            ["Channels:Teams:Secret"] = Secret,
            ["Channels:Teams:MetadataUrl"] = _framework.MetadataUrl,
            ["Channels:Teams:Issuer"] = FakeBotFramework.Issuer,
            ["Channels:Teams:LoginUrl"] = "https://login.example.com",
            ["Channels:Teams:Scope"] = "https://api.botframework.com/.default",
            ["Channels:Teams:ServiceHosts"] = hosts,
        },
        environment,
        services => services.Replace(ServiceDescriptor.Singleton(provider => new TeamsKeys(
            _framework.MetadataUrl, provider.GetRequiredService<IHttpClientFactory>().CreateClient("test-keys"), TimeProvider.System, betweenFetches))));

    private string Good(Action<JsonObject, JsonObject>? change = null, FakeBotFramework.Key? key = null, string algorithm = "RS256") =>
        _framework.Token(AppId, _host.Connector.ServiceUrl, key, change, algorithm);

    private async Task<HttpStatusCode> SendAsync(string? token, Action<JsonObject>? change = null)
    {
        var activity = _host.Ada.Activity("message");
        activity["text"] = "hello";
        change?.Invoke(activity);
        _host.Ada.Token = token;
        return (await _host.Ada.PostAsync(activity)).Status;
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    public async Task A_token_of_the_bot_framework_for_this_bot_comes_in(string algorithm)
    {
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Good(algorithm: algorithm)));
        Assert.Single(_host.Turns.Taken);
    }

    public static TheoryData<string, Action<JsonObject, JsonObject>> Bad => new()
    {
        { "another audience", (_, p) => p["aud"] = "66666666-2222-3333-4444-555555555555" },
        { "no audience", (_, p) => p.Remove("aud") },
        { "another issuer", (_, p) => p["iss"] = "https://api.botframework.us" },
        { "an issuer with a slash more", (_, p) => p["iss"] = "https://api.botframework.com/" },
        { "no issuer", (_, p) => p.Remove("iss") },
        { "expired beyond the skew", (_, p) => { p["nbf"] = Now - 3900; p["exp"] = Now - 301; } },
        { "not yet valid beyond the skew", (_, p) => p["nbf"] = Now + 330 },
        { "no expiry", (_, p) => p.Remove("exp") },
        { "expiry before its beginning", (_, p) => { p["nbf"] = Now; p["exp"] = Now - 100; } },
        { "another service URL", (_, p) => p["serviceurl"] = "https://smba.trafficmanager.net/amer/" },
        { "no service URL", (_, p) => p.Remove("serviceurl") },
        { "an empty service URL", (_, p) => p["serviceurl"] = "" },
        { "a service URL that is no text", (_, p) => p["serviceurl"] = new JsonArray("x") },
        { "the algorithm none", (h, _) => h["alg"] = "none" },
        { "PS256", (h, _) => h["alg"] = "PS256" },
        { "HS256 with the public key", (h, _) => h["alg"] = "HS256" },
        { "a key id that nobody has", (h, _) => h["kid"] = "nobody" },
        { "no key id", (h, _) => h.Remove("kid") },
        { "an emulator's issuer", (_, p) => p["iss"] = "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/" },
        { "an emulator's newer issuer", (_, p) => { p["iss"] = "https://login.microsoftonline.com/f8cdef31-a31e-4b4a-93e4-5f571e91255a/v2.0"; p["ver"] = "2.0"; p["azp"] = AppId; } },
        { "a skill's token of our own tenant", (_, p) => { p["iss"] = "https://login.microsoftonline.com/tenant-1/v2.0"; p["ver"] = "2.0"; p["azp"] = "88888888-2222-3333-4444-555555555555"; } },
        { "two audiences, one of them ours, and another issuer", (_, p) => { p["aud"] = new JsonArray(AppId, "x"); p["iss"] = "https://api.botframework.azure.cn"; } },
    };

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public async Task A_token_with_a_fault_stays_out(string what, Action<JsonObject, JsonObject> change)
    {
        Assert.NotEmpty(what);
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Good(change)));
        Assert.Empty(_host.Turns.Taken);
        // And the next good one comes in
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Good()));
    }

    public static TheoryData<string, Action<JsonObject, JsonObject>> Fine => new()
    {
        { "expired within the skew", (_, p) => { p["nbf"] = Now - 3840; p["exp"] = Now - 240; } },
        { "not yet valid within the skew", (_, p) => p["nbf"] = Now + 240 },
        { "no beginning", (_, p) => p.Remove("nbf") },
        { "the audience as an array of one", (_, p) => p["aud"] = new JsonArray(AppId) },
        { "the service URL in other case", (_, p) => p["serviceurl"] = ((string)p["serviceurl"]!).ToUpperInvariant() },
        { "claims nobody knows", (_, p) => p["something"] = new JsonObject { ["new"] = 1 } },
    };

    [Theory]
    [MemberData(nameof(Fine), DisableDiscoveryEnumeration = true)]
    public async Task What_the_framework_itself_would_take_comes_in(string what, Action<JsonObject, JsonObject> change)
    {
        Assert.NotEmpty(what);
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Good(change)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJub25lIn0..")]
    public async Task Without_a_token_nobody_comes_in(string? token) => Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(token));

    [Fact]
    public async Task Another_scheme_than_bearer_stays_out()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/messages") { Content = new StringContent(_host.Ada.Activity("message").ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", "YTpi");
        using var response = await _host.Bot.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_token_changed_after_signing_stays_out()
    {
        var parts = Good().Split('.');
        var forged = _framework.Token(AppId, _host.Connector.ServiceUrl, FakeBotFramework.Make(["msteams"]), (h, _) => h["kid"] = _framework.Current.Id);
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(forged));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync($"{parts[0]}.{parts[1]}.{new string(parts[2].Reverse().ToArray())}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync($"{parts[0]}.{parts[1]}."));
    }

    [Fact]
    public async Task A_good_token_beside_another_activity_stays_out()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Good(), a => a["serviceUrl"] = "http://127.0.0.1:1/"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Good(), a => a.Remove("serviceUrl")));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Good(), a => a["channelId"] = "slack"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Good(), a => a.Remove("channelId")));
        Assert.Empty(_host.Turns.Taken);
    }

    [Fact]
    public async Task An_endorsed_channel_that_vouches_for_nobody_is_passed_over()
    {
        Assert.Equal(HttpStatusCode.OK, await SendAsync(Good(), a => a["channelId"] = "webchat"));
        Assert.Empty(_host.Turns.Taken);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("empty")]
    [InlineData("others")]
    public async Task A_key_that_does_not_speak_for_teams_vouches_for_nothing(string endorsements)
    {
        var key = FakeBotFramework.Make(endorsements switch { "none" => null, "empty" => [], _ => ["webchat", "MSTEAMS"] });
        _framework.Serve(key, _framework.Current);
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Good(key: key)));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Good()));
    }

    [Fact]
    public async Task A_key_for_encryption_signs_nothing()
    {
        var key = FakeBotFramework.Make(["msteams"]) with { Use = "enc" };
        _framework.Serve(key, _framework.Current);
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Good(key: key)));
    }

    [Fact]
    public async Task The_first_message_after_the_keys_were_changed_comes_in_at_once()
    {
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Good()));
        var old = _framework.Current;
        _framework.Rotate();
        // All who come at the same moment, with one fetch for all of them
        var fetches = _framework.Fetches;
        var many = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(Good())));
        Assert.All(many, status => Assert.Equal(HttpStatusCode.Accepted, status));
        Assert.Equal(fetches + 1, _framework.Fetches);
        // What was signed with the key that is gone stays out
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Good(key: old)));
    }

    [Fact]
    public async Task Made_up_key_ids_fetch_the_keys_once_and_not_each_time()
    {
        await SendAsync(Good());
        var fetches = _framework.Fetches;
        foreach (var _ in Enumerable.Range(0, 10)) Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Good(key: FakeBotFramework.Make(["msteams"]))));
        Assert.Equal(fetches + 1, _framework.Fetches);
    }

    [Fact]
    public async Task Keys_may_change_again_after_the_pause()
    {
        await _host.DisposeAsync();
        _host = await StartAsync(TimeSpan.FromMilliseconds(1));
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Good()));
            _framework.Rotate();
        }
    }

    [Fact]
    public async Task The_last_good_keys_go_on_when_new_ones_cannot_be_fetched()
    {
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Good()));
        _framework.Broken = 500;
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Good(key: FakeBotFramework.Make(["msteams"]))));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Good()));
    }

    [Fact]
    public async Task A_server_without_any_keys_does_not_make_us_forget_those_we_know()
    {
        await _host.DisposeAsync();
        _host = await StartAsync(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Good()));
        _framework.Serve();
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Good(key: FakeBotFramework.Make(["msteams"]))));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Good()));
    }

    [Fact]
    public async Task Without_any_keys_the_message_is_asked_for_again()
    {
        _framework.Broken = 503;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(Good()));
        _framework.Broken = null;
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Good()));
    }

    [Fact]
    public async Task A_connector_outside_the_listed_hosts_stays_out_however_well_signed()
    {
        await _host.DisposeAsync();
        _host = await StartAsync(TimeSpan.FromMinutes(5), hosts: "smba.trafficmanager.net,*.botframework.com");
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Good()));
    }

    [Fact]
    public async Task In_development_too_an_app_id_means_signed_activities_only()
    {
        await _host.DisposeAsync();
        _host = await StartAsync(TimeSpan.FromMinutes(5), environment: "Development");
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(null));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Good()));
    }

    [Fact]
    public async Task Broken_json_beside_a_good_token_is_a_bad_request_and_beside_none_unauthorised()
    {
        async Task<HttpStatusCode> PostAsync(string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/messages") { Content = new StringContent("{", Encoding.UTF8, "application/json") };
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await _host.Bot.SendAsync(request);
            return response.StatusCode;
        }

        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(Good()));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(null));
    }

    [Fact]
    public async Task Somebody_of_another_tenant_is_a_person_without_roles_whatever_they_are_called()
    {
        await SendAsync(Good(), a =>
        {
            a["conversation"]!["tenantId"] = "another-tenant";
            a["channelData"]!["tenant"]!["id"] = "another-tenant";
        });
        var person = _host.Turns.Last.Person;
        Assert.False(person.IsInDirectory);
        Assert.Empty(person.Roles);
        Assert.NotEqual("ada.keller", person.Id);
        Assert.Equal(Governance.People.Outsider.OtherOrganisation, person.Outside);
        Assert.Empty(_host.Connector.Calls);
    }

    [Fact]
    public async Task An_activity_that_names_two_tenants_or_none_is_of_nobody_we_know()
    {
        await SendAsync(Good(), a => a["channelData"]!["tenant"]!["id"] = "another-tenant");
        Assert.False(_host.Turns.Last.Person.IsInDirectory);
        await SendAsync(Good(), a =>
        {
            ((JsonObject)a["conversation"]!).Remove("tenantId");
            a.Remove("channelData");
        });
        Assert.False(_host.Turns.Last.Person.IsInDirectory);
    }

    [Fact]
    public async Task In_a_government_cloud_its_own_issuer_is_believed_and_the_public_one_is_not()
    {
        await _host.DisposeAsync();
        _host = await TeamsHost.StartAsync(
            new Dictionary<string, string?>
            {
                ["Channels:Teams:AppId"] = AppId,
                ["Channels:Teams:TenantId"] = TeamsHost.Tenant,
                ["Channels:Teams:Secret"] = Secret,
                ["Channels:Teams:Cloud"] = "GccHigh",
                ["Channels:Teams:ServiceHosts"] = "127.0.0.1",
            },
            "Production",
            services => services.Replace(ServiceDescriptor.Singleton(provider => new TeamsKeys(
                _framework.MetadataUrl, provider.GetRequiredService<IHttpClientFactory>().CreateClient("test-keys"), TimeProvider.System, TimeSpan.FromMinutes(5)))));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(Good()));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(Good((_, p) => p["iss"] = "https://api.botframework.us")));
    }

    [Fact]
    public async Task Nothing_of_a_token_and_no_secret_gets_into_the_log()
    {
        var bad = Good((_, p) => p["aud"] = "somebody-else");
        await SendAsync(bad);
        await SendAsync("eyJhbGciOiJub25lIn0.e30.sneaky-signature");
        await SendAsync(Good());
        Assert.Contains("was not let in", _host.Spoken.All, StringComparison.Ordinal);
        foreach (var part in bad.Split('.').Append("sneaky-signature").Append(Secret)) Assert.DoesNotContain(part, _host.Spoken.All, StringComparison.Ordinal);
    }
}
