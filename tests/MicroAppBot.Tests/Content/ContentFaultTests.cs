namespace MicroAppBot.Tests.Content;

public sealed class ContentFaultTests : IDisposable
{
    private readonly ContentCopy copy = new();

    public void Dispose() => copy.Dispose();

    [Theory]
    // Templates
    [InlineData("templates/campaign.yaml", "title: Campaign page", "titel: Campaign page", "“titel” is not a key of a template. Did you mean “title”?")]
    [InlineData("templates/campaign.yaml", "  ttl_days: 14", "  ttldays: 14", "Did you mean “ttl_days”?")]
    [InlineData("templates/campaign.yaml", "  data_class: internal", "  data_class: internl", "Did you mean “internal”?")]
    [InlineData("templates/campaign.yaml", "  data_class: internal", "  data_class: regulated", "above the template's own limit")]
    [InlineData("templates/campaign.yaml", "  ttl_days: 14", "  ttl_days: 15", "above the template's own limit")]
    [InlineData("templates/campaign.yaml", "  ttl_days: 14", "  ttl_days: two weeks", "a whole number from 1 to 90")]
    [InlineData("templates/campaign.yaml", "  cap_usd: 100", "  cap_usd: -5", "an amount in USD above 0")]
    [InlineData("templates/campaign.yaml", "    - crm-campaigns", "    - crm-campaign", "“crm-campaign” is not a connector of the catalogue. Did you mean “crm-campaigns”?")]
    [InlineData("templates/campaign.yaml", "    - crm-campaigns", "    - crm-contacts-masked", "listed twice")]
    [InlineData("templates/campaign.yaml", "hard_cap: true", "hard_cap: yes", "is true or false")]
    [InlineData("templates/campaign.yaml", "  - voucher", "  - [voucher]", "a plain value")]
    [InlineData("templates/campaign.yaml", "  - voucher", "  - ", "“words” is empty")]
    [InlineData("templates/campaign.yaml", "id: campaign", "id: campaigns", "the file's name must be the same")]
    [InlineData("templates/campaign.yaml", "id: campaign", "id: approval-form", "already that of templates/approval-form.yaml")]
    [InlineData("templates/campaign.yaml", "title: Campaign page", "title:", "“title” is empty")]
    [InlineData("templates/regulated-eu.yaml", "  environment: sovereign-eu", "  environment: sovereign-fr", "not an environment of the catalogue")]
    [InlineData("templates/regulated-eu.yaml", "  residency: eu", "  residency: uk", "cannot run in “sovereign-eu”")]
    [InlineData("templates/regulated-eu.yaml", "  residency: eu", "  residency: moon", "one of: eu, uk, us, apac")]
    // Connectors
    [InlineData("templates/connectors/crm-contacts.yaml", "    class: confidential", "    class: secret", "one of: public, internal, confidential, regulated")]
    [InlineData("templates/connectors/crm-contacts.yaml", "  - name: segment", "  - name: company", "is there twice")]
    [InlineData("templates/connectors/crm-contacts.yaml", "access: [read, write]", "access: [read, admin]", "never offered")]
    [InlineData("templates/connectors/crm-contacts.yaml", "access: [read, write]", "access: []", "read, write or both")]
    [InlineData("templates/connectors/crm-contacts.yaml", "access: [read, write]", "access: read", "“access” is a list")]
    [InlineData("templates/connectors/crm-contacts.yaml", "departments: [marketing, sales, support]", "departments: [marketing, sails]", "Did you mean “sales”?")]
    [InlineData("templates/connectors/crm-contacts.yaml", "departments: [marketing, sales, support]", "departments: []", "Nobody could use")]
    [InlineData("templates/connectors/crm-contacts.yaml", "host: crm.internal.example.com", "host: CRM.internal.example.com", "in small letters")]
    [InlineData("templates/connectors/crm-contacts.yaml", "host: crm.internal.example.com", "host: https://crm/", "not a host name")]
    [InlineData("templates/connectors/crm-contacts.yaml", "masked_twin: crm-contacts-masked", "masked_twin: crm-masked", "not a connector of the catalogue")]
    [InlineData("templates/connectors/crm-contacts.yaml", "masked_twin: crm-contacts-masked", "masked_twin: hr-payroll", "is no masked twin")]
    [InlineData("templates/connectors/crm-contacts.yaml", "owner: sales", "owner: ada", "“ada” is not possible for “owner”")]
    [InlineData("templates/connectors/crm-contacts.yaml", "  port: 443", "  port: 99999", "from 1 to 65535")]
    [InlineData("templates/connectors/external-webhook.yaml", "external: true", "external: true\nhost: a.example.com", "has no host of its own", 1)]
    [InlineData("templates/connectors/crm-contacts.yaml", "access: [read, write]", "access: [read, write]\naccess: [read]", "not valid YAML", 1)]
    [InlineData("templates/connectors/crm-contacts.yaml", "access: [read, write]", "access: [read, write", "the bracket that opens here")]
    // Roles
    [InlineData("templates/roles/payroll-read.yaml", "  - connector: hr-payroll", "  - connector: payroll", "not a connector of the catalogue. Did you mean “hr-payroll”?")]
    [InlineData("templates/roles/payroll-read.yaml", "    access: [read]", "    access: [write]", "does not offer write", -1)]
    [InlineData("templates/roles/crm-read-write.yaml", "    access: [read, write]", "    access: [read, write, admin]", "grants admin is privileged", -1)]
    [InlineData("templates/roles/db-limited-query.yaml", "    fields: [orders-aggregate, usage-metrics, stock]", "    fields: [orders]", "has no field “orders”", -2)]
    [InlineData("templates/roles/payroll-read.yaml", "privileged: false", "privileged: maybe", "is true or false")]
    // Environments
    [InlineData("templates/environments/sovereign-eu.yaml", "regimes: [GDPR, PCI, payroll]", "regimes: [GDPR, PCI, pay]", "Did you mean “payroll”?")]
    [InlineData("templates/environments/sovereign-eu.yaml", "highest_class: regulated", "highest_clas: regulated", "Did you mean “highest_class”?")]
    // People
    [InlineData("policies/people/data.json", "\"department\": \"marketing\"", "\"department\": \"marketting\"", "Did you mean “marketing”?")]
    [InlineData("policies/people/data.json", "\"manager\": \"grace.okafor\"", "\"manager\": \"grace.okafo\"", "not in the directory. Did you mean “grace.okafor”?")]
    [InlineData("policies/people/data.json", "\"timeZone\": \"Europe/London\"", "\"timeZone\": \"Europe/Londn\"", "is not a time zone")]
    [InlineData("policies/people/data.json", "\"compliance\"", "\"complience\"", "Did you mean “compliance”?")]
    [InlineData("policies/people/data.json", "\"ada.keller@example.com\"", "\"ada.keller\"", "not an e-mail address")]
    [InlineData("policies/people/data.json", "\"jonas.lindqvist@example.com\"", "\"ADA.keller@example.com\"", "already belongs to “ada.keller”")]
    [InlineData("policies/people/data.json", "\"cost_centre\"", "\"costCentre\"", "Did you mean “cost_centre”?")]
    [InlineData("policies/people/data.json", "\"name\": \"Ada Keller\"", "\"name\": 7", "“name” is a text")]
    [InlineData("policies/people/data.json", "\"ada.keller\": {", "\"Ada Keller\": {", "not a person id")]
    [InlineData("policies/people/data.json", "\"jonas.lindqvist\": {", "\"ada.keller\": {", "“ada.keller” is there twice")]
    [InlineData("policies/people/data.json", "\"roles\": []", "\"roles\": [oops]", "not valid JSON")]
    [InlineData("policies/people/data.json", "\"manager\": null", "\"manager\": \"helen.marsh\"", "their own manager")]
    // The schema
    [InlineData("policies/schema/manifest.schema.json", "\"type\": \"object\",\n  \"description\"", "\"type\": \"objekt\",\n  \"description\"", "A manifest is an object")]
    [InlineData("policies/schema/manifest.schema.json", "    \"network\": {", "    \"netwerk\": {", "no section “netwerk”. Did you mean “network”?")]
    [InlineData("policies/schema/manifest.schema.json", "          \"type\": \"string\",", "          \"type\": \"text\",", "“text” is no type")]
    [InlineData("policies/schema/manifest.schema.json", "\"title\": \"Micro app manifest\",", "\"title\": ,", "not valid JSON")]
    // The policies' numbers
    [InlineData("policies/data.json", "\"classification\"", "\"people\"", "put in by the bot")]
    [InlineData("policies/data.json", "{", "{ oops", "not valid JSON")]
    public void What_cannot_be_used_is_named_with_file_line_and_what_is_wrong(string file, string from, string to, string why, int linesFurther = 0)
    {
        var line = copy.Change(file, from, to) + linesFurther;
        var faults = copy.Faults();
        Assert.True(
            faults.Any(f => f.File == file && f.Why.Contains(why, StringComparison.Ordinal) && f.Line == line),
            $"wanted {file}:{line}: …{why}…, got{Environment.NewLine}{string.Join(Environment.NewLine, faults)}");
    }

