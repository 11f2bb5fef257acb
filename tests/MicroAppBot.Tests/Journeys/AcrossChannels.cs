using System.Text.Json.Nodes;
using MicroAppBot.Tests.Doubles.Slack;

namespace MicroAppBot.Tests.Journeys;

/// <summary>The same people in Teams and in Slack: one conversation, one request, one truth.</summary>
public sealed class AcrossChannels
{
    [Fact]
    public async Task What_was_begun_in_teams_is_finished_in_slack_and_the_old_card_tells_the_truth()
    {
        await using var office = await Office.OpenAsync(Over.Mixed);
        // Grace is a business owner, who lives in Teams, and opens Slack for once
        var inTeams = office.Person("grace.okafor");
        var summary = await inTeams.SayAsync(Asking.Campaigns);
        Assert.True(summary.Offers("intake.submit"), summary.Words);

        var inSlack = office.InSlack("grace.okafor");
        var seen = await inSlack.SayAsync("make it 14 days");
        Assert.True(seen.Says("14 days") && seen.Offers("intake.submit"), seen.Words);
        await inSlack.PressAsync(seen, "intake.submit");
        await inSlack.SeesButtonAsync("app.archive", "is live");
        Assert.DoesNotContain(inTeams.Inbox, s => s.Offers("app.archive") && s.Says("is live"));

        var stale = await inTeams.PressAsync(summary, "intake.submit");
        Assert.True(stale.Says("That draft is filed") && !stale.Offers("intake.submit"), stale.Words);
        Assert.Single(await office.RequestsAsync());
        Assert.Contains("\"ttl_days\": 14", office.CatalogueFile("campaigns-last-month", "manifest.json")!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_in_teams_is_on_the_card_in_slack_and_the_audit_knows_the_person_and_the_account()
    {
        await using var office = await Office.OpenAsync(Over.Mixed);
        var ada = office.Person("ada.keller");
        await ada.FilesAsync();
        var (business, security) = await office.SignersAsync();
        Assert.IsType<TeamsPerson>(business);
        Assert.IsType<SlackPerson>(security);
        var inTeams = await business.SeesButtonAsync("request.approve");
        var inSlack = await security.SeesButtonAsync("request.approve");

        await security.PressAsync(inSlack, "request.approve");
        await business.SeesAsync(s => s.MessageId == inTeams.MessageId && s.Changes > 0 && s.Says(office.Name(security)) && s.Says("approved on "), "the signature given in Slack");
        await business.PressAsync(inTeams, "request.reject", new JsonObject { ["reason"] = "Not before the audit" });
        await security.SeesAsync(s => s.MessageId == inSlack.MessageId && s.Says("rejected") && s.Says("Not before the audit") && !s.Offers("request.approve"), "the rejection given in Teams");
        await ada.SeesAsync("Not before the audit");

        var request = (string)(await office.RequestsAsync()).Single()["id"]!;
        var events = (await office.GetAsync($"/api/audit?stream=request-{request}"))["events"]!.AsArray().Select(e => e!["record"]!.ToJsonString()).ToList();
        var approved = Assert.Single(events, e => e.Contains("approval-given", StringComparison.Ordinal));
        Assert.Contains(security.Id, approved, StringComparison.Ordinal);
        Assert.Contains("\"slack\"", approved, StringComparison.Ordinal);
        Assert.Contains(((SlackPerson)security).User.Id, approved, StringComparison.Ordinal);
        var rejected = Assert.Single(events, e => e.Contains("rejected", StringComparison.Ordinal));
        Assert.Contains("\"teams\"", rejected, StringComparison.Ordinal);
        Assert.Contains(((TeamsPerson)business).User.Account, rejected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a guest of the workspace")]
    [InlineData("somebody of another company")]
    [InlineData("the approver, whose account is a guest's by now")]
    public async Task Who_is_from_outside_presses_the_button_and_signs_for_nothing(string who)
    {
        await using var office = await Office.OpenAsync(Over.Slack);
        await office.Person("ada.keller").FilesAsync();
        var (_, security) = await office.SignersAsync();
        var card = (SlackSeen)await security.SeesButtonAsync("request.approve");
        var post = card.Parts[0];
        // As if the card had been shown to them: the press comes signed by Slack, and looks like any other
        var user = who.StartsWith("a guest", StringComparison.Ordinal) ? office.Slack.User("U0GUEST", "A Guest", "guest@example.com")
            : who.StartsWith("somebody", StringComparison.Ordinal) ? office.Slack.User("U0OTHER", "Somebody Else", "samuel.cohen@example.com", "T0ELSEWHERE")
            : ((SlackPerson)security).User;
        office.Slack.Change(user.Id, account => who.StartsWith("somebody", StringComparison.Ordinal) ? account with { IsStranger = true } : account with { IsRestricted = true });
        if (user.Id == ((SlackPerson)security).User.Id) await office.Slack.Telling.EventAsync(office.Slack.Telling.Envelope(new JsonObject { ["type"] = "user_change", ["user"] = office.Slack.State.Account(user.Id)!.ToJson(true), ["event_ts"] = "1.1" }));
        var (block, element, option) = SlackUser.Find(post.Blocks, card.Button("request.approve")!["data"].Str(SlackReading.At)!)!.Value;
        Assert.True((await user.PressAsync(post, block, element, option)).IsOk);
        if (user.Modal is not null) await user.SubmitAsync();
        await office.NowAsync();

        var request = (await office.RequestsAsync()).Single();
        Assert.Equal("awaiting-approval", (string)request["state"]!);
        Assert.DoesNotContain(request["seats"]!.AsArray(), s => s!["signed_by"] is not null);
        Assert.DoesNotContain("fail:", office.Bot.Log, StringComparison.Ordinal);
    }
}
