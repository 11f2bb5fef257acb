using Governance.Catalogue;
using Governance.Intake;
using MicroAppBot.Conversation.Understanding;

namespace MicroAppBot.Tests.Conversation.Understanding;

public sealed class SlotReaderTests
{
    private static readonly SlotContext Crm = new() { Connectors = ["crm-contacts"] };
    private static readonly SlotContext Directory = new() { Connectors = ["hr-directory"] };
    private static readonly Candidate[] Colleagues = [new("ines.almeida", "Inês Almeida", "ines.almeida@example.com"), new("tom.berg", "Tom Berg", "tom.berg@example.com"), new("tom.wolf", "Tom Wolf", "t.wolf@example.com"), new("jana.kowalczyk", "Jana Kowalczyk", "jana@example.com")];

    private static SlotReading Read(string slot, string text, SlotContext? context = null) => TheLanguage.Slots.Read(slot, text, context ?? SlotContext.Empty);

    public static TheoryData<string, string> LabelsOfTheCard { get; } =
        new(from kind in DataKind.All where !kind.Never from asked in (string[])[kind.Label, $"{kind.Label} and numbers and totals"] where asked == kind.Label || kind.Lowest > DataClass.Internal select (asked, kind.Id));

    [Theory, MemberData(nameof(LabelsOfTheCard))]
    public void Every_kind_of_data_is_understood_by_its_own_words_on_the_card(string said, string kind) => Assert.Contains(kind, Read(Slot.Data, said).Of(Slot.Data)?.Split(',') ?? []);

    [Theory]
    [InlineData(Slot.TtlDays, "two weeks", "14")]
    [InlineData(Slot.TtlDays, "2 weeks please", "14")]
    [InlineData(Slot.TtlDays, "a fortnight", "14")]
    [InlineData(Slot.TtlDays, "30", "30")]
    [InlineData(Slot.TtlDays, "zehn Tage", "10")]
    [InlineData(Slot.TtlDays, "un mois", "30")]
    [InlineData(Slot.TtlDays, "a couple of months", "60")]
    [InlineData(Slot.TtlDays, "half a year", "183")]
    [InlineData(Slot.CostCapUsd, "$80", "80")]
    [InlineData(Slot.CostCapUsd, "80 dollars a month", "80")]
    [InlineData(Slot.CostCapUsd, "49.50 usd", "49.5")]
    [InlineData(Slot.CostCapUsd, "1,000", "1000")]
    [InlineData(Slot.CostCapUsd, "fifty bucks", "50")]
    [InlineData(Slot.CostCapUsd, "0", "0")]
    [InlineData(Slot.Audience, "just my team", "team")]
    [InlineData(Slot.Audience, "everybody in the company", "company")]
    [InlineData(Slot.Audience, "our customers, external people", "external")]
    [InlineData(Slot.Audience, "department", "department")]
    [InlineData(Slot.Region, "EU please", "eu")]
    [InlineData(Slot.Region, "uk", "uk")]
    [InlineData(Slot.Region, "they are in Manchester and Rotterdam", "eu,uk")]
    [InlineData(Slot.Region, "apac", "apac")]
    [InlineData(Slot.Data, "yes, names and emails", "customer-contact,customer-name")]
    [InlineData(Slot.Data, "none", "none")]
    [InlineData(Slot.Data, "no data at all", "none")]
    [InlineData(Slot.Data, "salaries of our drivers", "salary")]
    [InlineData(Slot.Data, "just totals, no names", "usage-metrics")]
    [InlineData(Slot.DataClass, "confidential I think", "confidential")]
    [InlineData(Slot.Connectors, "Salesforce", "crm-contacts-masked")]
    [InlineData(Slot.Connectors, "tickets and sharepoint", "documents,ticketing")]
    [InlineData(Slot.Connectors, "none", "none")]
    [InlineData(Slot.Connectors, "no source needed", "none")]
    [InlineData(Slot.Template, "a form that somebody approves", "approval-form")]
    [InlineData(Slot.Template, "Internal dashboard", "internal-dashboard")]
    [InlineData(Slot.Department, "it's for finance", "finance")]
    [InlineData(Slot.Destination, "https://Hooks.Partner.example/in?x=1", "hooks.partner.example")]
    [InlineData(Slot.Destination, "send it to api.partner.com", "api.partner.com")]
    [InlineData(Slot.CostCentre, "mkt-120 please", "MKT-120")]
    [InlineData(Slot.Name, "Call it Where2Eat!", "where2eat")]
    [InlineData(Slot.Purpose, "so that the night shift sees free beds", "so that the night shift sees free beds")]
    [InlineData(Slot.Justification, "still needed until the audit", "still needed until the audit")]
    public void An_answer_in_words_becomes_the_value(string slot, string text, string value)
    {
        Assert.Equal(value, Read(slot, text).Of(slot));
        Assert.Null(Read(slot, text).Refusal);
    }

