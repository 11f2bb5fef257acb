using Governance.Catalogue;
using Governance.Intake;
using Governance.Manifests;
using Governance.Tests.Manifests;

namespace Governance.Tests.Intake;

public sealed class DraftingTests
{
    private static Manifest Finish(IntakeForm form) => Drafting.Finish(form, Builders.Ada);

    [Fact]
    public void What_people_find_tedious_is_proposed()
    {
        var manifest = Finish(Builders.Complete);
        Assert.Equal("pick-a-lunch-place-for-the-team", manifest.App.Name);
        Assert.Equal(("ada", "jonas", "MKT-120", "marketing"), (manifest.App.Owner, manifest.App.CoOwner, manifest.App.CostCentre, manifest.App.Department));
        Assert.Equal(("internal-eu", 30, 50m, DataClass.Internal), (manifest.Environment, manifest.Lifecycle.TtlDays, manifest.Cost.CapUsd, manifest.App.DataClass));
        Assert.Equal(["eu"], manifest.Data.Residency);
    }

    [Fact]
    public void Nobody_who_signs_is_proposed_as_co_owner()
    {
        Assert.Null(Builders.FactsOf(Builders.Ada.Builder with { Department = "legal" }).ProposedCoOwner("legal"));
        Assert.Equal("jonas", Builders.Ada.ProposedCoOwner("marketing")?.Id);
        Assert.Null(Builders.Ada.ProposedCoOwner(null));
    }

    [Fact]
    public void A_co_owner_who_has_left_is_replaced_by_a_colleague_who_is_there() => Assert.Equal("jonas", Finish(Builders.Complete with { CoOwner = "gone" }).App.CoOwner);

    [Theory]
    [InlineData("none", DataClass.Internal)]
    [InlineData("published", DataClass.Public)]
    [InlineData("internal-documents", DataClass.Internal)]
    [InlineData("customer-name", DataClass.Confidential)]
    [InlineData("internal-documents,health", DataClass.Regulated)]
    public void The_class_follows_the_kinds(string kinds, DataClass declared) => Assert.Equal(declared, Finish(Builders.Complete.With(Slot.Data, kinds)).App.DataClass);

    [Fact]
    public void The_class_follows_the_fields_where_they_need_more_than_the_kinds()
    {
        var form = Builders.Complete.With(Slot.Connectors, "crm-contacts").With(Slot.Fields, "crm-contacts:name");
        Assert.Equal(DataClass.Confidential, Finish(form).App.DataClass);
    }

    [Theory]
    [InlineData("internal-documents", "company")]
    [InlineData("customer-name", "company,name")]
    public void No_field_is_proposed_that_is_more_sensitive_than_what_is_shown(string kinds, string fields) =>
        Assert.Equal(fields.Split(','), Finish(Builders.Complete.With(Slot.Data, kinds).With(Slot.Connectors, "crm-contacts")).Integrations.Single().Fields);

    [Fact]
    public void Regulated_data_gets_the_template_and_the_place_of_its_home()
    {
        var manifest = Finish(Builders.Complete.With(Slot.Data, "salary").With(Slot.Region, "eu"));
        Assert.Equal(("regulated-eu", "sovereign-eu"), (manifest.App.Template, manifest.Environment));
    }

    [Fact]
    public void Regulated_data_without_a_template_of_its_home_keeps_the_one_that_was_picked() =>
        Assert.Equal("internal-dashboard", Finish(Builders.Complete.With(Slot.Data, "salary").With(Slot.Region, "us")).App.Template);

    [Fact]
    public void A_campaign_stays_one_whatever_data_it_shows() =>
        Assert.Equal("campaign", Finish(Builders.Complete.With(Slot.Template, "campaign").With(Slot.Data, "salary").With(Slot.Region, "eu")).App.Template);

    [Fact]
    public void A_place_that_was_chosen_stays_even_if_it_does_not_fit()
    {
        var form = Builders.Complete.With(Slot.Data, "salary").With(Slot.Region, "eu").With(Slot.Environment, "internal-us");
        Assert.Equal("internal-us", Finish(form).Environment);
    }

    [Fact]
    public void Destinations_secrets_and_roles_follow_from_the_connectors()
    {
        var manifest = Finish(Builders.Complete.With(Slot.Name, "lunch").With(Slot.Connectors, "crm-contacts,external-webhook").With(Slot.Access, "crm-contacts:write").With(Slot.Destination, "hooks.partner.example"));
        Assert.Equal(["crm.internal.example.com", "hooks.partner.example"], manifest.Network.AllowedDestinations);
        Assert.False(manifest.Network.DenyExternalSinks);
        Assert.Equal("vault://kv/marketing/lunch#token", manifest.Secrets["TOKEN"]);
        Assert.Equal(["crm-read-write"], manifest.Access.Roles);
    }

    [Fact]
    public void A_destination_that_was_said_counts_only_while_it_sends_outside() =>
        Assert.Empty(Finish(Builders.Complete with { Destination = "hooks.partner.example" }).Network.AllowedDestinations);

