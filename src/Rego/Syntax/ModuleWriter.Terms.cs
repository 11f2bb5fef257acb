using Rego.Values;

namespace Rego.Syntax;

// Statements and terms.
internal sealed partial class ModuleWriter
{
    private bool _isGuarded;

    private void Body(IReadOnlyList<Expr> body)
    {
        Comments(RowOf(body[0].Start));
        for (var i = 0; i < body.Count; i++)
        {
            if (i > 0 && RowOf(body[i].Start) > RowOf(body[i - 1].Start + body[i - 1].Text.Length) + 1) BlankLine();
            if (NextComment is not { } comment || comment.Row >= RowOf(body[i].Start)) StartLine();
            Statement(body[i]);
            EndLine();
        }
    }

    private void Statement(Expr expr)
    {
        Comments(RowOf(expr.Start));
        if (!InLine) StartLine();
        if (expr.Negated) Say("not ");
        switch (expr)
        {
            case SomeExpr some: Some(some); break;
            case SomeInExpr some:
                Say("some ");
                if (some.Key is not null)
                {
                    Guarded(some.Key, parens: true);
                    Say(", ");
                }
                Guarded(some.Value, parens: true);
                Say(" in ");
                Guarded(some.Domain, parens: true);
                break;
            case EveryExpr every: Every(every); break;
            case TermExpr { Term: CallTerm call } when OperatorOf(call, isStatement: true) is { } infix: TopOperation(call, infix); break;
            case TermExpr t: Term(t.Term); break;
        }
        With(expr);
    }

    private void Some(SomeExpr some)
    {
        Say("some ");
        var row = RowOf(some.Start);
        for (var i = 0; i < some.Symbols.Count; i++)
        {
            var own = RowOf(some.Symbols[i].Start);
            if (own > row)
            {
                EndLine();
                StartLine();
                Say("\t");
                row = own;
            }
            else if (i > 0)
            {
                Say(" ");
            }
            Comments(own);
            Say(some.Symbols[i].Name);
            if (i < some.Symbols.Count - 1) Say(",");
        }
    }

    private void Every(EveryExpr every)
    {
        Say("every ");
        if (every.Key is not null)
        {
            Term(every.Key);
            Say(", ");
        }
        Term(every.Value);
        Say(" in ");
        Term(every.Domain);
        Say(" {");
        var row = RowOf(every.Start);
        var end = every.Start + every.Text.Length;
        if (every.With.Count > 0) end = _source.LastIndexOf('}', every.With[0].Target.Start, every.With[0].Target.Start - every.Start) + 1;
        Closure(every.Body, row, RowOf(end - 1));
        if (every.Body.Count == 1 && RowOf(every.Body[0].Start) == row) Say(" ");
        Say("}");
    }

    private void With(Expr expr)
    {
        if (expr.With.Count == 0) return;
        // Where the words before the first "with" end.
        var row = RowOf(_source[..OffsetOf(expr.With[0].At)].TrimEnd().Length - 1);
        var indented = false;
        foreach (var with in expr.With)
        {
            var indent = with.At.Row > row;
            if (indent)
            {
                if (!indented) Up();
                indented = true;
                EndLine();
                StartLine();
                row = with.At.Row;
            }
            Comments(with.At.Row);
            if (!indent) Say(" ");
            Say("with ");
            Term(with.Target);
            Say(" as ");
            Term(with.Value);
        }
        if (indented) Down();
    }

    private int OffsetOf(Location at) => _lineStarts[at.Row - 1] + at.Col - 1;

    private void TopOperation(CallTerm call, string infix)
    {
        var at = 0;
        var args = call.Args;
        if (infix == "in")
        {
            Membership(args, parens: false);
            return;
        }
        if (args.Count == 3)
        {
            // plus(x, 1, y) is y = x + 1.
            Guarded(args[2], parens: false);
            Say(" = ");
            Guarded(args[at], parens: false);
        }
        else
        {
            Guarded(args[at], parens: Needs(args[at], infix, left: true));
        }
        Say($" {infix} ");
        Guarded(args[at + 1], parens: Needs(args[at + 1], infix, left: false));
    }

