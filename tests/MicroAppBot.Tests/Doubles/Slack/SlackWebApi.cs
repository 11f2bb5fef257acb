using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;
using Microsoft.AspNetCore.Http;

namespace MicroAppBot.Tests.Doubles.Slack;

/// <summary>The Web API: who may call, how often, with which arguments, and which method answers.</summary>
internal sealed class SlackWebApi(FakeSlack slack)
{
    private readonly SlackRates _rates = new(slack.Time);

    public SlackChatMethods Chat { get; } = new(slack.State, FakeSlack.BotId);

    public SlackViewMethods Views { get; } = new(slack.State, FakeSlack.AppId, FakeSlack.BotId);

    public SlackPeopleMethods People { get; } = new(slack.State);

    /// <summary>When false, nobody is told to slow down.</summary>
    public bool Throttles { get; set; } = true;

    /// <summary>The bot's user in a workspace.</summary>
    public static string BotOf(string team) => team == FakeSlack.TeamId ? FakeSlack.BotUserId : "U0" + team;

    /// <summary>Arguments come in JSON, in a form or in the query; the token in the header.</summary>
    public static Call Read(HttpContext http, string text)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var (token, client, secret) = ((string?)null, (string?)null, (string?)null);
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) token = header[7..];
        if (header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) && Encoding.UTF8.GetString(Convert.FromBase64String(header[6..])).Split(':', 2) is [var id, var word]) (client, secret) = (Uri.UnescapeDataString(id), Uri.UnescapeDataString(word));
        var type = http.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        var args = new JsonObject();
        foreach (var (name, value) in http.Request.Query) args[name] = value.ToString();
        string? error = null;
        if (type == "application/json")
        {
            try
            {
                if (JsonNode.Parse(text.Length == 0 ? "{}" : text) is JsonObject body)
                {
                    foreach (var (name, value) in body) args[name] = value?.DeepClone();
                }
                else error = "json_not_object";
            }
            catch (JsonException)
            {
                error = "invalid_json";
            }
        }
        else if (type is "application/x-www-form-urlencoded" or "")
        {
            if (type.Length == 0 && text.Length > 0) error = "missing_post_type";
            var form = HttpUtility.ParseQueryString(text);
            foreach (var name in form.AllKeys.OfType<string>()) args[name] = form[name];
        }
        else if (text.Length > 0) error = "invalid_post_type";
        return new Call(args, token ?? args.Str("token"), client ?? args.Str("client_id"), secret ?? args.Str("client_secret"), type == "application/json", error);
    }

    public WebApiAnswer Answer(string name, Call call)
    {
        if (!SlackMethod.All.TryGetValue(name, out var method)) return WebApiAnswer.No("unknown_method");
        var args = call.IsJson && !method.TakesJson ? [] : call.Arguments;
        if (name == "oauth.v2.access") return new WebApiAnswer(slack.Installations.Access(args, call.ClientId, call.ClientSecret, FakeSlack.AppId, BotOf));
        if (name == "apps.connections.open")
        {
            if (call.Token != FakeSlack.AppToken) return WebApiAnswer.No(call.Token is null ? "not_authed" : call.Token.StartsWith("xapp-", StringComparison.Ordinal) ? "invalid_auth" : "not_allowed_token_type");
            return WebApiAnswer.Ok(new JsonObject { ["url"] = slack.Socket.NewAddress(slack.Root) });
        }
        var (team, scopes, denied) = slack.Installations.Of(call.Token);
        if (team is null) return WebApiAnswer.No(denied!);
        if (call.Error is not null) return WebApiAnswer.No(call.Error);
        if (method.Scopes.Length > 0 && !method.Scopes.Any(scopes.Contains))
        {
            var answer = WebApiAnswer.No("missing_scope");
            (answer.Body["needed"], answer.Body["provided"]) = (string.Join(',', method.Scopes), string.Join(',', scopes));
            return answer;
        }
        if (Throttles && _rates.Taken(method, team, args.Str("channel")) is { } wait) return WebApiAnswer.TooMany(wait);
        var missing = method.Required.Where(r => args[r] is null).Select(r => $"missing required field: {r} [json-pointer:]").ToList();
        if (missing.Count > 0) return WebApiAnswer.No("invalid_arguments", missing);
        var bot = BotOf(team);
        return name switch
        {
            "api.test" => WebApiAnswer.Ok([]),
            "auth.test" => WebApiAnswer.Ok(new JsonObject
            {
                ["url"] = $"https://{team.ToLowerInvariant()}.slack.com/",
                ["team"] = $"Workspace {team}",
                ["user"] = "microappbot",
                ["team_id"] = team,
                ["user_id"] = bot,
                ["bot_id"] = FakeSlack.BotId,
                ["app_id"] = FakeSlack.AppId,
                ["is_enterprise_install"] = false,
            }),
            "auth.revoke" => WebApiAnswer.Ok(new JsonObject { ["revoked"] = true }, () => slack.Installations.Revoke(team)),
            "chat.postMessage" => Chat.Post(args, team, bot),
            "chat.update" => Chat.Update(args, team, bot),
            "chat.postEphemeral" => Chat.Ephemeral(args, team, bot),
            "chat.delete" => Chat.Delete(args, team, bot),
            "conversations.history" => Chat.Read(args, team, bot, null),
            "conversations.replies" => Chat.Read(args, team, bot, args.Str("ts")),
            "conversations.open" => People.Open(args, team, bot),
            "conversations.info" => People.Channel(args, team, bot),
            "users.info" => People.Info(args, team, scopes),
            "users.lookupByEmail" => People.ByEmail(args, team),
            "usergroups.users.list" => People.InGroup(args),
            "views.open" => Views.Open(args, team),
            "views.push" => Views.Push(args, team),
            "views.update" => Views.Update(args, team),
            "views.publish" => Views.Publish(args, team),
            _ => throw new InvalidOperationException($"{name} is in the table and nobody answers it."),
        };
    }

    /// <param name="IsJson">The arguments came as JSON.</param>
    /// <param name="Error">What was wrong with the body, in Slack's word.</param>
    public sealed record Call(JsonObject Arguments, string? Token, string? ClientId, string? ClientSecret, bool IsJson, string? Error);
}
