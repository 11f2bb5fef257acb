using MicroAppBot.Cards;
using MicroAppBot.Channels.Console;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Channels.Teams;
using MicroAppBot.Commands;
using MicroAppBot.Content;
using MicroAppBot.Conversation;
using MicroAppBot.Delivery;
using MicroAppBot.Desk;
using MicroAppBot.Jobs;
using MicroAppBot.People;
using MicroAppBot.Platform;
using MicroAppBot.Policies;
using MicroAppBot.Policies.Api;
using MicroAppBot.Policies.Bundles;
using MicroAppBot.Policies.Simulation;
using MicroAppBot.Signals;
using MicroAppBot.Stores.LiteDb;
using MicroAppBot.Web;

if (CommandLine.Means(args))
{
    Console.OutputEncoding = System.Text.Encoding.UTF8;
    return CommandLine.Run(args);
}

try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    var (settings, services) = (builder.Configuration, builder.Services);

    var bundled = new BundledContent(ContentPlace.Of(settings), settings);
    var content = await bundled.StartAsync(now => InProcessPolicies.Compile(now));
    var cards = CardLibrary.Load(content.CardFiles);
    var inForce = new ContentInForce(content);
    services.AddSingleton(inForce).AddSingleton<ICardPen>(cards);
    services.AddSingleton(TimeProvider.System).AddSingleton<GovernanceClock>();
    services.AddPolicies(inForce, bundled, settings);
    services.AddSingleton<IDirectory>(new DirectoryInForce(inForce.Part(now => new FileDirectory(now.People))));
    services.AddSingleton<IStore>(all => LiteDbStore.Open(LiteDbSettings.From(settings), TimeProvider.System, all.GetRequiredService<ILogger<LiteDbStore>>()));
    services.AddSingleton<Desk>().AddSingleton<ClockControl>().AddSingleton<IClockControl>(all => all.GetRequiredService<ClockControl>());
    services.AddConversation(inForce, settings);
    services.AddDelivery();
    services.AddSingleton<IPlatform>(all => ActivatorUtilities.CreateInstance<CatalogueRepository>(all, Path.Combine(LiteDbSettings.From(settings).Folder, "catalogue.git")));
    services.AddConsole(ConsoleSettings.From(settings, builder.Environment), (name, card) => cards.Draw(name, card)).AddSingleton<IChannel>(all => all.GetRequiredService<ConsoleChannel>());
    services.AddTeams(settings, builder.Environment);
    services.AddSlack(settings);
    services.AddJobs(settings);

    var app = builder.Build();
    await app.Services.GetRequiredService<ClockControl>().RestoreAsync(default);
    app.UsePlainBadRequests();
    app.MapHealth();
    app.MapConsole(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
    app.MapTeams();
    app.MapSlack();
    var api = app.MapGroup("").AddEndpointFilter(new ApiGuard(settings["Api:Token"], app.Environment.IsDevelopment()));
    api.MapApi();
    api.MapCosts();
    api.MapOpa();
    api.MapSimulation();
    app.MapOpaHealth();
    api.MapDeliveries();
    if (settings.GetValue("Console:OpenBrowser", true) && app.Services.GetRequiredService<ConsoleSettings>().IsOn)
    {
        app.Lifetime.ApplicationStarted.Register(() => ActivatorUtilities.CreateInstance<BrowserOpener>(app.Services).Open(app.Urls.First()));
    }
    await app.RunAsync();
    return 0;
}
catch (Exception fault) when (fault is ContentException or CardFault or SettingException or StoreInUseException or StoreDamagedException)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}
