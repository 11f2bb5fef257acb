using MicroAppBot.Content;
using MicroAppBot.Conversation.Understanding;
using MicroAppBot.Conversation.Wording;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>The conversation and what it needs: word knowledge from the content, and a model where one is configured.</summary>
public static class ConversationSetup
{
    /// <exception cref="ContentException">The word lists or the prompt cannot be used, or a card is missing; with file and line.</exception>
    public static IServiceCollection AddConversation(this IServiceCollection services, ContentInForce content, IConfiguration configuration)
    {
        var settings = configuration.GetSection("Llm").Get<LlmSettings>() ?? new LlmSettings();
        // Word lists that cannot be used stop the start, and not the first who writes
        Of(content.Now);
        return services
            .AddSingleton(all => content.Part(now => ConverserOf(all, now, settings)))
            .AddSingleton<ITurns>(all => new ConverserInForce(all.GetRequiredService<ContentPart<Converser>>()))
            .AddSingleton<NoticePresenter>()
            .AddSingleton<INoticePresenter>(all => all.GetRequiredService<NoticePresenter>())
            .AddSingleton<IDigestPresenter>(all => all.GetRequiredService<NoticePresenter>())
            .AddSingleton<IOwnPage, OwnPage>();
    }

    private static (Lexicon Lexicon, PromptFiles Prompt) Of(ContentFolder content)
    {
        var (lexicon, faults) = Lexicon.Read(content.TemplateFiles.Select(f => (f.Name, f.Text)));
        faults = [.. faults, .. CardNames.Missing(content.CardFiles)];
        return faults.Count > 0 ? throw new ContentException(faults) : (lexicon, PromptFiles.Of(content.PromptFiles));
    }

    private static Converser ConverserOf(IServiceProvider all, ContentFolder content, LlmSettings settings)
    {
        var (lexicon, prompt) = Of(content);
        return ActivatorUtilities.CreateInstance<Converser>(
            all, content, new Reader(lexicon), new TypedAnswers(new SlotReader(lexicon, content.Catalogue)), new Merging(lexicon), ProposerOf(all, content, prompt, settings));
    }

    private static IProposer ProposerOf(IServiceProvider all, ContentFolder content, PromptFiles prompt, LlmSettings settings) => settings.Endpoint is null
        ? new NoProposer()
        : new SemanticKernelProposer(settings, prompt.Prompt, prompt.Config, content.Catalogue, TimeProvider.System, all.GetRequiredService<ILogger<SemanticKernelProposer>>());

    /// <summary>Each turn is taken by the conversation of the content that holds when it comes in.</summary>
    private sealed class ConverserInForce(ContentPart<Converser> converser) : ITurns
    {
        public Task<Reply> TakeAsync(Turn turn, CancellationToken cancel) => converser.Now.TakeAsync(turn, cancel);
    }
}
