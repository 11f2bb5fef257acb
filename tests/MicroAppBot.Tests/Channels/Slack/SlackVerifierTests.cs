using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MicroAppBot.Channels.Slack;
using MicroAppBot.Tests.Channels.Teams;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace MicroAppBot.Tests.Channels.Slack;

public sealed class SlackVerifierTests : IDisposable
{
    private const string Secret = "8f742231b10e8888abcd99yyyzzz85a5";
    private const string OldSecret = "the-secret-before-the-rotation";

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    private readonly SpokenLog _spoken = new();

    public void Dispose() => _spoken.Dispose();

    private SlackVerifier With(params string[] secrets) => At(_time, secrets);

    private SlackVerifier At(TimeProvider time, params string[] secrets)
    {
        using var factory = LoggerFactory.Create(b => b.AddProvider(_spoken));
        return new SlackVerifier(SlackSettings.Off with { SigningSecrets = secrets }, time, factory.CreateLogger<SlackVerifier>());
    }

    private static string Sign(string secret, string stamp, string body) =>
        "v0=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"v0:{stamp}:{body}")));

    private static HeaderDictionary Headers(string? stamp, string? signature)
    {
        var headers = new HeaderDictionary();
        if (stamp is not null) headers[SlackVerifier.TimestampHeader] = stamp;
        if (signature is not null) headers[SlackVerifier.SignatureHeader] = signature;
        return headers;
    }

    public static TheoryData<string> Vectors() => SlackSamples.Read("more/signing-vectors.json") is JsonArray vectors ? [.. vectors.Select(v => v!.ToJsonString())] : [""];

    [Theory]
    [MemberData(nameof(Vectors), DisableDiscoveryEnumeration = true)]
    public void Slacks_own_vectors_hold_and_a_timestamp_of_the_future_is_refused(string vector)
    {
        SlackSamples.Need();
        var v = JsonNode.Parse(vector)!;
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds((long)v["now"]!));
        Assert.Equal((bool)v["we_should_accept"]!, At(time, (string)v["secret"]!).Vouches(Headers((string)v["timestamp"]!, (string)v["signature"]!), Encoding.UTF8.GetBytes((string)v["body"]!)));
    }

    [Fact]
    public void The_vector_of_the_documentation_holds()
    {
        const string Body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        var later = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_531_420_618));
        Assert.True(At(later, Secret).Vouches(Headers("1531420618", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"), Encoding.UTF8.GetBytes(Body)));
    }

    [Fact]
    public void While_a_secret_is_changed_both_count_and_afterwards_only_the_new_one()
    {
        const string Stamp = "1700000000";
        foreach (var secret in new[] { Secret, OldSecret })
        {
            Assert.True(With(Secret, OldSecret).Vouches(Headers(Stamp, Sign(secret, Stamp, "{}")), "{}"u8));
        }
        Assert.False(With(Secret).Vouches(Headers(Stamp, Sign(OldSecret, Stamp, "{}")), "{}"u8));
        Assert.False(With(Secret, OldSecret).Vouches(Headers(Stamp, Sign("another-secret-altogether", Stamp, "{}")), "{}"u8));
    }

    [Fact]
    public void Without_a_secret_nothing_is_let_in() => Assert.False(With().Vouches(Headers("1700000000", Sign("", "1700000000", "{}")), "{}"u8));

    [Theory]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [InlineData(-300, true)]
    [InlineData(-301, false)]
    public void Five_minutes_are_the_limit_on_both_sides(int late, bool isLetIn)
    {
        const string Stamp = "1700000000";
        _time.SetUtcNow(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000 + 1_000_000 + late));
        Assert.Equal(isLetIn, With(Secret).Vouches(Headers("1701000000", Sign(Secret, "1701000000", "{}")), "{}"u8));
        Assert.False(With(Secret).Vouches(Headers(Stamp, Sign(Secret, Stamp, "{}")), "{}"u8));
    }

    [Theory]
    [InlineData(" 1700000000")]
    [InlineData("+1700000000")]
    [InlineData("1700000000.0")]
    [InlineData("0x1")]
    [InlineData("-1700000000")]
    [InlineData("99999999999999999999")]
    [InlineData("9223372036854775807")]
    [InlineData("now")]
    public void A_timestamp_that_is_none_is_refused_whatever_it_is_signed_with(string stamp) =>
        Assert.False(With(Secret).Vouches(Headers(stamp, Sign(Secret, stamp, "{}")), "{}"u8));

    [Theory]
    [InlineData("")]
    [InlineData("v0=")]
    [InlineData("v0=zz")]
    [InlineData("V0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")]
    [InlineData("v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503,v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")]
    public void A_signature_that_is_none_is_refused(string signature) => Assert.False(With(Secret).Vouches(Headers("1700000000", signature), "{}"u8));

    [Fact]
    public void A_header_that_is_missing_or_comes_twice_is_refused()
    {
        const string Stamp = "1700000000";
        var signature = Sign(Secret, Stamp, "{}");
        Assert.True(With(Secret).Vouches(Headers(Stamp, signature), "{}"u8));
        Assert.False(With(Secret).Vouches(Headers(null, signature), "{}"u8));
        Assert.False(With(Secret).Vouches(Headers(Stamp, null), "{}"u8));
        Assert.False(With(Secret).Vouches(new HeaderDictionary { [SlackVerifier.TimestampHeader] = Stamp, [SlackVerifier.SignatureHeader] = new[] { signature, signature } }, "{}"u8));
        Assert.False(With(Secret).Vouches(new HeaderDictionary { [SlackVerifier.TimestampHeader] = new[] { Stamp, Stamp }, [SlackVerifier.SignatureHeader] = signature }, "{}"u8));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_signed_as_they_came()
    {
        byte[] body = [0xff, 0x00, 0xc3, 0x28, 0x0d, 0x0a];
        var signature = "v0=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), (byte[])[.. "v0:1700000000:"u8, .. body]));
        Assert.True(With(Secret).Vouches(Headers("1700000000", signature), body));
    }

    [Fact]
    public void What_is_refused_is_not_written_down()
    {
        var signature = Sign("another-secret-altogether", "1700000000", "text=hush");
        With(Secret, OldSecret).Vouches(Headers("1700000000", signature), Encoding.UTF8.GetBytes("text=hush"));
        Assert.Contains("the signature does not fit", _spoken.All, StringComparison.Ordinal);
        foreach (var secret in new[] { signature[3..], Secret, OldSecret, "hush" }) Assert.DoesNotContain(secret, _spoken.All, StringComparison.Ordinal);
    }
}
