using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Governance.Apps;
using Governance.Requests;
using Governance.Tests.Requests;

namespace Governance.Tests.Lifecycle;

/// <summary>What is stored for ever.</summary>
public class KeptTests
{
    [Theory]
    [InlineData(typeof(RequestEvent))]
    [InlineData(typeof(AppEvent))]
    [InlineData(typeof(Request))]
    [InlineData(typeof(MicroApp))]
    public void Every_event_and_state_has_a_name_of_its_own_in_the_store(Type family)
    {
        var named = family.GetCustomAttributes<JsonDerivedTypeAttribute>().ToList();
        var all = family.Assembly.GetTypes().Where(t => t.IsSubclassOf(family));

        Assert.Equal(all.Select(t => t.Name).Order(), named.Select(n => n.DerivedType.Name).Order());
        Assert.Equal(named.Count, named.Select(n => n.TypeDiscriminator).Distinct().Count());
    }

    [Fact]
    public void A_manifest_is_kept_in_its_own_form_and_what_is_worked_out_is_not_kept()
    {
        var story = Story.Of(World.Medium);

        var kept = JsonNode.Parse(JsonSerializer.Serialize(story.Request, Kept.Styles[1]))!;

        Assert.Equal("awaiting-approval", (string?)kept["$type"]);
        Assert.Equal("where2eat", (string?)kept["file"]!["manifest"]!["app"]!["name"]);
        Assert.Equal("create", (string?)kept["file"]!["kind"]);
        Assert.Null(kept["is_open"]);
        Assert.Null(kept["all_seats"]);
    }
}
