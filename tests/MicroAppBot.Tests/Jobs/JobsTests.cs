using Governance.Apps;
using MicroAppBot.Desk;
using MicroAppBot.Jobs;
using MicroAppBot.Tests.Desk;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MicroAppBot.Tests.Jobs;

public sealed class JobsTests : IAsyncDisposable
{
    private readonly FrontDesk desk = new();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Fact]
    public async Task The_jobs_sweep_at_start_and_again_and_again()
    {
        var app = await desk.LiveAppAsync();
        var sweeps = 0;
        var second = new TaskCompletionSource();
        desk.Spoilt.OnFind = query =>
        {
            if (query.DueBy is not null && Interlocked.Increment(ref sweeps) >= 4) second.TrySetResult();
        };
        desk.Clock.MoveTo(app.File.ExpiresAt.AddMinutes(1));

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(desk.Desk).AddJobs(Settings("1"));
        using var host = builder.Build();
        await host.StartAsync(FrontDesk.Cancel);
        await second.Task.WaitAsync(TimeSpan.FromSeconds(30), FrontDesk.Cancel);
        await host.StopAsync(FrontDesk.Cancel);

        Assert.IsType<MicroApp.Archived>(await desk.AppAsync(app.File.Id));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("3601")]
    [InlineData("often")]
    public void A_setting_that_cannot_be_meant_stops_the_start_and_is_named(string seconds)
    {
        var fault = Assert.Throws<SettingException>(() => new ServiceCollection().AddJobs(Settings(seconds)));
        Assert.Contains("Jobs:SweepSeconds", fault.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(string seconds) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Jobs:SweepSeconds"] = seconds }).Build();
}
