using System.Globalization;

namespace MicroAppBot.Cards.Templating;

/// <summary>Numbers written and rounded as JavaScript does it, so that cards come out as the reference engine draws them.</summary>
internal static class Numbers
{
    /// <summary>JavaScript's Number.EPSILON: the reference calls two numbers equal below it.</summary>
    public const double Epsilon = 2.220446049250313e-16;

    public static string AsText(double number)
    {
        if (double.IsInteger(number) && Math.Abs(number) < 1e15)
            return ((long)number).ToString(CultureInfo.InvariantCulture);
        if (!double.IsFinite(number))
            return double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";

        // Both languages choose the same shortest digits; they differ in when an exponent is written.
        var written = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var point = written[0].IndexOf('.', StringComparison.Ordinal) is var dot && dot < 0 ? written[0].Length : dot;
        var all = written[0].Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        var magnitude = point - (all.Length - digits.Length) + (written.Length > 1 ? int.Parse(written[1], CultureInfo.InvariantCulture) : 0);
        digits = digits.TrimEnd('0');
        return (number < 0 ? "-" : "") + Placed(digits, magnitude);
    }

    // 0.digits times ten to the magnitude
    private static string Placed(string digits, int magnitude)
    {
        if (magnitude is > 0 and <= 21)
            return digits.Length <= magnitude ? digits.PadRight(magnitude, '0') : digits[..magnitude] + "." + digits[magnitude..];
        if (magnitude is > -6 and <= 0)
            return "0." + new string('0', -magnitude) + digits;
        var exponent = (magnitude - 1).ToString("+0;-0", CultureInfo.InvariantCulture);
        return digits[..1] + (digits.Length > 1 ? "." + digits[1..] : "") + "e" + exponent;
    }

    /// <summary>Halves go up (towards plus infinity), as JavaScript's Math.round has it.</summary>
    public static double Round(double number, int digits)
    {
        var scale = Math.Pow(10, digits);
        return Math.Floor(number * scale + 0.5) / scale;
    }
}
