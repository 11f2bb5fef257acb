namespace Governance.Requests;

/// <summary>What is asked for. Every change of a live app is a request too, also where it is granted at once.</summary>
public enum RequestKind { Create, Change, Renew, RaiseCap, Restore, Archive, Transfer, Resume }
