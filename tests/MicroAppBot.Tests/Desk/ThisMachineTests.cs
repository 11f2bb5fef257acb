using System.Net;
using MicroAppBot.Desk;
using Microsoft.AspNetCore.Http;

namespace MicroAppBot.Tests.Desk;

public sealed class ThisMachineTests
{
    [Theory]
    [InlineData("127.0.0.1", "localhost:5000", null, true)]
    [InlineData("::1", "[::1]:5000", null, true)]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1", null, true)]
    [InlineData("127.0.0.1", "LOCALHOST", null, true)]
    [InlineData("127.0.0.1", "evil.example", null, false)]
    [InlineData("127.0.0.1", "localhost.evil.example", null, false)]
    [InlineData("127.0.0.1", "10.0.0.5", null, false)]
    [InlineData("127.0.0.1", "", null, false)]
    [InlineData("10.0.0.5", "localhost", null, false)]
    [InlineData(null, "localhost", null, false)]
    [InlineData("127.0.0.1", "localhost", "X-Forwarded-For", false)]
    [InlineData("127.0.0.1", "localhost", "x-forwarded-host", false)]
    [InlineData("127.0.0.1", "localhost", "X-Original-Host", false)]
    [InlineData("127.0.0.1", "localhost", "Forwarded", false)]
    [InlineData("127.0.0.1", "localhost", "via", false)]
    [InlineData("127.0.0.1", "localhost", "X-Real-IP", false)]
    [InlineData("127.0.0.1", "localhost", "X-Request-Id", true)]
    public void Only_what_came_straight_from_this_machine_counts(string? from, string host, string? header, bool ours)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = from is null ? null : IPAddress.Parse(from);
        http.Request.Host = new HostString(host);
        if (header is not null) http.Request.Headers[header] = "x";
        Assert.Equal(ours, ThisMachine.Sent(http));
    }
}
