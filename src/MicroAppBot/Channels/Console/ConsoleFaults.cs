namespace MicroAppBot.Channels.Console;

/// <summary>An outage of ours is said on the page in words; the page keeps what was typed and tries again under the same id.</summary>
public sealed partial class ConsoleFaults(ILogger log) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (OperationCanceledException) when (context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault)
        {
            Failed(log, context.HttpContext.Request.Path, fault);
            return ConsoleBody.Fault("Something went wrong on my side. What you did is not lost; I will try it again.", StatusCodes.Status503ServiceUnavailable);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The console could not answer {Path}.")]
    private static partial void Failed(ILogger log, string path, Exception fault);
}
