using Governance.Requests;

namespace Governance.Notices;

/// <summary>Event to notices: who must be told of it. Nobody is told what they did themselves a moment ago, save by the card they clicked.</summary>
public static partial class NoticesOf
{
    private static Notice Tell(string toId, NoticeKind kind, string? requestId, string? appId, params ReadOnlySpan<(string Key, string? Value)> detail)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in detail)
        {
            if (value is not null) facts[key] = value;
        }
        return new Notice(toId, kind, requestId, appId, facts);
    }

    // Whoever has left is told nothing
    private static IEnumerable<string> Reachable(this IEnumerable<string?> people, Facts facts) =>
        people.OfType<string>().Distinct(StringComparer.Ordinal).Where(facts.IsHere);

    private static string Iso(DateTimeOffset at) => at.ToUniversalTime().ToString("O", System.Globalization.CultureInfo.InvariantCulture);

    private static string Plain(IFormattable number) => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
}
