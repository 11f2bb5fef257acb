namespace Rego;

/// <summary>What a policy wants sent. The body is UTF-8 text, empty for none.</summary>
/// <param name="FollowRedirects">A redirect may be followed; otherwise it is the answer.</param>
public sealed record OutgoingRequest(string Method, Uri Url, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body, TimeSpan Timeout, bool FollowRedirects);

/// <summary>What came back. Status is the text behind the code, such as OK.</summary>
public sealed record IncomingAnswer(int StatusCode, string Status, IReadOnlyDictionary<string, IReadOnlyList<string>> Headers, string Body);

/// <summary>The ways out that a host opens to http.send and net.lookup_ip_addr. Evaluation itself reaches nobody.</summary>
public sealed record OutsideWorld
{
    /// <summary>Sends one request and waits for its answer; called once for equal requests of one query. Null: http.send is refused.</summary>
    /// <remarks>What it throws as <see cref="HttpRequestException"/>, <see cref="IOException"/> or <see cref="TimeoutException"/> is a network error to the policy.</remarks>
    public Func<OutgoingRequest, CancellationToken, IncomingAnswer>? Send { get; init; }

    /// <summary>The addresses of a host name. Null: net.lookup_ip_addr is refused.</summary>
    public Func<string, CancellationToken, IReadOnlyList<string>>? LookUp { get; init; }

    /// <summary>The only hosts that may be reached; null means any.</summary>
    public IReadOnlySet<string>? AllowedHosts { get; init; }
}
