using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Governance.Requests;

/// <summary>What is asked for. Every change of a live app is a request too, also where it is granted at once.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RequestKind>))]
public enum RequestKind { Create, Change, Renew, RaiseCap, Restore, Archive, Transfer, Resume }

/// <summary>The kinds in words.</summary>
public static class RequestKindWords
{
    /// <summary>The kind's key in <c>policies/data.json</c>: <c>raise-cap</c>.</summary>
    public static string Word(this RequestKind kind) => kind switch
    {
        RequestKind.Create => "create",
        RequestKind.Change => "change",
        RequestKind.Renew => "renew",
        RequestKind.RaiseCap => "raise-cap",
        RequestKind.Restore => "restore",
        RequestKind.Archive => "archive",
        RequestKind.Transfer => "transfer",
        RequestKind.Resume => "resume",
        _ => throw new UnreachableException(),
    };

    /// <summary>After "wants to" or "can": <c>raise its cap</c>.</summary>
    public static string AsVerb(this RequestKind kind) => kind switch
    {
        RequestKind.Create => "create it",
        RequestKind.Change => "change it",
        RequestKind.Renew => "renew it",
        RequestKind.RaiseCap => "raise its cap",
        RequestKind.Restore => "restore it",
        RequestKind.Archive => "archive it",
        RequestKind.Transfer => "hand it over",
        RequestKind.Resume => "switch it on again",
        _ => throw new UnreachableException(),
    };
}
