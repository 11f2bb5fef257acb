using Rego.Values;

namespace Rego.Syntax;

/// <summary>Recursive descent over the tokens: modules and rules here, expressions and terms in the other half.</summary>
internal sealed partial class Parser
{
    private readonly string _file;
    private readonly string _text;
    private readonly Token[] _tokens;
    private int _at;
    private bool _v1;
    private readonly HashSet<string> _futureKeywords = [];

    private Parser(string file, string text, Token[] tokens, bool v1)
    {
        _file = file;
        _text = text;
        _tokens = tokens;
        _v1 = v1;
    }

    public static ModuleSyntax ParseModule(RegoModule module)
    {
        var tokens = Lexer.Read(module.File, module.Text, out var comments);
        var parser = new Parser(module.File, module.Text, tokens, module.Version == RegoVersion.V1);
        return parser.Module(comments);
    }

    public static IReadOnlyList<Expr> ParseQuery(string file, string text, bool v1 = true)
    {
        var tokens = Lexer.Read(file, text, out _);
        var parser = new Parser(file, text, tokens, v1);
        if (parser.Current.Kind == TokenKind.End) throw parser.Fault("the query is empty");
        return parser.Body(TokenKind.End);
    }

    public static Term ParseTerm(string file, string text)
    {
        var tokens = Lexer.Read(file, text, out _);
        var parser = new Parser(file, text, tokens, v1: true);
        var term = parser.Infix();
        if (parser.Current.Kind != TokenKind.End) throw parser.Unexpected();
        return term;
    }

    private Token Current => _tokens[_at];

    private Token Previous => _tokens[_at - 1];

    private bool Adjacent => _at > 0 && Current.Start == Previous.End;

    private bool OnNewLine => _at == 0 || Current.Row > Previous.EndRow;

    private Location Here => new(_file, Current.Row, Current.Col);

    private ModuleSyntax Module(List<Comment> comments)
    {
        if (Current.Kind == TokenKind.End) throw Fault("empty module");
        if (!AcceptWord("package")) throw Fault($"package expected, got {Describe(Current)}");
        var packageAt = Here;
        var package = StaticPath("package");
        var module = new ModuleSyntax(_file, packageAt, package) { Comments = comments };
        while (Current.Kind != TokenKind.End)
        {
            if (Accept(TokenKind.Semicolon)) continue;
            if (!OnNewLine && Previous.Kind != TokenKind.Semicolon) throw Unexpected();
            if (IsWord("import")) module.Imports.Add(Import());
            else Rules(module);
        }
        module.V1 = _v1;
        return module;
    }

    private List<string> StaticPath(string what)
    {
        var path = new List<string>();
        if (Current.Kind is not (TokenKind.Identifier or TokenKind.Keyword)) throw Fault($"unexpected {Describe(Current)}: {what} path expected");
        path.Add(Take().Text);
        while (Adjacent)
        {
            if (Accept(TokenKind.Dot))
            {
                if (Current.Kind is not (TokenKind.Identifier or TokenKind.Keyword)) throw Unexpected("ident");
                path.Add(Take().Text);
            }
            else if (Accept(TokenKind.LeftBracket))
            {
                if (Current.Kind != TokenKind.String) throw Unexpected("string");
                path.Add(Take().Text);
                Expect(TokenKind.RightBracket, "]");
            }
            else
            {
                break;
            }
        }
        return path;
    }

    private ImportSyntax Import()
    {
        Take();
        var at = Here;
        var path = StaticPath("import");
        if (path[0] is not ("data" or "input" or "future" or "rego"))
            throw Fault(at, $"unexpected import path, must begin with one of: {{data, future, input, rego}}, got: {path[0]}");
        string? alias = null;
        if (IsWord("as"))
        {
            Take();
            if (Current.Kind != TokenKind.Identifier) throw Unexpected("name");
            alias = Take().Text;
        }
        if (path[0] == "rego")
        {
            if (path.Count != 2 || path[1] != "v1") throw Fault(at, $"invalid import, must be `rego.v1`");
            if (alias is not null) throw Fault(at, "`rego` imports cannot be aliased");
            _v1 = true;
        }
        else if (path[0] == "future")
        {
            if (path.Count < 2 || path[1] != "keywords" || path.Count > 3) throw Fault(at, "invalid import, must be `future.keywords`");
            if (alias is not null) throw Fault(at, "`future` imports cannot be aliased");
            if (path.Count == 3)
            {
                if (path[2] is not ("in" or "every" or "contains" or "if")) throw Fault(at, $"unexpected keyword, must be one of [contains every if in]");
                _futureKeywords.Add(path[2]);
                if (path[2] == "every") _futureKeywords.Add("in");
            }
            else
            {
                _futureKeywords.UnionWith(["in", "every", "contains", "if"]);
            }
        }
        return new ImportSyntax(at, path, alias);
    }

