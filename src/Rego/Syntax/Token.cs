namespace Rego.Syntax;

/// <summary>A place in a source file; row and column count from 1.</summary>
internal readonly record struct Location(string File, int Row, int Col)
{
    public override string ToString() => $"{File}:{Row}:{Col}";
}

internal enum TokenKind
{
    Illegal,
    End,

    /// <summary>Not a token of its own: what the parser sees where a blank stands and none may.</summary>
    Whitespace,
    Identifier,
    Keyword,
    String,
    Number,

    /// <summary>Text of a template string before an expression, and after the last one.</summary>
    TemplatePart,
    TemplateEnd,
    Dot,
    Comma,
    Colon,
    Semicolon,
    LeftParen,
    RightParen,
    LeftBracket,
    RightBracket,
    LeftBrace,
    RightBrace,
    Assign,
    Unify,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Or,
    And,
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
}

/// <summary>Text holds the name, the decoded string or the number as written; null for a string whose escapes say nothing.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int End, int Row, int Col, int EndRow, int EndRowStart, string? Text)
{
    /// <summary>What is wrong with it, in the order found; null for a good one.</summary>
    public IReadOnlyList<string>? Faults { get; init; }

    /// <summary>A string or template string between backticks.</summary>
    public bool IsRaw { get; init; }
}

internal sealed record Comment(int Row, int Col, string Text);

/// <summary>Thrown inside the parser when a module has faults; never leaves the compiler.</summary>
internal sealed class SyntaxFault(IReadOnlyList<RegoError> errors) : Exception(errors[0].Message)
{
    public IReadOnlyList<RegoError> Errors { get; } = errors;

    public RegoError Error => Errors[0];
}
