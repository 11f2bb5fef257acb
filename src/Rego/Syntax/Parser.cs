using System.Diagnostics.CodeAnalysis;
using Rego.Values;

namespace Rego.Syntax;

/// <summary>
/// Recursive descent over the tokens: modules and rules here, expressions and terms in the other halves. Like OPA's parser it tries one
/// reading after the other and keeps the faults of the last one, so that what is told of a broken file is the same: null means that
/// the reading failed.
/// </summary>
internal sealed partial class Parser
{
    private readonly string _file;
    private readonly string _text;
    private readonly Lexer _lexer;
    private readonly List<Token> _tokens;
    private readonly HashSet<string> _futureKeywords = [];
    private bool _v1;
    private readonly bool _isV1File;

    // What a reading that failed takes back.
    private int _at;
    private bool _onBlank;
    private int _nameAt = -1;
    private Chain<RegoError>? _errors;
    private Chain<string>? _hints;

    private sealed record Chain<T>(T Value, Chain<T>? Before);

    private readonly record struct State(int At, bool OnBlank, int NameAt, Chain<RegoError>? Errors, Chain<string>? Hints);

    private Parser(string file, string text, bool v1)
    {
        _file = file;
        _text = text;
        _v1 = _isV1File = v1;
        _lexer = new Lexer(text);
        _tokens = new List<Token>(Math.Max(16, text.Length / 5)) { _lexer.Next() };
        NoteFaults();
    }

    public static ModuleSyntax ParseModule(RegoModule module)
    {
        var parser = new Parser(module.File, module.Text, module.Version == RegoVersion.V1);
        return parser.Module();
    }

    public static IReadOnlyList<Expr> ParseQuery(string file, string text, bool v1 = true)
    {
        var parser = new Parser(file, text, v1);
        if (parser.Kind == TokenKind.End) throw new SyntaxFault([new RegoError("rego_parse_error", "the query is empty", file, parser.Here.Row, parser.Here.Col)]);
        var body = new List<Expr>();
        while (parser.Kind != TokenKind.End && parser._errors is null)
        {
            if (parser.Query(wantsEnd: false, TokenKind.End) is { } more) body.AddRange(more);
        }
        parser.Stop();
        return body;
    }

    public static Term ParseTerm(string file, string text)
    {
        var parser = new Parser(file, text, v1: true);
        var term = parser.Infix();
        if (parser._errors is null && parser.Kind != TokenKind.End) parser.Illegal();
        parser.Stop();
        return term!;
    }

    private void Stop()
    {
        if (_errors is null) return;
        var errors = new List<RegoError>();
        for (var error = _errors; error is not null; error = error.Before) errors.Add(error.Value);
        errors.Reverse();
        throw new SyntaxFault([.. errors.Distinct()]);
    }

    // --- Tokens

    private Token Current => _tokens[_at];

    private Token Previous => _tokens[_at - 1];

    private TokenKind Kind => _onBlank ? TokenKind.Whitespace : Current.Kind;

    private bool OnNewLine => _at == 0 || Current.Row > Previous.EndRow;

    private Location Here => _onBlank ? new Location(_file, Previous.EndRow, Previous.End - Previous.EndRowStart + 1) : new Location(_file, Current.Row, Current.Col);

    private State Save() => new(_at, _onBlank, _nameAt, _errors, _hints);

    private void Restore(State state) => (_at, _onBlank, _nameAt, _errors, _hints) = state;

    private Token Ahead()
    {
        if (_at + 1 == _tokens.Count) _tokens.Add(_lexer.After(Current));
        return _tokens[_at + 1];
    }

    /// <summary>To the next token.</summary>
    private void Scan()
    {
        if (_onBlank)
        {
            _onBlank = false;
        }
        else
        {
            if (Kind == TokenKind.End) return;
            Ahead();
            _at++;
        }
        NoteFaults();
    }

    /// <summary>To the next token, or to the blank in front of it.</summary>
    private void ScanBlank()
    {
        if (_onBlank || Kind == TokenKind.End)
        {
            Scan();
            return;
        }
        _onBlank = Ahead().Start != Current.End;
        _at++;
        if (!_onBlank) NoteFaults();
    }

    private void ScanTemplate(bool isRaw)
    {
        var next = _at + 1;
        if (next >= _tokens.Count || _tokens[next].Start != Current.Start || _tokens[next].Kind is not (TokenKind.TemplatePart or TokenKind.TemplateEnd or TokenKind.Illegal))
        {
            _tokens.RemoveRange(next, _tokens.Count - next);
            _tokens.Add(_lexer.AfterExpression(Current, isRaw));
        }
        _at++;
        NoteFaults();
    }

    private void NoteFaults()
    {
        if (Current.Faults is null) return;
        foreach (var fault in Current.Faults) Error(Here, fault);
    }

    private bool IsName => Kind == TokenKind.Identifier || (Kind == TokenKind.Keyword && (_nameAt == _at || !IsActive(Current.Text!)));

    private bool IsActive(string word) => Lexer.IsReserved(word, v1: false) || (!_noFutureKeywords && (_v1 || _allFutureKeywords || _futureKeywords.Contains(word)));

