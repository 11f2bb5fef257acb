using System.Text.RegularExpressions;
using MicroAppBot.Content;
using Microsoft.SemanticKernel;

namespace MicroAppBot.Conversation.Understanding;

/// <summary>The prompt with which a model is asked to read an opening sentence, in Semantic Kernel's form. Checked also while no model is configured: whoever turns one on finds it whole.</summary>
/// <param name="Prompt"><c>prompts/intake/skprompt.txt</c>.</param>
/// <param name="Config"><c>prompts/intake/config.json</c>.</param>
public sealed partial record PromptFiles(string Prompt, string Config)
{
    private const string PromptName = "prompts/intake/skprompt.txt", ConfigName = "prompts/intake/config.json";

    /// <exception cref="ContentException">A file is missing or cannot be used; with file and line.</exception>
    public static PromptFiles Of(IReadOnlyList<ContentFile> files)
    {
        var faults = new List<ContentFault>();
        var (prompt, config) = (Find(files, PromptName, faults), Find(files, ConfigName, faults));
        if (config is not null && JsonText.Of(config, faults) is { } json && prompt is not null) Check(prompt, config, json, faults);
        return faults.Count > 0 ? throw new ContentException(faults) : new PromptFiles(prompt!.Text, config!.Text);
    }

    private static ContentFile? Find(IReadOnlyList<ContentFile> files, string name, List<ContentFault> faults)
    {
        var file = files.FirstOrDefault(f => f.Name == name);
        if (file is { Text: var text } && !string.IsNullOrWhiteSpace(text)) return file;
        faults.Add(new ContentFault(name, 0, file is null ? "This file is missing." : "This file is empty."));
        return null;
    }

    private static void Check(ContentFile prompt, ContentFile config, JsonText json, List<ContentFault> faults)
    {
        var template = Read(config, json, faults);
        if (template is null) return;
        var known = template.InputVariables.Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        foreach (Match place in Place().Matches(prompt.Text))
        {
            if (Variable().Match(place.Value) is not { Success: true } variable)
            {
                faults.Add(new ContentFault(prompt.Name, LineAt(prompt.Text, place.Index), "“{{” begins a variable and “}}” ends it, as in {{$text}}; nothing else can stand there."));
            }
            else if (!known.Contains(variable.Groups[1].Value))
            {
                faults.Add(new ContentFault(prompt.Name, LineAt(prompt.Text, place.Index), $"“{variable.Groups[1].Value}” is none of the input_variables of {config.Name}: {string.Join(", ", known)}."));
            }
        }
        if (!prompt.Text.Contains("{{$text}}", StringComparison.Ordinal)) faults.Add(new ContentFault(prompt.Name, 0, "What was said is not in it: it needs {{$text}}."));
    }

    private static PromptTemplateConfig? Read(ContentFile config, JsonText json, List<ContentFault> faults)
    {
        try
        {
            return PromptTemplateConfig.FromJson(config.Text);
        }
        catch (Exception odd) when (odd is System.Text.Json.JsonException or ArgumentException)
        {
            var path = (odd.GetBaseException() as System.Text.Json.JsonException)?.Path?.TrimStart('$').Replace(".", "/", StringComparison.Ordinal).Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal) ?? "";
            faults.Add(new ContentFault(config.Name, json.LineOf(path), $"This is no prompt configuration of Semantic Kernel: {odd.GetBaseException().Message.Split(" Path: ")[0]}"));
            return null;
        }
    }

    private static int LineAt(string text, int index) => index < 0 ? 0 : 1 + text.AsSpan(0, index).Count('\n');

    /// <summary>From two brackets to the next two, or to the end of the line where they are not closed.</summary>
    [GeneratedRegex(@"\{\{[^\n]*?(?:\}\}|$)", RegexOptions.Multiline)]
    private static partial Regex Place();

    [GeneratedRegex(@"^\{\{\s*\$(\w+)\s*\}\}$")]
    private static partial Regex Variable();
}
