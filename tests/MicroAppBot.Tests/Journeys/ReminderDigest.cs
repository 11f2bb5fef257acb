using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Journeys;

/// <summary>Several apps that end in the same week: one card a day reminds of them, and each is dealt with from its row.</summary>
public sealed class ReminderDigest
{
    [Theory]
    [InlineData(Over.Teams)]
    [InlineData(Over.Console)]
    public async Task Three_apps_that_end_on_one_day_are_one_card_with_a_row_and_a_button_each(Over over)
    {
        await using var office = await Office.OpenAsync(over);
        var ada = office.Person("ada.keller");
        string[] names = ["one-app", "two-app", "three-app"];
        foreach (var name in names)
        {
            await ada.GetsLiveAsync(name: name);
            await ada.SeesAsync(s => s.Offers("app.archive") && s.Says(name), $"{name} live");
        }
        var before = ada.Inbox.Count;

        await office.AdvanceAsync(24);
        var digest = await ada.SeesAsync(s => names.All(s.Says) && s.Says("3 things need you"), "the digest");
        Assert.Equal(3, digest.Words.Split('\n').Count(l => l == "[Renew]"));
        Assert.Single(ada.Inbox.Skip(before), s => s.Says("Ends") || s.Says("ends on"));

        var row = await ada.PressAsync(digest, "Renew");
        Assert.True(row.Says("What is it still needed for?"), row.Words);
        var renewed = await ada.PressAsync(row, "app.renew", new JsonObject { ["justification"] = "Still used every week" });
        Assert.True(renewed.Says("Renewed. It now runs until"), renewed.Words);
        Assert.True(ada.Inbox.Any(s => s.MessageId == digest.MessageId && s.Says("3 things need you")), "the digest stays for its other rows");

        // Three days before: the two that were not renewed, on one card again; and the last day for each of them is said
        await office.AdvanceAsync(4);
        await ada.SeesAsync(s => s.Says("2 things need you") && !s.Says("3 things"), "the next digest");
        var delivered = (await office.GetAsync("/api/deliveries?person=ada.keller"))["sent"]!.AsArray();
        var first = delivered.Last(d => (string?)d!["card"] == "digest")!;
        Assert.Equal(("acted-on", 3), ((string)first["state"]!, first["kinds"]!.AsArray().Count));
    }
}
