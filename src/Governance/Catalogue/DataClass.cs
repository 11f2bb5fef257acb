using System.Text.Json.Serialization;

namespace Governance.Catalogue;

/// <summary>How sensitive an app's data is. Ordered: <c>Public &lt; Internal &lt; Confidential &lt; Regulated</c>.</summary>
[JsonConverter(typeof(LowerCaseWord<DataClass>))]
public enum DataClass
{
    Public,
    Internal,
    Confidential,
    Regulated,
}

/// <summary>What an app may do with a connector.</summary>
[JsonConverter(typeof(LowerCaseWord<ConnectorAccess>))]
public enum ConnectorAccess
{
    Read,
    Write,
    Admin,
}
