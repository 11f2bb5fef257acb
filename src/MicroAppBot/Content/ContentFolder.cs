using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Governance.Catalogue;
using Governance.Manifests;
using Governance.People;

namespace MicroAppBot.Content;

/// <summary>
/// Everything that the governance team owns as files: <c>templates/</c>, <c>policies/</c>, <c>cards/</c> and <c>prompts/</c> under one root, read once and checked.
/// Cards and rules are texts here; who compiles them checks them. Load again to see a change: a loaded folder does not move.
/// </summary>
public sealed class ContentFolder
{
    /// <summary>What the loader itself puts into the policies' data; <c>policies/data.json</c> may not use these keys.</summary>
    private static readonly string[] Reserved = ["catalogue", "people", "revision", "microapps"];

    private ContentFolder(string root, ServiceCatalogue catalogue, IReadOnlyDictionary<string, Person> people, IReadOnlyList<ContentFile> policies, JsonObject numbers, JsonObject peopleData)
    {
        Root = root;
        Catalogue = catalogue;
        People = people;
        PolicyFiles = policies;
        var catalogueData = catalogue.ToJson();
        Revision = RevisionOf(policies, numbers, catalogueData);
        var data = (JsonObject)numbers.DeepClone();
        data["catalogue"] = catalogueData;
        data["people"] = peopleData.DeepClone();
        data["revision"] = Revision;
        DataJson = CanonicalJson.Of(data);
    }

    public string Root { get; }

    /// <summary>Another folder whose <c>policies/</c> (and <c>templates/</c> and people, if it has them) take the place of those under <see cref="Root"/>: what came as a bundle.</summary>
    public string? Bundled { get; private init; }

    /// <summary>The fingerprint of the files just before they were read (see <see cref="ContentPrint"/>); null where one could not be read then.</summary>
    public string? Print { get; private init; }

    public ServiceCatalogue Catalogue { get; }

    /// <summary>The embedded directory, by person id.</summary>
    public IReadOnlyDictionary<string, Person> People { get; }

    /// <summary>Every <c>policies/**/*.rego</c>, tests (<c>*_test.rego</c>) among them, in ordinal order.</summary>
    public IReadOnlyList<ContentFile> PolicyFiles { get; }

    /// <summary>Every <c>cards/**/*.json</c>, samples among them.</summary>
    public IReadOnlyList<ContentFile> CardFiles { get; private init; } = [];

    /// <summary>Every file of <c>prompts/</c>.</summary>
    public IReadOnlyList<ContentFile> PromptFiles { get; private init; } = [];

    /// <summary>Every <c>templates/**/*.yaml</c>, the word lists of <c>templates/language</c> among them.</summary>
    public IReadOnlyList<ContentFile> TemplateFiles { get; private init; } = [];

    /// <summary>The policies' data document, UTF-8: <c>policies/data.json</c> at the root, and <c>catalogue</c>, <c>people</c> and <c>revision</c>.</summary>
    public ReadOnlyMemory<byte> DataJson { get; }

    /// <summary>
    /// SHA-256 (lower-case hex) over the rules, <c>policies/data.json</c> and the catalogue as the rules see it: equal exactly when decisions are made by the same book.
    /// People, tests of rules, synonyms, comments and line ends do not count.
    /// </summary>
    public string Revision { get; }

    /// <summary>Reads and checks all of it.</summary>
    /// <param name="root">The folder that holds <c>templates/</c> and <c>policies/</c> (and <c>cards/</c> and <c>prompts/</c>, if any).</param>
    /// <param name="bundled">See <see cref="Bundled"/>.</param>
    /// <exception cref="ContentException">Something cannot be used; it lists every fault with file and line.</exception>
    public static ContentFolder Load(string root, string? bundled = null)
    {
        var faults = new List<ContentFault>();
        var print = ContentPrint.Of(root);
        var (rules, choices) = (PlaceOf("policies", root, bundled), PlaceOf("templates", root, bundled));
        var catalogue = new CatalogueFiles(faults).Read(choices);
        var policies = ContentFiles.In(rules, "policies", "*.rego", deep: true, faults);
        if (!policies.Any(IsRule))
            faults.Add(new ContentFault("policies", 0, "There is no rule here (*.rego); without rules nothing can be decided."));
        var numbers = Json(rules, "policies/data.json", faults);
        foreach (var key in Reserved.Where(k => numbers?.Root.ContainsKey(k) == true))
            faults.Add(new ContentFault("policies/data.json", numbers!.LineOf("/" + key), $"“{key}” is put in by the bot; please use another key."));
        var directory = Json(PlaceOf("policies/people", root, bundled), "policies/people/data.json", faults);
        var people = directory is null ? null : PeopleFile.Read(directory, faults);
        if (Json(root, ManifestSchemaFile.Name, faults) is { } schema)
            ManifestSchemaFile.Check(schema, faults);
        var (cards, prompts, templates) = (ContentFiles.In(root, "cards", "*.json", deep: true, faults), ContentFiles.In(root, "prompts", "*", deep: true, faults), ContentFiles.In(choices, "templates", "*.yaml", deep: true, faults));
        return faults.Count > 0
            ? throw new ContentException([.. faults.Distinct().OrderBy(f => f.File, StringComparer.Ordinal).ThenBy(f => f.Line)])
            : new ContentFolder(root, catalogue!, people!, policies, numbers!.Root, directory!.Root) { Print = print, Bundled = bundled, CardFiles = cards, PromptFiles = prompts, TemplateFiles = templates };
    }

    private static string PlaceOf(string folder, string root, string? bundled) => bundled is not null && Directory.Exists(Path.Combine(bundled, folder)) ? bundled : root;

    private static JsonText? Json(string root, string name, List<ContentFault> faults)
    {
        var before = faults.Count;
        if (ContentFiles.One(root, name, faults) is { } file)
            return JsonText.Of(file, faults);
        if (faults.Count == before)
            faults.Add(new ContentFault(name, 0, "This file is missing."));
        return null;
    }

    private static bool IsRule(ContentFile file) => !file.Name.EndsWith("_test.rego", StringComparison.Ordinal);

    private static string RevisionOf(IEnumerable<ContentFile> policies, JsonObject numbers, JsonObject catalogue)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in policies.Where(IsRule))
        {
            // A checkout on Windows must not look like another policy
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Name}\0{file.Text.ReplaceLineEndings("\n")}\0"));
        }

        hash.AppendData(CanonicalJson.Of(numbers));
        hash.AppendData(CanonicalJson.Of(catalogue));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