    private void Rules(ModuleSyntax module)
    {
        var at = Here;
        var start = Current.Start;
        var isDefault = IsWord("default");
        if (isDefault) Take();
        var (reference, args) = Head();
        if (isDefault)
        {
            var assigned = Current.Kind == TokenKind.Assign;
            if (!Accept(TokenKind.Assign) && !Accept(TokenKind.Unify)) throw Fault(at, "illegal default rule (must have a value)");
            var value = Infix();
            CheckDefault(at, value, args);
            module.Rules.Add(new RuleSyntax(at, reference) { IsDefault = true, Args = args, Value = value, EndRow = Previous.EndRow, Start = start, HeadEnd = Previous.End, IsAssigned = assigned });
            return;
        }
        Term? key = null;
        Term? head = null;
        var isAssigned = false;
        if (IsKeyword("contains"))
        {
            if (args is not null) throw Fault("the contains keyword can only be used with multi-value rule definitions (e.g., p contains <VALUE> { ... })");
            Take();
            key = Infix();
        }
        else if (Accept(TokenKind.Assign) || Accept(TokenKind.Unify))
        {
            isAssigned = Previous.Kind == TokenKind.Assign;
            head = Infix();
            if (IsWord("with")) throw Fault("expressions using with keyword cannot be used for rule head");
        }
        var headEnd = Previous.End;
        var hasIf = AcceptKeyword("if");
        IReadOnlyList<Expr>? body = null;
        var braces = false;
        if (hasIf)
        {
            (body, braces) = IfBody();
        }
        else if (Current.Kind == TokenKind.LeftBrace)
        {
            if (_v1) throw Fault(at, "`if` keyword is required before rule body");
            Take();
            body = Body(TokenKind.RightBrace);
            braces = true;
        }
        if (key is null && head is null && args is null && !hasIf && !_v1)
        {
            // The old grammar: p[x] { … } and p.q { … } make a set of x.
            if (reference.Count == 2)
            {
                key = reference[1];
                reference = [reference[0]];
            }
        }
        if (key is null && head is null && body is null)
        {
            if (reference.Count == 2 && args is null) throw Fault(at, "`contains` keyword is required for partial set rules");
            if (args is null || _v1) throw Fault(at, reference.Count == 1 && args is null ? "var cannot be used for rule name" : "`if` keyword is required before rule body");
        }
        var closeRow = body is not null && braces ? Previous.EndRow : 0;
        var otherwise = Else(args, reference, key is not null);
        module.Rules.Add(new RuleSyntax(at, reference)
        {
            Args = args,
            Key = key,
            Value = head ?? new ConstTerm(at, RBool.True),
            Body = body,
            Else = otherwise,
            EndRow = Previous.EndRow,
            Start = start,
            HeadEnd = headEnd,
            IsAssigned = isAssigned,
            CloseRow = closeRow,
        });
        while (braces && otherwise is null && Current.Kind == TokenKind.LeftBrace)
        {
            var next = Here;
            var from = Take().Start;
            var more = Body(TokenKind.RightBrace);
            module.Rules.Add(new RuleSyntax(next, reference)
            {
                Args = args,
                Key = key,
                Value = head ?? new ConstTerm(at, RBool.True),
                Body = more,
                EndRow = Previous.EndRow,
                Start = from,
                HeadEnd = from,
                IsAssigned = isAssigned,
                CloseRow = Previous.EndRow,
            });
        }
    }

    private (IReadOnlyList<Term> Ref, IReadOnlyList<Term>? Args) Head()
    {
        var at = Here;
        if (Current.Kind != TokenKind.Identifier && !(Current.Kind == TokenKind.Keyword && (KeywordIsName() || !Lexer.IsReserved(Current.Text, _v1 || _futureKeywords.Contains(Current.Text)))))
        {
            if (Current.Kind == TokenKind.Keyword) throw Fault($"unexpected {Current.Text} keyword");
            throw Fault($"unexpected {Describe(Current)}: rule name expected");
        }
        var reference = new List<Term> { new VarTerm(at, Take().Text) };
        while (Adjacent)
        {
            if (Current.Kind == TokenKind.Dot)
            {
                Take();
                if (Current.Kind is not (TokenKind.Identifier or TokenKind.Keyword)) throw Unexpected("ident");
                reference.Add(NameTerm());
            }
            else if (Current.Kind == TokenKind.LeftBracket)
            {
                Take();
                reference.Add(Infix());
                Expect(TokenKind.RightBracket, "]");
            }
            else if (Current.Kind == TokenKind.LeftParen)
            {
                Take();
                return (reference, TermList(TokenKind.RightParen));
            }
            else
            {
                break;
            }
        }
        return (reference, null);
    }

