using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>People, groups and channels.</summary>
internal sealed class SlackPeopleMethods(SlackWorld state)
{
    private readonly Dictionary<string, string[]> _groups = new(StringComparer.Ordinal);

    public void Group(string id, params string[] users) => _groups[id] = users;

    public WebApiAnswer Open(JsonObject args, string team, string bot)
    {
        if (args.Str("users") is not { Length: > 0 } users) return WebApiAnswer.No(args.Str("channel") is null ? "users_list_not_supplied" : "channel_not_found");
        var ids = users.Split(',');
        if (ids.Length > 8) return WebApiAnswer.No("too_many_users");
        if (ids.Length > 1) return WebApiAnswer.No("invalid_user_combination");
        if (state.Account(ids[0]) is not { } account) return WebApiAnswer.No("user_not_found");
        if (account.TeamId != team) return WebApiAnswer.No("user_not_visible");
        if (account.IsDeleted) return WebApiAnswer.No("user_disabled");
        var known = state.HasDirect(team, account.Id);
        var channel = state.Direct(team, account.Id, bot);
        var body = new JsonObject { ["channel"] = new JsonObject { ["id"] = channel.Id } };
        if (known) (body["no_op"], body["already_open"]) = (true, true);
        return WebApiAnswer.Ok(body);
    }

    public WebApiAnswer Channel(JsonObject args, string team, string bot)
    {
        if (state.Channel(args.Str("channel")) is not { } channel || channel.TeamId != team) return WebApiAnswer.No("channel_not_found");
        return WebApiAnswer.Ok(new JsonObject
        {
            ["channel"] = new JsonObject
            {
                ["id"] = channel.Id,
                ["name"] = channel.Name,
                ["is_im"] = channel.IsDirect,
                ["is_private"] = channel.IsDirect,
                ["is_archived"] = channel.IsArchived,
                ["is_member"] = channel.Members.Contains(bot),
                ["is_shared"] = channel.IsShared,
                ["is_ext_shared"] = channel.IsShared,
                ["is_org_shared"] = false,
                ["is_pending_ext_shared"] = false,
            },
        });
    }

    public WebApiAnswer Info(JsonObject args, string team, IReadOnlyList<string> scopes)
    {
        if (state.Account(args.Str("user")) is not { } account) return WebApiAnswer.No("user_not_found");
        if (account.TeamId != team && !account.IsStranger) return WebApiAnswer.No("user_not_visible");
        return WebApiAnswer.Ok(new JsonObject { ["user"] = account.ToJson(scopes.Contains("users:read.email")) });
    }

    public WebApiAnswer ByEmail(JsonObject args, string team) =>
        state.AccountByEmail(args.Str("email") ?? "", team) is { } account ? WebApiAnswer.Ok(new JsonObject { ["user"] = account.ToJson(withEmail: true) }) : WebApiAnswer.No("users_not_found");

    public WebApiAnswer InGroup(JsonObject args) => _groups.TryGetValue(args.Str("usergroup") ?? "", out var users)
        ? WebApiAnswer.Ok(new JsonObject { ["users"] = new JsonArray([.. users.Select(u => (JsonNode)u)]) })
        : WebApiAnswer.No("no_such_subteam");
}