    [Theory]
    [InlineData(Slot.TtlDays, "for ever", "end")]
    [InlineData(Slot.TtlDays, "dunno", "14 days")]
    [InlineData(Slot.TtlDays, "bananas", "14 days")]
    [InlineData(Slot.CostCapUsd, "80 euros", "EUR")]
    [InlineData(Slot.CostCapUsd, "a lot", "50")]
    [InlineData(Slot.Region, "Toronto", "four")]
    [InlineData(Slot.Data, "the door codes and passwords", "vault")]
    [InlineData(Slot.Data, "yes", "Which")]
    [InlineData(Slot.Connectors, "our FooBarBaz machine", "none")]
    [InlineData(Slot.Destination, "to the agency", "web address")]
    [InlineData(Slot.Purpose, "yes", "one sentence")]
    [InlineData(Slot.Audience, "🙂", "team")]
    public void What_is_not_read_is_answered_with_what_would_help(string slot, string text, string help)
    {
        var read = Read(slot, text);
        Assert.Null(read.Of(slot));
        Assert.Contains(help, read.Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run it in internal EU please", "internal-eu")]
    [InlineData("the EU sovereign cloud", "sovereign-eu")]
    [InlineData("sovereign-uk", "sovereign-uk")]
    public void A_place_to_run_is_found_by_its_title_and_says_nothing_of_where_the_people_are(string text, string environment)
    {
        Assert.Equal(environment, Read(Slot.Environment, text).Of(Slot.Environment));
        Assert.Equal(environment, Read("", text).Of(Slot.Environment));
        Assert.Null(Read("", text).Of(Slot.Region));
    }

    [Fact]
    public void Names_and_emails_are_those_of_the_people_the_source_is_about()
    {
        Assert.Equal("customer-contact,customer-name", Read(Slot.Data, "names and emails", Crm).Of(Slot.Data));
        Assert.Equal("employee-contact", Read(Slot.Data, "names and emails", Directory).Of(Slot.Data));
    }

    [Theory]
    [InlineData("yes", "customer-name,usage-metrics")]
    [InlineData("yep", "customer-name,usage-metrics")]
    [InlineData("ja", "customer-name,usage-metrics")]
    [InlineData("no", "usage-metrics")]
    [InlineData("nope", "usage-metrics")]
    [InlineData("yes, and phone numbers", "customer-contact,customer-name,usage-metrics")]
    public void Yes_and_no_answer_the_kind_that_was_asked_about(string text, string kinds) =>
        Assert.Equal(kinds, Read(Slot.Data, text, new SlotContext { AskedKind = "customer-name", Kinds = ["usage-metrics"] }).Of(Slot.Data));

    [Fact]
    public void Several_answers_in_one_message_come_back_together()
    {
        var read = Read(Slot.Data, "customer names and e-mails from Salesforce, for people in Spain, just my team, cap 80 dollars a month, we need it for two weeks");
        Assert.Equal("customer-contact,customer-name", read.Of(Slot.Data));
        Assert.Equal("crm-contacts", read.Of(Slot.Connectors));
        Assert.Equal("eu", read.Of(Slot.Region));
        Assert.Equal("team", read.Of(Slot.Audience));
        Assert.Equal("80", read.Of(Slot.CostCapUsd));
        Assert.Equal("14", read.Of(Slot.TtlDays));
    }

    [Theory]
    [InlineData("same as before")]
    [InlineData("the same please")]
    [InlineData("keep it")]
    [InlineData("wie vorher")]
    public void The_same_as_before_takes_what_was_proposed(string text) =>
        Assert.Equal("21", Read(Slot.TtlDays, text, new SlotContext { Proposed = new Dictionary<string, string> { [Slot.TtlDays] = "21" } }).Of(Slot.TtlDays));

    [Theory]
    [InlineData("the second one", "uk")]
    [InlineData("2", "uk")]
    [InlineData("last", "apac")]
    public void A_choice_can_be_named_by_its_place(string text, string value) =>
        Assert.Equal(value, Read(Slot.Region, text, new SlotContext { Choices = ["eu", "uk", "us", "apac"] }).Of(Slot.Region));

    [Theory]
    [InlineData("Ines Almeida", "ines.almeida")]
    [InlineData("ines", "ines.almeida")]
    [InlineData("my colleague Jana Kowalzcyk", "jana.kowalczyk")]
    [InlineData("t.wolf@example.com", "tom.wolf")]
    [InlineData("Tom Wolf please", "tom.wolf")]
    public void A_colleague_is_found_by_name_or_address(string text, string id) => Assert.Equal(id, Read(Slot.CoOwner, text, new SlotContext { People = Colleagues }).Of(Slot.CoOwner));

    [Theory]
    [InlineData("Tom", "more than one")]
    [InlineData("me", "somebody else")]
    [InlineData("Zoe Unknown", "no colleague by that name")]
    public void An_unclear_colleague_is_asked_about(string text, string words)
    {
        var read = Read(Slot.CoOwner, text, new SlotContext { People = Colleagues });
        Assert.Null(read.Of(Slot.CoOwner));
        Assert.Contains(words, read.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_are_found_by_name_and_what_is_ruled_out_is_left_out()
    {
        Assert.Equal("crm-contacts:company,crm-contacts:name", Read(Slot.Fields, "company and name, no phone", Crm).Of(Slot.Fields));
        Assert.Equal(7, Read(Slot.Fields, "all of them", Crm).Of(Slot.Fields)!.Split(',').Length);
        Assert.Contains("Company", Read(Slot.Fields, "the useful ones", Crm).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Access_goes_to_the_connections_that_offer_it()
    {
        Assert.Equal("crm-contacts:read", Read(Slot.Access, "read only", Crm).Of(Slot.Access));
        Assert.Equal("crm-contacts:write", Read(Slot.Access, "it also edits entries", Crm).Of(Slot.Access));
        Assert.Contains("read", Read(Slot.Access, "write", Directory).Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cancel", Intents.Cancel)]
    [InlineData("forget it", Intents.Cancel)]
    [InlineData("back", Intents.Back)]
    [InlineData("start over please", Intents.StartOver)]
    [InlineData("help", Intents.Help)]
    public void A_way_out_is_no_answer(string text, string command) => Assert.Equal(command, Read(Slot.TtlDays, text).Command);

    [Fact]
    public void A_name_in_words_is_title_and_label()
    {
        var read = Read(Slot.Name, "call it \"Campaign Corner\"");
        Assert.Equal("campaign-corner", read.Of(Slot.Name));
        Assert.Equal("Campaign Corner", read.Of(Slot.Title));
    }

    [Fact]
    public void Every_slot_answers_every_hostile_text_without_throwing()
    {
        foreach (var slot in Slot.All)
            foreach (var text in ReaderTests.Hostile().Select(r => r.Data).Append("").Append("\ud83d"))
            {
                var read = Read(slot, text, new SlotContext { Connectors = ["crm-contacts", "hr-payroll"], People = Colleagues, Choices = ["a"], AskedKind = "salary" });
                Assert.True(read.Refusal is not null || read.Command is not null || read.Of(slot) is not null, slot);
            }
    }
}
