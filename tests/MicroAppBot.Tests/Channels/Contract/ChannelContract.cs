using System.Text.Json.Nodes;
using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Channels.Contract;

/// <summary>What every channel promises to Delivery, to the desk, and to the people in it. Run on each of them.</summary>
public abstract class ChannelContract : IAsyncLifetime
{
    private const string Hostile = "<!channel> <!here> @channel <@U0ADA> <!subteam^S1> <https://evil.example|click> [click](https://evil.example) <at>Everyone</at> <script>alert(1)</script> \u202Egnp.exe\u202C *b* _i_ `c` & < >";

    private ChannelRig _rig = null!;

    private protected abstract Task<ChannelRig> OpenAsync();

    public async ValueTask InitializeAsync() => _rig = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_line_arrives_as_it_was_meant_with_our_id_and_the_channels_comes_back()
    {
        var sent = Assert.IsType<SendOutcome.Sent>(await _rig.SendAsync(_rig.Warm(_rig.Ada), Line("m1", "3 < 4 & all is well")));
        var seen = Assert.Single(_rig.Sees(_rig.Ada));
        Assert.Equal((sent.ChannelMessageId, "m1", 0), (seen.MessageId, seen.OurId, seen.Changes));
        Assert.Contains("3 < 4 & all is well", seen.Words, StringComparison.Ordinal);
        Assert.Empty(_rig.Sees(_rig.Other));
    }

