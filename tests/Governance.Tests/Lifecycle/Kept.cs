using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Governance.Tests.Lifecycle;

/// <summary>As the store keeps events and states: once with the serializer's defaults, once in the desk's style.</summary>
public static class Kept
{
    public static readonly IReadOnlyList<JsonSerializerOptions> Styles =
    [
        JsonSerializerOptions.Default,
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        },
    ];

    public static string Json<T>(T value) => JsonSerializer.Serialize(value);

    /// <summary>Written and read again; fails when a style loses anything.</summary>
    public static T Again<T>(T value)
    {
        var last = value;
        foreach (var style in Styles)
        {
            last = JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value, style), style)!;
            Assert.Equal(value!.GetType(), last.GetType());
            Assert.Equal(Json(value), Json(last));
        }
        return last;
    }
}
