using Rego.Values;

namespace Rego.Syntax;

internal abstract class Term(Location at)
{
    public Location At { get; } = at;

    /// <summary>Where its text is in the source, parentheses around it counted; both 0 for terms nobody wrote.</summary>
    public int Start { get; set; }

    public int End { get; set; }
}

internal sealed class ConstTerm(Location at, RValue value) : Term(at)
{
    public RValue Value { get; } = value;
}

/// <summary>A variable. After resolution every local has a name of its own, so equal names mean the same variable.</summary>
internal sealed class VarTerm(Location at, string name) : Term(at)
{
    /// <summary>Stands between the name as written and the number that makes it unique; no source text can hold it in a name.</summary>
    public const char Mark = '\u00b7';

    public string Name { get; } = name;

    public bool IsWildcard => Name.StartsWith("_\u00b7", StringComparison.Ordinal);

    public bool IsGenerated => Name[0] == Mark;

    /// <summary>The name as written.</summary>
    public string Display => DisplayOf(Name);

    public static string DisplayOf(string name)
    {
        var at = name.IndexOf(Mark, StringComparison.Ordinal);
        return at < 0 ? name : name[..at];
    }
}

/// <summary>The name of a builtin where it stands for the function itself: a target or a replacement of "with".</summary>
internal sealed class BuiltinTerm(Location at, string name) : Term(at)
{
    public string Name { get; } = name;
}

/// <summary>head[arg][arg]…; a.b is a["b"].</summary>
internal sealed class RefTerm(Location at, Term head, IReadOnlyList<Term> args) : Term(at)
{
    public Term Head { get; } = head;

    public IReadOnlyList<Term> Args { get; } = args;
}

internal sealed class ArrayTerm(Location at, IReadOnlyList<Term> items) : Term(at)
{
    public IReadOnlyList<Term> Items { get; } = items;
}

internal sealed class SetTerm(Location at, IReadOnlyList<Term> items) : Term(at)
{
    public IReadOnlyList<Term> Items { get; } = items;
}

internal sealed class ObjectTerm(Location at, IReadOnlyList<(Term Key, Term Value)> entries) : Term(at)
{
    public IReadOnlyList<(Term Key, Term Value)> Entries { get; } = entries;
}

internal enum ComprehensionKind
{
    Array,
    Set,
    Object,
}

/// <summary>Key is there for objects only; Value is the element of arrays and sets.</summary>
internal sealed class ComprehensionTerm(Location at, ComprehensionKind kind, Term? key, Term value, IReadOnlyList<Expr> body) : Term(at)
{
    public ComprehensionKind Kind { get; } = kind;

    public Term? Key { get; } = key;

    public Term Value { get; } = value;

    public IReadOnlyList<Expr> Body { get; } = body;
}

/// <summary>A call. Infix operators name their builtin at once; other operators are names to be resolved.</summary>
internal sealed class CallTerm(Location at, Term? op, string? builtin, IReadOnlyList<Term> args) : Term(at)
{
    public Term? Operator { get; } = op;

    public string? Builtin { get; } = builtin;

    public IReadOnlyList<Term> Args { get; } = args;
}

/// <summary>$"text {expr}": each part is text or an expression, which may be undefined.</summary>
internal sealed class TemplateTerm(Location at, IReadOnlyList<(string? Text, Expr? Expr)> parts) : Term(at)
{
    public IReadOnlyList<(string? Text, Expr? Expr)> Parts { get; } = parts;
}

internal sealed record WithModifier(Location At, Term Target, Term Value);

internal abstract class Expr(Location at)
{
    public Location At { get; } = at;

    public bool Negated { get; init; }

    public IReadOnlyList<WithModifier> With { get; init; } = [];

    /// <summary>The source text, for results and messages.</summary>
    public string Text { get; init; } = "";

    /// <summary>Where <see cref="Text"/> starts in the source.</summary>
    public int Start { get; init; }
}

internal sealed class TermExpr(Location at, Term term) : Expr(at)
{
    public Term Term { get; } = term;
}

/// <summary>some x, y</summary>
internal sealed class SomeExpr(Location at, IReadOnlyList<VarTerm> symbols) : Expr(at)
{
    public IReadOnlyList<VarTerm> Symbols { get; } = symbols;
}

/// <summary>some k, v in xs</summary>
internal sealed class SomeInExpr(Location at, Term? key, Term value, Term domain) : Expr(at)
{
    public Term? Key { get; } = key;

    public Term Value { get; } = value;

    public Term Domain { get; } = domain;
}

internal sealed class EveryExpr(Location at, Term? key, Term value, Term domain, IReadOnlyList<Expr> body) : Expr(at)
{
    public Term? Key { get; } = key;

    public Term Value { get; } = value;

    public Term Domain { get; } = domain;

    public IReadOnlyList<Expr> Body { get; } = body;
}

/// <summary>A rule as written. Key is the element of a "contains" rule; a rule without a body has none.</summary>
internal sealed class RuleSyntax(Location at, IReadOnlyList<Term> reference)
{
    public Location At { get; } = at;

    public IReadOnlyList<Term> Ref { get; set; } = reference;

    public bool IsDefault { get; init; }

    public IReadOnlyList<Term>? Args { get; init; }

    public Term? Key { get; init; }

    public Term Value { get; init; } = new ConstTerm(at, RBool.True);

    public IReadOnlyList<Expr>? Body { get; init; }

    public RuleSyntax? Else { get; init; }

    public int EndRow { get; set; }

    /// <summary>Where the rule starts and its head ends in the source.</summary>
    public int Start { get; init; }

    public int HeadEnd { get; init; }

    /// <summary>The value was given with := and not with =.</summary>
    public bool IsAssigned { get; init; }

    /// <summary>The row of the brace that closes the body; 0 without one.</summary>
    public int CloseRow { get; init; }
}

internal sealed record ImportSyntax(Location At, IReadOnlyList<string> Path, string? Alias)
{
    public string Name => Alias ?? Path[^1];

    /// <summary>As people write it.</summary>
    public string Shown => $"import {Path[0]}{string.Concat(Path.Skip(1).Select(p => Compile.TermText.IsName(p) ? "." + p : $"[{Builtins.GoFormat.Quote(p)}]"))}{(Alias is null ? "" : " as " + Alias)}";
}

internal sealed class ModuleSyntax(string file, Location packageAt, IReadOnlyList<string> package)
{
    public string File { get; } = file;

    public Location PackageAt { get; } = packageAt;

    public IReadOnlyList<string> Package { get; } = package;

    public List<ImportSyntax> Imports { get; } = [];

    public List<RuleSyntax> Rules { get; } = [];

    public List<Comment> Comments { get; init; } = [];

    public bool V1 { get; set; }
}
