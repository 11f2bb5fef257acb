using System.Net;
using System.Text.Json.Nodes;
using MicroAppBot.Tests.Doubles;
using MicroAppBot.Tests.Stores;

namespace MicroAppBot.Tests.Journeys;

/// <summary>With everything that a real installation has: signed activities, a token for each answer, and people who were never heard of.</summary>
public sealed class AsInProduction
{
    private const string AppId = "2f0e4a6c-1b7d-4f3a-9a63-6a1d3c1b9e77";
    private const string Secret = "a-secret-of-the-tests";
    private const string ApiToken = "an-api-token-of-the-tests";

    [Fact]
    public async Task A_signed_request_is_approved_by_people_whose_chats_are_opened_for_it_and_nothing_else_is_open()
    {
        using var folder = new TestFolder();
        await using var connector = await FakeConnector.StartAsync();
        await using var framework = await FakeBotFramework.StartAsync();
        await using var login = await FakeLogin.StartAsync(folder.New(), AppId, Secret);
        connector.TakesToken = login.IsOurs;
        await using var bot = await BotProcess.StartAsync(folder.New(), new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["SSL_CERT_FILE"] = login.CertificateFile,
            ["Api__Token"] = ApiToken,
            ["Channels__Teams__AppId"] = AppId,
            ["Channels__Teams__TenantId"] = "tenant-1",
            ["Channels__Teams__Secret"] = Secret,
            ["Channels__Teams__MetadataUrl"] = framework.MetadataUrl,
            ["Channels__Teams__Issuer"] = FakeBotFramework.Issuer,
            ["Channels__Teams__LoginUrl"] = login.Url,
            ["Channels__Teams__Scope"] = "https://api.botframework.com/.default",
            ["Channels__Teams__ServiceHosts"] = "127.0.0.1",
        });
        var token = framework.Token(AppId, connector.ServiceUrl);
        var directory = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "policies", "people", "data.json")))!;
        TeamsUser User(string id, string? signedBy) => new(bot.Http, connector, (string)directory[id]!["accounts"]!["teams"]!, (string)directory[id]!["name"]!, botId: "28:" + AppId)
        {
            Token = signedBy,
        };
        TeamsPerson Person(string id) => new(id, User(id, token), connector);

        var ada = Person("ada.keller");
        Assert.Equal(HttpStatusCode.Unauthorized, await User("ada.keller", signedBy: null).SayAsync(Asking.Customers));
        foreach (var (path, method) in new[] { ("/", "GET"), ("/console/people", "GET"), ("/dev/clock", "POST"), ("/api/apps", "GET"), ("/api/costs", "POST") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "POST" ? new StringContent("{}", System.Text.Encoding.UTF8, "application/json") : null };
            using var answer = await bot.Http.SendAsync(request);
            Assert.True(answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{path}: {answer.StatusCode}");
        }

        var summary = await ada.SayAsync(Asking.Customers);
        Assert.True((await ada.PressAsync(summary, "intake.submit")).Says("Waiting for"));
        bot.Http.DefaultRequestHeaders.Authorization = new("Bearer", ApiToken);
        var seats = JsonNode.Parse(await bot.Http.GetStringAsync("/api/requests"))!["requests"]![0]!["seats"]!.AsArray();
        bot.Http.DefaultRequestHeaders.Authorization = null;
        foreach (var seat in seats)
        {
            var approver = Person((string)seat!["asked"]!);
            await approver.PressAsync(await approver.SeesButtonAsync("request.approve", "Ada Keller"), "request.approve");
        }
        await ada.SeesButtonAsync("app.archive", "is live");

        // Nobody but Ada ever wrote: their chats were opened by the directory's object id
        var opened = connector.Openings.Select(o => (string)o["members"]![0]!["id"]!).ToHashSet();
        Assert.All(seats, s => Assert.Contains((string)directory[(string)s!["asked"]!]!["accounts"]!["teams"]!, opened));
        Assert.True(login.Given >= 1);
        foreach (var secret in new[] { Secret, ApiToken, token, "token-1" }) Assert.DoesNotContain(secret, bot.Log, StringComparison.Ordinal);
    }
}
