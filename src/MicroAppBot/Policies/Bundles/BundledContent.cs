using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MicroAppBot.Content;

namespace MicroAppBot.Policies.Bundles;

/// <summary>Content whose rules come as bundles: they are laid out as a folder, which takes the place of <c>policies/</c> (and <c>templates/</c>, where the bundles have them).</summary>
public sealed class BundledContent : IDisposable
{
    private static readonly string[] PutIn = ["catalogue", "people", "revision"];

    private readonly string _root;
    private readonly string _folder;
    private readonly HttpClient _http;

    /// <param name="root">The content folder.</param>
    /// <param name="configuration">Reads <c>Policy:Bundles</c>, <c>Policy:BundleKey</c> and <c>Data:Folder</c>.</param>
    public BundledContent(string root, IConfiguration configuration, HttpMessageHandler? network = null)
    {
        _root = root;
        _folder = Path.Combine(Path.GetFullPath(configuration["Data:Folder"] is { Length: > 0 } data ? data : "data"), "bundles");
        _http = new HttpClient(network ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(10) }, disposeHandler: network is null) { Timeout = Timeout.InfiniteTimeSpan };
        var key = BundleKey.From(configuration);
        Sources = [.. BundleSettings.From(configuration).Select(s => new BundleSource(s, key, _folder, _http))];
    }

    /// <summary>Whether any bundle is configured.</summary>
    public bool IsOn => Sources.Count > 0;

    internal IReadOnlyList<BundleSource> Sources { get; }

    /// <summary>What was wrong at the start, where the kept copies were taken instead.</summary>
    public IReadOnlyList<ContentFault> AtStart { get; private set; } = [];

    public void Dispose() => _http.Dispose();

    /// <summary>The content to start with: as the bundles are now, or as they were kept where they cannot be had or used.</summary>
    /// <param name="usable">Makes what has to be made of it, to see whether it can be used.</param>
    /// <exception cref="ContentException">Neither can be used.</exception>
    public async Task<ContentFolder> StartAsync(Action<ContentFolder> usable, CancellationToken cancel = default)
    {
        if (!IsOn) return ContentFolder.Load(_root);
        try
        {
            var fetched = new List<(BundleSource Source, Fetched? New, Bundle Bundle)>();
            foreach (var source in Sources)
            {
                var kept = source.Kept();
                var found = await FirstLookAsync(source, cancel);
                fetched.Add((source, found, found?.Bundle ?? kept ?? throw Bundle.Fault(source.Settings.Name, "", "There is nothing new, and nothing was kept.")));
            }
            var content = Load([.. fetched.Select(f => f.Bundle)]);
            usable(content);
            foreach (var (source, found, bundle) in fetched)
            {
                if (found is not null) source.Keep(found);
                source.Now = bundle;
            }
            return content;
        }
        catch (ContentException now)
        {
            var kept = Sources.Select(s => s.Kept()).ToList();
            if (kept.Contains(null)) throw;
            var content = Load([.. kept.OfType<Bundle>()]);
            usable(content);
            foreach (var (source, bundle) in Sources.Zip(kept)) source.Now = bundle;
            AtStart = now.Faults;
            return content;
        }
    }

    private static async Task<Fetched?> FirstLookAsync(BundleSource source, CancellationToken cancel)
    {
        try
        {
            return await source.LookAsync(cancel);
        }
        catch (BundleAwayException away)
        {
            throw new ContentException([away.Fault]);
        }
    }

    /// <summary>Lays the bundles out and reads them as content.</summary>
    /// <exception cref="ContentException">They do not fit together, or something in them cannot be used.</exception>
    internal ContentFolder Load(IReadOnlyList<Bundle> bundles)
    {
        foreach (var (i, one) in bundles.Index())
        {
            foreach (var other in bundles.Skip(i + 1))
            {
                if (Bundle.Overlap(one.Roots, other.Roots) is { } roots) throw Bundle.Fault(other.Label, Bundle.ManifestName, $"Its root \"{roots.Other}\" lies in the same place as \"{roots.One}\" of {one.Label}: two bundles may not own the same.");
            }
        }
        var folder = LaidOut(bundles);
        var content = ContentFolder.Load(_root, folder);
        if (Catalogues(bundles) is { } catalogue && !JsonNode.DeepEquals(catalogue, JsonNode.Parse(content.Catalogue.ToJson().ToJsonString())))
            throw Bundle.Fault(bundles[0].Label, "catalogue/data.json", "It is another catalogue than the templates/ that this bot works with. Write the bundle with \"policy bundle\", which puts them in, or bring templates/ here to the same state.");
        return content;
    }

    /// <summary>Removes what was laid out before.</summary>
    internal void Tidy(string inForce)
    {
        foreach (var old in Directory.EnumerateDirectories(_folder, "laid-out-*").Concat(Directory.EnumerateDirectories(_folder, "new-*")).Where(d => d != inForce).ToList())
        {
            try
            {
                Directory.Delete(old, recursive: true);
            }
            catch (IOException)
            {
                // Somebody reads it; the next time
            }
        }
    }

    private static JsonNode? Catalogues(IEnumerable<Bundle> bundles) => bundles.Select(b => b.Data()["catalogue"]).FirstOrDefault(c => c is not null);

    private string LaidOut(IReadOnlyList<Bundle> bundles)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var data = new JsonObject();
        foreach (var bundle in bundles)
        {
            foreach (var module in bundle.Modules)
            {
                var name = module.Name.StartsWith("policies/", StringComparison.Ordinal) ? module.Name : "policies/" + module.Name;
                if (!files.TryAdd(name, module.Bytes)) throw Bundle.Fault(bundle.Label, module.Name, "Another bundle has a file of this name.");
            }
            foreach (var template in bundle.Files.Where(f => f.Name.StartsWith("templates/", StringComparison.Ordinal))) files.TryAdd(template.Name, template.Bytes);
            PolicySources.Merge(data, bundle.Data(), bundle.Label, "");
        }
        if (data["people"] is { } people) files["policies/people/data.json"] = Encoding.UTF8.GetBytes(people.ToJsonString());
        foreach (var key in PutIn) data.Remove(key);
        files["policies/data.json"] = Encoding.UTF8.GetBytes(data.ToJsonString());

        var print = PrintOf(files);
        var folder = Path.Combine(_folder, "laid-out-" + print[..24]);
        // It may be in force and be read at this moment; and it may have been changed by somebody
        if (Directory.Exists(folder) && PrintOf(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(f => Path.GetRelativePath(folder, f).Replace('\\', '/'), File.ReadAllBytes, StringComparer.Ordinal)) == print) return folder;
        var fresh = Path.Combine(_folder, "new-" + Path.GetRandomFileName());
        foreach (var (name, bytes) in files)
        {
            var path = Path.Combine(fresh, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        Directory.Move(fresh, folder);
        return folder;
    }

    private static string PrintOf(IReadOnlyDictionary<string, byte[]> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, bytes) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{bytes.Length}\0"));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