    /// <summary>Without parentheses the operand would be read as part of something else.</summary>
    private bool Needs(Term operand, string infix, bool left) =>
        operand is CallTerm call && OperatorOf(call) is { } inner && (left ? Strength(inner) < Strength(infix) : Strength(inner) <= Strength(infix));

    private static int Strength(string infix) => infix switch
    {
        ":=" or "=" => 0,
        "in" => 1,
        "|" => 3,
        "&" => 4,
        "+" or "-" => 5,
        "*" or "/" or "%" => 6,
        _ => 2,
    };

    /// <param name="isStatement">plus(x, 1, y) may become y = x + 1.</param>
    private string? OperatorOf(CallTerm call, bool isStatement = false)
    {
        var name = call.Builtin ?? (call.Operator as VarTerm)?.Name;
        if (call.Builtin is null && name is not null && _ownNames.Contains(name)) return null;
        var infix = Infix.Of(name);
        if (infix is null || (call.Builtin is null && call.Args.Count != 2 && !(isStatement && call.Args.Count == 3 && infix is not (":=" or "=" or "in")))) return null;
        return infix;
    }

    /// <summary>A term; with comments inside that have no place in the layout, its text as it is written.</summary>
    private void Term(Term term) => Guarded(term, parens: false);

    private void Guarded(Term term, bool parens)
    {
        if (_isGuarded || NextComment is null)
        {
            Plain(term, parens);
            return;
        }
        var mark = Here;
        _isGuarded = true;
        try
        {
            Plain(term, parens);
        }
        catch (CommentInTheWay)
        {
            Back(mark);
            Say(SourceOf(term));
            SkipComments(RowOf(term.End - 1));
        }
        finally
        {
            _isGuarded = false;
        }
    }

    private void Plain(Term term, bool parens)
    {
        if (term.End > 0) Comments(RowOf(term.Start));
        if (!InLine) StartLine();
        switch (term)
        {
            case ConstTerm { Value: RString s }: Say(term.End > 0 && SourceOf(term).TrimStart('(', ' ', '\n', '\t') is ['"' or '`', ..] text ? text.TrimEnd(')', ' ', '\n', '\t') : Builtins.GoFormat.Quote(s.Value)); break;
            case ConstTerm c: Say(term.End > 0 ? SourceOf(term).Trim('(', ')', ' ', '\n', '\t') : c.Value.ToString()); break;
            case TemplateTerm template: Template(template); break;
            case VarTerm v: Say(v.Name); break;
            case RefTerm r: Reference(r.Head, r.Args); break;
            case ArrayTerm a:
                Say("[");
                List(a.Items, RowOf(a.Start), RowOf(a.End - 1), a.Items.Count > 0 && BreaksBefore(a.Start, a.Items[0]), unions: true);
                Say("]");
                break;
            case SetTerm { Items.Count: 0 }: Say("set()"); break;
            case SetTerm s:
                Say("{");
                List(s.Items, RowOf(s.Start), RowOf(s.End - 1), BreaksBefore(s.Start, s.Items[0]), unions: true);
                Say("}");
                break;
            case ObjectTerm o:
                Say("{");
                Sequence(o.Entries, e => e.Key, Entry, RowOf(o.Start), RowOf(o.End - 1), o.Entries.Count > 0 && BreaksBefore(o.Start, o.Entries[0].Key));
                Say("}");
                break;
            case ComprehensionTerm c: Comprehension(c); break;
            case CallTerm call: Call(call, parens); break;
        }
        if (!InLine) StartLine();
    }

    /// <summary>Texts as they are written; expressions without blanks around them, those that are plain constants as text.</summary>
    private void Template(TemplateTerm template)
    {
        var at = _source.IndexOf('$', template.Start);
        var isRaw = _source[at + 1] == '`';
        Say(_source[at..(at + 2)]);
        at += 2;
        foreach (var (_, expr) in template.Parts.Where(p => p.Expr is not null))
        {
            var from = at;
            while (_source[at] != '{') at += Letter(at);
            Say(_source[from..at]);
            var term = ((TermExpr)expr!).Term;
            var end = expr!.With.Count > 0 ? expr.With[^1].Value.End : term.End;
            var close = CloseOf(end);
            if (expr.With.Count == 0 && Constant(term, isRaw) is { } text && !_source[at..close].Contains('#', StringComparison.Ordinal)) Say(text);
            else Embedded((TermExpr)expr, RowOf(close));
            at = close + 1;
        }
        var last = at;
        while (_source[at] != (isRaw ? '`' : '"')) at += Letter(at);
        Say(_source[last..(at + 1)]);

        int Letter(int place) => _source[place] == '\\' && (!isRaw || _source[place + 1] == '{') ? 2 : 1;
    }

