using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MicroAppBot.Tests.Journeys;

/// <summary>The program as it is shipped, as a process of its own on a free port of this machine: may be killed and started again on the same data.</summary>
internal sealed class BotProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _dataFolder;
    private readonly IReadOnlyDictionary<string, string> _settings;
    private readonly ConcurrentQueue<string> _said = new();
    private readonly int _port = FreePort();
    private Process? _process;

    private BotProcess(string dataFolder, IReadOnlyDictionary<string, string> settings)
    {
        (_dataFolder, _settings) = (dataFolder, settings);
        Http = new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{_port}"),
            Timeout = Patience,
        };
    }

    /// <summary>Speaks to the process, also after it was started again.</summary>
    public HttpClient Http { get; }

    public string DataFolder => _dataFolder;

    /// <summary>Where the built program is.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory, "MicroAppBot.dll");

    /// <summary>All it wrote to its log, from every start.</summary>
    public string Log => string.Join('\n', _said);

    public static async Task<BotProcess> StartAsync(string dataFolder, IReadOnlyDictionary<string, string>? settings = null)
    {
        var bot = new BotProcess(dataFolder, settings ?? new Dictionary<string, string>());
        await bot.StartAgainAsync();
        return bot;
    }

    /// <summary>Starts it (again) and returns when it is ready.</summary>
    public async Task StartAgainAsync()
    {
        Launch();
        await ReadyAsync();
    }

    /// <summary>Starts it (again) and does not wait.</summary>
    public void Launch()
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Program, "--urls", $"http://127.0.0.1:{_port}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _dataFolder,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["Data__Folder"] = _dataFolder,
                ["Logging__LogLevel__Microsoft"] = "Warning",
                ["Logging__LogLevel__Quartz"] = "Warning",
                ["DOTNET_TieredPGO"] = "0",
            },
        };
        foreach (var (key, value) in _settings) start.Environment[key] = value;
        // A test of the store plays in a process like this one; this is not it
        start.Environment.Remove("DOTNET_STARTUP_HOOKS");
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => { if (line.Data is not null) _said.Enqueue(line.Data); };
        _process.ErrorDataReceived += (_, line) => { if (line.Data is not null) _said.Enqueue(line.Data); };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public async Task ReadyAsync()
    {
        using var late = new CancellationTokenSource(Patience);
        while (!await IsReadyAsync())
        {
            if (_process!.HasExited) throw new InvalidOperationException($"The bot ended at its start with {_process.ExitCode}:\n{Log}");
            if (late.IsCancellationRequested) throw new TimeoutException($"The bot was not ready after {Patience.TotalSeconds} s:\n{Log}");
            await Task.Delay(20);
        }
    }

    /// <summary>kill -9: nothing is finished, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process!.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Runs the program with a verb of its command line on the same data.</summary>
    public async Task<(int ExitCode, string Said)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _dataFolder };
        start.Environment["Data__Folder"] = _dataFolder;
        start.Environment.Remove("DOTNET_STARTUP_HOOKS");
        using var process = Process.Start(start)!;
        var (told, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await told + await complained);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await KillAsync();
        Http.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Http.GetAsync("/readyz");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