    private bool _allFutureKeywords;
    private bool _noFutureKeywords;

    private bool IsWord(string word) => Kind == TokenKind.Keyword && _nameAt != _at && Current.Text == word && IsActive(word);

    private bool IsActiveKeyword => Kind == TokenKind.Keyword && IsActive(Current.Text!);

    /// <summary>A keyword directly followed by .name or [ heads a reference (contains.foo).</summary>
    private bool KeywordHeadsReference()
    {
        if (!IsActiveKeyword) return false;
        var next = Ahead();
        if (next.Start != Current.End || next.Kind is not (TokenKind.Dot or TokenKind.LeftBracket)) return false;
        _nameAt = _at;
        return true;
    }

    // --- Faults

    private void Error(Location at, string message)
    {
        if (_hints is not null)
        {
            var hints = new List<string>();
            for (var hint = _hints; hint is not null; hint = hint.Before) hints.Insert(0, hint.Value);
            message += $" ({(hints.Count == 1 ? "hint" : "hints")}: {string.Join(", ", hints)})";
            _hints = null;
        }
        _errors = new Chain<RegoError>(new RegoError("rego_parse_error", message, at.File, at.Row, at.Col), _errors);
    }

    private void Hint(string hint) => _hints = new Chain<string>(hint, _hints);

    private void Illegal(string note = "")
    {
        if (Kind == TokenKind.Illegal)
        {
            Error(Here, "illegal token");
            return;
        }
        var isKeyword = Kind == TokenKind.Keyword && !IsName;
        Error(Here, $"unexpected {(isKeyword ? Current.Text : Spelled(Kind))} {(isKeyword ? "keyword" : "token")}{(note.Length > 0 ? ": " + note : "")}");
    }

    private static string Spelled(TokenKind kind) => kind switch
    {
        TokenKind.End => "eof",
        TokenKind.Whitespace => "whitespace",
        TokenKind.Identifier or TokenKind.Keyword => "identifier",
        TokenKind.String => "string",
        TokenKind.Number => "number",
        TokenKind.TemplatePart => "template-string-part",
        TokenKind.TemplateEnd => "template-string-end",
        TokenKind.Dot => ".",
        TokenKind.Comma => ",",
        TokenKind.Colon => ":",
        TokenKind.Semicolon => ";",
        TokenKind.LeftParen => "(",
        TokenKind.RightParen => ")",
        TokenKind.LeftBracket => "[",
        TokenKind.RightBracket => "]",
        TokenKind.LeftBrace => "{",
        TokenKind.RightBrace => "}",
        TokenKind.Assign => "assign",
        TokenKind.Unify => "eq",
        TokenKind.Illegal => "illegal",
        _ => OperatorName(kind),
    };

    // --- Modules

    private sealed record Item(Location At, IReadOnlyList<string>? Package, ImportSyntax? Import, IReadOnlyList<Parsed>? Rules, List<Expr>? Body);

    private ModuleSyntax Module()
    {
        var statements = new List<Item>();
        while (Kind != TokenKind.End)
        {
            _terms.Clear();
            var state = Save();
            var at = Here;
            if (Package() is { } package)
            {
                statements.Add(new Item(at, package, null, null, null));
                continue;
            }
            if (_errors is not null) break;
            Restore(state);
            if (Import() is { } import)
            {
                statements.Add(new Item(at, null, import, null, null));
                continue;
            }
            if (_errors is not null) break;
            Restore(state);
            if (Rules() is { } rules)
            {
                statements.Add(new Item(at, null, null, rules, null));
                continue;
            }
            if (_errors is not null) break;
            Restore(state);
            if (Query(wantsEnd: false, TokenKind.End) is not { } body) break;
            statements.Add(new Item(at, null, null, null, body));
        }
        Stop();
        return Whole(statements);
    }

    private ModuleSyntax Whole(List<Item> statements)
    {
        if (statements.Count == 0) throw new SyntaxFault([new RegoError("rego_parse_error", "empty module", _file, Here.Row, Here.Col)]);
        if (statements[0].Package is null) Error(statements[0].At, "package expected");
        var module = new ModuleSyntax(_file, statements[0].At, statements[0].Package ?? []) { Comments = _lexer.Comments, V1 = _v1 };
        var parsed = new List<Parsed>();
        foreach (var statement in statements.Skip(1))
        {
            if (statement.Import is not null) module.Imports.Add(statement.Import);
            else if (statement.Rules is not null) parsed.AddRange(statement.Rules);
            else if (statement.Package is not null) Error(statement.At, "unexpected package");
            else if (FromBody(statement.Body!) is { } rule) parsed.Add(rule);
        }
        if (_v1)
        {
            foreach (var one in parsed)
            {
                for (var rule = one; rule is not null; rule = rule.Else) CheckV1(rule);
            }
        }
        Stop();
        module.Rules.AddRange(parsed.Select(p => p.ToSyntax()));
        return module;
    }

