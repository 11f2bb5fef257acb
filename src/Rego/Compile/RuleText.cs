using Rego.Syntax;
using Rego.Values;

namespace Rego.Compile;

/// <summary>The head of a rule as people would write it.</summary>
internal static class RuleText
{
    public static string Head(RuleSyntax rule)
    {
        var text = TermText.Of(new RefTerm(rule.At, rule.Ref[0], [.. rule.Ref.Skip(1)]));
        if (rule.Args is not null) text += $"({string.Join(", ", rule.Args.Select(TermText.Of))})";
        if (rule.Key is not null) return $"{text} contains {TermText.Of(rule.Key)}";
        return rule.Value is ConstTerm { Value: RBool { Value: true } } && !rule.IsDefault ? text : $"{text} := {TermText.Of(rule.Value)}";
    }
}