    [Theory]
    [InlineData("policies/people/data.json", "This file is missing")]
    [InlineData("policies/data.json", "This file is missing")]
    [InlineData("policies/schema/manifest.schema.json", "This file is missing")]
    public void A_missing_file_is_named(string file, string why)
    {
        copy.Delete(file);
        Assert.Contains(copy.Faults(), f => f.File == file && f.Line == 0 && f.Why.Contains(why, StringComparison.Ordinal));
    }

    [Fact]
    public void An_empty_folder_is_told_all_that_it_lacks()
    {
        var empty = Directory.CreateTempSubdirectory("empty-");
        try
        {
            var faults = Assert.Throws<MicroAppBot.Content.ContentException>(() => MicroAppBot.Content.ContentFolder.Load(empty.FullName)).Faults;
            Assert.Equal(
                ["policies", "policies/data.json", "policies/people/data.json", "policies/schema/manifest.schema.json", "templates", "templates/connectors", "templates/environments", "templates/roles"],
                faults.Select(f => f.File));
        }
        finally
        {
            empty.Delete();
        }
    }

    [Theory]
    [InlineData("templates/campaign.yaml")]
    [InlineData("policies/extra_rule.rego")]
    [InlineData("policies/people/data.json")]
    [InlineData("cards/app.json")]
    public void A_folder_in_the_place_of_a_file_is_named(string file)
    {
        copy.Delete(file);
        Directory.CreateDirectory(Path.Combine(copy.Root, file));
        Assert.Contains(copy.Faults(), f => f.File == file && f.Why.Contains("This is a folder", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("templates/campaign.yaml")]
    [InlineData("templates/language/words.yaml")]
    [InlineData("policies/extra_rule.rego")]
    [InlineData("policies/data.json")]
    [InlineData("cards/app.json")]
    [InlineData("prompts/intake/skprompt.txt")]
    public void A_file_that_is_no_UTF8_is_named_with_the_line(string file)
    {
        var path = Path.Combine(copy.Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, [.. "first\nsecond: Gr"u8, 0xF6, 0xDF, .. "e\n"u8]);
        Assert.Contains(copy.Faults(), f => f.File == file && f.Line == 2 && f.Why.Contains("not UTF-8", StringComparison.Ordinal));
    }

    [Fact]
    public void A_tab_in_YAML_is_named_with_its_line()
    {
        var line = copy.Change("templates/campaign.yaml", "  ttl_days: 14", "\tttl_days: 14");
        var fault = Assert.Single(copy.Faults(), f => f.File == "templates/campaign.yaml");
        Assert.Contains("not valid YAML", fault.Why, StringComparison.Ordinal);
        Assert.Contains("tab", fault.Why, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(fault.Line, line - 1, line);
    }

    [Fact]
    public void A_checkout_with_byte_order_marks_and_Windows_line_ends_is_the_same_content()
    {
        var before = copy.Load().Revision;
        foreach (var file in Directory.EnumerateFiles(copy.Root, "*", SearchOption.AllDirectories))
            File.WriteAllText(file, File.ReadAllText(file).ReplaceLineEndings("\r\n"), new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal(before, copy.Load().Revision);
    }

    [Fact]
    public void All_faults_are_named_at_once_one_a_line()
    {
        var first = copy.Change("templates/campaign.yaml", "title: Campaign page", "titel: Campaign page");
        var second = copy.Change("templates/connectors/payments.yaml", "owner: finance", "owner: nobody");
        var third = copy.Change("policies/people/data.json", "\"department\": \"hr\"", "\"department\": \"human\"");
        var refused = Assert.Throws<MicroAppBot.Content.ContentException>(copy.Load);
        Assert.Contains($"templates/campaign.yaml:{first}: “titel”", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"templates/connectors/payments.yaml:{second}: “nobody”", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"policies/people/data.json:{third}: “human”", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("# only a comment\n", "empty")]
    [InlineData("- a\n- b\n", "key: value")]
    [InlineData("just text\n", "key: value")]
    [InlineData("id: campaign\n---\nid: other\n", "2 documents")]
    [InlineData("id: *nobody\n", "not valid YAML")]
    [InlineData("id: [campaign\n", "not valid YAML")]
    [InlineData("? [a, b]\n: c\n", "A key is a word")]
    public void A_file_that_is_no_mapping_is_told_so(string text, string why)
    {
        copy.Write("templates/campaign.yaml", text);
        Assert.Contains(copy.Faults(), f => f.File == "templates/campaign.yaml" && f.Why.Contains(why, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("{\"ada\": 1}")]
    public void A_directory_without_people_is_refused(string json)
    {
        copy.Write("policies/people/data.json", json);
        Assert.All(copy.Faults(), f => Assert.Equal("policies/people/data.json", f.File));
    }
}
