using System.CommandLine;
using System.Text.Json;
using MicroAppBot.Cards;
using MicroAppBot.Content;

namespace MicroAppBot.Commands;

/// <summary><c>cards preview &lt;folder&gt;</c>: every card with every sample on one page to look at.</summary>
public static class CardsCommand
{
    private static readonly JsonSerializerOptions Indented = new(CardLibrary.Json) { WriteIndented = true };

    /// <param name="cardFiles">The content folder's card files, samples among them; read when the command runs.</param>
    /// <param name="wwwroot">Where the build puts the page's scripts, beside the program.</param>
    /// <param name="pictures">Whether a Chromium of this machine takes pictures too.</param>
    public static Command Create(Func<IEnumerable<ContentFile>> cardFiles, string wwwroot, bool pictures = true)
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Where index.html is written; made if it is not there." };
        var preview = new Command("preview", "Write one page that shows every card with every sample, light, dark, at phone width and in Slack; beside it the Block Kit JSON of each, and pictures where there is a Chromium.") { folder };
        preview.SetAction(parsed => Preview(cardFiles, parsed.GetRequiredValue(folder), wwwroot, pictures, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return new Command("cards", "Look at the cards.") { preview };
    }

    /// <returns>0, or 1 when a card is faulty or a sample does not fill its card; the reasons are written to <paramref name="errors"/>.</returns>
    private static int Preview(Func<IEnumerable<ContentFile>> cardFiles, DirectoryInfo folder, string wwwroot, bool pictures, TextWriter output, TextWriter errors)
    {
        try
        {
            var library = CardLibrary.Load(cardFiles());
            folder.Create();
            var page = Path.Combine(folder.FullName, "index.html");
            File.WriteAllText(page, CardPreviewPage.Write(library, wwwroot));
            foreach (var sample in library.Samples)
                File.WriteAllText(Path.Combine(folder.FullName, $"{sample.Card}.{sample.What}.slack.json"), CardPreviewPage.InSlack(library, sample).ToJsonString(Indented));
            output.WriteLine($"{library.Names.Count()} cards, {library.Samples.Count} samples: {page}");
            if (!pictures)
                return 0;
            output.WriteLine(Photographer.TakeAsync(page, folder.FullName).GetAwaiter().GetResult() is { } taken
                ? $"{taken} pictures beside it." : "No pictures beside it: there is no Chromium here. The page draws them itself.");
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
