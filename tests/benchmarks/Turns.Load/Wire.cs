using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Turns.Load;

/// <summary>Just enough HTTP/1.1 over a socket that neither the generator nor the sink takes the processor from what is measured.</summary>
internal sealed class Wire(Socket socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;

    public static async Task<Wire> ToAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new Wire(socket);
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await socket.SendAsync(bytes)..];
    }

    /// <summary>Reads one message with its body.</summary>
    /// <returns>The first line and the body; null when the other side closed.</returns>
    public async ValueTask<(string First, string Body)?> ReadAsync(bool wantBody = false)
    {
        int headEnd;
        while ((headEnd = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await MoreAsync()) return null;
        }
        var head = _buffer.AsSpan(_start, headEnd);
        var first = Encoding.ASCII.GetString(head[..Math.Max(0, head.IndexOf((byte)'\r') is var at and >= 0 ? at : head.Length)]);
        var length = LengthOf(head);
        _start += headEnd + 4;
        var body = new StringBuilder();
        if (length < 0)
        {
            // Chunked: read to the last chunk
            int end;
            while ((end = _buffer.AsSpan(_start, _end - _start).IndexOf("0\r\n\r\n"u8)) < 0) if (!await MoreAsync()) return null;
            if (wantBody) body.Append(Encoding.UTF8.GetString(_buffer, _start, end));
            _start += end + 5;
            return (first, body.ToString());
        }
        while (_end - _start < length) if (!await MoreAsync()) return null;
        if (wantBody) body.Append(Encoding.UTF8.GetString(_buffer, _start, length));
        _start += length;
        return (first, body.ToString());
    }

    public void Dispose() => socket.Dispose();

    private async ValueTask<bool> MoreAsync()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        var read = await socket.ReceiveAsync(_buffer.AsMemory(_end));
        _end += read;
        return read > 0;
    }

    private static int LengthOf(ReadOnlySpan<byte> head)
    {
        while (head.Length > 0)
        {
            var end = head.IndexOf("\r\n"u8);
            var line = end < 0 ? head : head[..end];
            var colon = line.IndexOf((byte)':');
            if (colon > 0)
            {
                if (Ascii.EqualsIgnoreCase(line[..colon], "content-length") && Utf8Parser.TryParse(line[(colon + 1)..].Trim((byte)' '), out int length, out _)) return length;
                if (Ascii.EqualsIgnoreCase(line[..colon], "transfer-encoding")) return -1;
            }
            head = end < 0 ? [] : head[(end + 2)..];
        }
        return 0;
    }
}
