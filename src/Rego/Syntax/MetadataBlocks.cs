namespace Rego.Syntax;

/// <summary>The "# METADATA" comments of a module, each with the comments at the begin of the lines right below it, which are its YAML.</summary>
internal static class MetadataBlocks
{
    public static IEnumerable<(Comment Start, List<Comment> Lines)> Of(ModuleSyntax module)
    {
        for (var i = 0; i < module.Comments.Count; i++)
        {
            var start = module.Comments[i];
            if (!start.Text.AsSpan().Trim().StartsWith("METADATA", StringComparison.Ordinal)) continue;
            var lines = new List<Comment>();
            while (i + 1 < module.Comments.Count && module.Comments[i + 1].Row == module.Comments[i].Row + 1 && module.Comments[i + 1].Col == 1) lines.Add(module.Comments[++i]);
            yield return (start, lines);
        }
    }
}
