using System.Text.Json.Nodes;
using MicroAppBot.Desk;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MicroAppBot.Tests.Channels.Console;

/// <summary>The page in a real browser, against the real endpoint.</summary>
public sealed class ConsolePageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Sentence = "I need a page where the marketing team sees which campaigns ran last month";

    private static readonly BrowserNewContextOptions Phone = new()
    {
        ViewportSize = new ViewportSize { Width = 375, Height = 760 },
        HasTouch = true,
        IsMobile = true,
        DeviceScaleFactor = 2,
    };

    [Fact]
    public async Task It_opens_on_a_choice_of_people_and_greets_who_was_chosen()
    {
        await using var open = await OpenPage.OpenAsync(chromium);

        await Expect(open.Page.GetByRole(AriaRole.Heading, new() { Name = "Who would you like to be?" })).ToBeVisibleAsync();
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Ada Keller" }).ClickAsync();

        await Expect(open.Page.GetByRole(AriaRole.Heading, new() { Name = "Ada Keller" })).ToBeVisibleAsync();
        await Expect(open.Page.GetByText("Ada.", new() { Exact = false }).First).ToBeVisibleAsync();
        await Expect(open.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(@"\?as=ada\.keller$"));
    }

    [Fact]
    public async Task What_is_typed_shows_at_once_and_the_answer_is_drawn_when_it_comes()
    {
        var answer = new TaskCompletionSource();
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=ada.keller", before: world =>
        {
            world.Turns.Hold = answer.Task;
            world.Turns.Script = _ => new Reply([new Message.Line("An internal dashboard, then."), TestCards.Sample("question", "kinds")]);
            return Task.CompletedTask;
        });

        await open.SayAsync(Sentence);
        await Expect(open.Page.Locator(".mine .bubble")).ToHaveTextAsync(Sentence);
        await Expect(open.Composer).ToHaveValueAsync("");
        answer.SetResult();

        await Expect(open.Words("An internal dashboard, then.")).ToBeVisibleAsync();
        await Expect(open.Card.GetByRole(AriaRole.Button, new() { Name = "Continue" })).ToBeVisibleAsync();
        await Expect(open.Page.Locator(".mine")).ToHaveCountAsync(1);
        await Expect(open.Page.Locator(".typing")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_example_is_one_click_away_from_being_said()
    {
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=ada.keller");

        await open.Button(Sentence).ClickAsync();

        await Expect(open.Page.Locator(".mine .bubble")).ToHaveTextAsync(Sentence);
        await Expect(open.Page.Locator(".typing")).ToBeVisibleAsync();
        Assert.Equal(new Said.Text(Sentence), Assert.Single(open.World.Turns.Taken).Said);
    }

    [Fact]
    public async Task A_click_sends_what_the_card_holds_and_the_card_changes_in_place_with_the_focus_in_it()
    {
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=ada.keller", before: async world =>
        {
            world.Turns.Script = _ => new Reply([TestCards.Sample("summary", "low")], Replaces: true);
            await world.Turns.DeliverAsync("ada.keller", new Reply([TestCards.Sample("question", "kinds")]));
            await world.Turns.DeliverAsync("ada.keller", Reply.Line("Below the card."));
        });

        await open.Card.GetByLabel("Customers' names").CheckAsync();
        await open.Card.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();

        await Expect(open.Card.GetByRole(AriaRole.Button, new() { Name = "Get it live" })).ToBeVisibleAsync();
        await Expect(open.Page.Locator(".card")).ToHaveCountAsync(1);
        Assert.True(await open.Page.EvaluateAsync<bool>("document.querySelector('.card').contains(document.activeElement)"));
        var press = Assert.IsType<Said.Press>(Assert.Single(open.World.Turns.Taken).Said);
        Assert.Equal("intake.answer", press.Verb);
        Assert.Contains("customer-name", (string?)press.Data["data"], StringComparison.Ordinal);
        Assert.Equal("Below the card.", await open.Page.Locator(".lines-inner .line").Last.Locator(".words").InnerTextAsync());
    }

    [Fact]
    public async Task A_button_of_an_older_kind_is_pressed_all_the_same()
    {
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=ada.keller", before: async world =>
        {
            world.Turns.Script = _ => Reply.Line("Kept for another 30 days.");
            await world.Turns.DeliverAsync("ada.keller", Reply.Card("older", []));
        });

        await open.Button("Keep it").ClickAsync();

        await Expect(open.Words("Kept for another 30 days.")).ToBeVisibleAsync();
        var press = Assert.IsType<Said.Press>(Assert.Single(open.World.Turns.Taken).Said);
        Assert.Equal(("app.renew", "a1"), (press.Verb, (string?)press.Data["app"]));
    }

    [Fact]
    public async Task While_a_click_is_under_way_a_second_one_does_nothing()
    {
        var answer = new TaskCompletionSource();
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=ada.keller", before: async world =>
        {
            world.Turns.Hold = answer.Task;
            world.Turns.Script = _ => Reply.Line("Kept.");
            await world.Turns.DeliverAsync("ada.keller", Reply.Card("older", []));
        });

        await open.Button("Keep it").ClickAsync();
        await Expect(open.Button("Keep it")).ToHaveAttributeAsync("aria-disabled", "true");
        await open.Button("Keep it").ClickAsync(new() { Force = true });
        answer.SetResult();

        await Expect(open.Words("Kept.")).ToBeVisibleAsync();
        await Expect(open.Button("Keep it")).Not.ToHaveAttributeAsync("aria-disabled", "true");
        Assert.Single(open.World.Turns.Taken);
    }

    [Fact]
    public async Task A_click_that_failed_keeps_its_buttons_and_pressed_again_it_is_the_same_click()
    {
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=ada.keller", before: async world =>
        {
            world.Turns.Script = _ => Reply.Line("Kept.");
            await world.Turns.DeliverAsync("ada.keller", Reply.Card("older", []));
        });
        open.ExpectsOutage = true;
        var ids = new List<string?>();
        open.Page.Request += (_, request) =>
        {
            if (request.Url.EndsWith("/console/press", StringComparison.Ordinal)) ids.Add((string?)JsonNode.Parse(request.PostData!)!["id"]);
        };
        open.World.Turns.Outage = new TimeoutException("down");

        await open.Button("Keep it").ClickAsync();
        await Expect(open.Page.Locator(".card-fault")).ToContainTextAsync("not lost");
        open.World.Turns.Outage = null;
        await open.Button("Keep it").ClickAsync();

        await Expect(open.Words("Kept.")).ToBeVisibleAsync();
        await Expect(open.Page.Locator(".card-fault")).ToHaveCountAsync(0);
        Assert.Equal(2, ids.Count);
        Assert.Single(ids.Distinct());
    }

    [Fact]
    public async Task Nothing_said_is_lost_while_the_bot_cannot_be_reached()
    {
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=ada.keller");
        open.ExpectsOutage = true;
        await Expect(open.Page.Locator(".greeting")).ToBeVisibleAsync();
        await open.Page.RouteAsync("**/console/say", route => route.AbortAsync());

        await open.SayAsync("first");
        await open.SayAsync("second");
        await Expect(open.Page.Locator(".trouble")).ToContainTextAsync("The bot cannot be reached.");
        await open.Page.ReloadAsync();
        await Expect(open.Page.Locator(".mine .bubble")).ToHaveTextAsync(["first", "second"]);
        await open.Page.UnrouteAsync("**/console/say");

        await Expect(open.Page.Locator(".trouble")).ToHaveCountAsync(0);
        await Expect(open.Page.Locator(".mine .bubble")).ToHaveTextAsync(["first", "second"]);
        Assert.Equal(["first", "second"], open.World.Turns.Taken.Select(t => ((Said.Text)t.Said).Words));
    }

    [Fact]
    public async Task A_draft_that_was_not_sent_is_there_again_after_a_reload()
    {
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=ada.keller");

        await open.Composer.FillAsync("half a sent");
        await open.Page.ReloadAsync();

        await Expect(open.Composer).ToHaveValueAsync("half a sent");
    }

    [Fact]
    public async Task Somebody_elses_news_comes_up_with_a_badge_and_one_can_act_as_them_and_go_back()
    {
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=ada.keller", before: world =>
        {
            world.Turns.Script = _ => new Reply([TestCards.Sample("approval", "decided")], Replaces: true);
            return Task.CompletedTask;
        });
        await Expect(open.Page.Locator(".greeting")).ToBeVisibleAsync();

        await open.World.Turns.DeliverAsync("dana.levi", new Reply([TestCards.Sample("approval", "medium")]));
        var news = open.Page.Locator(".news");
        await Expect(news).ToContainTextAsync("Dana Levi");
        await Expect(news).ToContainTextAsync("wants to create");
        await Expect(news.Locator(".badge")).ToHaveTextAsync("1");

        await news.ClickAsync();
        await Expect(open.Page.GetByText("You act as Dana")).ToBeVisibleAsync();
        await Expect(news).ToHaveCountAsync(0);
        await open.Button("Approve").ClickAsync();
        await Expect(open.Button("Approve")).ToHaveCountAsync(0);
        Assert.Equal("dana.levi", Assert.Single(open.World.Turns.Taken).Person.Id);

        await open.Button("Back to Ada").ClickAsync();
        await Expect(open.Page.GetByRole(AriaRole.Heading, new() { Name = "Ada Keller" })).ToBeVisibleAsync();
        await Expect(open.Page.Locator(".badge")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_card_that_somebody_else_changes_keeps_the_words_that_were_being_typed_into_it()
    {
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=miriam.osei", before: world =>
            world.Turns.DeliverAsync("miriam.osei", new Reply([TestCards.Sample("approval", "medium")])));
        var reason = open.Card.Locator("textarea").First;
        await reason.FillAsync("Fine by me, but");

        var id = (string)(await open.World.GetAsync("/console/transcript?as=miriam.osei&after=0"))["lines"]![0]!["id"]!;
        await open.World.Turns.UpdateAsync("miriam.osei", id, TestCards.Sample("approval", "again"));

        await Expect(open.Card).ToContainTextAsync((string)TestCards.Sample("approval", "again").Data["what"]!);
        await Expect(reason).ToHaveValueAsync("Fine by me, but");
        await Expect(reason).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_long_chat_is_drawn_from_its_end_and_an_inbox_opens_at_the_first_message_that_is_new()
    {
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=ada.keller", before: async world =>
        {
            await world.Turns.DeliverAsync("dana.levi", new Reply([.. Enumerable.Range(1, 100).Select(n => new Message.Line($"Line {n}."))]));
            var last = (long)(await world.GetAsync("/console/overview"))["sequence"]!;
            await world.PostAsync("/console/seen", new { @as = "dana.levi", sequence = last });
            await world.Turns.DeliverAsync("dana.levi", new Reply([TestCards.Sample("approval", "medium"), TestCards.Sample("approval", "high")]));
        });

        await open.Page.Locator(".news").ClickAsync();

        await Expect(open.Page.Locator(".divider.is-new")).ToBeInViewportAsync();
        await Expect(open.Page.Locator(".card").First.GetByRole(AriaRole.Heading).First).ToBeInViewportAsync();
        await Expect(open.Words("Line 1.")).ToHaveCountAsync(0);
        await open.Button("To the latest").ClickAsync();
        await Expect(open.Card.GetByRole(AriaRole.Button, new() { Name = "Approve" })).ToBeInViewportAsync();
        await Expect(open.Button("To the latest")).ToHaveCountAsync(0);
        await open.Button("Earlier messages").ClickAsync();
        await Expect(open.Page.GetByText("Line 1.", new() { Exact = true })).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task What_comes_in_does_not_take_the_page_away_from_somebody_who_reads_further_up()
    {
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=ada.keller", before: world =>
            world.Turns.DeliverAsync("ada.keller", new Reply([.. Enumerable.Range(1, 50).Select(n => new Message.Line($"Line {n}."))])));
        var lines = open.Page.Locator(".lines");
        await Expect(open.Page.GetByText("Line 1.", new() { Exact = true })).ToHaveCountAsync(1);
        await lines.HoverAsync();
        await open.Page.Mouse.WheelAsync(0, -10_000);
        await open.Page.Mouse.WheelAsync(0, 200);
        await open.Page.WaitForFunctionAsync("document.querySelector('.lines').scrollTop === 200");

        await open.World.Turns.DeliverAsync("ada.keller", Reply.Line("Something new."));

        await Expect(open.Words("Something new.")).ToHaveCountAsync(1);
        Assert.Equal(200, await lines.EvaluateAsync<int>("box => box.scrollTop"));
    }

    [Fact]
    public async Task The_clock_moves_on_and_shows_what_happened_on_the_way()
    {
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=ada.keller", before: world =>
        {
            world.Hand.OnTheWay = () => world.Turns.DeliverAsync("jonas.lindqvist", Reply.Line("Team Lunch ends in 3 days."));
            return Task.CompletedTask;
        });

        await open.Button("Next week").ClickAsync();

        await Expect(open.Page.Locator(".journey")).ToContainTextAsync("1 message on the way");
        await Expect(open.Page.Locator(".journey")).ToContainTextAsync("Jonas Team Lunch ends in 3 days.");
        await Expect(open.Page.Locator(".clock")).ToContainTextAsync("7 days ahead");
        Assert.InRange(open.World.Clock.Offset, TimeSpan.FromDays(6.99), TimeSpan.FromDays(7));
        await open.Page.Locator(".journey button").ClickAsync();
        await Expect(open.Page.GetByRole(AriaRole.Heading, new() { Name = "Jonas Lindqvist" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Apps_and_requests_come_up_as_they_come_into_being()
    {
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=ada.keller");
        await Expect(open.Page.GetByText("No app yet.")).ToBeVisibleAsync();

        await open.World.KeepAsync(ManyThings.Snapshots(open.World.Clock.GetUtcNow()));

        var side = open.Page.Locator(".side");
        await Expect(side).ToContainTextAsync("43 of 50 USD");
        await Expect(side).ToContainTextAsync("3 days left");
        await Expect(side).ToContainTextAsync("Stopped by a rule");
        await open.Button("Ada's").ClickAsync();
        await Expect(side.Locator(".thing-title")).ToHaveTextAsync(["Customer check-in", "Team Lunch", "Campaign Monitor", "Spring Poll"]);
    }

    [Fact]
    public async Task The_whole_way_can_be_gone_by_keyboard()
    {
        await using var open = await OpenPage.OpenAsync(chromium, before: world =>
        {
            world.Turns.Script = turn => turn.Said is Said.Text ? Reply.Card("older", []) : Reply.Line("Kept.");
            return Task.CompletedTask;
        });
        await Expect(open.Page.Locator(".face").First).ToBeVisibleAsync();
        await TabToAsync(open.Page, "Ada Keller");
        await open.Page.Keyboard.PressAsync("Enter");
        await Expect(open.Composer).ToBeFocusedAsync();
        await open.Page.Keyboard.TypeAsync("one line");
        await open.Page.Keyboard.PressAsync("Shift+Enter");
        await open.Page.Keyboard.TypeAsync("and another");
        await open.Page.Keyboard.PressAsync("Enter");
        await Expect(open.Button("Keep it")).ToBeVisibleAsync();

        await TabToAsync(open.Page, "Keep it", "Shift+Tab");
        await open.Page.Keyboard.PressAsync("Enter");

        await Expect(open.Words("Kept.")).ToBeVisibleAsync();
        Assert.Equal(new Said.Text("one line\nand another"), open.World.Turns.Taken.First().Said);
    }

    [Fact]
    public async Task Dark_follows_the_system_until_somebody_chooses()
    {
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=ada.keller", new() { ColorScheme = ColorScheme.Dark });
        await Expect(open.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");

        await open.Button("Change to light").ClickAsync();
        await open.Page.ReloadAsync();

        await Expect(open.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "light");
    }

    [Fact]
    public async Task On_a_phone_one_part_is_shown_at_a_time_and_nothing_sticks_out()
    {
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=ada.keller", Phone, async world =>
        {
            await world.KeepAsync(ManyThings.Snapshots(world.Clock.GetUtcNow()));
            await world.Turns.DeliverAsync("ada.keller", new Reply([TestCards.Sample("summary", "medium"), TestCards.Sample("approval", "hostile")]));
            await world.Turns.DeliverAsync("dana.levi", Reply.Line("News."));
        });
        await Expect(open.Card).ToBeVisibleAsync();
        await Expect(open.Page.Locator(".people")).ToBeHiddenAsync();
        Assert.True(await open.FitsAsync());

        await open.Page.Locator(".tabs button", new() { HasText = "People" }).ClickAsync();
        await Expect(open.Page.Locator(".news")).ToBeVisibleAsync();
        await Expect(open.Page.Locator(".chat")).ToBeHiddenAsync();
        Assert.True(await open.FitsAsync());

        await open.Page.Locator(".tabs button", new() { HasText = "Apps" }).ClickAsync();
        await Expect(open.Page.GetByText("43 of 50 USD")).ToBeVisibleAsync();
        Assert.True(await open.FitsAsync());
    }

    [Theory]
    [InlineData(ColorScheme.Light, false)]
    [InlineData(ColorScheme.Dark, false)]
    [InlineData(ColorScheme.Light, true)]
    [InlineData(ColorScheme.Dark, true)]
    public async Task Everybody_can_use_it(ColorScheme scheme, bool phone)
    {
        var options = new BrowserNewContextOptions(phone ? Phone : new() { ViewportSize = new ViewportSize { Width = 1440, Height = 900 } }) { ColorScheme = scheme };
        await using var open = await OpenPage.OpenAsync(chromium, "/", options, async world =>
        {
            await world.KeepAsync(ManyThings.Snapshots(world.Clock.GetUtcNow()));
            await world.Turns.DeliverAsync("dana.levi", Reply.Line("News."));
            // On a phone one of each is enough: the colours are the same, only the room is not
            var samples = TestCards.Library.Samples.Where(s => s.What != "hostile");
            foreach (var sample in phone ? samples.DistinctBy(s => s.Card) : samples)
            {
                await world.Turns.DeliverAsync("ada.keller", new Reply([new Message.Card(sample.Card, sample.Data.DeepClone().AsObject())]));
            }
        });
        await Expect(open.Page.Locator(".face").First).ToBeVisibleAsync();
        Assert.Empty(await open.BarriersAsync());

        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Ada Keller" }).ClickAsync();
        await Expect(open.Card).ToBeVisibleAsync();
        Assert.Empty(await open.BarriersAsync());

        if (!phone) return;
        foreach (var tab in new[] { "People", "Apps" })
        {
            await open.Page.Locator(".tabs button", new() { HasText = tab }).ClickAsync();
            Assert.Empty(await open.BarriersAsync());
        }
    }

    [Fact]
    public async Task Hostile_words_stay_words_on_every_card()
    {
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=ada.keller", before: async world =>
        {
            foreach (var sample in TestCards.Library.Samples.Where(s => s.What == "hostile"))
            {
                await world.Turns.DeliverAsync("ada.keller", new Reply([new Message.Card(sample.Card, sample.Data.DeepClone().AsObject())]));
            }
            await world.Turns.DeliverAsync("ada.keller", Reply.Line("<img src=x onerror=\"document.title='taken'\"> " + new string('x', 3000)));
        });
        await Expect(open.Page.Locator(".words", new() { HasText = "<img src=x" })).ToBeVisibleAsync();

        Assert.True(await open.FitsAsync());
        Assert.Equal("Ada Keller · MicroAppBot", await open.Page.TitleAsync());
        Assert.Equal(0, await open.Page.Locator(".card a[href*='evil'], .card img[src*='evil']").CountAsync());
    }

    [Fact]
    public async Task A_person_of_the_address_is_opened_and_an_unknown_one_leads_to_the_choice()
    {
        await using var open = await OpenPage.OpenAsync(chromium, "/?as=nobody");
        await Expect(open.Page.GetByRole(AriaRole.Heading, new() { Name = "Who would you like to be?" })).ToBeVisibleAsync();

        await open.Page.GotoAsync(open.World.Address + "/?as=dana.levi");
        await Expect(open.Page.GetByRole(AriaRole.Heading, new() { Name = "Dana Levi" })).ToBeVisibleAsync();
        await open.Page.GetByRole(AriaRole.Navigation, new() { Name = "People" }).GetByRole(AriaRole.Button, new() { Name = "Omar Haddad" }).ClickAsync();
        await open.Page.GoBackAsync();
        await Expect(open.Page.GetByRole(AriaRole.Heading, new() { Name = "Dana Levi" })).ToBeVisibleAsync();
    }

    private static async Task TabToAsync(IPage page, string words, string key = "Tab")
    {
        for (var presses = 0; presses < 40; presses++)
        {
            if ((await page.EvaluateAsync<string>("document.activeElement?.textContent ?? ''")).Contains(words, StringComparison.Ordinal)
                && await page.EvaluateAsync<bool>("document.activeElement?.tagName === 'BUTTON'")) return;
            await page.Keyboard.PressAsync(key);
        }
        Assert.Fail($"No button that says {words} is reached by {key}.");
    }
}
