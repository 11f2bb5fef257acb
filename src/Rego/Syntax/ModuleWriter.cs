using Rego.Values;

namespace Rego.Syntax;

/// <summary>One module as <c>opa fmt</c> lays it out: package, imports and rules here, statements and terms in the other half.</summary>
internal sealed partial class ModuleWriter : LineWriter
{
    private readonly string _source;
    private readonly ModuleSyntax _module;
    private readonly int[] _lineStarts;
    private readonly bool _ifs;
    private readonly bool _contains;
    private readonly bool _refHeads;
    private readonly HashSet<string> _ownNames;
    private readonly RegoLayout _layout;
    private readonly bool _keepCommented;
    private readonly bool _isNew;
    private bool _chained;

    /// <param name="keepCommented">Leave rules with comments inside as they are written.</param>
    public ModuleWriter(string source, ModuleSyntax module, RegoLayout layout, bool keepCommented = false)
        : base(module.Comments)
    {
        _source = source;
        _layout = layout;
        _keepCommented = keepCommented;
        _ownNames = [.. module.Rules.Where(r => r.Args is not null && r.Ref.Count == 1).Select(r => r.Ref[0]).OfType<VarTerm>().Select(v => v.Name)];
        _module = module;
        _lineStarts = [0, .. Enumerable.Range(0, source.Length).Where(i => source[i] == '\n').Select(i => i + 1)];
        var future = module.Imports.Where(i => i.Path[0] == "future").ToList();
        _isNew = module.V1 || layout.Upgrade;
        _ifs = _isNew || future.Any(i => i.Path.Count == 2 || i.Path[2] == "if");
        _contains = _isNew || future.Any(i => i.Path.Count == 2 || i.Path[2] == "contains");
        _refHeads = module.Rules.Any(r => r.Ref.Count > 2 || (r.Ref.Count == 2 && r.Key is not null));
    }

    public string Write()
    {
        Comments(_module.PackageAt.Row);
        StartLine();
        Say("package " + Path(_module.Package));
        BlankLine();
        var others = _module.Imports.Select(i => (i.At.Row, i.At.Col, Item: (object)i)).Concat(_module.Rules.Select(r => (r.At.Row, r.At.Col, Item: (object)r)))
            .OrderBy(o => o.Row).ThenBy(o => o.Col).Select(o => o.Item).ToList();
        if (_layout.Upgrade && !_module.Imports.Any(IsRegoV1))
        {
            StartLine();
            Say("import rego.v1");
            BlankLine();
        }
        for (var at = 0; at < others.Count;)
        {
            var imports = others.Skip(at).TakeWhile(o => o is ImportSyntax).Cast<ImportSyntax>().ToList();
            at += imports.Count;
            Imports(imports);
            var rules = others.Skip(at).TakeWhile(o => o is RuleSyntax).Cast<RuleSyntax>().ToList();
            at += rules.Count;
            Rules(rules);
        }
        if (InLine || AtLineEnd is not null) EndLine();
        Comments(int.MaxValue);
        return Text.TrimEnd('\n') + "\n";
    }

    private static string Path(IReadOnlyList<string> path) =>
        path[0] + string.Concat(path.Skip(1).Select(p => IsName(p) && !Lexer.IsAnyKeyword(p) ? "." + p : $"[{Builtins.GoFormat.Quote(p)}]"));

    private static string ImportPath(ImportSyntax import) => import.Path[0] is "future" or "rego" ? string.Join('.', import.Path) : Path(import.Path);

