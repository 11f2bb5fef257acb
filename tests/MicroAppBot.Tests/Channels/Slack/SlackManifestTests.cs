using System.Text.Json;
using System.Text.Json.Nodes;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Tests.Cards;
using NJsonSchema;
using YamlDotNet.Serialization;

namespace MicroAppBot.Tests.Channels.Slack;

/// <summary>The app manifests that an administrator pastes into Slack: within its schema, and as the code has it.</summary>
public sealed class SlackManifestTests
{
    private static string Shared(string file) => Path.Combine(TheCards.Root, "..", "shared", "slack-fixtures", "more", "manifest-schema", file);

    private static JsonObject Manifest(string name)
    {
        using var text = File.OpenText(Path.Combine(TheCards.Root, "docs", "slack-app", name));
        var yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(text);
        return JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(yaml))!.AsObject();
    }

    private static List<string> Strings(JsonNode? list) => [.. list!.AsArray().Select(s => (string)s!)];

    [Theory]
    [InlineData("manifest.yaml")]
    [InlineData("manifest-socket.yaml")]
    public async Task A_manifest_is_what_slacks_own_schema_asks_for(string name)
    {
        Assert.SkipUnless(File.Exists(Shared("manifest.schema.2.0.0.json")), "Slack's manifest schema (../shared/slack-fixtures) is not here.");
        var schema = await JsonSchema.FromJsonAsync(await File.ReadAllTextAsync(Shared("manifest.schema.2.0.0.json"), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(Manifest(name).ToJsonString()));

        // The schema is one that refuses something
        var broken = Manifest(name);
        broken["display_information"]!.AsObject().Remove("name");
        broken["settings"]!["event_subscriptions"]!["bot_events"] = 5;
        Assert.NotEmpty(schema.Validate(broken.ToJsonString()));
    }

    [Theory]
    [InlineData("manifest.yaml")]
    [InlineData("manifest-socket.yaml")]
    public void A_manifest_asks_for_the_scopes_and_names_the_things_that_the_code_has(string name)
    {
        var manifest = Manifest(name);
        Assert.Equal(SlackInstallEndpoint.Scopes.Order(), Strings(manifest["oauth_config"]!["scopes"]!["bot"]).Order());
        var command = Assert.Single(manifest["features"]!["slash_commands"]!.AsArray())!;
        Assert.Equal((SlackSettings.Off.Command, true), ((string)command["command"]!, (bool)command["should_escape"]!));
        Assert.Equal([(SlackShortcuts.NewApp, "global"), (SlackShortcuts.RegisterApp, "message")],
            manifest["features"]!["shortcuts"]!.AsArray().Select(s => ((string)s!["callback_id"]!, (string)s["type"]!)));
        Assert.Equal(["app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked", "user_change"], Strings(manifest["settings"]!["event_subscriptions"]!["bot_events"]));
        Assert.InRange(((string)manifest["display_information"]!["name"]!).Length, 1, 35);
        Assert.InRange(((string)manifest["display_information"]!["description"]!).Length, 1, 140);
        Assert.InRange(((string)manifest["display_information"]!["long_description"]!).Length, 174, 4000);
        Assert.All(manifest["features"]!["shortcuts"]!.AsArray(), s => Assert.InRange(((string)s!["name"]!).Length, 1, 24));
    }

    [Fact]
    public void Over_http_every_address_is_one_that_the_bot_has_and_over_a_socket_there_is_none()
    {
        var addresses = JsonSerializer.Serialize(Manifest("manifest.yaml")).Split('"').Where(s => s.StartsWith("https://", StringComparison.Ordinal)).Select(a => new Uri(a)).ToList();
        Assert.All(addresses, a => Assert.Equal("bot.example.com", a.Host));
        Assert.Equal(
            new[] { SlackEndpoint.CommandsPath, SlackEndpoint.EventsPath, SlackEndpoint.InteractionsPath, SlackInstallEndpoint.CallbackPath }.Order(),
            addresses.Select(a => a.AbsolutePath).Distinct().Order());
        Assert.False((bool)Manifest("manifest.yaml")["settings"]!["socket_mode_enabled"]!);

        var socket = Manifest("manifest-socket.yaml");
        Assert.True((bool)socket["settings"]!["socket_mode_enabled"]!);
        Assert.DoesNotContain("https://", socket.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_two_manifests_differ_only_in_how_slack_and_the_bot_meet()
    {
        var (http, socket) = (Manifest("manifest.yaml"), Manifest("manifest-socket.yaml"));
        foreach (var manifest in (JsonObject[])[http, socket])
        {
            manifest["features"]!["slash_commands"]![0]!.AsObject().Remove("url");
            manifest["oauth_config"]!.AsObject().Remove("redirect_urls");
            manifest["settings"]!["event_subscriptions"]!.AsObject().Remove("request_url");
            manifest["settings"]!["interactivity"]!.AsObject().Remove("request_url");
            manifest["settings"]!["interactivity"]!.AsObject().Remove("message_menu_options_url");
            manifest["settings"]!.AsObject().Remove("socket_mode_enabled");
        }
        Assert.Equal(http.ToJsonString(), socket.ToJsonString());
    }
}
