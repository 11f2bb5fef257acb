using System.Text.Json.Nodes;
using MicroAppBot.Tests.Doubles;

namespace MicroAppBot.Tests.Journeys;

/// <summary>Requests that are posted to a team's channel, and the bot in a conversation of several people.</summary>
public sealed class ApprovalsInAChannel
{
    private const string Channel = "19:approvals@thread.tacv2";
    private const string Thread = "19:general@thread.tacv2;messageid=1700000000000";

    [Fact]
    public async Task A_request_is_posted_once_each_sees_their_own_buttons_and_the_card_changes_for_all()
    {
        await using var office = await Office.OpenAsync(settings: new Dictionary<string, string> { ["Channels__Teams__ApprovalsChannel"] = Channel });
        var ada = office.Person("ada.keller");
        await ada.FilesAsync();
        var posted = await office.Connector.UntilAsync(posts => posts.SingleOrDefault(p => p.ConversationId.StartsWith(Channel, StringComparison.Ordinal)));
        Assert.Contains("sees their own buttons here", posted.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("request.approve", posted.Words, StringComparison.Ordinal);

        var (business, security) = await office.SignersAsync();
        var (miriam, dana) = (office.Teams(business.Id), office.Teams(security.Id));
        foreach (var asked in new[] { miriam, dana })
        {
            var view = await asked.ViewAsync(posted);
            Assert.NotNull(TeamsUser.ButtonIn(view!.Card, b => (string?)b["data"]!["verb"] == "request.approve"));
        }
        // Somebody who is asked for nothing, with Miriam's button in their hands
        var wei = office.Teams("wei.zhang");
        Assert.Null(await wei.ViewAsync(posted));
        var stolen = TeamsUser.ButtonIn((await miriam.ViewAsync(posted))!.Card, b => (string?)b["data"]!["verb"] == "request.approve")!;
        var refused = await wei.ExecuteAsync(posted.Id, stolen, conversation: posted.ConversationId);
        Assert.Contains("somebody else's", refused.Line, StringComparison.Ordinal);

        var done = await miriam.ExecuteAsync(posted.Id, stolen, conversation: posted.ConversationId);
        Assert.Contains("You approved this", done.Text, StringComparison.Ordinal);
        await office.Connector.UntilAsync(posts => posts.FirstOrDefault(p => p.Id == posted.Id && p.Before.Count > 0 && p.Words.Contains("approved on ", StringComparison.Ordinal)));
        Assert.Null(await miriam.ViewAsync(office.Connector.Posts.Single(p => p.Id == posted.Id)));

        var danas = TeamsUser.ButtonIn((await dana.ViewAsync(office.Connector.Posts.Single(p => p.Id == posted.Id)))!.Card, b => (string?)b["data"]!["verb"] == "request.approve")!;
        await dana.ExecuteAsync(posted.Id, danas, conversation: posted.ConversationId);
        await ada.SeesButtonAsync("app.archive", "is live");
        await office.Connector.UntilAsync(posts => posts.FirstOrDefault(p => p.Id == posted.Id && p.Words.Contains("Approved on ", StringComparison.Ordinal)));
        Assert.Single(office.Connector.Posts, p => p.ConversationId.StartsWith(Channel, StringComparison.Ordinal));

        // Both the account that clicked and the person are recorded
        var request = (await office.RequestsAsync()).Single();
        var events = (await office.GetAsync($"/api/audit?stream=request-{request["id"]}"))["events"]!.AsArray();
        var signed = events.Select(e => e!["record"]!).Where(r => r.ToJsonString().Contains("approval-given", StringComparison.Ordinal)).ToList();
        Assert.Equal([(business.Id, "teams", miriam.Account), (security.Id, "teams", dana.Account)],
            signed.Select(r => ((string)r["by"]!, (string)r["account"]!["channel"]!, (string)r["account"]!["id"]!)));
    }

    [Fact]
    public async Task A_mention_is_answered_in_its_thread_and_what_is_personal_in_the_persons_own_chat()
    {
        await using var office = await Office.OpenAsync();
        office.Connector.Group(Thread);
        var ada = office.Person("ada.keller");
        var user = office.Teams("ada.keller");
        await user.SayInAsync(Thread, "help", mention: false);
        await user.SayInAsync(Thread, "help");
        await office.Connector.UntilAsync(posts => posts.FirstOrDefault(p => p.ConversationId == Thread && p.Words.Contains("Here is what I can do", StringComparison.Ordinal)));

        await user.SayInAsync(Thread, "I need a page where the marketing team sees which campaigns ran last month");
        await ada.SeesAsync(s => s.Offers("intake.submit"), "the summary in her own chat");
        var pointer = await office.Connector.UntilAsync(posts => posts.FirstOrDefault(p => p.ConversationId == Thread && p.Words.Contains("our own chat", StringComparison.Ordinal)));
        Assert.StartsWith("Ada, ", pointer.Words, StringComparison.Ordinal);
        Assert.DoesNotContain(office.Connector.Posts, p => p.ConversationId == Thread && p.Words.Contains("campaigns", StringComparison.OrdinalIgnoreCase) && p.Card?["actions"] is not null && p.Words.Contains("intake.submit", StringComparison.Ordinal));
        Assert.Equal(2, office.Connector.Posts.Count(p => p.ConversationId == Thread));
    }
}
