using System.Text.Json;
using Governance.Verdicts;

namespace Governance.Tests.Verdicts;

public class PolicyReportTests
{
    private const string Document = """
        {"allow":true,
         "findings":[{"rule":"cost.cap","level":"override","message":"m","fix":"f","field":"/cost/cap_usd"}],
         "risk":{"tier":"medium","score":41,"factors":[{"rule":"class.confidential","points":20,"why":"w"},{"rule":"cost.cap","points":5,"why":"v"}]},
         "approvals":[{"role":"business-owner","count":1},{"role":"security","count":1}],
         "revision":"abc"}
        """;

    [Fact]
    public void A_decision_document_is_read_and_written_without_loss()
    {
        var report = PolicyReport.Parse(Document);

        Assert.True(report.Allow);
        Assert.Equal(new Finding("cost.cap", FindingLevel.Override, "m", "f", "/cost/cap_usd"), Assert.Single(report.Findings));
        Assert.Equal(RiskTier.Medium, report.Risk.Tier);
        Assert.Equal([new("business-owner", 1), new("security", 1)], report.Approvals);
        Assert.Equal(report, PolicyReport.Parse(report.ToJson()));
        Assert.Equal(report, PolicyReport.Parse(report.ToJson(indented: true)));
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(Document).RootElement, JsonDocument.Parse(report.ToJson()).RootElement));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"allow\":true,\"findings\":[],\"approvals\":[],\"revision\":\"r\"}")]
    [InlineData("{\"allow\":true,\"findings\":null,\"risk\":{\"tier\":\"low\",\"score\":1,\"factors\":[]},\"approvals\":[],\"revision\":\"r\"}")]
    [InlineData("{\"allow\":true,\"findings\":[],\"risk\":{\"tier\":\"extreme\",\"score\":1,\"factors\":[]},\"approvals\":[],\"revision\":\"r\"}")]
    [InlineData("{\"allow\":true,\"findings\":[],\"risk\":{\"tier\":0,\"score\":1,\"factors\":[]},\"approvals\":[],\"revision\":\"r\"}")]
    public void What_is_no_decision_document_is_refused(string json) =>
        Assert.Throws<JsonException>(() => PolicyReport.Parse(json));

    [Fact]
    public void Score_points_words_and_revision_alone_do_not_make_a_report_say_something_else()
    {
        var report = PolicyReport.Parse(Document);
        var reworded = report with
        {
            Revision = "def",
            Findings = [report.Findings[0] with { Message = "other words", Fix = "other fix" }],
            Risk = report.Risk with { Score = 44, Factors = [new("cost.cap", 9, "x"), new("class.confidential", 8, "y")] },
        };

        Assert.NotEqual(report, reworded);
        Assert.True(report.SaysTheSameAs(reworded));
    }

    [Fact]
    public void Another_tier_finding_reason_or_seat_makes_a_report_say_something_else()
    {
        var report = PolicyReport.Parse(Document);

        Assert.False(report.SaysTheSameAs(report with { Risk = report.Risk with { Tier = RiskTier.High } }));
        Assert.False(report.SaysTheSameAs(report with { Findings = [] }));
        Assert.False(report.SaysTheSameAs(report with { Findings = [report.Findings[0] with { Level = FindingLevel.Advise }] }));
        Assert.False(report.SaysTheSameAs(report with { Approvals = [report.Approvals[0]] }));
        Assert.False(report.SaysTheSameAs(report with { Risk = report.Risk with { Factors = [report.Risk.Factors[0]] } }));
    }

    [Fact]
    public void Only_an_allowed_report_without_seats_grants_at_once()
    {
        var report = PolicyReport.Parse(Document);

        Assert.False(report.GrantsAtOnce);
        Assert.True((report with { Approvals = [] }).GrantsAtOnce);
        Assert.False((report with { Approvals = [], Allow = false }).GrantsAtOnce);
    }
}
