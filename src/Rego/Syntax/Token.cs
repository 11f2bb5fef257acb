namespace Rego.Syntax;

/// <summary>A place in a source file; row and column count from 1.</summary>
internal readonly record struct Location(string File, int Row, int Col)
{
    public override string ToString() => $"{File}:{Row}:{Col}";
}

internal enum TokenKind
{
    End,
    Identifier,
    Keyword,
    String,
    Number,
    Template,
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

/// <summary>Text holds the name, the decoded string or the number as written; Parts those of a template string.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int End, int Row, int Col, int EndRow, string Text, IReadOnlyList<TemplatePart>? Parts = null);

/// <summary>Literal text of a template string, or the tokens of one embedded expression.</summary>
internal sealed record TemplatePart(string? Text, Token[]? Tokens);

internal sealed record Comment(int Row, int Col, string Text);

/// <summary>Thrown inside the parser at the first fault of a module; never leaves the compiler.</summary>
internal sealed class SyntaxFault(RegoError error) : Exception(error.Message)
{
    public RegoError Error { get; } = error;
}
