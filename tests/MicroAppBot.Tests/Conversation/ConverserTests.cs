using System.Text.Json.Nodes;
using Governance.Intake;
using Governance.Requests;
using MicroAppBot.Desk;
using MicroAppBot.Tests.Desk;
using MicroAppBot.Tests.Journeys;

namespace MicroAppBot.Tests.Conversation;

/// <summary>What is said and pressed outside the great journeys; every card of every answer is drawn, and a gap fails.</summary>
public sealed class ConverserTests : IAsyncDisposable
{
    private const string Van = "A form to book the demo van, the fleet manager approves";
    private readonly FrontDesk desk = new();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Fact]
    public async Task A_submit_button_that_no_card_of_ours_has_files_nothing()
    {
        await desk.SayAsync("ada.keller", "I need a page where the marketing team sees which campaigns ran last month");
        await desk.PressAsync("ada.keller", "intake.submit", new JsonObject { ["shown"] = new JsonObject(), ["draft"] = new JsonArray(1, 2) });
        Assert.Empty(await desk.Desk.Look(FrontDesk.Cancel).AppsAsync(new SnapshotQuery()));
    }

    [Fact]
    public async Task Every_typed_command_is_answered_also_by_whoever_has_nothing()
    {
        (string Words, string Answer)[] all =
        [
            ("help", "Here is what I can do"),
            ("hello", "Hello Ada"),
            ("", "Hello Ada"),
            ("my apps", "My apps"),
            ("status", "Nothing is waiting"),
            ("approvals", "Nothing waits for your signature"),
            ("templates", "What you can start from"),
            ("policy", "The rules in short"),
            ("show lunch", "You have no app called"),
            ("renew lunch", "You have no app called"),
            ("cost", "You have no apps yet"),
            ("why", "You have no apps yet"),
            ("archive lunch", "You have no app called"),
            ("cancel", "Nothing to cancel"),
            ("back", "not open any more"),
            ("start over", "Hello Ada"),
            ("elevate", "I cannot give extra access for a few hours yet"),
            ("review", "I cannot run the quarterly review yet"),
            ("transfer lunch", "I cannot hand lunch over yet"),
            ("quarantine lunch", "I cannot put an app into quarantine yet"),
            ("kpis", "I cannot show the figures of the whole company yet"),
            ("blub", "I am not sure what you mean"),
        ];
        foreach (var (words, answer) in all)
        {
            var seen = await desk.SayAsync("ada.keller", words);
            Assert.True(seen.Says(answer), $"{words}: {seen}");
        }
    }

    [Fact]
    public async Task Every_typed_command_about_the_one_app_there_is_finds_it()
    {
        (string Words, string Answer)[] all =
        [
            ("my apps", "Campaign"),
            ("show", "Live until"),
            ("cost", "of 50 USD"),
            ("renew", "What is it still needed for?"),
            ("archive", "Press Archive below"),
            ("restore", "is not archived"),
            ("why", "nobody had to be asked"),
            ("status", "Approved at once"),
        ];
        await desk.LiveAppAsync();
        foreach (var (words, answer) in all)
        {
            var seen = await desk.SayAsync("ada.keller", words);
            Assert.True(seen.Says(answer), $"{words}: {seen}");
        }
    }

    [Fact]
    public async Task Archiving_what_is_archived_says_so_and_points_to_no_button_that_is_not_there()
    {
        var app = await desk.LiveAppAsync();
        await desk.PressAsync("ada.keller", await desk.SayAsync("ada.keller", "archive"), "app.archive");

        var again = await desk.SayAsync("ada.keller", $"archive {app.File.Name}");
        Assert.True(again.Says("is archived already"), again.ToString());
        Assert.False(again.Says("Press Archive"), again.ToString());
        Assert.True(again.Offers("app.restore"), again.ToString());
    }

    [Fact]
    public async Task Pressing_renew_on_the_same_card_twice_renews_once()
    {
        var app = await desk.LiveAppAsync();
        await desk.AdvanceAsync(24);
        var card = await desk.SayAsync("ada.keller", $"renew {app.File.Name}");
        var reason = new JsonObject { ["justification"] = "Still used every week" };

        var first = await desk.PressAsync("ada.keller", card, "app.renew", (JsonObject)reason.DeepClone());
        var until = (await desk.AppAsync(app.File.Id))!.File.ExpiresAt;
        await desk.AdvanceAsync(1);
        var second = await desk.PressAsync("ada.keller", card, "app.renew", (JsonObject)reason.DeepClone());

        Assert.True(first.Says("Renewed. It now runs until"), first.ToString());
        Assert.True(second.Says("This is renewed already"), second.ToString());
        Assert.Equal(until, (await desk.AppAsync(app.File.Id))!.File.ExpiresAt);
    }

    [Fact]
    public async Task Who_presses_a_renew_button_without_a_field_is_asked_for_the_reason_and_not_blamed()
    {
        var app = await desk.LiveAppAsync();
        var asked = await desk.PressAsync("ada.keller", "app.renew", new JsonObject { ["app"] = app.File.Id });
        Assert.Contains("justification", asked.Inputs.Keys);
        Assert.False(asked.Says("⚠️"), asked.ToString());
        var again = await desk.PressAsync("ada.keller", asked, "app.renew");
        Assert.True(again.Says("⚠️ Please say in a few words"), again.ToString());
        Assert.Equal(app.File.ExpiresAt, (await desk.AppAsync(app.File.Id))!.File.ExpiresAt);
    }

    [Theory]
    [InlineData("no e-mails please, only names")]
    [InlineData("without the e-mails")]
    [InlineData("leave the e-mails out")]
    public async Task What_shall_be_taken_away_is_shown_with_its_ticks(string words)
    {
        await desk.SayAsync("ada.keller", "I need a dashboard of customer names and e-mails from the CRM for my team");
        var asked = await desk.SayAsync("ada.keller", words);
        Assert.Equal([Slot.Data], asked.Inputs.Keys);
        Assert.True(asked.Says("untick it here"), asked.ToString());
        Assert.Equal("customer-contact,customer-name", string.Join(',', ((string)asked.Inputs[Slot.Data]["value"]!).Split(',').Order()));
    }

    [Fact]
    public async Task Kinds_of_data_are_understood_by_the_words_on_the_card()
    {
        await desk.SayAsync("ada.keller", "new");
        await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["purpose"] = "Shows our seating plan", ["template"] = "internal-dashboard" });
        await desk.SayAsync("ada.keller", "numbers and totals, work contacts and everyday documents");
        var kept = JsonNode.Parse((await desk.Store.ConversationAsync("ada.keller", FrontDesk.Cancel))!.Json)!["form"]!["kinds"]!.AsArray().Select(k => (string)k!).Order();
        Assert.Equal(["employee-contact", "usage-metrics"], kept.Where(k => k != "internal-documents"));
    }

    [Fact]
    public async Task A_change_that_no_longer_fits_the_rules_says_so_at_once()
    {
        await desk.SayAsync("ada.keller", "I need a dashboard of customer names and e-mails from the CRM for my team");
        await desk.PressAsync("ada.keller", "intake.edit", new JsonObject { ["slot"] = "template" });
        var changed = await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["template"] = "campaign" });
        Assert.True(changed.Says("Changed. Here is how it looks now. Like this it does not fit the rules") && !changed.Offers("intake.submit"), changed.ToString());
        Assert.True(changed.Says("customer names and customer e-mails, phones or addresses"), changed.ToString());
    }

    [Fact]
    public async Task Somebody_elses_app_is_shown_to_no_colleague_and_renewed_by_none()
    {
        var app = await desk.LiveAppAsync();
        foreach (var verb in (string[])["app.show", "app.renew", "app.archive", "app.raise-cap"])
        {
            var seen = await desk.PressAsync("tomas.novak", verb, new JsonObject { ["app"] = app.File.Id, ["justification"] = "because", ["costCapUsd"] = "100" });
            Assert.True(seen.Says("somebody else's"), seen.ToString());
        }
        Assert.Equal(app.File.ExpiresAt, (await desk.AppAsync(app.File.Id))!.File.ExpiresAt);
    }

    [Theory]
    [InlineData("lots")]
    [InlineData("-5")]
    [InlineData("10000000")]
    [InlineData(null)]
    public async Task A_cap_that_is_no_amount_is_asked_for_again(string? cap)
    {
        var app = await desk.LiveAppAsync();
        var seen = await desk.PressAsync("ada.keller", "app.raise-cap", new JsonObject { ["app"] = app.File.Id, ["costCapUsd"] = cap });
        Assert.True(seen.Says("Please give the new cap"), seen.ToString());
    }

    [Fact]
    public async Task A_lower_cap_is_no_raise()
    {
        var app = await desk.LiveAppAsync();
        var seen = await desk.PressAsync("ada.keller", "app.raise-cap", new JsonObject { ["app"] = app.File.Id, ["costCapUsd"] = "5" });
        Assert.True(seen.Says("Please name a higher one"), seen.ToString());
    }

    [Fact]
    public async Task Words_that_are_missing_or_too_long_are_asked_for_at_their_input_and_kept()
    {
        var request = await desk.MediumRequestAsync();
        var approver = request.Seats[0].AskedId!;
        JsonObject Click(string? reason) => new() { ["request"] = request.File.Id, ["version"] = 1, ["reason"] = reason };

        var none = await desk.PressAsync(approver, "request.reject", Click(null));
        Assert.True(none.Says("Please say in a few words why not"), none.ToString());
        Assert.True(none.Offers("request.reject"), none.ToString());

        var endless = await desk.PressAsync(approver, "request.reject", Click("no " + new string('x', 5000)));
        Assert.True(endless.Says("Please shorten it"), endless.ToString());
        Assert.True(endless.Says("no xxx"), endless.ToString());
        Assert.IsType<Request.AwaitingApproval>(await desk.RequestAsync(request.File.Id));
    }

    [Fact]
    public async Task Whoever_lost_the_role_is_offered_no_seat_they_could_not_take()
    {
        var request = await desk.MediumRequestAsync();
        var seat = request.Seats[0];
        var facts = desk.Desk.Look(FrontDesk.Cancel).Facts;
        var demoted = facts.People[seat.AskedId!] with { Roles = [] };
        var people = facts.People.ToDictionary(p => p.Key, p => p.Key == demoted.Id ? demoted : p.Value);
        var card = MicroAppBot.Conversation.Wording.RequestCards.Approval(request, new(demoted, facts with { People = people }, facts.Catalogue));

        Assert.False((bool)card["open"]!);
        Assert.Null(card["delegates"]);
    }

    [Fact]
    public async Task Only_whoever_is_asked_is_offered_to_hand_over_and_only_to_whoever_may_take_it()
    {
        var request = await desk.MediumRequestAsync();
        var seat = request.Seats.Single(s => s.Role == "security");
        var other = FrontDesk.Content.People.Values.First(p => p.Has("security") && p.Id != seat.AskedId);
        JsonObject CardFor(string id) => MicroAppBot.Conversation.Wording.RequestCards.Approval(request, new(desk.Person(id), desk.Desk.Look(FrontDesk.Cancel).Facts, FrontDesk.Content.Catalogue));

        Assert.Contains(CardFor(seat.AskedId!)["delegates"]!.AsArray(), d => (string?)d!["value"] == other.Id);
        var substitute = CardFor(other.Id);
        Assert.True((bool)substitute["open"]!);
        Assert.Null(substitute["delegates"]);
    }

    [Fact]
    public async Task The_same_turn_twice_is_one_turn_and_the_second_hears_the_truth()
    {
        await desk.SayAsync("ada.keller", Van);
        Reply first = await desk.TakeAsync("ada.keller", new Said.Press("intake.submit", [], null), "twice");
        Reply again = await desk.TakeAsync("ada.keller", new Said.Press("intake.submit", [], null), "twice");

        Assert.Single(await desk.Desk.Look(FrontDesk.Cancel).RequestsAsync(new SnapshotQuery()));
        Assert.Equal(FrontDesk.First(first).Words, FrontDesk.First(again).Words);
        Assert.Empty((await desk.TakeAsync("ada.keller", new Said.Text("help"), "words")).Messages.Skip(1));
        Assert.Empty((await desk.TakeAsync("ada.keller", new Said.Text("help"), "words")).Messages);
    }

    [Fact]
    public async Task A_draft_that_was_filed_is_not_filed_again_by_its_old_button()
    {
        var summary = await desk.SayAsync("ada.keller", Van);
        await desk.PressAsync("ada.keller", summary, "intake.submit");
        var again = await desk.PressAsync("ada.keller", summary, "intake.submit");

        Assert.True(again.Says("That draft is filed"), again.ToString());
        Assert.Single(await desk.Desk.Look(FrontDesk.Cancel).RequestsAsync(new SnapshotQuery()));
    }

    [Fact]
    public async Task A_second_wish_in_the_same_sentence_is_kept_said_and_offered_when_the_first_is_done()
    {
        var first = await desk.SayAsync("ada.keller", "I need a page where the marketing team sees which campaigns ran last month and also a form for holiday requests");
        Assert.True(first.Says("One thing at a time: I keep “a form for holiday requests” for afterwards"), first.ToString());
        Assert.False(first.Says("employee records") || first.Says("Approval form"), first.ToString());

        var filed = FrontDesk.Drawn(await desk.TakeAsync("ada.keller", new Said.Press("intake.submit", [], null)));
        Assert.True(filed[0].Says("Approved at once"), filed[0].ToString());
        var second = await desk.PressAsync("ada.keller", filed[^1], "a form for holiday requests");
        Assert.True(second.Says("form") && !second.Says("campaign"), second.ToString());
    }

    [Fact]
    public async Task Starting_over_says_what_was_dropped_and_gives_it_back_once()
    {
        var before = await desk.SayAsync("ada.keller", Van + ". And a second app: a dashboard of open tickets for my team.");
        var dropped = await desk.SayAsync("ada.keller", "start over");
        Assert.True(dropped.Says("I dropped the draft “Book the demo van”") && dropped.Says("a dashboard of open tickets"), dropped.ToString());

        var back = await desk.PressAsync("ada.keller", dropped, "Take it back");
        Assert.True(back.Says("Here it is again, as you left it"), back.ToString());
        Assert.Equal(before.Inputs.Keys, back.Inputs.Keys);
        Assert.True(back.Says("Book the demo van"), back.ToString());
        Assert.False((await desk.SayAsync("ada.keller", "take it back")).Says("Here it is again"));

        await desk.SayAsync("ada.keller", "start over");
        await desk.SayAsync("ada.keller", "a dashboard of open tickets for my team");
        await desk.SayAsync("ada.keller", "cancel");
        var other = await desk.SayAsync("ada.keller", "undo");
        Assert.True(other.Says("tickets") && !other.Says("van"), other.ToString());
    }

    [Fact]
    public async Task Two_apps_with_like_names_are_asked_about_and_none_is_guessed()
    {
        await desk.LiveAppAsync("ada.keller", "A form to book the demo van, the fleet manager approves");
        await desk.LiveAppAsync("ada.keller", "A form to book the demo room, the office manager approves");
        foreach (var words in (string[])["show demo", "renew demo", "archive demo", "cost demo", "why demo"])
        {
            var which = await desk.SayAsync("ada.keller", words);
            Assert.True(which.Says("Which one do you mean by \"demo\"?") && which.Says("Book the demo van") && which.Says("Book the demo room"), $"{words}: {which}");
            Assert.True((await desk.PressAsync("ada.keller", which, "app.show")).Says("Live until"));
        }
        // The whole name is clear, also where another one begins like it
        Assert.True((await desk.SayAsync("ada.keller", "show book-the-demo-van")).Says("Live until"));
    }

    [Fact]
    public async Task Why_names_the_rules_that_fired_and_why_not_the_others_to_whoever_reads_rules()
    {
        var request = await desk.MediumRequestAsync();
        foreach (var seat in request.Seats) await desk.PressAsync(seat.AskedId!, "request.approve", new JsonObject { ["request"] = request.File.Id, ["version"] = 1 });
        await desk.FlushAsync(FrontDesk.Cancel);
        var app = (await desk.AppAsync(request.File.AppId))!;

        var signer = await desk.SayAsync(request.Seats[0].AskedId!, $"why {app.File.Name}");
        Assert.True(signer.Says("risk.rego:") && signer.Says("did not fire") && signer.Says("fired (tier := \"medium\")"), signer.ToString());
        var builder = await desk.SayAsync("ada.keller", $"why {app.File.Name}");
        Assert.True(builder.Says("Medium risk") && !builder.Says("rego"), builder.ToString());
    }

    [Fact]
    public async Task An_app_is_shown_to_who_looks_after_it_too_to_who_signed_it_and_to_a_governance_admin()
    {
        var request = await desk.MediumRequestAsync();
        foreach (var seat in request.Seats) await desk.PressAsync(seat.AskedId!, "request.approve", new JsonObject { ["request"] = request.File.Id, ["version"] = 1 });
        await desk.FlushAsync(FrontDesk.Cancel);
        var app = (await desk.AppAsync(request.File.AppId))!;
        var title = MicroAppBot.Conversation.Wording.AppCards.Title(app);
        var admin = FrontDesk.Content.People.Values.First(p => p.Has("governance-admin")).Id;
        var stranger = FrontDesk.Content.People.Values.First(p => p.Roles.Count == 0 && p.Id != app.File.Manifest.App.Owner && p.Id != app.File.Manifest.App.CoOwner && p.Id != desk.Person("ada.keller").Manager).Id;
        var signer = FrontDesk.Content.People.Values.First(p => p.Roles.Count > 0 && !p.Has("governance-admin") && request.Seats.All(s => s.AskedId != p.Id)).Id;

        foreach (var who in (string[])[app.File.Manifest.App.CoOwner!, admin, .. request.Seats.Select(s => s.AskedId!)])
        {
            foreach (var words in (string[])[$"show {app.File.Name}", $"show {title}"])
            {
                var seen = await desk.SayAsync(who, words);
                Assert.True(seen.Says("Live until"), $"{who}, {words}: {seen}");
            }
        }
        foreach (var who in (string[])[stranger, signer]) Assert.False((await desk.SayAsync(who, $"show {app.File.Name}")).Says("Live until"), who);
    }

    [Theory]
    [InlineData("transfer book-the-demo-van to jonas", "hand Book the demo van over to jonas")]
    [InlineData("transfer Book the demo van to Jonas", "hand Book the demo van over to Jonas")]
    [InlineData("hand Book the demo van over to Jonas", "hand Book the demo van over")]
    [InlineData("transfer lunch to jonas", "hand lunch over to jonas")]
    public async Task Handing_over_is_understood_although_it_cannot_be_done_yet(string words, string answer)
    {
        await desk.LiveAppAsync(words: Van);
        var seen = await desk.SayAsync("ada.keller", words);
        Assert.True(seen.Says("I cannot " + answer), seen.ToString());
    }

    [Fact]
    public async Task A_greeting_comes_once()
    {
        Assert.True(FrontDesk.First(await desk.TakeAsync("ada.keller", new Said.Arrived())).Says("Hello Ada"));
        Assert.Empty((await desk.TakeAsync("ada.keller", new Said.Arrived())).Messages);
    }

    [Fact]
    public async Task A_command_in_the_middle_of_a_draft_is_answered_and_the_draft_waits()
    {
        var question = await desk.SayAsync("ada.keller", "new");
        var reply = FrontDesk.Drawn(await desk.TakeAsync("ada.keller", new Said.Text("my apps")));

        Assert.True(reply[0].Says("My apps"), reply[0].ToString());
        Assert.Contains("Your draft is kept", reply[^1].Words, StringComparison.Ordinal);
        Assert.Equal(question.Inputs.Keys, (await desk.SayAsync("ada.keller", "continue")).Inputs.Keys);
    }

    [Fact]
    public async Task Opening_another_request_for_editing_throws_no_draft_away()
    {
        await desk.MediumRequestAsync();
        var status = await desk.SayAsync("ada.keller", "status");
        await desk.SayAsync("ada.keller", Van);

        var edit = await desk.PressAsync("ada.keller", status, "intake.edit");
        Assert.True(edit.Says("You have a draft open"), edit.ToString());
        Assert.True((await desk.SayAsync("ada.keller", "continue")).Says("van"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Taking_a_request_back_and_asking_anew_is_no_way_round_security(bool bySameCard)
    {
        var request = await desk.MediumRequestAsync();
        var status = await desk.SayAsync("ada.keller", "status");
        var withdrawn = await desk.PressAsync("ada.keller", status, "request.withdraw");

        if (bySameCard) await desk.PressAsync("ada.keller", withdrawn, "intake.edit");
        else
        {
            await desk.SayAsync("ada.keller", "I need a dashboard of totals from the CRM for my team");
            await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["slot"] = "name", ["value"] = request.File.Manifest.App.Name });
        }
        await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["slot"] = "data", ["value"] = "internal-documents" });
        if (bySameCard) await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["slot"] = "name", ["value"] = "quite-another-name" });
        var summary = await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["slot"] = "connectors", ["value"] = "none" });

        Assert.True(summary.Says("Security confirms that it holds less sensitive data"), summary.ToString());
        await desk.PressAsync("ada.keller", summary, "intake.submit");
        var anew = Assert.IsType<Request.AwaitingApproval>((await desk.Desk.Look(FrontDesk.Cancel).RequestsAsync(new SnapshotQuery(IsOpen: true))).Single());
        Assert.Contains(Seat.KindsCorrected, Assert.Single(anew.Seats, s => s.Role == "security").Waives);
        var card = (await desk.PresentAsync(new Governance.Notices.Notice(anew.Seats[0].AskedId!, Governance.Notices.NoticeKind.ApprovalWanted, anew.File.Id, anew.File.AppId, new Dictionary<string, string>()), desk.Person(anew.Seats[0].AskedId!)))!;
        Assert.True(card.Says("customer names"), card.ToString());
    }

    [Fact]
    public async Task A_stopped_summary_names_each_fault_and_its_button_mends_it()
    {
        var summary = await AnswerAsync("ada.keller", ("purpose", "Who bought in the summer sale"), ("template", "campaign"), ("data", "customer-name"), ("connectors", "none"));
        Assert.True(summary.Says("Almost there"), summary.ToString());
        Assert.True(summary.Offers("intake.edit"), summary.ToString());

        var filed = await desk.PressAsync("ada.keller", "intake.submit");
        Assert.True(filed.Says("Almost there"), filed.ToString());
        Assert.IsType<Request.Stopped>((await desk.Desk.Look(FrontDesk.Cancel).RequestsAsync(new SnapshotQuery())).Single());

        var mended = await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["slot"] = "template", ["value"] = "internal-dashboard" });
        Assert.False(mended.Says("Almost there"), mended.ToString());
        await desk.PressAsync("ada.keller", "intake.submit");
        Assert.IsType<Request.AwaitingApproval>((await desk.Desk.Look(FrontDesk.Cancel).RequestsAsync(new SnapshotQuery())).Single());
    }

    [Fact]
    public async Task A_guest_without_a_department_is_asked_what_the_directory_does_not_know()
    {
        var robin = desk.Guest("Robin Guest");
        var question = await desk.SayAsync(robin.Id, Van);
        Assert.Equal([Slot.Department, Slot.CoOwner, Slot.CostCentre], question.Inputs.Keys);

        var summary = await desk.PressAsync(robin.Id, question, "intake.answer", new JsonObject { ["department"] = "sales", ["coOwner"] = "mateo.garcia", ["costCentre"] = "SAL-210" });
        Assert.True(summary.Offers("intake.submit"), summary.ToString());
        await desk.PressAsync(robin.Id, summary, "intake.submit");
        await desk.FlushAsync(FrontDesk.Cancel);
        Assert.True((await desk.SayAsync(robin.Id, "my apps")).Says("Live"));
        Assert.True((await desk.SayAsync("mateo.garcia", "my apps")).Says("Live"));
    }

    [Fact]
    public async Task A_name_that_somebody_has_gets_a_number_and_the_title_stays()
    {
        await desk.LiveAppAsync(words: Van);
        var first = (await desk.Desk.Look(FrontDesk.Cancel).AppsAsync(new SnapshotQuery())).Single();

        var summary = await desk.SayAsync("tomas.novak", Van);
        await desk.PressAsync("tomas.novak", summary, "intake.submit");
        var second = (await desk.Desk.Look(FrontDesk.Cancel).AppsAsync(new SnapshotQuery(Owner: "tomas.novak"))).Single();

        Assert.Equal(first.File.Name + "-2", second.File.Name);
        Assert.Equal(first.File.Manifest.App.Title, second.File.Manifest.App.Title);
    }

    [Fact]
    public async Task A_name_that_was_chosen_and_is_taken_is_asked_for_with_what_was_typed()
    {
        var app = await desk.LiveAppAsync(words: Van);
        await desk.SayAsync("tomas.novak", "I need a dashboard of sales totals per week for my team");
        await desk.PressAsync("tomas.novak", "intake.answer", new JsonObject { ["slot"] = "name", ["value"] = app.File.Name });

        var asked = await desk.PressAsync("tomas.novak", "intake.submit");
        Assert.True(asked.Says($"There is an app called {app.File.Name} already"), asked.ToString());
        Assert.Equal([Slot.Name], asked.Inputs.Keys);
    }

    [Fact]
    public async Task What_an_answer_changed_on_the_summary_brings_up_is_no_fifth_question_of_four()
    {
        var seen = await AnswerAsync("ada.keller", ("purpose", "Shows who earns what"), ("template", "internal-dashboard"), ("data", "internal-documents"), ("connectors", "external-webhook"), ("destination", "hooks.partner.example"));
        Assert.True(seen.Offers("intake.submit"), seen.ToString());

        var asked = await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["slot"] = "data", ["value"] = "salary" });
        Assert.Equal([Slot.Region], asked.Inputs.Keys);
        Assert.False(asked.Says("Question 5"), asked.ToString());
    }

    [Theory]
    [InlineData("昼ごはんの場所を選ぶ")]
    [InlineData("🍜 où 🍜 где 🍜")]
    [InlineData("<at>everyone</at> [x](javascript:alert(1)) \u202E")]
    public async Task A_purpose_in_any_script_becomes_an_app(string purpose)
    {
        var seen = await AnswerAsync("ada.keller", ("purpose", purpose), ("template", "internal-dashboard"), ("data", "none"), ("connectors", ""));
        Assert.True(seen.Offers("intake.submit"), seen.ToString());
    }

    [Fact]
    public async Task Two_people_talking_in_turns_never_mix()
    {
        await desk.SayAsync("ada.keller", "new");
        await desk.SayAsync("tomas.novak", Van);
        var ada = await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["purpose"] = "Shows our seating plan", ["template"] = "internal-dashboard" });
        var tomas = await desk.SayAsync("tomas.novak", "make it 14 days");

        Assert.False(ada.Says("van"), ada.ToString());
        Assert.True(tomas.Says("14 days") && tomas.Says("van"), tomas.ToString());
        Assert.Equal([Slot.Data], ada.Inputs.Keys);
    }

    [Fact]
    public async Task A_question_is_answered_in_words_as_well()
    {
        await desk.SayAsync("ada.keller", "new");
        await desk.PressAsync("ada.keller", "intake.answer", new JsonObject { ["purpose"] = "Shows our seating plan", ["template"] = "internal-dashboard" });
        var sources = await desk.SayAsync("ada.keller", "names and desks of colleagues");
        Assert.Equal([Slot.Connectors], sources.Inputs.Keys);
        var summary = await desk.SayAsync("ada.keller", "none");
        Assert.True(summary.Offers("intake.submit"), summary.ToString());
        Assert.True((await desk.SayAsync("ada.keller", "yes please")).Says("Approved at once"));
    }

    [Fact]
    public async Task A_draft_whose_template_left_the_catalogue_is_asked_for_it_instead_of_failing()
    {
        await desk.SayAsync("ada.keller", Van);
        var kept = (await desk.Store.ConversationAsync("ada.keller", FrontDesk.Cancel))!;
        var json = JsonNode.Parse(kept.Json)!;
        json["form"]!["template"] = "gone";
        await desk.Store.CommitAsync(new Commit([], new ConversationWrite("ada.keller", kept.Version, json.ToJsonString(), null), []), FrontDesk.Cancel);

        var seen = await desk.SayAsync("ada.keller", "continue");
        Assert.Equal([Slot.Template], seen.Inputs.Keys);
    }

    /// <summary>A new draft, answered one by one as the cards' inputs send it.</summary>
    private async Task<Seen> AnswerAsync(string by, params (string Slot, string Value)[] answers)
    {
        var seen = await desk.SayAsync(by, "new");
        foreach (var (slot, value) in answers) seen = await desk.PressAsync(by, "intake.answer", new JsonObject { ["slot"] = slot, ["value"] = value });
        return seen;
    }

    [Theory]
    [InlineData("request.approve", "I cannot find that request")]
    [InlineData("app.renew", "I cannot find that app")]
    [InlineData("intake.submit", "not open any more")]
    [InlineData("intake.back", "not open any more")]
    [InlineData("intake.edit", "not open any more")]
    [InlineData("intake.cancel", "Nothing to cancel")]
    [InlineData("advice.apply", "another version of me")]
    [InlineData("", "another version of me")]
    public async Task A_button_of_nothing_is_answered_in_words(string verb, string answer)
    {
        foreach (var data in (JsonObject[])[[], new JsonObject { ["request"] = 7, ["app"] = new JsonArray("x"), ["version"] = "one", ["slot"] = "nope" }])
        {
            var seen = await desk.PressAsync("ada.keller", verb, data);
            Assert.True(seen.Says(answer) || (verb == "intake.edit" && seen.Says("nothing to edit")), seen.ToString());
        }
    }
}
