using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Governance.People;
using Governance.Verdicts;
using MicroAppBot.Content;
using MicroAppBot.Conversation.Wording;
using MicroAppBot.Desk;

namespace MicroAppBot.Policies;

/// <summary>Tells the governance admins in chat what became of an edit of the rules: each thing once, also with several nodes and after a restart.</summary>
public sealed class RulebookNews(Desk.Desk desk, IStore store, IDirectory directory)
{
    private const string ToldKey = "policies.told";
    private const string EmptySeatsKey = "policies.empty-seats";
    private const int Shown = 5;

    /// <summary>What is on the disk is the book in force (again): what was wrong before would be told again if it came back.</summary>
    public Task NothingNewAsync(CancellationToken cancel) => ForgetAsync(cancel);

    /// <summary>What was refused is gone, and what is there is the book in force.</summary>
    public async Task FineAgainAsync(ContentFolder now, CancellationToken cancel)
    {
        await ForgetAsync(cancel);
        await TellAsync("fine:" + now.Revision, "The rules are fine again",
            $"What was wrong is mended. The rules are the ones that were in force all the time (revision {Short(now.Revision)}), so nothing changes for anybody.", "👌", "good", cancel);
    }

    public async Task ChangedAsync(ContentFolder before, ContentFolder after, CancellationToken cancel)
    {
        var words = ContentChange.Between(before, after);
        await ForgetAsync(cancel);
        await TellAsync("changed:" + after.Revision, "The rules changed",
            $"From the next decision on: {words}.\n\n{Rules(after)} in force. Revision {Short(after.Revision)}, before {Short(before.Revision)}.", "📐", "good", cancel);
    }

    /// <param name="before">What stays in force.</param>
    public Task RefusedAsync(IReadOnlyList<ContentFault> faults, ContentFolder before, CancellationToken cancel)
    {
        var list = string.Join("\n\n", faults.Take(Shown).Select(f => f.WithSource(before.Root).InFull));
        var more = faults.Count > Shown ? $"\n\nand {faults.Count - Shown} more." : "";
        return TellAsync("refused:" + string.Join('\n', faults), "The new rules are not in force",
            $"I cannot use the new rules, so nothing of them counts. Everything goes on by the rules from before (revision {Short(before.Revision)}). "
            + $"As soon as this is mended I take them up by myself:\n\n{list}{more}", "⚠️", "warning", cancel);
    }

    /// <param name="before">What stays in force.</param>
    public Task AwayAsync(ContentFault why, ContentFolder before, CancellationToken cancel) => TellAsync("away:" + why, "The bundle of rules cannot be had",
        $"{why} Everything goes on by the rules from before (revision {Short(before.Revision)}). I keep asking, and take up what is new as soon as I get it.", "⚠️", "warning", cancel);

    /// <summary>What the rules ask for and the directory has not: told in chat once, as long as it is the same.</summary>
    /// <returns>One sentence for each role; none where every seat finds somebody.</returns>
    public async Task<IReadOnlyList<string>> EmptySeatsAsync(PolicyNumbers numbers, CancellationToken cancel)
    {
        var empty = numbers.PeopleWanted().OrderBy(w => w.Key, StringComparer.Ordinal)
            .Select(wanted => (Role: wanted.Key, Wanted: wanted.Value, There: directory.People.Values.Count(p => p.IsInDirectory && p.Has(wanted.Key)))).Where(r => r.There < r.Wanted)
            .Select(r => r.There == 0
                ? $"Nobody in the directory is {Role.InASentence(r.Role)}, so what needs one waits for nobody and lapses."
                : $"Some requests need {r.Wanted} people who are {Role.InASentence(r.Role)}, and the directory has {r.There}.").ToList();
        var words = string.Join("\n\n", empty);
        if ((await store.SettingAsync(EmptySeatsKey, cancel) ?? "") == words) return empty;
        if (empty.Count > 0)
            await desk.SayAsync(Admins(), "notice", GeneralCards.Notice("A seat has nobody", $"{words}\n\nPlease give somebody the role in the people directory.", "🪑", "warning"), cancel);
        await store.SaveSettingAsync(EmptySeatsKey, words, cancel);
        return empty;
    }

    /// <summary>Tells something else about the rulebook, once.</summary>
    /// <param name="about">What makes it the same thing.</param>
    public async Task TellAsync(string about, string title, string text, string icon, string tone, CancellationToken cancel)
    {
        var print = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(about)))[..16];
        var told = await ToldAsync(cancel);
        if (told.Contains(print)) return;
        await desk.SayAsync(Admins(), "notice", GeneralCards.Notice(title, text, icon, tone), cancel);
        await store.SaveSettingAsync(ToldKey, JsonSerializer.Serialize(told.TakeLast(31).Append(print)), cancel);
    }

    private static string Rules(ContentFolder content) => ContentChange.RuleIds(content).Count is var count and > 0 ? InWords.Count(count, "rule is", "rules are") : "The rules are";

    internal static string Short(string revision) => revision[..Math.Min(12, revision.Length)];

    private IEnumerable<string> Admins() => directory.People.Values.Where(p => p.Roles.Contains(Role.GovernanceAdmin)).Select(p => p.Id);

    private async Task<IReadOnlyList<string>> ToldAsync(CancellationToken cancel)
    {
        var kept = await store.SettingAsync(ToldKey, cancel);
        try
        {
            return kept is null ? [] : JsonSerializer.Deserialize<string[]>(kept) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private async Task ForgetAsync(CancellationToken cancel)
    {
        if (await store.SettingAsync(ToldKey, cancel) is { } kept && kept != "[]") await store.SaveSettingAsync(ToldKey, "[]", cancel);
    }
}
