using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace Rego.Builtins;

/// <summary>
/// A time zone with the names of its times (CET, CEST), from the machine's own tzdata, as Go reads it. .NET keeps those
/// names to itself; where there is no tzdata it says when which time holds, and the offset stands for the name.
/// </summary>
internal sealed partial class GoZone
{
    private const int MostZones = 1_000;

    public static readonly GoZone Utc = new(TimeZoneInfo.Utc, [], [], "", 0);

    private static readonly ConcurrentDictionary<string, GoZone?> Known = new(StringComparer.Ordinal);

    private readonly TimeZoneInfo _info;
    private readonly long[] _changes;
    private readonly (int Offset, string Name)[] _times;
    private readonly string _rule;

    // What holds before the first change.
    private readonly int _first;

    private GoZone(TimeZoneInfo info, long[] changes, (int Offset, string Name)[] times, string rule, int first)
    {
        _info = info;
        _changes = changes;
        _times = times;
        _rule = rule;
        _first = first;
    }

    /// <summary>Null for a name that no zone has.</summary>
    public static GoZone? Find(string name)
    {
        if (name is "" or "UTC") return Utc;
        if (Known.TryGetValue(name, out var known)) return known;
        var zone = Load(name);
        if (Known.Count < MostZones) Known[name] = zone;
        return zone;
    }

    private static GoZone? Load(string name)
    {
        if (name == "Local") return new GoZone(TimeZoneInfo.Local, [], [], "", 0);
        if (!Name().IsMatch(name)) return null;
        foreach (var folder in new[] { "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo" })
        {
            var file = Path.Combine(folder, name);
            if (!File.Exists(file) || !TimeZoneInfo.TryFindSystemTimeZoneById(name, out var info)) continue;
            try
            {
                return Read(info, File.ReadAllBytes(file));
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or IndexOutOfRangeException)
            {
                break;
            }
        }
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var bare) ? new GoZone(bare, [], [], "", 0) : null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_+\-]+(/[A-Za-z0-9_+\-]+)*\z")]
    private static partial Regex Name();

    /// <summary>RFC 8536: the second part of the file, with times of 64 bits, and the rule for what comes behind them.</summary>
    private static GoZone Read(TimeZoneInfo info, byte[] bytes)
    {
        var data = bytes.AsSpan();
        if (!data.StartsWith("TZif"u8) || data[4] < (byte)'2') throw new ArgumentException("no TZif of version 2");
        var at = 44 + (Count(data, 0, 3) * 5) + (Count(data, 0, 4) * 6) + Count(data, 0, 5) + (Count(data, 0, 2) * 8) + Count(data, 0, 1) + Count(data, 0, 0);
        var (ut, std, leap, changes, types, names) = (Count(data, at, 0), Count(data, at, 1), Count(data, at, 2), Count(data, at, 3), Count(data, at, 4), Count(data, at, 5));
        at += 44;
        var when = new long[changes];
        for (var i = 0; i < changes; i++) when[i] = BinaryPrimitives.ReadInt64BigEndian(data[(at + (8 * i))..]);
        at += 8 * changes;
        var which = data.Slice(at, changes);
        at += changes;
        var kinds = new (int Offset, string Name)[types];
        var letters = data.Slice(at + (6 * types), names);
        var first = 0;
        var sawStandard = false;
        for (var i = 0; i < types; i++)
        {
            var entry = data.Slice(at + (6 * i), 6);
            var text = letters[entry[5]..];
            kinds[i] = (BinaryPrimitives.ReadInt32BigEndian(entry), Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]));
            if (entry[4] == 0 && !sawStandard)
            {
                first = i;
                sawStandard = true;
            }
        }
        at += (6 * types) + names + (leap * 12) + std + ut;
        var rule = Encoding.ASCII.GetString(data[at..]).Trim('\n');
        var times = new (int, string)[changes];
        for (var i = 0; i < changes; i++) times[i] = kinds[which[i]];
        // The first kind holds before the first change, unless a change is to it.
        if (!which.Contains((byte)0)) first = 0;
        return new GoZone(info, when, [.. times, kinds[first]], rule, changes);
    }

    private static int Count(ReadOnlySpan<byte> data, int header, int which) => BinaryPrimitives.ReadInt32BigEndian(data[(header + 20 + (4 * which))..]);

    /// <summary>Seconds east of UTC, and what the time is called then.</summary>
    public (int Offset, string Name) At(long unixSeconds)
    {
        if (ReferenceEquals(this, Utc)) return (0, "UTC");
        if (_times.Length > 0)
        {
            var at = Array.BinarySearch(_changes, unixSeconds);
            if (at < 0) at = ~at - 1;
            if (at < 0) return _times[_first];
            if (at < _changes.Length - 1 || _rule.Length == 0) return _times[at];
        }
        var offset = (int)_info.GetUtcOffset(DateTime.UnixEpoch.AddSeconds(unixSeconds)).TotalSeconds;
        return (offset, NameByRule(offset));
    }

    // std and perhaps dst of "CET-1CEST,M3.5.0,M10.5.0/3", a name that is no word between < and >.
    [GeneratedRegex(@"\A(<(?<std>[^>]+)>|(?<std>[A-Za-z]+))(?<sign>[-+]?)(?<h>[0-9]+)(:(?<m>[0-9]+))?(:(?<s>[0-9]+))?(<(?<dst>[^>]+)>|(?<dst>[A-Za-z]+))?")]
    private static partial Regex Rule();

    private string NameByRule(int offset)
    {
        var rule = Rule().Match(_rule);
        if (!rule.Success)
        {
            if (offset == 0) return "UTC";
            var minutes = Math.Abs(offset) / 60;
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(offset < 0 ? '-' : '+')}{minutes / 60:00}{(minutes % 60 == 0 ? "" : (minutes % 60).ToString("00", System.Globalization.CultureInfo.InvariantCulture))}");
        }
        int Part(string name) => rule.Groups[name].Success ? int.Parse(rule.Groups[name].Value, System.Globalization.CultureInfo.InvariantCulture) : 0;
        // The rule counts west of Greenwich.
        var standard = ((Part("h") * 3600) + (Part("m") * 60) + Part("s")) * (rule.Groups["sign"].Value == "-" ? 1 : -1);
        return offset == standard || !rule.Groups["dst"].Success ? rule.Groups["std"].Value : rule.Groups["dst"].Value;
    }
}
