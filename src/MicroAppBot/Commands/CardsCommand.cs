using System.CommandLine;
using MicroAppBot.Cards;
using MicroAppBot.Content;

namespace MicroAppBot.Commands;

/// <summary><c>cards preview &lt;folder&gt;</c>: every card with every sample on one page to look at.</summary>
public static class CardsCommand
{
    /// <param name="cardFiles">The content folder's card files, samples among them; read when the command runs.</param>
    /// <param name="wwwroot">Where the build puts the page's scripts, beside the program.</param>
    public static Command Create(Func<IEnumerable<ContentFile>> cardFiles, string wwwroot)
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Where index.html is written; made if it is not there." };
        var preview = new Command("preview", "Write one page that shows every card with every sample, light, dark and at phone width.") { folder };
        preview.SetAction(parsed => Preview(cardFiles, parsed.GetRequiredValue(folder), wwwroot, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return new Command("cards", "Look at the cards.") { preview };
    }

    /// <returns>0, or 1 when a card is faulty or a sample does not fill its card; the reasons are written to <paramref name="errors"/>.</returns>
    private static int Preview(Func<IEnumerable<ContentFile>> cardFiles, DirectoryInfo folder, string wwwroot, TextWriter output, TextWriter errors)
    {
        try
        {
            var library = CardLibrary.Load(cardFiles());
            folder.Create();
            var page = Path.Combine(folder.FullName, "index.html");
            File.WriteAllText(page, CardPreviewPage.Write(library, wwwroot));
            output.WriteLine($"{library.Names.Count()} cards, {library.Samples.Count} samples: {page}");
            return 0;
        }
        catch (CardFault fault)
        {
            errors.WriteLine(fault.Message);
            return 1;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"The page cannot be written: {fault.Message}");
            return 1;
        }
    }
}
