using System.Text.Json;
using MicroAppBot.Signals;

namespace MicroAppBot.Tests.Signals;

public sealed class CostReportTests
{
    [Theory]
    [InlineData("""{"app":"where2eat","date":"2026-03-02","amount":3.2}""", 3.2, null)]
    [InlineData("""{"app":"where2eat","date":"2026-03-02","amount":0,"currency":"usd","forecast":40}""", 0, 40)]
    [InlineData("""{"app":"where2eat","date":"2026-03-02","amount":1e3,"forecast":null,"more":true}""", 1000, null)]
    public void A_good_report_is_read(string json, double amount, int? forecast)
    {
        var (report, fault) = Read(json);
        Assert.Null(fault);
        Assert.Equal(("where2eat", new DateOnly(2026, 3, 2), (decimal)amount, (decimal?)forecast), (report!.App, report.Day, report.AmountUsd, report.ForecastUsd));
    }

    [Theory]
    [InlineData("7", "object")]
    [InlineData("[]", "object")]
    [InlineData("{}", "app")]
    [InlineData("""{"app":"","date":"2026-03-02","amount":1}""", "app")]
    [InlineData("""{"app":7,"date":"2026-03-02","amount":1}""", "app")]
    [InlineData("""{"app":"\ud800","date":"2026-03-02","amount":1}""", "no text")]
    [InlineData("""{"app":"x","amount":1}""", "date")]
    [InlineData("""{"app":"x","date":"02.03.2026","amount":1}""", "date")]
    [InlineData("""{"app":"x","date":"2026-02-30","amount":1}""", "date")]
    [InlineData("""{"app":"x","date":"2026-03-02T00:00:00Z","amount":1}""", "date")]
    [InlineData("""{"app":"x","date":"2026-03-02"}""", "amount")]
    [InlineData("""{"app":"x","date":"2026-03-02","amount":"3"}""", "amount")]
    [InlineData("""{"app":"x","date":"2026-03-02","amount":-1}""", "amount")]
    [InlineData("""{"app":"x","date":"2026-03-02","amount":1e300}""", "amount")]
    [InlineData("""{"app":"x","date":"2026-03-02","amount":2000000000}""", "amount")]
    [InlineData("""{"app":"x","date":"2026-03-02","amount":1,"currency":"EUR"}""", "EUR")]
    [InlineData("""{"app":"x","date":"2026-03-02","amount":1,"currency":null}""", "currency")]
    [InlineData("""{"app":"x","date":"2026-03-02","amount":1,"currency":"\ud800"}""", "no text")]
    [InlineData("""{"app":"x","date":"2026-03-02","amount":1,"forecast":"much"}""", "forecast")]
    [InlineData("""{"app":"x","date":"2026-03-02","amount":1,"forecast":-4}""", "forecast")]
    public void A_bad_one_is_refused_by_the_name_of_its_field(string json, string names)
    {
        var (report, fault) = Read(json);
        Assert.Null(report);
        Assert.Contains(names, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endless_name_is_no_app() => Assert.NotNull(Read($$"""{"app":"{{new string('x', 101)}}","date":"2026-03-02","amount":1}""").Fault);

    private static (CostReport? Report, string? Fault) Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return CostReport.Read(document.RootElement);
    }
}
