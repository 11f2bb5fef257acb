using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MicroAppBot.Content;

/// <summary>YAML that is refused when it is nested too deeply: the tree of a document is built by recursion, and a stack that overflows takes the process with it.</summary>
internal sealed class ShallowYaml(TextReader text) : IParser
{
    private const int MostLevels = 200;

    private readonly Parser inner = new(text);
    private int level;

    public ParsingEvent? Current => inner.Current;

    /// <exception cref="YamlException">Not YAML, or more levels than any document of ours has.</exception>
    public bool MoveNext()
    {
        if (!inner.MoveNext())
            return false;
        level += inner.Current!.NestingIncrease;
        return level <= MostLevels ? true : throw new YamlException(inner.Current.Start, inner.Current.End, "it is nested too deeply");
    }
}