    private List<string>? Package()
    {
        if (!IsWord("package")) return null;
        ScanBlank();
        if (Kind is TokenKind.Dot or TokenKind.LeftBracket) return null;
        if (Kind == TokenKind.Whitespace) Scan();
        if (!IsNameOrKeyword())
        {
            Illegal();
            return null;
        }
        switch (Term())
        {
            case VarTerm v: return [v.Name];
            case RefTerm { Head: VarTerm head } r:
                {
                    var path = new List<string> { head.Name };
                    foreach (var arg in r.Args)
                    {
                        if (arg is not ConstTerm { Value: RString s })
                        {
                            Error(arg.At, $"unexpected {KindOf(arg)} token: expecting string");
                            return null;
                        }
                        path.Add(s.Value);
                    }
                    return path;
                }
            case RefTerm r:
                Error(r.Head.At, $"unexpected {KindOf(r.Head)} token: expecting var");
                return null;
            case null:
                if (_errors is null) Error(Here, "expected path");
                return null;
            default:
                Illegal();
                return null;
        }
    }

    private bool IsNameOrKeyword()
    {
        if (IsName) return true;
        if (!IsActiveKeyword) return false;
        _nameAt = _at;
        return true;
    }

    private ImportSyntax? Import()
    {
        if (!IsWord("import")) return null;
        var at = Here;
        ScanBlank();
        if (Kind is TokenKind.Dot or TokenKind.LeftBracket) return null;
        if (Kind == TokenKind.Whitespace) Scan();
        if (!IsNameOrKeyword())
        {
            Illegal();
            return null;
        }
        _noFutureKeywords = true;
        var pathAt = Here;
        var term = Term();
        _noFutureKeywords = false;
        List<string>? path = null;
        var lastAt = pathAt;
        if (term is VarTerm v) path = [v.Name];
        if (term is RefTerm { Head: VarTerm head } r)
        {
            path = [head.Name];
            foreach (var arg in r.Args)
            {
                if (arg is not ConstTerm { Value: RString s })
                {
                    Error(arg.At, $"unexpected {KindOf(arg)} token: expecting string");
                    return null;
                }
                path.Add(s.Value);
                lastAt = arg.At;
            }
        }
        if (path is null)
        {
            Error(Here, "expected path");
            return null;
        }
        if (path[0] is not ("data" or "input" or "future" or "rego"))
        {
            Hint("if this is unexpected, try updating OPA");
            Error(pathAt, $"unexpected import path, must begin with one of: {{data, future, input, rego}}, got: {path[0]}");
            return null;
        }
        string? alias = null;
        if (IsWord("as"))
        {
            Scan();
            if (!IsName || Term() is not VarTerm name)
            {
                Illegal("expected var");
                return null;
            }
            alias = name.Name;
        }
        else if (path is ["future", _, ..] ? false : Lexer.IsReserved(path[^1], _isV1File))
        {
            Error(lastAt, $"unexpected import path, must not end with a keyword, got: {path[^1]}");
            Hint("import a different path or use an alias");
        }
        if (path[0] == "rego") RegoImport(pathAt, path, alias);
        if (path[0] == "future") FutureImport(pathAt, path, alias);
        return new ImportSyntax(at, path, alias);
    }

    private void RegoImport(Location at, List<string> path, string? alias)
    {
        if (path.Count != 2 || path[1] != "v1") Error(at, $"invalid import `{string.Join('.', path)}`, must be `rego.v1`");
        else if (_isV1File) return;
        else if (alias is not null) Error(at, "`rego` imports cannot be aliased");
        else _v1 = true;
    }

    private void FutureImport(Location at, List<string> path, string? alias)
    {
        if (path.Count == 1 || path[1] != "keywords") Error(at, "invalid import, must be `future.keywords`");
        else if (alias is not null) Error(at, "`future` imports cannot be aliased");
        else if (path.Count == 2) _futureKeywords.UnionWith(["in", "every", "contains", "if"]);
        else if (path.Count == 3 && path[2] is not ("in" or "every" or "contains" or "if")) Error(at, "unexpected keyword, must be one of [contains every if in]");
        else if (path.Count == 3)
        {
            _futureKeywords.Add(path[2]);
            if (path[2] == "every") _futureKeywords.Add("in");
        }
        else
        {
            _futureKeywords.UnionWith(["in", "every", "contains", "if"]);
        }
    }

    private static string KindOf(Term term) => term switch
    {
        ConstTerm { Value: RNull } => "null",
        ConstTerm { Value: RBool } => "boolean",
        ConstTerm { Value: RNumber } => "number",
        ConstTerm { Value: RString } => "string",
        VarTerm { Name: "data" or "input" } => "ref",
        VarTerm => "var",
        RefTerm => "ref",
        ArrayTerm => "array",
        SetTerm => "set",
        ObjectTerm => "object",
        CallTerm => "call",
        TemplateTerm => "templatestring",
        ComprehensionTerm { Kind: ComprehensionKind.Array } => "arraycomprehension",
        ComprehensionTerm { Kind: ComprehensionKind.Set } => "setcomprehension",
        _ => "objectcomprehension",
    };

    [SuppressMessage("Performance", "CA1822", Justification = "Reads better beside the other steps.")]
    private bool IsRoot(Term term) => term is VarTerm { Name: "data" or "input" };
}
