using System.Text;
using Governance.Manifests;
using Governance.Verdicts;
using MicroAppBot.Content;
using MicroAppBot.Desk;
using MicroAppBot.Policies;
using MicroAppBot.Policies.Opa;
using Microsoft.Extensions.Logging.Abstractions;

namespace MicroAppBot.Tests.Policies;

/// <summary>What every rulebook answers, whoever evaluates it.</summary>
public abstract class PoliciesContract : IAsyncLifetime
{
    protected static readonly ContentFolder Shipped = ContentFolder.Load(AppContext.BaseDirectory);
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "policies", "samples");

    private IPolicies policies = null!;

    public static TheoryData<string> SampleNames() =>
        [.. Directory.GetDirectories(Samples).Select(folder => Path.GetFileName(folder)).Where(name => !name.StartsWith("no-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public async ValueTask InitializeAsync() => policies = await MakeAsync(Shipped);

    public abstract ValueTask DisposeAsync();

    protected abstract Task<IPolicies> MakeAsync(ContentFolder content);

    [Theory]
    [MemberData(nameof(SampleNames))]
    public void Every_sample_is_judged_as_its_name_tells(string name)
    {
        var report = policies.Judge(Sample(name));

        Assert.Equal(name.Split('-')[0], !report.Allow ? "refused" : report.Approvals.Count > 0 ? "signed" : "granted");
        Assert.Equal(!report.Allow, report.At(FindingLevel.Hard).Any());
        Assert.Equal(policies.Revision, report.Revision);
    }

    [Fact]
    public void The_same_manifest_gets_the_same_report_each_time_and_from_what_is_in_force()
    {
        var manifest = Sample("signed-salaries");

        Assert.Equal(policies.Judge(manifest), policies.Judge(manifest));
        Assert.Equal(policies.Judge(manifest), policies.InForce.Judge(manifest));
    }

    [Fact]
    public async Task Many_at_once_get_what_one_gets()
    {
        var manifests = ((string[])["granted-lunch-picker", "signed-salaries", "refused-much"]).Select(Sample).ToList();
        var alone = manifests.Select(policies.Judge).ToList();

        var together = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => policies.Judge(manifests[i % 3]), TestContext.Current.CancellationToken)));

        Assert.All(together.Index(), t => Assert.Equal(alone[t.Index % 3], t.Item));
    }

    [Fact]
    public void Numbers_catalogue_and_revision_are_those_of_the_content()
    {
        Assert.Equal(500, policies.Numbers.Limits.CapUsd);
        Assert.Same(Shipped.Catalogue, policies.Catalogue);
        Assert.Equal(Shipped.Revision, policies.Revision);
    }

    protected static Manifest Sample(string name) => Assert.IsType<ManifestReading.Read>(
        ManifestReader.Read(Encoding.UTF8.GetBytes(File.ReadAllText(Path.Combine(Samples, name, "manifest.json"))), Shipped.Catalogue)).Manifest;
}

public sealed class InProcessPoliciesContract : PoliciesContract
{
    protected override Task<IPolicies> MakeAsync(ContentFolder content) => Task.FromResult<IPolicies>(InProcessPolicies.Compile(content));

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Over HTTP, against another host that has the same files.</summary>
public sealed class OpaPoliciesContract : PoliciesContract
{
    private RuleServer? server;
    private OpaPolicies? client;

    protected override async Task<IPolicies> MakeAsync(ContentFolder content)
    {
        OpaPolicies.MakeRoom();
        server = await RuleServer.StartAsync(content, "secret");
        var local = InProcessPolicies.Compile(content);
        return client = new OpaPolicies(new OpaSettings { Url = server.Address, Token = "secret", TimeoutSeconds = 30 }, () => local, TimeProvider.System, NullLogger<OpaPolicies>.Instance);
    }

    public override async ValueTask DisposeAsync()
    {
        client?.Dispose();
        if (server is not null) await server.DisposeAsync();
    }
}
