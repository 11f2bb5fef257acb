using Rego.Builtins;
using Rego.Compile;
using Rego.Evaluate;
using Rego.Syntax;
using Rego.Values;

namespace Rego;

/// <summary>Text to an immutable policy: parse, resolve, check, order, plan.</summary>
public static class RegoCompiler
{
    /// <param name="modules">The files; their order does not matter.</param>
    /// <param name="data">Base documents: an object, or none.</param>
    /// <exception cref="RegoCompileException">The modules have faults; all that were found are listed.</exception>
    public static CompiledPolicy Compile(IEnumerable<RegoModule> modules, RValue? data = null, CompileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(modules);
        var all = modules.ToList();
        return DeepStack.Run(all.Sum(m => (long)m.Text.Length), () => Compiled(all, data, options ?? CompileOptions.Default));
    }

    private static CompiledPolicy Compiled(List<RegoModule> modules, RValue? data, CompileOptions options)
    {
        if (data is not (null or RObject)) throw new ArgumentException("base data must be an object", nameof(data));
        var context = new CompileContext(BuiltinTable.With(options.Builtins, options.Capabilities?.Builtins)) { Strict = options.Strict };
        var parsed = Parse(context, modules);
        Stop(context);
        if (options.SeparateTests) TestNames.Separate(parsed);

        var tree = new RuleTree(context);
        var rules = Resolve(context, parsed, tree);
        tree.Finish();
        if (options.RejectDataOverRules && data is RObject document) RejectOverlap(context, tree, document);
        Stop(context);

        var flattener = new Flattener(context) { IsFunction = t => tree.Function(t) is not null };
        var arity = new Arity(context, tree);
        var safety = new Safety(context, arity.Of);
        foreach (var rule in rules)
        {
            for (var branch = rule; branch is not null; branch = branch.Else) Prepare(branch, flattener, arity, safety);
        }
        Stop(context);
        var recursion = new Recursion(context, tree);
        recursion.Check(rules);
        Stop(context);
        new TypeChecker(context, tree).Check(rules);
        Stop(context);

        var plan = new Plan(data ?? RObject.Empty) { Recorder = options.Record ? new Recorder() : null };
        new RulePlanner(context, tree, plan, recursion.Varying()).All();
        Stop(context);
        return new CompiledPolicy(context.Builtins, tree, plan, parsed);
    }

    private static List<ModuleSyntax> Parse(CompileContext context, IEnumerable<RegoModule> modules)
    {
        var parsed = new List<ModuleSyntax>();
        foreach (var module in modules)
        {
            context.Sources[module.File] = module.Text;
            try
            {
                parsed.Add(Parser.ParseModule(module));
            }
            catch (SyntaxFault fault)
            {
                context.Errors.Add(fault.Error);
            }
        }
        return parsed;
    }

    private static List<RuleDefinition> Resolve(CompileContext context, List<ModuleSyntax> parsed, RuleTree tree)
    {
        var names = new Dictionary<string, HashSet<string>>();
        foreach (var module in parsed)
        {
            var package = string.Join('\0', module.Package);
            if (!names.TryGetValue(package, out var set)) names[package] = set = [];
            foreach (var rule in module.Rules) set.Add(((VarTerm)rule.Ref[0]).Name);
        }
        context.Annotations = new Annotations(context);
        foreach (var module in parsed) context.Annotations.Read(module);
        var rules = new List<RuleDefinition>();
        foreach (var module in parsed)
        {
            tree.AddPackage(module);
            CheckImports(context, module);
            var resolver = new Resolver(context, module, names[string.Join('\0', module.Package)]);
            foreach (var rule in module.Rules)
            {
                var name = ((VarTerm)rule.Ref[0]).Name;
                if (name is "input" or "data" && module.V1)
                    context.Report("rego_compile_error", rule.At, $"rules must not shadow {name} (use a different rule name)");
                var definition = resolver.Rule(rule);
                tree.Add(definition);
                rules.Add(definition);
            }
            resolver.ReportUnusedImports();
        }
        return rules;
    }

    private static void CheckImports(CompileContext context, ModuleSyntax module)
    {
        if (!module.V1 && !context.Strict) return;
        var seen = new HashSet<string>();
        foreach (var import in module.Imports)
        {
            if (import.Path[0] is "rego" or "future") continue;
            if (!seen.Add(import.Name)) context.Report("rego_compile_error", import.At, $"import must not shadow import {string.Join('.', import.Path)}");
        }
    }

    private static void Prepare(RuleDefinition rule, Flattener flattener, Arity arity, Safety safety)
    {
        safety.Reported.Clear();
        var body = flattener.Body(rule.Body);
        if (rule.Element is not null) rule.Element = flattener.Head(rule.Element, body);
        rule.Dynamic = [.. rule.Dynamic.Select(d => flattener.Head(d, body))];
        rule.Value = flattener.Head(rule.Value, body);
        arity.Check(body);
        var globals = new HashSet<string>(rule.Parameters?.Select(p => p.Name) ?? []);
        rule.Body = safety.Order(body, globals, out var bound);
        foreach (var head in new[] { rule.Element, rule.Value }.Concat(rule.Dynamic))
        {
            if (head is null) continue;
            foreach (var v in Vars.Of(head))
            {
                if (!bound.Contains(v)) safety.ReportUnsafe(rule.At, v);
            }
        }
    }

    private static void RejectOverlap(CompileContext context, RuleTree tree, RObject data)
    {
        Visit(tree.Root, data);

        void Visit(DocNode node, RValue value)
        {
            var rules = tree.StaticOf(node);
            if (rules.Count > 0 || node.HasDynamic)
            {
                var rule = rules.Count > 0 ? rules[0] : tree.DynamicOf(node)[0];
                context.Report("rego_compile_error", rule.At, $"conflicting rule for data path {node.PathText["data.".Length..].Replace('.', '/')} found");
                return;
            }
            if (value is not RObject o) return;
            foreach (var child in node.Children.Values)
            {
                if (o.Get(child.Key) is { } below) Visit(child, below);
            }
        }
    }

    internal static void Stop(CompileContext context)
    {
        if (context.Errors.Count == 0) return;
        throw new RegoCompileException([.. context.Errors.OrderBy(e => e.File, StringComparer.Ordinal).ThenBy(e => e.Row).ThenBy(e => e.Col).Select(context.WithLine)]);
    }
}
