using Governance.Catalogue;
using Governance.Intake;
using Governance.Manifests;

namespace Governance.Tests.Intake;

public sealed class AnswersTests
{
    private static string Long(int length) => new('x', length);

    [Theory]
    [InlineData(Slot.Template, "campaign")]
    [InlineData(Slot.Name, "where2eat")]
    [InlineData(Slot.Name, "a")]
    [InlineData(Slot.Title, "  Where   2\tEat  ")]
    [InlineData(Slot.Purpose, "Pick lunch")]
    [InlineData(Slot.Purpose, "昼ごはん")]
    [InlineData(Slot.Audience, "external")]
    [InlineData(Slot.Audience, "Team")]
    [InlineData(Slot.Department, "hr")]
    [InlineData(Slot.Data, "customer-name, contract")]
    [InlineData(Slot.Data, "none")]
    [InlineData(Slot.DataClass, "regulated")]
    [InlineData(Slot.Connectors, "crm-contacts,external-webhook")]
    [InlineData(Slot.Connectors, "none")]
    [InlineData(Slot.Connectors, "")]
    [InlineData(Slot.Access, "")]
    [InlineData(Slot.Destination, "https://Hooks.Partner.example/path?x=1")]
    [InlineData(Slot.Destination, "hooks.partner.example")]
    [InlineData(Slot.Region, "eu,uk")]
    [InlineData(Slot.Environment, "sovereign-eu")]
    [InlineData(Slot.CoOwner, "jonas")]
    [InlineData(Slot.CostCentre, "MKT-120")]
    [InlineData(Slot.TtlDays, "1")]
    [InlineData(Slot.TtlDays, "3650")]
    [InlineData(Slot.CostCapUsd, "0")]
    [InlineData(Slot.CostCapUsd, "50.5")]
    [InlineData(Slot.CostCapUsd, "1000000")]
    [InlineData(Slot.Justification, "Audit asked for it")]
    public void A_good_answer_is_taken(string slot, string value)
    {
        var form = Builders.Empty with { MustAsk = [slot, "other"] };
        var answered = Answers.Put(form, slot, value, Builders.Ada);
        Assert.Null(answered.Fault);
        Assert.Equal(["other"], answered.Form.MustAsk);
    }

    public static TheoryData<string, string> Bad => new()
    {
        { Slot.Template, "" }, { Slot.Template, "Campaign page" }, { Slot.Template, "../../etc/passwd" }, { Slot.Template, "__proto__" },
        { Slot.Name, "" }, { Slot.Name, "Where2Eat" }, { Slot.Name, "-a" }, { Slot.Name, "a-" }, { Slot.Name, "a/b" }, { Slot.Name, ".." }, { Slot.Name, "a b" }, { Slot.Name, "größe" }, { Slot.Name, Long(64) }, { Slot.Name, "\u0430pp" },
        { Slot.Title, "" }, { Slot.Title, " \t " }, { Slot.Title, Long(81) }, { Slot.Title, "\u202E\u200F" }, { Slot.Title, "\u200B" }, { Slot.Title, "***" },
        { Slot.Purpose, "" }, { Slot.Purpose, "ab" }, { Slot.Purpose, "..." }, { Slot.Purpose, "🍜🍜🍜" }, { Slot.Purpose, Long(501) },
        { Slot.Justification, "" }, { Slot.Justification, "no" }, { Slot.Justification, "!!!" }, { Slot.Justification, Long(501) },
        { Slot.Audience, "" }, { Slot.Audience, "everybody" }, { Slot.Audience, "1" }, { Slot.Audience, "-1" }, { Slot.Audience, "team,company" },
        { Slot.Department, "" }, { Slot.Department, "marketing " + Long(5) }, { Slot.Department, "board" },
        { Slot.Data, "" }, { Slot.Data, " , ," }, { Slot.Data, "credentials" }, { Slot.Data, "customer-name,credentials" }, { Slot.Data, "none,salary" }, { Slot.Data, "customer names" }, { Slot.Data, "salary,nonsense" },
        { Slot.DataClass, "" }, { Slot.DataClass, "secret" }, { Slot.DataClass, "3" }, { Slot.DataClass, "public,regulated" },
        { Slot.Connectors, "nope" }, { Slot.Connectors, "crm-contacts,nope" }, { Slot.Connectors, "none,crm-contacts" },
        { Slot.Fields, "crm-contacts:name" }, { Slot.Fields, "crm-contacts" }, { Slot.Fields, ":" },
        { Slot.Access, "crm-contacts:write" }, { Slot.Access, "crm-contacts" }, { Slot.Access, ":write" },
        { Slot.Destination, "" }, { Slot.Destination, "localhost" }, { Slot.Destination, "127.0.0.1" }, { Slot.Destination, "http://[::1]/" }, { Slot.Destination, "ftp://a.example" }, { Slot.Destination, "file:///etc/passwd" },
        { Slot.Destination, "https://user:secret@a.example" }, { Slot.Destination, "javascript:alert(1)" }, { Slot.Destination, "a b.example" }, { Slot.Destination, "." }, { Slot.Destination, "https://a.example:99999" },
        { Slot.Region, "" }, { Slot.Region, "mars" }, { Slot.Region, "eu,mars" },
        { Slot.Environment, "" }, { Slot.Environment, "prod" },
        { Slot.CoOwner, "" }, { Slot.CoOwner, "ada" }, { Slot.CoOwner, "nobody" }, { Slot.CoOwner, "Jonas" },
        { Slot.CostCentre, "" }, { Slot.CostCentre, Long(41) },
        { Slot.TtlDays, "" }, { Slot.TtlDays, "0" }, { Slot.TtlDays, "-1" }, { Slot.TtlDays, "3651" }, { Slot.TtlDays, "1.5" }, { Slot.TtlDays, "1e2" }, { Slot.TtlDays, "99999999999999999999" }, { Slot.TtlDays, "ten" }, { Slot.TtlDays, "٣" },
        { Slot.CostCapUsd, "" }, { Slot.CostCapUsd, "-5" }, { Slot.CostCapUsd, "1000001" }, { Slot.CostCapUsd, "1e3" }, { Slot.CostCapUsd, "NaN" }, { Slot.CostCapUsd, "1,000" }, { Slot.CostCapUsd, "50 USD" },
        { "nonsense", "x" }, { "", "" },
    };

