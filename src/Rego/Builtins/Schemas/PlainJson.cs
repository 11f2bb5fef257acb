using System.Globalization;
using Rego.Values;

namespace Rego.Builtins.Schemas;

/// <summary>JSON in which equal values are equal texts: numbers are what 64-bit floats make of them.</summary>
internal static class PlainJson
{
    public static string Of(RValue value) => GoJson.Of(Plain(value));

    private static RValue Plain(RValue value) => value switch
    {
        RNumber n => RNumber.FromText(Text(n.ToDouble())),
        RArray a => new RArray([.. a.Items.ToArray().Select(Plain)]),
        RObject o => Members(o),
        _ => value,
    };

    private static RObject Members(RObject o)
    {
        var builder = new RObjectBuilder(o.Count);
        for (var i = 0; i < o.Count; i++) builder.Set(o.Keys[i], Plain(o.Values[i]));
        return builder.Build();
    }

    /// <summary>As Go's encoder writes a float.</summary>
    private static string Text(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        if (e < 0) return text;
        var exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var (sign, digits) = (text[0] == '-' ? "-" : "", text[..e].TrimStart('-').Replace(".", "", StringComparison.Ordinal));
        if (exponent is >= 21 or < -6) return $"{text[..e]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString(exponent < 0 ? "0" : "00", CultureInfo.InvariantCulture)}";
        return exponent < 0 ? $"{sign}0.{new string('0', -exponent - 1)}{digits}" : sign + digits.PadRight(exponent + 1, '0');
    }
}
