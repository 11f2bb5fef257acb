using System.Text.Json.Nodes;
using MicroAppBot.Tests.Doubles;

namespace MicroAppBot.Tests.Journeys;

/// <summary>Forms of Teams that open in a window: the whole intake on one card, and a decision with its reason.</summary>
public sealed class FormsInAWindow
{
    [Fact]
    public async Task Several_answers_are_changed_in_one_window_whose_faults_are_shown_in_it_and_it_is_filed_from_there()
    {
        await using var office = await Office.OpenAsync();
        var ada = office.Person("ada.keller");
        var user = office.Teams("ada.keller");
        var summary = await ada.SayAsync(Asking.Campaigns);
        var post = office.Connector.Posts.Single(p => p.Id == summary.MessageId);
        var window = await user.OpenAsync(post, "Change several answers");
        var inputs = Seen.InputsOf(window.Window);
        Assert.True(inputs.Count >= 7, window.Text);

        var shown = new Seen(post.Id, null, window.Window, null);
        var wrong = await user.SubmitAsync(window, "intake.answer", shown.WithDefaults(new JsonObject { ["title"] = "Campaigns in one look", ["costCapUsd"] = "minus three" }));
        Assert.Contains("⚠️", wrong.Text, StringComparison.Ordinal);
        Assert.True(Seen.InputsOf(wrong.Window).ContainsKey("costCapUsd"));

        shown = new Seen(post.Id, null, wrong.Window, null);
        var right = await user.SubmitAsync(wrong, "intake.answer", shown.WithDefaults(new JsonObject { ["title"] = "Campaigns in one look", ["costCapUsd"] = "30" }));
        Assert.Contains("Campaigns in one look", right.Text, StringComparison.Ordinal);
        Assert.Contains("30 USD", right.Text, StringComparison.Ordinal);
        await office.Connector.UntilAsync(posts => posts.FirstOrDefault(p => p.Id == post.Id && p.Words.Contains("Campaigns in one look", StringComparison.Ordinal)));

        await user.SubmitAsync(right, "intake.submit");
        await ada.SeesButtonAsync("app.archive", "is live");
    }

    [Fact]
    public async Task Nothing_changes_by_opening_the_whole_form_and_sending_it_off_as_it_is()
    {
        await using var office = await Office.OpenAsync();
        var ada = office.Person("ada.keller");
        var user = office.Teams("ada.keller");
        var summary = await ada.SayAsync(Asking.Customers);
        var post = office.Connector.Posts.Single(p => p.Id == summary.MessageId);
        var window = await user.OpenAsync(post, "Change several answers");
        var same = await user.SubmitAsync(window, "intake.answer", new Seen(post.Id, null, window.Window, null).WithDefaults(null));
        Assert.Contains("Medium risk", same.Text, StringComparison.Ordinal);
        foreach (var answer in summary.Words.Split('\n').Where(l => l.StartsWith("What it is for", StringComparison.Ordinal))) Assert.Contains(answer, new Seen("", null, same.Window, null).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejection_without_words_is_asked_for_them_in_the_window_and_then_done()
    {
        await using var office = await Office.OpenAsync();
        var ada = office.Person("ada.keller");
        await ada.FilesAsync();
        var (business, _) = await office.SignersAsync();
        var card = await business.SeesButtonAsync("request.approve");
        var user = office.Teams(business.Id);
        var post = office.Connector.Posts.Single(p => p.Id == card.MessageId);
        var window = await user.OpenAsync(post, "Open in a window");
        var asked = await user.SubmitAsync(window, "request.reject");
        Assert.Contains("⚠️", asked.Text, StringComparison.Ordinal);
        var done = await user.SubmitAsync(asked, "request.reject", new JsonObject { ["reason"] = "We have one like this already." });
        Assert.Contains("rejected this", done.Text, StringComparison.Ordinal);
        await ada.SeesAsync(s => s.Says("We have one like this already."), "why");
        await office.Connector.UntilAsync(posts => posts.FirstOrDefault(p => p.Id == post.Id && p.Words.Contains("rejected this", StringComparison.Ordinal)));
    }
}