    [Fact]
    public async Task A_card_arrives_with_every_word_and_every_button_of_it()
    {
        Assert.IsType<SendOutcome.Sent>(await _rig.SendAsync(_rig.Warm(_rig.Ada), Card("m1")));
        var seen = Assert.Single(_rig.Sees(_rig.Ada));
        Assert.Equal("m1", seen.OurId);
        foreach (var words in new[] { "Ada wants a page", "Template", "Internal dashboard", "Low risk", "Approve", "Not me" }) Assert.Contains(words, seen.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_is_drawn_again_where_it_stands()
    {
        var to = _rig.Warm(_rig.Ada);
        var sent = Assert.IsType<SendOutcome.Sent>(await _rig.SendAsync(to, Card("m1")));
        await _rig.SendAsync(to, Line("m2", "Something in between"));
        for (var change = 1; change <= 2; change++)
        {
            var again = Assert.IsType<SendOutcome.Sent>(await _rig.UpdateAsync(to, sent.ChannelMessageId!, Card("m1", $"Approved {change} times")));
            Assert.Equal(sent.ChannelMessageId, again.ChannelMessageId);
            var seen = _rig.Sees(_rig.Ada);
            Assert.Equal(["m1", "m2"], seen.Select(s => s.OurId));
            Assert.Equal(sent.ChannelMessageId, seen[0].MessageId);
            Assert.True(seen[0].Changes >= 1);
            Assert.Contains($"Approved {change} times", seen[0].Words, StringComparison.Ordinal);
            Assert.DoesNotContain("Ada wants a page", seen[0].Words, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_card_becomes_a_line_in_its_place()
    {
        var to = _rig.Warm(_rig.Ada);
        var sent = Assert.IsType<SendOutcome.Sent>(await _rig.SendAsync(to, Card("m1")));
        Assert.IsType<SendOutcome.Sent>(await _rig.UpdateAsync(to, sent.ChannelMessageId!, Line("m1", "It is over.")));
        var seen = Assert.Single(_rig.Sees(_rig.Ada));
        Assert.Contains("It is over.", seen.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Approve", seen.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_who_never_wrote_is_written_to_and_the_next_message_goes_to_the_same_place()
    {
        var cold = _rig.Channel.ColdContact(_rig.Other);
        Assert.NotNull(cold);
        Assert.Equal((_rig.Other.Id, _rig.Channel.Name), (cold.PersonId, cold.Channel));
        var sent = Assert.IsType<SendOutcome.Sent>(await _rig.SendAsync(cold, Line("m1", "Hello")));
        Assert.IsType<SendOutcome.Sent>(await _rig.SendAsync(cold with { Address = sent.NewAddress ?? cold.Address }, Card("m2")));
        Assert.Equal(["m1", "m2"], _rig.Sees(_rig.Other).Select(s => s.OurId));
        Assert.Empty(_rig.Sees(_rig.Ada));
    }

    [Fact]
    public void Who_has_no_account_has_no_address()
    {
        Assert.SkipWhen(_rig.WithoutAccount is null, "Everybody can be played in the console.");
        Assert.Null(_rig.Channel.ColdContact(_rig.WithoutAccount));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"service_url":"https://evil.example/","conversation_id":"a","team_id":"T1","user_id":"U1","channel_id":"D1"}""")]
    public async Task An_address_that_is_none_reaches_nobody_and_throws_nothing(string address)
    {
        Assert.SkipWhen(_rig.Channel is IKeepsTranscript, "The console's address is the person.");
        var to = new Contact(_rig.Ada.Id, _rig.Channel.Name, address);
        Assert.True(await _rig.SendAsync(to, Line("m1", "x")) is SendOutcome.Gone or SendOutcome.Refused);
        Assert.True(await _rig.UpdateAsync(to, "17", Line("m1", "x")) is SendOutcome.Gone or SendOutcome.Refused);
        Assert.Empty(_rig.Sees(_rig.Ada));
    }

    [Fact]
    public async Task Too_many_means_later_after_the_time_it_says_and_nothing_has_arrived()
    {
        Meets(Mishap.TooMany);
        var later = Assert.IsType<SendOutcome.TryAgain>(await _rig.SendAsync(_rig.Warm(_rig.Ada), Card("m1")));
        Assert.InRange(later.After!.Value, TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(8));
        Assert.Empty(_rig.Sees(_rig.Ada));
    }

    [Theory]
    [InlineData(Mishap.Away)]
    [InlineData(Mishap.Unreachable)]
    public async Task What_did_not_get_there_is_tried_again_and_arrives_once(Mishap mishap)
    {
        Meets(mishap);
        Assert.IsType<SendOutcome.TryAgain>(await _rig.SendAsync(_rig.Warm(_rig.Ada), Card("m1")));
        Assert.Empty(_rig.Sees(_rig.Ada));
    }

    [Theory]
    [InlineData(Mishap.ArrivesWithoutAnswer)]
    [InlineData(Mishap.ArrivesWithFault)]
    [InlineData(Mishap.Cut)]
    public async Task What_may_have_arrived_is_of_unknown_outcome_and_is_not_repeated_by_the_channel_itself(Mishap mishap)
    {
        Meets(mishap);
        Assert.IsType<SendOutcome.Unknown>(await _rig.SendAsync(_rig.Warm(_rig.Ada), Card("m1")));
        Assert.Equal(mishap == Mishap.Cut ? 0 : 1, _rig.Sees(_rig.Ada).Count);
    }

    [Fact]
    public async Task An_empty_answer_is_no_failure_to_try_again()
    {
        Meets(Mishap.ArrivesWithEmptyAnswer);
        var outcome = await _rig.SendAsync(_rig.Warm(_rig.Ada), Card("m1"));
        Assert.True(outcome is SendOutcome.Sent { ChannelMessageId: null or "" } or SendOutcome.Unknown, $"{outcome}");
        Assert.Single(_rig.Sees(_rig.Ada));
    }

    [Fact]
    public async Task An_update_may_be_done_again_whatever_became_of_it()
    {
        var to = _rig.Warm(_rig.Ada);
        var sent = Assert.IsType<SendOutcome.Sent>(await _rig.SendAsync(to, Card("m1")));
        foreach (var mishap in new[] { Mishap.Away, Mishap.ArrivesWithFault, Mishap.ArrivesWithoutAnswer, Mishap.Cut })
        {
            if (!_rig.Meets(mishap, onUpdate: true)) continue;
            var outcome = await _rig.UpdateAsync(to, sent.ChannelMessageId!, Card("m1", $"After {mishap}"));
            Assert.True(outcome is SendOutcome.TryAgain or SendOutcome.Unknown, $"{mishap}: {outcome}");
        }
        Assert.IsType<SendOutcome.Sent>(await _rig.UpdateAsync(to, sent.ChannelMessageId!, Card("m1", "In the end")));
        Assert.Contains("In the end", Assert.Single(_rig.Sees(_rig.Ada)).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_never_taken_is_refused_and_who_is_not_there_is_gone()
    {
        Meets(Mishap.Refused);
        Assert.IsType<SendOutcome.Refused>(await _rig.SendAsync(_rig.Warm(_rig.Ada), Card("m1")));
        Meets(Mishap.Gone);
        var gone = Assert.IsType<SendOutcome.Gone>(await _rig.SendAsync(_rig.Warm(_rig.Ada), Card("m2")));
        Assert.NotEmpty(gone.Why);
        Assert.Empty(_rig.Sees(_rig.Ada));
    }

    [Fact]
    public async Task A_message_that_was_never_sent_cannot_be_drawn_again()
    {
        Assert.SkipWhen(_rig.Channel is IKeepsTranscript, "The console writes a line in the place that it is told.");
        Assert.True(await _rig.UpdateAsync(_rig.Warm(_rig.Ada), "1700000000.000001", Card("m1")) is SendOutcome.Refused or SendOutcome.Gone);
        Assert.Empty(_rig.Sees(_rig.Ada));
    }

    [Fact]
    public async Task What_people_wrote_fires_nothing_and_can_still_be_read()
    {
        var to = _rig.Warm(_rig.Ada);
        Assert.IsType<SendOutcome.Sent>(await _rig.SendAsync(to, Line("m1", Hostile)));
        var card = Card("m2");
        card.Card!["body"]!.AsArray().Add(new JsonObject { ["type"] = "RichTextBlock", ["inlines"] = new JsonArray(new JsonObject { ["type"] = "TextRun", ["text"] = Hostile }) });
        card.Card["body"]!.AsArray().Add(new JsonObject { ["type"] = "FactSet", ["facts"] = new JsonArray(new JsonObject { ["title"] = "Purpose", ["value"] = "<!channel> <@U0ADA>" }) });
        Assert.IsType<SendOutcome.Sent>(await _rig.SendAsync(to, card));
        var seen = _rig.Sees(_rig.Ada);
        Assert.Equal(2, seen.Count);
        foreach (var shown in seen)
        {
            Assert.Empty(_rig.Fires(shown));
            Assert.Contains("evil.example", shown.Words, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_very_long_card_is_read_whole_or_refused_whole()
    {
        var parts = Enumerable.Range(0, 150).Select(i => $"Part {i:000} of many: {new string('w', 180)}").ToList();
        var card = Card("m1");
        card.Card!["body"] = new JsonArray([.. parts.Select(p => (JsonNode)new JsonObject { ["type"] = "TextBlock", ["text"] = p, ["wrap"] = true })]);
        SendOutcome outcome;
        while ((outcome = await _rig.SendAsync(_rig.Warm(_rig.Ada), card)) is SendOutcome.TryAgain { After: { } after }) await Task.Delay(after, TestContext.Current.CancellationToken);
        var read = string.Join('\n', _rig.Sees(_rig.Ada).Select(s => s.Words));
        if (outcome is SendOutcome.Refused refused)
        {
            Assert.NotEmpty(refused.Why);
            Assert.Empty(read);
            return;
        }
        Assert.IsType<SendOutcome.Sent>(outcome);
        foreach (var part in parts) Assert.Contains(part[..20], read, StringComparison.Ordinal);
        Assert.Contains("Approve", read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_that_are_sent_one_after_the_other_stand_one_below_the_other()
    {
        for (var i = 0; i < 6; i++) await _rig.DeliverAsync(_rig.Warm(_rig.Ada), i % 2 == 0 ? Line($"m{i}", $"Line {i}") : Card($"m{i}"));
        Assert.Equal(["m0", "m1", "m2", "m3", "m4", "m5"], _rig.Sees(_rig.Ada).Select(s => s.OurId));
    }

    [Fact]
    public async Task Two_people_who_are_written_to_at_once_each_see_their_own()
    {
        await Task.WhenAll(new[] { _rig.Ada, _rig.Other }.Select(async person =>
        {
            for (var i = 0; i < 4; i++) await _rig.DeliverAsync(_rig.Warm(person), Line($"{person.Id}-{i}", $"For {person.Name} {i}"));
        }));
        foreach (var person in new[] { _rig.Ada, _rig.Other }) Assert.Equal([$"{person.Id}-0", $"{person.Id}-1", $"{person.Id}-2", $"{person.Id}-3"], _rig.Sees(person).Select(s => s.OurId));
    }

    [Fact]
    public async Task Words_become_a_turn_of_the_person_who_said_them_with_the_account_they_used()
    {
        Assert.True(await _rig.SayAsync(_rig.Ada, "Renew a & b <c>", "1001"));
        var turn = (await TakenAsync(1))[0];
        Assert.IsType<Said.Text>(turn.Said);
        Assert.Equal("Renew a & b <c>", ((Said.Text)turn.Said).Words.Trim());
        Assert.Equal((_rig.Ada.Id, _rig.Channel.Name), (turn.Person.Id, turn.Account.Channel));
        Assert.StartsWith(_rig.Channel.Name + ":", turn.Id, StringComparison.Ordinal);
        Assert.NotEmpty(turn.Account.Id);
        // And from now on they can be reached there
        Assert.Equal((_rig.Ada.Id, _rig.Channel.Name, false), (turn.Contact!.PersonId, turn.Contact.Channel, turn.Contact.Dead));
        Assert.IsType<SendOutcome.Sent>(await _rig.SendAsync(turn.Contact, Line("m1", "Yes?")));
        Assert.Single(_rig.Sees(_rig.Ada));
    }

    [Fact]
    public async Task The_same_words_sent_again_are_one_turn_and_the_same_words_said_twice_are_two()
    {
        for (var i = 0; i < 3; i++) Assert.True(await _rig.SayAsync(_rig.Ada, "approvals", "1001"));
        await TakenAsync(1);
        Assert.True(await _rig.SayAsync(_rig.Ada, "approvals", "1002"));
        Assert.Equal(2, (await TakenAsync(2)).Select(t => t.Id).Distinct().Count());
    }

    [Fact]
    public async Task Turns_come_in_the_order_of_speaking_and_two_people_are_never_mixed()
    {
        await Task.WhenAll(new[] { _rig.Ada, _rig.Other }.Select(async (person, n) =>
        {
            for (var i = 0; i < 5; i++) Assert.True(await _rig.SayAsync(person, $"{person.Id} {i}", $"{n}00{i}"));
        }));
        await TakenAsync(10);
        foreach (var person in new[] { _rig.Ada, _rig.Other })
        {
            Assert.Equal([$"{person.Id} 0", $"{person.Id} 1", $"{person.Id} 2", $"{person.Id} 3", $"{person.Id} 4"], _rig.Taken.Where(t => t.Person.Id == person.Id).Select(t => ((Said.Text)t.Said).Words.Trim()));
        }
    }

    [Fact]
    public async Task What_could_not_be_kept_is_not_taken_and_comes_again()
    {
        _rig.Fails = true;
        Assert.False(await _rig.SayAsync(_rig.Ada, "approvals", "1001"));
        Assert.Empty(_rig.Taken);
        _rig.Fails = false;
        Assert.True(await _rig.SayAsync(_rig.Ada, "approvals", "1001"));
        await TakenAsync(1);
    }

    [Fact]
    public async Task A_button_brings_its_verb_and_its_ids_and_the_card_it_stands_on()
    {
        await _rig.SendAsync(_rig.Warm(_rig.Ada), Card("m1"));
        var card = Assert.Single(_rig.Sees(_rig.Ada));
        Assert.True(await _rig.PressAsync(_rig.Ada, card, "request.not-me", "2001"));
        var turn = (await TakenAsync(1))[0];
        var press = Assert.IsType<Said.Press>(turn.Said);
        Assert.Equal(("request.not-me", "m1", "r1"), (press.Verb, press.CardId, (string?)press.Data["request"]));
        Assert.Equal((_rig.Ada.Id, _rig.Channel.Name), (turn.Person.Id, turn.Account.Channel));
    }

    [Fact]
    public async Task A_button_pressed_twice_at_once_is_decided_once_each_and_always_answered()
    {
        await _rig.SendAsync(_rig.Warm(_rig.Ada), Card("m1"));
        var card = Assert.Single(_rig.Sees(_rig.Ada));
        var answers = await Task.WhenAll(_rig.PressAsync(_rig.Ada, card, "request.not-me", "2001"), _rig.PressAsync(_rig.Ada, card, "request.not-me", "2001"), _rig.PressAsync(_rig.Ada, card, "request.not-me", "2002"));
        Assert.All(answers, Assert.True);
        Assert.InRange((await TakenAsync(1, orMore: true)).Select(t => t.Id).Distinct().Count(), 1, 2);
    }

    [Fact]
    public async Task Somebody_elses_card_is_not_taken_for_ones_own()
    {
        await _rig.SendAsync(_rig.Warm(_rig.Ada), Card("m1"));
        var card = Assert.Single(_rig.Sees(_rig.Ada));
        await _rig.PressAsync(_rig.Other, card, "request.not-me", "2001");
        // It may be asked, as who they are; it may not be taken for a press of Ada, or on a card of theirs
        Assert.All(_rig.Taken, turn => Assert.Equal((_rig.Other.Id, null), (turn.Person.Id, ((Said.Press)turn.Said).CardId)));
    }

    /// <summary>A channel may acknowledge first, once what was said is safe.</summary>
    private async Task<IReadOnlyList<Turn>> TakenAsync(int count, bool orMore = false)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_rig.Taken.Count < count) await Task.Delay(10, late.Token);
        if (!orMore) Assert.Equal(count, _rig.Taken.Count);
        return _rig.Taken;
    }

    private void Meets(Mishap mishap) => Assert.SkipUnless(_rig.Meets(mishap), $"{mishap} cannot happen in {_rig.Channel.Name}: there is no service behind it.");

    private static ChannelMessage Line(string id, string words) => new(id, null, words);

    private static ChannelMessage Card(string id, string words = "Ada wants a page") => new(id, (JsonObject)JsonNode.Parse($$$"""
        {"type":"AdaptiveCard","version":"1.5","fallbackText":"{{{words}}}","body":[
          {"type":"TextBlock","text":"{{{words}}}","wrap":true,"weight":"Bolder"},
          {"type":"FactSet","facts":[{"title":"Template","value":"Internal dashboard"},{"title":"Risk","value":"Low risk"}]}],
         "actions":[
          {"type":"Action.Execute","title":"Approve","style":"positive","data":{"verb":"request.approve","request":"r1"}},
          {"type":"Action.Execute","title":"Not me","data":{"verb":"request.not-me","request":"r1"}}]}
        """)!, words, new CardSubject("request", "r1"));
}
