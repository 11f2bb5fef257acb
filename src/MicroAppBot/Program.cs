using MicroAppBot.Commands;

if (CommandLine.Means(args))
{
    Console.OutputEncoding = System.Text.Encoding.UTF8;
    return CommandLine.Run(args);
}

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
var app = builder.Build();
app.MapGet("/healthz", () => "ok");
app.Run();
return 0;
