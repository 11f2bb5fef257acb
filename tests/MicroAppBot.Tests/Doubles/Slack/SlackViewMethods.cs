using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary><c>views.*</c>: modals are opened by a trigger, stacked three high, and changed under a hash.</summary>
internal sealed class SlackViewMethods(SlackWorld state, string appId, string botId)
{
    private const int MostStacked = 3;

    public WebApiAnswer Open(JsonObject args, string team)
    {
        var trigger = args.Str("trigger_id") ?? args.Str("interactivity_pointer");
        var (user, error) = state.Trigger(trigger, team);
        if (user is null) return WebApiAnswer.No(error!);
        if (Read(args, SlackSurface.Modal, out var sent) is { } refused) return refused;
        var view = New(team, sent!);
        return Shown(view, () =>
        {
            state.Exchange(trigger!);
            state.Stack(user, stack =>
            {
                stack.Clear();
                stack.Add(view);
            });
        });
    }

    public WebApiAnswer Push(JsonObject args, string team)
    {
        var trigger = args.Str("trigger_id") ?? args.Str("interactivity_pointer");
        var (user, error) = state.Trigger(trigger, team);
        if (user is null) return WebApiAnswer.No(error!);
        if (state.Modals(user) is not { Count: > 0 } open) return WebApiAnswer.No("not_found");
        if (open.Count >= MostStacked) return WebApiAnswer.No("push_limit_reached");
        if (Read(args, SlackSurface.Modal, out var sent) is { } refused) return refused;
        var view = New(team, sent!, open[^1]);
        return Shown(view, () =>
        {
            state.Exchange(trigger!);
            state.Stack(user, stack => stack.Add(view));
        });
    }

    public WebApiAnswer Update(JsonObject args, string team)
    {
        if (state.View(args.Str("view_id"), args.Str("external_id"), team) is not var (view, _) || view is null) return WebApiAnswer.No("not_found");
        if (args.Str("hash") is { } hash && hash != view.Hash) return WebApiAnswer.No("hash_conflict");
        if (Read(args, view.Sent.Str("type") == "home" ? SlackSurface.Home : SlackSurface.Modal, out var sent) is { } refused) return refused;
        var next = NewHash();
        return WebApiAnswer.Ok(new JsonObject { ["view"] = ToJson(view, sent!, next) }, () => state.Change(() => Redraw(view, sent!, next)));
    }

    public WebApiAnswer Publish(JsonObject args, string team)
    {
        if (state.Account(args.Str("user_id")) is not { } account || account.TeamId != team) return WebApiAnswer.No("invalid_arguments", ["invalid `user_id` [json-pointer:/user_id]"]);
        var home = state.Home(team, account.Id);
        if (args.Str("hash") is { } hash && home is not null && hash != home.Hash) return WebApiAnswer.No("hash_conflict");
        if (Read(args, SlackSurface.Home, out var sent) is { } refused) return refused;
        if (home is null)
        {
            var view = New(team, sent!);
            return Shown(view, () => state.Show(team, account.Id, view));
        }
        var next = NewHash();
        return WebApiAnswer.Ok(new JsonObject { ["view"] = ToJson(home, sent!, next) }, () => state.Change(() => Redraw(home, sent!, next)));
    }

    /// <summary>A view that a submission was answered with.</summary>
    /// <returns>Null where Slack would not show it.</returns>
    public SlackView? Pushed(string team, JsonObject? sent, SlackView? below) =>
        sent is not null && SlackRules.View(sent, SlackSurface.Modal).Count == 0 ? New(team, WithIds(sent), below) : null;

    public static bool Replace(SlackView view, JsonObject? sent)
    {
        if (sent is null || SlackRules.View(sent, SlackSurface.Modal).Count > 0) return false;
        Redraw(view, WithIds(sent), NewHash());
        return true;
    }

    /// <summary>As it comes back in payloads.</summary>
    public JsonObject ToJson(SlackView view) => ToJson(view, view.Sent, view.Hash);

    private static WebApiAnswer? Read(JsonObject args, SlackSurface surface, out JsonObject? view)
    {
        view = LooseJson.Opened(args["view"]) as JsonObject;
        if (view is null) return WebApiAnswer.No("invalid_arguments", ["must be an object [json-pointer:/view]"]);
        if (SlackRules.IsTooLarge(view)) return WebApiAnswer.No("view_too_large");
        if (SlackRules.View(view, surface) is { Count: > 0 } faults) return WebApiAnswer.No("invalid_arguments", faults);
        view = WithIds(view);
        return null;
    }

    private static JsonObject WithIds(JsonObject view)
    {
        var copy = (JsonObject)view.DeepClone();
        copy["blocks"] = SlackChatMethods.WithIds(copy.Arr("blocks"));
        return copy;
    }

    private static void Redraw(SlackView view, JsonObject sent, string hash)
    {
        // What somebody typed stays where an input has the same ids as before
        var inputs = sent.Arr("blocks").Objects().Select(b => (b.Str("block_id") ?? "", (b.Obj("element") ?? b.Obj("accessory")).Str("action_id") ?? "")).ToHashSet();
        foreach (var gone in view.Entered.Keys.Where(k => !inputs.Contains(k)).ToList()) view.Entered.Remove(gone);
        (view.Sent, view.Hash, view.Errors) = (sent, hash, new Dictionary<string, string>());
        view.Changes++;
    }

    private SlackView New(string team, JsonObject sent, SlackView? below = null)
    {
        var id = $"V{state.NextNumber():000000}";
        return new SlackView(id, NewHash(), sent) { TeamId = team, RootId = below?.RootId ?? id, PreviousId = below?.Id };
    }

    private WebApiAnswer Shown(SlackView view, Action show) => WebApiAnswer.Ok(new JsonObject { ["view"] = ToJson(view) }, show);

    private JsonObject ToJson(SlackView view, JsonObject sent, string hash)
    {
        var json = (JsonObject)sent.DeepClone();
        json["id"] = view.Id;
        json["team_id"] = view.TeamId;
        json["hash"] = hash;
        json["root_view_id"] = view.RootId;
        json["previous_view_id"] = view.PreviousId;
        json["app_id"] = appId;
        json["bot_id"] = botId;
        json["app_installed_team_id"] = view.TeamId;
        json["private_metadata"] ??= "";
        json["callback_id"] ??= "";
        json["external_id"] ??= "";
        json["clear_on_close"] ??= false;
        json["notify_on_close"] ??= false;
        json["state"] = new JsonObject { ["values"] = new JsonObject() };
        return json;
    }

    private static string NewHash() => $"{Random.Shared.Next(1_000_000_000, 2_000_000_000)}.{Random.Shared.Next():x8}";
}
