using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MicroAppBot.Content;

/// <summary>Says where a text stops being YAML.</summary>
internal static class YamlFault
{
    /// <summary>The parser's own words and line; but when a bracket is open, the line where it was opened, because there somebody has to look.</summary>
    public static ContentFault Of(ContentFile source, YamlException? broken)
    {
        if (OpenBracket(source.Text) is { } line)
            return new ContentFault(source.Name, line, "This is not valid YAML: the bracket that opens here is not closed as it should be.");
        return broken is null
            ? new ContentFault(source.Name, source.Text.TrimEnd().Count(c => c == '\n') + 1, "This is not valid YAML: it ends too early.")
            : new ContentFault(source.Name, (int)broken.Start.Line, $"This is not valid YAML: {(broken.InnerException?.Message ?? broken.Message).TrimEnd('.')}.");
    }

    private static int? OpenBracket(string text)
    {
        var open = new Stack<int>();
        try
        {
            using var reader = new StringReader(text);
            var parser = new Parser(reader);
            while (parser.MoveNext())
            {
                switch (parser.Current)
                {
                    case SequenceStart { Style: SequenceStyle.Flow } or MappingStart { Style: MappingStyle.Flow }:
                        open.Push((int)parser.Current.Start.Line);
                        break;
                    case SequenceStart or MappingStart:
                        open.Push(0);
                        break;
                    case SequenceEnd or MappingEnd:
                        open.Pop();
                        break;
                }
            }
        }
        catch (Exception broken) when (broken is YamlException or InvalidOperationException)
        {
            return open.Count > 0 && open.Any(l => l > 0) ? open.Where(l => l > 0).Min() : null;
        }

        return null;
    }
}