    private static bool IsName(string text) => text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '_') && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static bool IsRegoV1(ImportSyntax import) => import.Path is ["rego", "v1"];

    /// <summary>Whether what is written needs an import no more.</summary>
    private bool IsDropped(ImportSyntax import) =>
        (_layout.DropOldImports && (IsRegoV1(import) || import.Path[0] == "future")) || ((_layout.Upgrade || _module.Imports.Any(IsRegoV1)) && import.Path[0] == "future");

    private void Imports(List<ImportSyntax> imports)
    {
        for (var at = 0; at < imports.Count;)
        {
            var group = new List<ImportSyntax> { imports[at++] };
            while (at < imports.Count && imports[at].At.Row - group[^1].At.Row <= 1) group.Add(imports[at++]);
            // The comments at the end of these lines move with them.
            var own = group.ToDictionary(i => i, i => Pending.FirstOrDefault(c => c.Row == i.At.Row));
            Comments(group[0].At.Row);
            DropLineEnd();
            foreach (var import in group.OrderBy(i => string.Join('\0', i.Path), StringComparer.Ordinal).ThenBy(i => i.Alias, StringComparer.Ordinal))
            {
                if (IsDropped(import)) continue;
                StartLine();
                Say("import " + ImportPath(import) + (import.Alias is null ? "" : " as " + import.Alias));
                if (own[import] is { } comment) Say(" #" + comment.Text.TrimEnd());
                EndLine();
            }
            SkipComments(group[^1].At.Row);
            DropLineEnd();
            if (!group.All(IsDropped)) BlankLine();
            // The comment of an import that is left out stays.
            var orphans = group.Where(IsDropped).Select(import => own[import]).OfType<Comment>().ToList();
            foreach (var orphan in orphans)
            {
                StartLine();
                Say("#" + orphan.Text.TrimEnd());
                EndLine();
            }
            if (orphans.Count > 0) BlankLine();
        }
    }

    private void Rules(List<RuleSyntax> rules)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            Comments(rule.At.Row);
            _chained = i < rules.Count - 1 && rules[i + 1].At.Row == rule.CloseRow;
            var mark = Here;
            try
            {
                if (_keepCommented && Pending.Any(c => c.Row >= rule.At.Row && c.Row <= rule.EndRow) && StandsAlone(rules, i)) throw new CommentInTheWay();
                Rule(rule, isElse: false);
            }
            catch (CommentInTheWay) when (StandsAlone(rules, i))
            {
                Back(mark);
                AsWritten(rule);
            }
            if (i < rules.Count - 1 && IsGroupable(rule) && IsGroupable(rules[i + 1]) && rules[i + 1].At.Row == rule.At.Row + 1)
            {
                if (InLine) EndLine();
                continue;
            }
            BlankLine();
        }
    }

    private static bool StandsAlone(List<RuleSyntax> rules, int i) =>
        (i == 0 || rules[i - 1].EndRow < rules[i].At.Row) && (i == rules.Count - 1 || rules[i + 1].At.Row > rules[i].EndRow);

    /// <summary>A rule whose comments have no place in the layout.</summary>
    private void AsWritten(RuleSyntax rule)
    {
        var end = rule.EndRow < _lineStarts.Length ? _lineStarts[rule.EndRow] - 1 : _source.Length;
        var lines = _source[rule.Start..end].Split('\n').Select(line => line.TrimEnd());
        if (AtLineEnd is not null) DropLineEnd();
        Say(string.Join('\n', lines));
        while (NextComment is { } inside && inside.Row <= rule.EndRow) SkipComments(inside.Row);
        DropLineEnd();
        EndLine();
    }

    private bool IsGroupable(RuleSyntax rule) => (rule.Body?.Count ?? 1) <= 1 && !rule.IsDefault && _ifs && (_contains || rule.Key is null);

    private void Rule(RuleSyntax rule, bool isElse)
    {
        if (!isElse) StartLine();
        if (rule.IsDefault) Say("default ");
        // OPA cannot tell `p := 1 if true` from `p := 1`.
        var isConstant = rule.Else is null && (rule.Body is null || SyntaxEquality.IsTrue(rule.Body));
        Head(rule, isElse, isConstant);
        if (rule.Body is null || isConstant)
        {
            if (rule.Else is null) EndLine();
            else Else(rule);
            return;
        }
        if (_ifs && (_contains || rule.Key is null))
        {
            Say(" if");
            if (rule.Body is [var only] && RowOf(only.Start) == RowOf(Math.Max(rule.HeadEnd - 1, rule.Start)) && only is not TermExpr { Negated: false, Term: SetTerm } && !(isElse && _source[only.Start] == '{'))
            {
                Say(" ");
                Statement(only);
                EndLine();
                if (rule.Else is not null) Else(rule);
                return;
            }
        }
        Say(" {");
        EndLine();
        Up();
        Body(rule.Body);
        // In `} {` the comment belongs to the second body.
        Comments(rule.CloseRow, also: !_chained);
        Down();
        StartLine();
        Say("}");
        if (rule.Else is not null) Else(rule);
    }

    private void Else(RuleSyntax rule)
    {
        var branch = rule.Else!;
        var row = branch.At.Row;
        var line = _source[_lineStarts[row - 1]..].TrimStart();
        var wasInline = row > rule.At.Row && !line.StartsWith("else", StringComparison.Ordinal);
        var hasCommentAbove = (NextComment is { } comment && comment.Row < row) || AtLineEnd is not null;
        if (!hasCommentAbove && wasInline)
        {
            if (InLine) Say(" ");
            else StartLine();
        }
        else
        {
            BlankLine();
            StartLine();
        }
        if (hasCommentAbove && NextComment is { } above && above.Row < row)
        {
            Comments(row);
            if (!InLine) StartLine();
        }
        else
        {
            Comments(row);
        }
        Rule(branch, isElse: true);
    }

    private void Head(RuleSyntax rule, bool isElse, bool isConstant)
    {
        if (isElse)
        {
            Say("else");
        }
        else if (_refHeads || rule.Ref.Count == 1 || Lexer.IsAnyKeyword(((VarTerm)rule.Ref[0]).Name))
        {
            Reference(rule.Ref[0], rule.Ref.Skip(1));
        }
        else
        {
            Say(((VarTerm)rule.Ref[0]).Name + "[");
            if (rule.Ref[1] is ConstTerm { Value: RString name }) Say(SourceOf(rule.Ref[1]) is ['"' or '`', ..] quoted ? quoted : Builtins.GoFormat.Quote(name.Value));
            else Term(rule.Ref[1]);
            Say("]");
        }
        if (rule.Args is not null && !isElse)
        {
            Say("(");
            List(rule.Args, RowOf(rule.Start), rule.Args.Count == 0 ? RowOf(rule.Start) : CloseRow(rule.Args[^1]), rule.Args.Count > 0 && BreaksBefore(rule.Start, rule.Args[0]), unions: false);
            Say(")");
        }
        if (rule.Key is not null)
        {
            Say(_contains ? " contains " : "[");
            Term(rule.Key);
            if (!_contains) Say("]");
            return;
        }
        var isWritten = rule.Value.End > 0;
        var isTrue = rule.Value is ConstTerm { Value: RBool { Value: true } };
        var mustSay = isConstant && (isElse || (rule.Args is null && _isNew));
        if (isTrue && !(isConstant || rule.IsDefault || mustSay) && !(isElse && rule.Body is null)) return;
        if (!isWritten && !mustSay && rule.Args is null) return;
        Say(rule.IsAssigned || _isNew ? " := " : " = ");
        if (isWritten) Term(rule.Value);
        else Say("true");
    }

    private int RowOf(int offset)
    {
        var at = Array.BinarySearch(_lineStarts, offset);
        return at >= 0 ? at + 1 : ~at;
    }

    private string SourceOf(Term term) => _source[term.Start..term.End];
}