    private void Embedded(TermExpr expr, int closeRow)
    {
        Say("{");
        Up();
        if (AtLineEnd is not null)
        {
            EndLine();
            StartLine();
        }
        else if (NextComment is { } comment && comment.Row < expr.At.Row)
        {
            Say(" ");
        }
        Comments(expr.At.Row);
        if (!InLine) StartLine();
        if (expr.Term is CallTerm call && OperatorOf(call) is { } infix && infix != "|") TopOperation(call, infix);
        else Plain(expr.Term, parens: true);
        With(expr);
        if (NextComment is { } after && after.Row < closeRow)
        {
            EndLine();
            Comments(closeRow, also: false);
            StartLine();
        }
        Say("}");
        Down();
    }

    /// <summary>The brace that closes an embedded expression.</summary>
    private int CloseOf(int at)
    {
        while (_source[at] != '}')
        {
            if (_source[at] == '#') at = _source.IndexOf('\n', at);
            at++;
        }
        return at;
    }

    private static string? Constant(Term term, bool isRaw)
    {
        if (term is not ConstTerm { Value: RString or RNumber or RBool or RNull } constant) return null;
        var text = constant.Value is RString s ? s.Value : constant.Value.ToString();
        if (!isRaw) text = Builtins.GoFormat.Quote(text)[1..^1];
        else if (text.Contains('`', StringComparison.Ordinal) || text.Contains('\\', StringComparison.Ordinal)) return null;
        return text.Contains("\\x", StringComparison.Ordinal) ? null : text.Replace("{", "\\{", StringComparison.Ordinal);
    }

    private void Entry((Term Key, Term Value) entry)
    {
        Union(entry.Key, always: true);
        Say(": ");
        Union(entry.Value, always: true);
    }

    /// <summary>Inside a literal a union needs parentheses, or it would be read as a comprehension.</summary>
    private void Union(Term term, bool always)
    {
        var parens = term is CallTerm call && OperatorOf(call) == "|" && (always || _source[term.Start] == '(');
        if (parens) Say("(");
        Plain(term, parens: false);
        if (parens) Say(")");
    }

    private bool BreaksBefore(int start, Term first) => start < first.Start && _source[start..first.Start].Contains('\n', StringComparison.Ordinal);

    private int CloseRow(Term last)
    {
        var close = _source.IndexOf(')', last.End);
        return close < 0 ? RowOf(last.End - 1) : RowOf(close);
    }

    private void List(IReadOnlyList<Term> items, int row, int closeRow, bool breaksBefore, bool unions) =>
        Sequence(items, i => i, i => Union(i, unions), row, closeRow, breaksBefore);

    /// <param name="gathers">Comments around items of one line go to its end.</param>
    /// <summary>Items on one line, or, where the source breaks between them, one line for each of its lines.</summary>
    private void Sequence<T>(IReadOnlyList<T> items, Func<T, Term> first, Action<T> write, int row, int closeRow, bool breaksBefore, bool gathers = false)
    {
        var lines = new List<List<T>>();
        foreach (var item in items)
        {
            if (lines.Count == 0 || RowOf(first(item).Start) > RowOf(first(lines[^1][^1]).Start)) lines.Add([]);
            lines[^1].Add(item);
        }
        if (lines.Count <= 1 && !gathers && Pending.Any(c => c.Row > row && c.Row < closeRow)) throw new CommentInTheWay();
        var isMultiline = lines.Count > 1 || (lines.Count == 1 && breaksBefore);
        if (isMultiline)
        {
            DelayLineEnd();
            EndLine();
            Up();
            StartLine();
        }
        for (var i = 0; i < lines.Count; i++)
        {
            for (var j = 0; j < lines[i].Count; j++)
            {
                if (j > 0) Say(", ");
                write(lines[i][j]);
            }
            if (i == lines.Count - 1) break;
            Say(",");
            EndLine();
            // Comments between the lines begin theirs themselves.
            if (NextComment is not { } comment || comment.Row >= RowOf(first(lines[i + 1][0]).Start)) StartLine();
        }
        if (!isMultiline) return;
        Say(",");
        EndLine();
        Comments(closeRow);
        Down();
        StartLine();
    }

