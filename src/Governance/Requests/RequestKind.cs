using System.Text.Json.Serialization;

namespace Governance.Requests;

/// <summary>What is asked for. Every change of a live app is a request too, also where it is granted at once.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RequestKind>))]
public enum RequestKind { Create, Change, Renew, RaiseCap, Restore, Archive, Transfer, Resume }
