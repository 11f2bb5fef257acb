using System.Net;
using MicroAppBot.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace MicroAppBot.Tests.Web;

public sealed class ApiGuardTests
{
    [Theory]
    // The token opens from anywhere
    [InlineData("secret", false, "10.0.0.5", "bot.example", "Bearer secret", null, true)]
    [InlineData("secret", false, "10.0.0.5", "bot.example", "bearer  secret ", null, true)]
    [InlineData("secret", false, "127.0.0.1", "localhost", "Bearer secret", "X-Forwarded-For=1.2.3.4", true)]
    // Anything else does not
    [InlineData("secret", false, "10.0.0.5", "bot.example", "Bearer wrong", null, false)]
    [InlineData("secret", false, "10.0.0.5", "bot.example", "Bearer secretsecret", null, false)]
    [InlineData("secret", false, "10.0.0.5", "bot.example", "Basic secret", null, false)]
    [InlineData("secret", false, "10.0.0.5", "bot.example", "secret", null, false)]
    [InlineData("secret", false, "10.0.0.5", "bot.example", "Bearer", null, false)]
    [InlineData("secret", false, "127.0.0.1", "localhost", null, null, false)]
    [InlineData("", false, "127.0.0.1", "localhost", "Bearer ", null, false)]
    [InlineData(null, false, "127.0.0.1", "localhost", null, null, false)]
    // Development on this machine needs none, unless a tunnel, a rebound name or a web page is behind it
    [InlineData(null, true, "127.0.0.1", "localhost", null, null, true)]
    [InlineData("secret", true, "127.0.0.1", "localhost", null, null, true)]
    [InlineData(null, true, "127.0.0.1", "localhost", null, "Origin=http://localhost:5000", true)]
    [InlineData(null, true, "10.0.0.5", "localhost", null, null, false)]
    [InlineData(null, true, "127.0.0.1", "evil.example", null, null, false)]
    [InlineData(null, true, "127.0.0.1", "localhost", null, "X-Forwarded-For=1.2.3.4", false)]
    [InlineData(null, true, "127.0.0.1", "localhost", null, "Origin=https://evil.example", false)]
    [InlineData(null, true, "127.0.0.1", "localhost", null, "Origin=null", false)]
    [InlineData(null, true, "127.0.0.1", "localhost", null, "Origin=http://localhost|https://evil.example", false)]
    [InlineData(null, true, "127.0.0.1", "localhost", null, "Sec-Fetch-Site=cross-site", false)]
    public async Task Only_the_token_or_this_machine_in_development_opens(string? token, bool development, string from, string host, string? authorization, string? header, bool opens)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse(from);
        http.Request.Host = new HostString(host);
        if (authorization is not null) http.Request.Headers.Authorization = authorization;
        if (header?.Split('=', 2) is [var name, var value]) http.Request.Headers[name] = new StringValues(value.Split('|'));
        var reached = false;

        await new ApiGuard(token, development).InvokeAsync(new DefaultEndpointFilterInvocationContext(http), _ =>
        {
            reached = true;
            return ValueTask.FromResult<object?>(null);
        });

        Assert.Equal(opens, reached);
        Assert.Equal(opens ? "" : "Bearer", http.Response.Headers.WWWAuthenticate.ToString());
    }
}
