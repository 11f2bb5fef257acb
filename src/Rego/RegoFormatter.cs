using Rego.Syntax;

namespace Rego;

/// <summary>What the formatter changes besides the layout.</summary>
public sealed record RegoLayout
{
    public static readonly RegoLayout Plain = new();

    /// <summary>Write version 0 so that it means the same in version 1: with if, contains and "import rego.v1".</summary>
    public bool Upgrade { get; init; }

    /// <summary>Leave out "import rego.v1" and "import future.keywords", which version 1 does not need.</summary>
    public bool DropOldImports { get; init; }
}

/// <summary>Lays policies out as <c>opa fmt</c> does. Comments stay, and the formatted text always means what the text meant.</summary>
public static class RegoFormatter
{
    /// <summary>The formatted text; formatting it again changes nothing.</summary>
    /// <exception cref="RegoCompileException">The module cannot be parsed, or no layout was found that keeps its meaning and its comments.</exception>
    public static string Format(RegoModule module, RegoLayout? layout = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        return DeepStack.Run(module.Text.Length, () => Formatted(module, layout ?? RegoLayout.Plain));
    }

    private static string Formatted(RegoModule module, RegoLayout layout)
    {
        try
        {
            var text = module.Text.ReplaceLineEndings("\n");
            var before = Parser.ParseModule(module with { Text = text });
            return Layout(module, before, text, layout, keepCommented: false) ?? Layout(module, before, text, layout, keepCommented: true) ?? throw Refused(module);
        }
        catch (SyntaxFault fault)
        {
            throw new RegoCompileException(fault.Errors);
        }
        catch (CommentInTheWay)
        {
            throw Refused(module);
        }
    }

    /// <summary>A layout that means the same, has the same comments and is its own layout; null when there is none.</summary>
    private static string? Layout(RegoModule module, ModuleSyntax before, string text, RegoLayout layout, bool keepCommented)
    {
        var once = new ModuleWriter(text, before, layout, keepCommented).Write();
        // A comment moved to another line can make room for a shorter layout.
        for (var n = 0; n < MaxPasses; n++)
        {
            ModuleSyntax after;
            try
            {
                after = Parser.ParseModule(module with { Text = once });
            }
            catch (SyntaxFault) when (!layout.Upgrade)
            {
                return null;
            }
            if (!SyntaxEquality.Same(before, after) || !SameComments(before, after) || !Metadata(before).SequenceEqual(Metadata(after))) return null;
            var twice = new ModuleWriter(once, after, layout, keepCommented).Write();
            if (twice == once) return once;
            once = twice;
        }
        return null;
    }

    private static RegoCompileException Refused(RegoModule module) =>
        new([new RegoError("rego_format_error", "no layout was found that keeps the meaning and the comments of this file", module.File, 1, 1)]);

    private const int MaxPasses = 4;

    private static bool SameComments(ModuleSyntax before, ModuleSyntax after) =>
        before.Comments.Select(c => c.Text.TrimEnd()).Order(StringComparer.Ordinal).SequenceEqual(after.Comments.Select(c => c.Text.TrimEnd()).Order(StringComparer.Ordinal));

    private static IEnumerable<string> Metadata(ModuleSyntax module) => MetadataBlocks.Of(module).Select(block => string.Join('\n', block.Lines.Select(line => line.Text.TrimEnd())));
}
