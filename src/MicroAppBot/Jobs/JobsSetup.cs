using MicroAppBot.Desk;
using Quartz;

namespace MicroAppBot.Jobs;

/// <summary>Declares the jobs. One node keeps them in memory: they are declared again at each start, and what is due lies in the store.</summary>
public static class JobsSetup
{
    /// <exception cref="SettingException">A setting cannot be meant; the message names its key.</exception>
    public static IServiceCollection AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = SettingsOf(configuration);
        services.AddQuartz(quartz =>
        {
            quartz.UseInMemoryStore();
            var sweep = new JobKey("sweep", "lifecycle");
            quartz.AddJob<SweepJob>(job => job.WithIdentity("sweep", "lifecycle").StoreDurably());
            quartz.AddTrigger(trigger => trigger.ForJob(sweep).WithIdentity("sweep", "lifecycle")
                .StartNow().WithSimpleSchedule(every => every.WithInterval(TimeSpan.FromSeconds(settings.SweepSeconds)).RepeatForever()));
        });
        return services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
    }

    private static JobSettings SettingsOf(IConfiguration configuration)
    {
        const string Fault = "Jobs:SweepSeconds must be a whole number from 1 to 3600.";
        try
        {
            var settings = configuration.GetSection("Jobs").Get<JobSettings>() ?? new JobSettings();
            return settings.SweepSeconds is >= 1 and <= 3600 ? settings : throw new SettingException(Fault);
        }
        catch (InvalidOperationException)
        {
            throw new SettingException(Fault);
        }
    }
}