    [Theory, MemberData(nameof(Bad))]
    public void A_bad_answer_changes_nothing_and_says_what_would_do(string slot, string value)
    {
        var form = Builders.Empty with { MustAsk = [slot] };
        var answered = Answers.Put(form, slot, value, Builders.Ada);
        Assert.Same(form, answered.Form);
        Assert.False(string.IsNullOrWhiteSpace(answered.Fault));
        Assert.Contains(answered.Fault[^1], ".?");
    }

    [Fact]
    public void Marks_that_turn_or_break_a_line_do_not_get_into_what_is_shown()
    {
        var form = Builders.Empty.With(Slot.Title, "\u202Egnp.exe\u202C\u2028x\u0000y\uD83D").With(Slot.Purpose, "line one\r\nline two");
        Assert.Equal("gnp.exe x y", form.Title);
        Assert.Equal("line one line two", form.Purpose);
    }

    [Theory]
    [InlineData("CRM.internal.example.com.", "crm.internal.example.com")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("https://a.example:8443/x", "a.example")]
    public void A_host_has_one_spelling(string typed, string host) => Assert.Equal(host, Builders.Empty.With(Slot.Destination, typed).Destination);

    [Fact]
    public void A_short_name_that_will_not_do_is_answered_with_one_that_will() =>
        Assert.Contains("groesse-cafe", Answers.Put(Builders.Empty, Slot.Name, "Größe & Café", Builders.Ada).Fault, StringComparison.Ordinal);

    [Fact]
    public void The_class_can_be_raised_and_never_put_below_what_the_data_needs()
    {
        var form = Builders.Empty.With(Slot.Data, "customer-name");
        foreach (var low in (string[])["public", "internal"]) Assert.Contains("confidential", Answers.Put(form, Slot.DataClass, low, Builders.Ada).Fault, StringComparison.Ordinal);
        Assert.Equal(DataClass.Regulated, Drafting.ClassOf(form.With(Slot.DataClass, "regulated"), Builders.Ada));
    }

    [Fact]
    public void Fields_are_of_the_connectors_that_were_named_and_each_gives_one_at_least()
    {
        var form = Builders.Empty.With(Slot.Connectors, "crm-contacts,hr-payroll");
        Assert.Contains("HR-PAYROLL", Answers.Put(form, Slot.Fields, "crm-contacts:name", Builders.Ada).Fault, StringComparison.Ordinal);
        Assert.NotNull(Answers.Put(form, Slot.Fields, "crm-contacts:salary,hr-payroll:salary", Builders.Ada).Fault);
        Assert.Equal(["name"], form.With(Slot.Fields, "crm-contacts:name,crm-contacts:name,hr-payroll:salary").Fields["crm-contacts"]);
    }

    [Fact]
    public void Access_is_what_a_connector_offers_and_the_higher_of_two()
    {
        var form = Builders.Empty.With(Slot.Connectors, "crm-contacts,hr-payroll");
        Assert.Equal(ConnectorAccess.Write, form.With(Slot.Access, "crm-contacts:read,crm-contacts:write").Access["crm-contacts"]);
        foreach (var no in (string[])["hr-payroll:write", "crm-contacts:admin", "crm-contacts:1"]) Assert.NotNull(Answers.Put(form, Slot.Access, no, Builders.Ada).Fault);
    }

    [Fact]
    public void A_connector_that_is_taken_out_takes_its_answers_along()
    {
        var form = Builders.Empty.With(Slot.Connectors, "crm-contacts,external-webhook").With(Slot.Fields, "crm-contacts:name,external-webhook:payload")
            .With(Slot.Access, "crm-contacts:write").With(Slot.Destination, "hooks.partner.example").With(Slot.Connectors, "crm-contacts-masked");
        Assert.Empty(form.Fields);
        Assert.Empty(form.Access);
        Assert.Null(form.Destination);
    }

    [Theory]
    [InlineData(Slot.Data, "salary")]
    [InlineData(Slot.Region, "uk")]
    [InlineData(Slot.DataClass, "regulated")]
    public void Where_it_runs_is_proposed_afresh_when_what_decides_it_changes(string slot, string value) =>
        Assert.Null(Builders.Empty.With(Slot.Environment, "internal-us").With(slot, value).Environment);
}