    private (IReadOnlyList<Expr> Body, bool Braces) IfBody()
    {
        if (Current.Kind != TokenKind.LeftBrace) return ([Literal()], false);
        var start = _at;
        var depth = _depth;
        SyntaxFault? fault = null;
        try
        {
            Take();
            var body = Body(TokenKind.RightBrace);
            // {"a"}["a"] after `if` is a reference into a set, not a body.
            if (!(Adjacent && Current.Kind is TokenKind.LeftBracket or TokenKind.Dot) && !(!OnNewLine && IsInfix(Current))) return (body, true);
        }
        catch (SyntaxFault f)
        {
            fault = f;
        }
        var reached = _at;
        _at = start;
        _depth = depth;
        try
        {
            return ([Literal()], false);
        }
        catch (SyntaxFault) when (fault is not null)
        {
            _at = reached;
            throw fault;
        }
    }

    private RuleSyntax? Else(IReadOnlyList<Term>? args, IReadOnlyList<Term> reference, bool multiValue)
    {
        // A loop, not recursion: a chain may be as long as it likes.
        var chain = new List<(Location At, int Start, int HeadEnd, bool IsAssigned, Term Value, IReadOnlyList<Expr>? Body, int EndRow, int CloseRow)>();
        while (IsWord("else"))
        {
            var at = Here;
            if (multiValue) throw Fault("else keyword cannot be used on multi-value rules");
            if (reference.Skip(1).Any(t => t is not ConstTerm)) throw Fault("else keyword cannot be used on rules with variables in head");
            var start = Take().Start;
            Term value = new ConstTerm(at, RBool.True);
            var (hasValue, isAssigned, braces) = (false, false, false);
            if (Accept(TokenKind.Assign) || Accept(TokenKind.Unify))
            {
                isAssigned = Previous.Kind == TokenKind.Assign;
                value = Infix();
                hasValue = true;
                if (IsWord("with")) throw Fault("expressions using with keyword cannot be used for rule head");
            }
            var headEnd = Previous.End;
            IReadOnlyList<Expr>? body = null;
            if (AcceptKeyword("if"))
            {
                (body, braces) = IfBody();
            }
            else if (Current.Kind == TokenKind.LeftBrace)
            {
                if (_v1) throw Fault("`if` keyword is required before rule body");
                Take();
                body = Body(TokenKind.RightBrace);
                braces = true;
            }
            else if (!hasValue)
            {
                throw Unexpected("else value or body");
            }
            chain.Add((at, start, headEnd, isAssigned, value, body, Previous.EndRow, braces ? Previous.EndRow : 0));
        }
        RuleSyntax? next = null;
        for (var i = chain.Count - 1; i >= 0; i--)
        {
            var one = chain[i];
            next = new RuleSyntax(one.At, reference)
            {
                Args = args,
                Value = one.Value,
                Body = one.Body,
                Else = next,
                EndRow = one.EndRow,
                Start = one.Start,
                HeadEnd = one.HeadEnd,
                IsAssigned = one.IsAssigned,
                CloseRow = one.CloseRow,
            };
        }
        return next;
    }

    private static void CheckDefault(Location at, Term value, IReadOnlyList<Term>? args)
    {
        if (value is not ComprehensionTerm && !IsConstant(value))
            throw Fault(at, value is CallTerm or RefTerm or VarTerm ? $"illegal default rule (value cannot contain {(value is CallTerm ? "call" : value is VarTerm ? "var" : "ref")})" : "illegal default rule (value cannot contain ref or var)");
        if (args is null) return;
        foreach (var arg in args)
        {
            if (arg is not VarTerm) throw Fault(at, "default rule arguments must be plain variables");
        }
    }

    private static bool IsConstant(Term term) => term switch
    {
        ConstTerm => true,
        ArrayTerm a => a.Items.All(IsConstant),
        SetTerm s => s.Items.All(IsConstant),
        ObjectTerm o => o.Entries.All(e => IsConstant(e.Key) && IsConstant(e.Value)),
        ComprehensionTerm => true,
        TemplateTerm t => t.Parts.All(p => p.Expr is null),
        _ => false,
    };
}
