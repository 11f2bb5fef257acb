using MicroAppBot.Content;
using MicroAppBot.Conversation.Understanding;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>The conversation and what it needs: word knowledge from the content, and a model where one is configured.</summary>
public static class ConversationSetup
{
    /// <exception cref="ContentException">The word lists cannot be used; with file and line.</exception>
    public static IServiceCollection AddConversation(this IServiceCollection services, ContentInForce content, IConfiguration configuration)
    {
        var settings = configuration.GetSection("Llm").Get<LlmSettings>() ?? new LlmSettings();
        // Word lists that cannot be used stop the start, and not the first who writes
        LexiconOf(content.Now);
        return services
            .AddSingleton(all => content.Part(now => ConverserOf(all, now, LexiconOf(now), settings)))
            .AddSingleton<ITurns>(all => new ConverserInForce(all.GetRequiredService<ContentPart<Converser>>()))
            .AddSingleton<INoticePresenter, NoticePresenter>();
    }

    private static Lexicon LexiconOf(ContentFolder content)
    {
        var (lexicon, faults) = Lexicon.Read(content.TemplateFiles.Select(f => (f.Name, f.Text)));
        return faults.Count > 0 ? throw new ContentException(faults) : lexicon;
    }

    private static Converser ConverserOf(IServiceProvider all, ContentFolder content, Lexicon lexicon, LlmSettings settings) => ActivatorUtilities.CreateInstance<Converser>(
        all, content, new Reader(lexicon), new TypedAnswers(new SlotReader(lexicon, content.Catalogue)), new Merging(lexicon), ProposerOf(all, content, settings));

    private static IProposer ProposerOf(IServiceProvider all, ContentFolder content, LlmSettings settings) => settings.Endpoint is null
        ? new NoProposer()
        : new SemanticKernelProposer(settings, Prompt(content, "skprompt.txt"), Prompt(content, "config.json"), content.Catalogue, TimeProvider.System, all.GetRequiredService<ILogger<SemanticKernelProposer>>());

    private static string Prompt(ContentFolder content, string file) => content.PromptFiles.FirstOrDefault(f => f.Name == $"prompts/intake/{file}")?.Text
        ?? throw new ContentException([new ContentFault($"prompts/intake/{file}", 0, "This file is missing, and Llm:Endpoint is set.")]);

    /// <summary>Each turn is taken by the conversation of the content that holds when it comes in.</summary>
    private sealed class ConverserInForce(ContentPart<Converser> converser) : ITurns
    {
        public Task<Reply> TakeAsync(Turn turn, CancellationToken cancel) => converser.Now.TakeAsync(turn, cancel);
    }
}