    private void Reference(Term head, IEnumerable<Term> args)
    {
        Plain(head, parens: head is CallTerm call && OperatorOf(call) is not null);
        foreach (var arg in args)
        {
            if (arg is ConstTerm { Value: RString s })
            {
                var quoted = arg.End > 0 && _source[arg.Start] is '"' or '`';
                if (IsName(s.Value) && !(quoted && Lexer.IsReserved(s.Value, _module.V1))) Say("." + s.Value);
                else Say($"[{(quoted ? SourceOf(arg) : Builtins.GoFormat.Quote(s.Value))}]");
                continue;
            }
            Say("[");
            Plain(arg, parens: false);
            Say("]");
        }
    }

    private void Call(CallTerm call, bool parens)
    {
        var infix = OperatorOf(call);
        if (infix is null)
        {
            if (call.Operator is RefTerm r) Reference(r.Head, r.Args);
            else Say(((VarTerm)call.Operator!).Name);
            Say("(");
            Sequence(call.Args, a => a, a => Union(a, always: false), RowOf(call.Start), RowOf(call.End - 1), breaksBefore: false, gathers: true);
            Say(")");
            return;
        }
        if (infix == "in")
        {
            Membership(call.Args, parens: true);
            return;
        }
        if (parens) Say("(");
        Plain(call.Args[0], parens: true);
        Say($" {infix} ");
        Plain(call.Args[1], parens: true);
        if (parens) Say(")");
    }

    private void Membership(IReadOnlyList<Term> args, bool parens)
    {
        var isPair = args.Count == 3;
        // A membership test inside another is one word less without parentheses, and another test.
        if (isPair && parens) Say("(");
        for (var i = 0; i < args.Count; i++)
        {
            if (i > 0) Say(i == args.Count - 1 ? " in " : ", ");
            var inner = args[i] is CallTerm call && OperatorOf(call) == "in" && i == args.Count - 1;
            if (inner) Say("(");
            Plain(args[i], parens: true);
            if (inner) Say(")");
        }
        if (isPair && parens) Say(")");
    }

    private void Comprehension(ComprehensionTerm c)
    {
        Say(c.Kind == ComprehensionKind.Array ? "[" : "{");
        var row = RowOf(c.Start);
        var first = c.Key ?? c.Value;
        if (c.Key is null ? RowOf(first.Start) > row : RowOf(first.Start) - row > 1)
        {
            EndLine();
            StartLine();
        }
        if (c.Key is not null)
        {
            Union(c.Key, always: true);
            Say(": ");
        }
        var parens = c.Value is CallTerm call && OperatorOf(call) is not null;
        if (parens && OperatorOf((CallTerm)c.Value) == "in" && c.Value is CallTerm { Args.Count: 2 })
        {
            Say("(");
            Plain(c.Value, parens: false);
            Say(")");
        }
        else
        {
            Plain(c.Value, parens);
        }
        Say(" |");
        Closure(c.Body, c.Key is null ? RowOf(first.Start) : RowOf(c.Start), RowOf(c.End - 1));
        Say(c.Kind == ComprehensionKind.Array ? "]" : "}");
    }

    /// <summary>The body of a comprehension or an every: on one line where the source has it so.</summary>
    private void Closure(IReadOnlyList<Expr> body, int row, int closeRow)
    {
        var breaks = RowOf(body[0].Start) > row || body.Skip(1).Zip(body).Any(pair => RowOf(pair.First.Start) > RowOf(pair.Second.Start));
        if (breaks)
        {
            EndLine();
            Up();
            Body(body);
            Comments(closeRow);
            Down();
            StartLine();
            return;
        }
        Say(" ");
        for (var i = 0; i < body.Count; i++)
        {
            if (i > 0) Say("; ");
            Statement(body[i]);
        }
        Comments(closeRow);
    }
}
