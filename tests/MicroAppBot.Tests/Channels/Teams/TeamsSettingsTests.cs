using System.Net;
using System.Text;
using MicroAppBot.Channels.Teams;
using MicroAppBot.Desk;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace MicroAppBot.Tests.Channels.Teams;

public sealed class TeamsSettingsTests
{
    private static readonly string[] Whole = ["AppId=app", "TenantId=t", "Secret=s"];

    private static TeamsSettings Read(string environment, params string[] settings) => TeamsSettings.From(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => s.Split('=', 2))
            .Select(s => new KeyValuePair<string, string?>(s[0].Contains(':', StringComparison.Ordinal) ? s[0] : "Channels:Teams:" + s[0], s[1])).DistinctBy(s => s.Key)).Build(),
        new TheEnvironment(environment));

    [Theory]
    [InlineData("Channels:Teams:Secret", "AppId=a", "TenantId=t")]
    [InlineData("Channels:Teams:TenantId", "AppId=a", "Secret=s")]
    [InlineData("Channels:Teams:AppId", "Secret=s")]
    [InlineData("Channels:Teams:AppId", "Password=s")]
    [InlineData("Channels:Teams:AppId", "TenantId=t")]
    [InlineData("Channels:Teams:AppId", "AppId= ", "TenantId=t", "Secret=s")]
    [InlineData("Channels:Teams:Issuer", "AppId=a", "TenantId=t", "Secret=s", "MetadataUrl=https://x.example.com")]
    [InlineData("Channels:Teams:Scope", "AppId=a", "TenantId=t", "Secret=s", "MetadataUrl=https://x", "Issuer=i", "LoginUrl=https://y")]
    [InlineData("Channels:Teams:LoginUrl", "AppId=a", "TenantId=t", "Secret=s", "MetadataUrl=https://x", "Issuer=i", "LoginUrl=http://y", "Scope=z")]
    public void Half_a_registration_stops_the_start_and_names_the_key(string key, params string[] settings)
    {
        var fault = Assert.Throws<SettingException>(() => Read("Production", settings));
        Assert.StartsWith(key + " is ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Channels:Teams:Type", "SingleTenant, or MultiTenant", "Type=Other")]
    [InlineData("Channels:Teams:Type", "Register it as SingleTenant", "Type=UserAssignedMSI")]
    [InlineData("Channels:Teams:TenantId", "your own directory", "TenantId=common")]
    [InlineData("Channels:Teams:TenantId", "or leave it out", "TenantId=organizations", "Type=MultiTenant")]
    [InlineData("Channels:Teams:Cloud", "Public, Gcc, GccHigh or DoD", "Cloud=Mars")]
    [InlineData("Channels:Teams:Issuer", "leave one of the two out", "Cloud=GccHigh", "Issuer=x")]
    [InlineData("Channels:Teams:ApprovalsChannel", "19:", "ApprovalsChannel=General")]
    [InlineData("Channels:Teams:ApprovalsChannels:boss", "business-owner", "Channels:Teams:ApprovalsChannels:boss=19:x@thread.tacv2")]
    public void A_setting_that_cannot_be_says_what_it_may_be(string key, string words, params string[] settings)
    {
        var fault = Assert.Throws<SettingException>(() => Read("Production", [.. settings, .. Whole]));
        Assert.StartsWith(key + " is ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "tenant-of-ours", false)]
    [InlineData("Type=SingleTenant", "tenant-of-ours", false)]
    [InlineData("Type=MultiTenant", "botframework.com", true)]
    [InlineData("Type=multitenant;Cloud=GccHigh", "MicrosoftServices.onmicrosoft.us", true)]
    [InlineData("Type=MultiTenant;Cloud=DoD", "MicrosoftServices.onmicrosoft.us", true)]
    public void An_old_multi_tenant_bot_gets_its_tokens_from_the_bot_frameworks_tenant_and_still_knows_ours(string settings, string authority, bool isMultiTenant)
    {
        var app = Read("Production", [.. settings.Split(';', StringSplitOptions.RemoveEmptyEntries), "AppId=a", "Secret=s", "TenantId=tenant-of-ours"]).App!;
        Assert.Equal((authority, isMultiTenant, true), (app.TokenTenant, app.IsMultiTenant, app.HasOwnTenant));
    }

    [Fact]
    public void A_multi_tenant_bot_without_a_tenant_of_ours_finds_nobody_by_email()
    {
        Assert.False(Read("Production", "AppId=a", "Secret=s", "Type=MultiTenant").App!.HasOwnTenant);
        Assert.True(Read("Production", "AppId=a", "Secret=s", "TenantId=botframework.com").App is { HasOwnTenant: false, IsMultiTenant: true, TokenTenant: "botframework.com" });
    }

    /// <summary>TEAMS.md §2 and §3: issuer, metadata, login and scope belong together.</summary>
    [Theory]
    [InlineData("Public", "https://login.botframework.com/v1/.well-known/openidconfiguration", "https://api.botframework.com", "https://login.microsoftonline.com", "smba.trafficmanager.net")]
    [InlineData("Gcc", "https://login.botframework.com/v1/.well-known/openidconfiguration", "https://api.botframework.com", "https://login.microsoftonline.com", "smba.infra.gcc.teams.microsoft.com")]
    [InlineData("GccHigh", "https://login.botframework.azure.us/v1/.well-known/openidconfiguration", "https://api.botframework.us", "https://login.microsoftonline.us", "smba.infra.gov.teams.microsoft.us")]
    [InlineData("dod", "https://login.botframework.azure.us/v1/.well-known/openidconfiguration", "https://api.botframework.us", "https://login.microsoftonline.us", "smba.infra.dod.teams.microsoft.us")]
    public void A_cloud_is_named_and_all_of_it_follows(string cloud, string metadata, string issuer, string login, string host)
    {
        var settings = Read("Production", [.. Whole, "Cloud=" + cloud]);
        Assert.Equal((metadata, issuer, login, issuer + "/.default"), (settings.App!.Cloud.MetadataUrl, settings.App.Cloud.Issuer, settings.App.Cloud.LoginUrl, settings.App.Cloud.Scope));
        Assert.Equal(host, new Uri(settings.ServiceUrl!).Host);
        Assert.True(settings.MayCall(settings.ServiceUrl));
        string[] hosts = ["smba.trafficmanager.net", "smba.infra.gov.teams.microsoft.us", "smba.infra.dod.teams.microsoft.us"];
        foreach (var other in hosts.Where(h => h != host && !(cloud == "Gcc" && h == "smba.trafficmanager.net"))) Assert.False(settings.MayCall($"https://{other}/teams/"), other);
    }

    [Fact]
    public void A_whole_registration_is_on_and_says_no_secret()
    {
        var settings = Read("Production", Whole);
        Assert.True(settings is { IsOn: true, AllowsUnsigned: false });
        Assert.Equal("s", settings.App!.Secret);
        Assert.DoesNotContain("Secret", settings.ToString(), StringComparison.Ordinal);
        Assert.Equal("other", Read("Production", "AppId=a", "TenantId=t", "Password=other").App!.Secret);
    }

    [Theory]
    [InlineData("Production", true, "")]
    [InlineData("Staging", true, "")]
    [InlineData("Development", false, "")]
    [InlineData("Development", true, "Channels:Slack:BotToken=xoxb")]
    [InlineData("Development", true, "AppId=app;TenantId=t;Secret=s")]
    public void Unsigned_activities_are_for_development_without_a_real_channel_only(string environment, bool refused, string settings) =>
        Assert.Equal(refused, !Read(environment, settings.Split(';', StringSplitOptions.RemoveEmptyEntries)).AllowsUnsigned);

    [Theory]
    [InlineData("https://smba.trafficmanager.net/emea/", true)]
    [InlineData("https://SMBA.trafficmanager.net/emea/", true)]
    [InlineData("https://webchat.botframework.com/", true)]
    [InlineData("https://smba.infra.gcc.teams.microsoft.com/teams/", true)]
    [InlineData("https://smba.infra.gov.teams.microsoft.us/", false)]
    [InlineData("http://smba.trafficmanager.net/emea/", false)]
    [InlineData("https://botframework.com.evil.example/", false)]
    [InlineData("https://evilbotframework.com/", false)]
    [InlineData("https://smba.trafficmanager.net@evil.example/", false)]
    [InlineData("https://smba.trafficmanager.net.evil.example/", false)]
    [InlineData("https://127.0.0.1/", false)]
    [InlineData("http://localhost/", false)]
    [InlineData("relative", false)]
    [InlineData(null, false)]
    public void The_token_goes_to_teams_and_nowhere_else(string? url, bool may) => Assert.Equal(may, Read("Production", Whole).MayCall(url));

    [Theory]
    [InlineData("http://127.0.0.1:5000/", true)]
    [InlineData("http://localhost:5000/_connector", true)]
    [InlineData("http://[::1]:5000/", true)]
    [InlineData("https://smba.trafficmanager.net/emea/", false)]
    [InlineData("http://10.0.0.1/", false)]
    [InlineData("http://localhost.evil.example/", false)]
    [InlineData("ftp://localhost/", false)]
    public void Without_an_app_id_only_this_machine_is_spoken_to(string url, bool may) => Assert.Equal(may, Read("Development").MayCall(url));

    [Fact]
    public void Hosts_can_be_listed_in_one_line_or_one_by_one()
    {
        Assert.True(Read("Production", [.. Whole, "ServiceHosts= a.example.com , b.example.com"]).MayCall("https://b.example.com/"));
        var listed = Read("Production", [.. Whole, "Channels:Teams:ServiceHosts:0=a.example.com", "Channels:Teams:ServiceHosts:1=*.c.example.com"]);
        Assert.True(listed.MayCall("https://x.c.example.com/"));
        Assert.False(listed.MayCall("https://c.example.com/"));
        Assert.False(listed.MayCall("https://smba.trafficmanager.net/"));
    }

    [Theory]
    [InlineData("X-Forwarded-For", "1.2.3.4")]
    [InlineData("x-forwarded-proto", "https")]
    [InlineData("Forwarded", "for=1.2.3.4")]
    [InlineData("Via", "1.1 tunnel")]
    [InlineData("X-Original-Host", "bot.example.com")]
    [InlineData("Host", "bot.example.com")]
    [InlineData("Origin", "https://evil.example.com")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData(TeamsHost.From, "192.168.1.7")]
    public async Task An_unsigned_activity_that_is_not_from_a_program_on_this_machine_stays_out(string header, string value)
    {
        await using var host = await TeamsHost.StartAsync();
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(host, null, ""));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(host, header, value));
        Assert.Single(host.Turns.Taken);
    }

    [Fact]
    public async Task A_form_or_plain_text_that_a_web_page_could_send_stays_out()
    {
        await using var host = await TeamsHost.StartAsync();
        using var response = await host.Bot.PostAsync("/api/messages", new StringContent(host.Ada.Activity("message").ToJsonString(), Encoding.UTF8, "text/plain"));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Outside_development_nothing_unsigned_comes_in()
    {
        await using var host = await TeamsHost.StartAsync(environment: "Production");
        Assert.Equal(HttpStatusCode.Unauthorized, await host.Ada.SayAsync("hi"));
        Assert.Empty(host.Turns.Taken);
    }

    private static async Task<HttpStatusCode> PostAsync(TeamsHost host, string? header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/messages") { Content = new StringContent(host.Ada.Activity("message").ToJsonString(), Encoding.UTF8, "application/json") };
        if (header is not null) request.Headers.TryAddWithoutValidation(header, value);
        using var response = await host.Bot.SendAsync(request);
        return response.StatusCode;
    }

    private sealed class TheEnvironment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
