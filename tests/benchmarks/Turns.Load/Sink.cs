using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Turns.Load;

/// <summary>A Bot Connector that takes everything at once and answers with an id.</summary>
internal sealed class Sink : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private long _taken;

    public Sink()
    {
        _listener.Start(512);
        _ = AcceptAsync();
    }

    public string ServiceUrl => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/amer/";

    /// <summary>Messages that arrived.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
            socket.NoDelay = true;
            _ = ServeAsync(new Wire(socket));
        }
    }

    private async Task ServeAsync(Wire wire)
    {
        using (wire)
        {
            try
            {
                while (await wire.ReadAsync() is not null)
                {
                    var body = $"{{\"id\":\"{Interlocked.Increment(ref _taken)}\"}}";
                    await wire.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
                }
            }
            catch (SocketException)
            {
                // The bot closed it
            }
        }
    }
}
