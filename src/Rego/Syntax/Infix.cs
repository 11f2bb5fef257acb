namespace Rego.Syntax;

/// <summary>How the builtins that have an operator are written.</summary>
internal static class Infix
{
    public static string? Of(string? builtin) => builtin switch
    {
        "assign" => ":=",
        "eq" => "=",
        "equal" => "==",
        "neq" => "!=",
        "lt" => "<",
        "lte" => "<=",
        "gt" => ">",
        "gte" => ">=",
        "or" => "|",
        "and" => "&",
        "plus" => "+",
        "minus" => "-",
        "mul" => "*",
        "div" => "/",
        "rem" => "%",
        "internal.member_2" or "internal.member_3" => "in",
        _ => null,
    };
}
