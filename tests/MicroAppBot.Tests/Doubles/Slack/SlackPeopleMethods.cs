using System.Text.Json.Nodes;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>People, groups and channels.</summary>
internal sealed class SlackPeopleMethods(SlackState state)
{
    private readonly Dictionary<string, string[]> _groups = new(StringComparer.Ordinal);

    public void Group(string id, params string[] users) => _groups[id] = users;

    public SlackAnswer Open(JsonObject args, string team, string bot)
    {
        if (args.Str("users") is not { Length: > 0 } users) return SlackAnswer.No(args.Str("channel") is null ? "users_list_not_supplied" : "channel_not_found");
        var ids = users.Split(',');
        if (ids.Length > 8) return SlackAnswer.No("too_many_users");
        if (ids.Length > 1) return SlackAnswer.No("invalid_user_combination");
        if (state.Account(ids[0]) is not { } account) return SlackAnswer.No("user_not_found");
        if (account.TeamId != team) return SlackAnswer.No("user_not_visible");
        if (account.IsDeleted) return SlackAnswer.No("user_disabled");
        var known = state.HasDirect(team, account.Id);
        var channel = state.Direct(team, account.Id, bot);
        var body = new JsonObject { ["channel"] = new JsonObject { ["id"] = channel.Id } };
        if (known) (body["no_op"], body["already_open"]) = (true, true);
        return SlackAnswer.Ok(body);
    }

    public SlackAnswer Channel(JsonObject args, string team, string bot)
    {
        if (state.Channel(args.Str("channel")) is not { } channel || channel.TeamId != team) return SlackAnswer.No("channel_not_found");
        return SlackAnswer.Ok(new JsonObject
        {
            ["channel"] = new JsonObject
            {
                ["id"] = channel.Id, ["name"] = channel.Name, ["is_im"] = channel.IsDirect, ["is_private"] = channel.IsDirect, ["is_archived"] = channel.IsArchived, ["is_member"] = channel.Members.Contains(bot),
                ["is_shared"] = channel.IsShared, ["is_ext_shared"] = channel.IsShared, ["is_org_shared"] = false, ["is_pending_ext_shared"] = false,
            },
        });
    }

    public SlackAnswer Info(JsonObject args, string team, IReadOnlyList<string> scopes)
    {
        if (state.Account(args.Str("user")) is not { } account) return SlackAnswer.No("user_not_found");
        if (account.TeamId != team && !account.IsStranger) return SlackAnswer.No("user_not_visible");
        return SlackAnswer.Ok(new JsonObject { ["user"] = account.ToJson(scopes.Contains("users:read.email")) });
    }

    public SlackAnswer ByEmail(JsonObject args, string team) =>
        state.AccountByEmail(args.Str("email") ?? "", team) is { } account ? SlackAnswer.Ok(new JsonObject { ["user"] = account.ToJson(withEmail: true) }) : SlackAnswer.No("users_not_found");

    public SlackAnswer InGroup(JsonObject args) => _groups.TryGetValue(args.Str("usergroup") ?? "", out var users)
        ? SlackAnswer.Ok(new JsonObject { ["users"] = new JsonArray([.. users.Select(u => (JsonNode)u)]) })
        : SlackAnswer.No("no_such_subteam");
}
