using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Governance.Verdicts;

namespace Governance.Tests.Verdicts;

public class PolicyNumbersTests
{
    private static readonly string Shipped = File.ReadAllText(Find("policies/data.json"));

    private static readonly PolicyReport Report = new(
        true, [], new Risk(RiskTier.High, 80, []), [new("security", 1), new("compliance", 1), new("infra-ops", 1)], "r");

    [Fact]
    public void The_shipped_numbers_are_those_of_the_design()
    {
        var numbers = Parse(Shipped);

        Assert.Empty(numbers.Approvals[RiskTier.Low]);
        Assert.Equal([new("business-owner", 1), new("security", 1)], numbers.Approvals[RiskTier.Medium]);
        Assert.Equal([new("security", 1), new("compliance", 1), new("infra-ops", 1)], numbers.Approvals[RiskTier.High]);
        Assert.Equal(8, numbers.Requests.SlaBusinessHours[RiskTier.Medium]);
        Assert.Equal(16, numbers.Requests.SlaBusinessHours[RiskTier.High]);
        Assert.Equal(10, numbers.Requests.LapseAfterWorkingDays);
        Assert.Equal([7, 3, 1], numbers.Lifecycle.ReminderDays);
        Assert.Equal(365, numbers.Lifecycle.RetentionDays["regulated"]);
        Assert.Equal([50, 80, 100], numbers.Cost.AlertPercent);
        Assert.Equal(new TimeOnly(9, 0), numbers.BusinessHours.From);
        Assert.DoesNotContain(DayOfWeek.Sunday, numbers.BusinessHours.Days);
    }

    [Fact]
    public void A_new_app_needs_the_seats_its_report_names() =>
        Assert.Equal(Report.Approvals, Parse(Shipped).SeatsFor("create", Report));

    [Theory]
    [InlineData(RiskTier.Low, "")]
    [InlineData(RiskTier.Medium, "")]
    [InlineData(RiskTier.High, "security")]
    public void A_renewal_needs_securitys_signature_at_high_only(RiskTier tier, string roles)
    {
        var seats = Parse(Shipped).SeatsFor("renew", Report with { Risk = new Risk(tier, 1, []) });

        Assert.Equal(roles, string.Join(' ', seats.Select(seat => seat.Role)));
    }

    [Fact]
    public void A_role_named_twice_sits_once()
    {
        var document = JsonNode.Parse(Shipped)!;
        document["seats"]!["create"]!["high"]!["also"] = JsonNode.Parse("""[{"role":"security","count":2}]""");

        var seats = Parse(document.ToJsonString()).SeatsFor("create", Report);

        Assert.Equal([new("security", 2), new("compliance", 1), new("infra-ops", 1)], seats);
    }

    [Fact]
    public void A_kind_of_request_without_seats_in_the_table_is_a_bug_and_says_which() =>
        Assert.Contains("'paint'", Assert.Throws<ArgumentException>(() => Parse(Shipped).SeatsFor("paint", Report)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("seats/raise-cap", "seats.raise-cap.low")]
    [InlineData("approvals/high", "approvals.high")]
    [InlineData("lifecycle", "lifecycle")]
    [InlineData("requests/sla_business_hours/medium", "requests.sla_business_hours.medium")]
    public void A_missing_number_is_named(string path, string named)
    {
        var document = JsonNode.Parse(Shipped)!;
        var parts = path.Split('/');
        parts[..^1].Aggregate(document, (node, part) => node[part]!).AsObject().Remove(parts[^1]);

        var fault = Assert.Throws<JsonException>(() => Parse(document.ToJsonString()));

        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    private static PolicyNumbers Parse(string json) => PolicyNumbers.Parse(Encoding.UTF8.GetBytes(json));

    private static string Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MicroAppBot.sln")))
            {
                return Path.Combine(folder.FullName, path);
            }
        }

        throw new InvalidOperationException("These tests run inside the repository.");
    }
}
