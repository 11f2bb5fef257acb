using System.Globalization;
using System.Runtime.CompilerServices;
using Rego.Values;

namespace Rego.Builtins;

/// <summary>A format of sprintf with nothing but plain %s, %d and %v, taken apart once.</summary>
internal sealed class FormatPlan
{
    private const int MaxPieces = 64;

    /// <summary>Stands for a format that is not this simple.</summary>
    private static readonly object NotPlain = new();

    private readonly string[] _literals;
    private readonly char[] _verbs;

    private FormatPlan(string[] literals, char[] verbs)
    {
        _literals = literals;
        _verbs = verbs;
    }

    /// <summary>The plan of a format, kept with it; null when the long way has to be gone.</summary>
    public static FormatPlan? Of(RString format)
    {
        if (format.Attachment is FormatPlan known) return known;
        if (format.Attachment is not null) return null;
        var plan = Read(format.Value);
        format.Attachment = plan ?? NotPlain;
        return plan;
    }

    private static FormatPlan? Read(string format)
    {
        var literals = new List<string>();
        var verbs = new List<char>();
        var literal = "";
        for (var at = 0; ; at += 2)
        {
            var verb = format.IndexOf('%', at);
            literal += verb < 0 ? format[at..] : format[at..verb];
            if (verb < 0) break;
            at = verb;
            if (at + 1 == format.Length || verbs.Count == MaxPieces) return null;
            switch (format[at + 1])
            {
                case '%': literal += '%'; break;
                case 's' or 'd' or 'v':
                    literals.Add(literal);
                    verbs.Add(format[at + 1]);
                    literal = "";
                    break;
                default: return null;
            }
        }
        literals.Add(literal);
        return new FormatPlan([.. literals], [.. verbs]);
    }

    /// <summary>The text, or null when the arguments are not the plain ones that the verbs are for.</summary>
    public string? Apply(ReadOnlySpan<RValue> args)
    {
        if (args.Length != _verbs.Length) return null;
        for (var i = 0; i < args.Length; i++)
        {
            var fits = args[i] switch
            {
                RString => _verbs[i] != 'd',
                RNumber n => _verbs[i] != 's' && n.IsPlainInt64,
                _ => false,
            };
            if (!fits) return null;
        }
        var text = new DefaultInterpolatedStringHandler(0, 0, CultureInfo.InvariantCulture, stackalloc char[256]);
        for (var i = 0; i < args.Length; i++)
        {
            text.AppendLiteral(_literals[i]);
            if (args[i] is RString s) text.AppendLiteral(s.Value);
            else text.AppendFormatted(((RNumber)args[i]).Int64);
        }
        text.AppendLiteral(_literals[^1]);
        return text.ToStringAndClear();
    }
}
