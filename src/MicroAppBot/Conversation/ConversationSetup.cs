using MicroAppBot.Content;
using MicroAppBot.Conversation.Understanding;
using MicroAppBot.Desk;

namespace MicroAppBot.Conversation;

/// <summary>The conversation and what it needs: word knowledge from the content, and a model where one is configured.</summary>
public static class ConversationSetup
{
    /// <exception cref="ContentException">The word lists cannot be used; with file and line.</exception>
    public static IServiceCollection AddConversation(this IServiceCollection services, ContentFolder content, IConfiguration configuration)
    {
        var (lexicon, faults) = Lexicon.Read(content.TemplateFiles.Select(f => (f.Name, f.Text)));
        if (faults.Count > 0) throw new ContentException(faults);
        return services
            .AddSingleton(new Reader(lexicon))
            .AddSingleton(new TypedAnswers(new SlotReader(lexicon, content.Catalogue)))
            .AddSingleton(new Merging(lexicon))
            .AddSingleton(all => ProposerOf(all, content, configuration.GetSection("Llm").Get<LlmSettings>() ?? new LlmSettings()))
            .AddSingleton<ITurns, Converser>()
            .AddSingleton<INoticePresenter, NoticePresenter>();
    }

    private static IProposer ProposerOf(IServiceProvider all, ContentFolder content, LlmSettings settings) => settings.Endpoint is null
        ? new NoProposer()
        : new SemanticKernelProposer(settings, Prompt(content, "skprompt.txt"), Prompt(content, "config.json"), content.Catalogue, TimeProvider.System, all.GetRequiredService<ILogger<SemanticKernelProposer>>());

    private static string Prompt(ContentFolder content, string file) => content.PromptFiles.FirstOrDefault(f => f.Name == $"prompts/intake/{file}")?.Text
        ?? throw new ContentException([new ContentFault($"prompts/intake/{file}", 0, "This file is missing, and Llm:Endpoint is set.")]);
}