    [Theory]
    [InlineData("...", "App")]
    [InlineData("🎉", "App")]
    [InlineData("show what is left over at the end of the quarter, for everyone", "Show what is left over at the end of the")]
    public void A_title_is_made_of_whatever_was_said(string purpose, string title)
    {
        var manifest = Finish(Builders.Complete with { Purpose = purpose });
        Assert.True(AppName.IsValid(manifest.App.Name));
        Assert.NotEmpty(manifest.App.Title!);
        if (title != "App") Assert.Equal(title, manifest.App.Title);
    }

    [Fact]
    public void A_title_never_ends_in_half_a_character()
    {
        var title = Finish(Builders.Complete with { Purpose = new string('x', 39) + "🎉🎉" }).App.Title!;
        Assert.DoesNotContain(title, char.IsSurrogate);
    }

    [Fact]
    public void A_draft_with_a_question_left_makes_no_manifest() => Assert.Throws<InvalidOperationException>(() => Finish(Builders.Empty));

    public static TheoryData<string> Drafts => ["", "data=customer-name", "data=salary;region=eu", "data=published", "data=none;dataClass=public", "dataClass=confidential",
        "connectors=crm-contacts,external-webhook;destination=hooks.partner.example;access=crm-contacts:write;fields=crm-contacts:name,external-webhook:payload",
        "template=campaign;ttlDays=20;costCapUsd=70.5;justification=because of it", "title=A & B;name=a-b;audience=external;region=eu,us;environment=internal-us;coOwner=noor;costCentre=X 1;department=sales"];

    [Theory, MemberData(nameof(Drafts))]
    public void Reopened_a_manifest_gives_the_answers_it_came_from_and_the_same_manifest_again(string answers)
    {
        var form = Builders.Complete;
        foreach (var (slot, value) in answers.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(a => a.Split('=')).Select(a => (a[0], a[1]))) form = form.With(slot, value);
        var manifest = Finish(form);

        var reopened = Drafting.Reopen("app-1", manifest, form.Justification, Builders.Ada.Catalogue);
        Assert.Null(Questions.Next(reopened, Builders.Ada));
        Assert.Equal(manifest, Finish(reopened));
        Assert.Equal(form.RaisedClass, reopened.RaisedClass);
        Assert.Equal((form.Destination, form.Justification, "ada"), (reopened.Destination, reopened.Justification, reopened.BuilderId));
    }

    [Fact]
    public void Whatever_is_answered_in_whatever_order_ends_in_a_manifest_after_four_questions_at_most()
    {
        var random = new Random(20260302);
        string[] values = ["", "none", "internal-dashboard", "campaign", "regulated-eu", "customer-name,contract", "salary", "health,child-data", "credentials", "published", "crm-contacts,hr-payroll", "external-webhook", "crm-contacts:name",
            "crm-contacts:write", "eu", "us", "uk,apac", "internal-us", "sovereign-eu", "hooks.partner.example", "team", "external", "marketing", "jonas", "gone", "MKT-1", "14", "31", "400", "50.5", "-1", "public", "regulated", "Lunch, for all of us",
            "...", "\uD83D", "\u202E", "<at>x</at>", new string('é', 600), "🎉🎉🎉 lunch"];
        for (var round = 0; round < 600; round++)
        {
            var facts = round % 3 == 0 ? Builders.Guest : Builders.Ada;
            var form = Builders.Empty with { BuilderId = facts.Builder.Id, MustAsk = random.GetItems(["data", "connectors", "region", "fields", "audience"], random.Next(3)) };
            for (var i = random.Next(12); i > 0; i--) form = Answers.Put(form, random.GetItems([.. Slot.All], 1)[0], random.GetItems(values, 1)[0], facts).Form;
            var asked = 0;
            while (Questions.Next(form, facts) is { } question)
            {
                Assert.True(++asked <= 4, $"round {round} is asked {question.Id} ({string.Join(',', question.Slots)}) as well");
                foreach (var slot in question.Slots) form = form.With(slot, Good(slot, form, random), facts);
            }
            var manifest = Drafting.Finish(form, facts);
            Assert.True(manifest.App.DataClass >= NeededClass.OfContents(manifest, facts.Catalogue));
            Assert.Equal(manifest, Where2Eat.Read(manifest.ToJson().ToJsonString()));
        }
    }

    private static string Good(string slot, IntakeForm form, Random random) => slot switch
    {
        Slot.Template => random.GetItems(["internal-dashboard", "campaign", "regulated-eu"], 1)[0],
        Slot.Data => random.GetItems(["none", "salary", "customer-name", "internal-documents"], 1)[0],
        Slot.Connectors => random.GetItems(["none", "crm-contacts", "external-webhook", "hr-payroll"], 1)[0],
        Slot.Fields => string.Join(',', form.Connectors!.Select(c => $"{c}:{Builders.Ada.Catalogue.Connector(c)!.Fields[0].Name}")),
        Slot.Destination => "hooks.partner.example",
        Slot.Region => random.GetItems(["eu", "us"], 1)[0],
        Slot.Audience => "company",
        Slot.Department => "marketing",
        Slot.CoOwner => "jonas",
        Slot.CostCentre => "MKT-1",
        _ => "because it helps",
    };
}
