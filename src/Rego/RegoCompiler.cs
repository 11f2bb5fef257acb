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
        var context = new CompileContext(BuiltinTable.With(options.Builtins, options.Capabilities?.Builtins)) { Strict = options.Strict, MaxErrors = options.MaxErrors };
        var parsed = Parse(context, modules);
        context.StopAfter(Stage.Parse);
        if (options.SeparateTests) TestNames.Separate(parsed);
        var schemas = new SchemaTypes(context, options.Schemas);
        schemas.ReadInput();
        context.StopAfter(Stage.References);

        context.Stage = Stage.Annotations;
        context.Annotations!.Join();
        var tree = new RuleTree(context);
        var rules = Resolve(context, parsed, tree);
        context.StopAfter(Stage.LocalVariables);
        tree.Number();
        var branches = rules.SelectMany(Branches).ToList();
        var arity = new Arity(context, tree);
        var safety = new Safety(context, arity.Of);
        if (context.HasCaptures)
        {
            var captures = new Captures(context, safety);
            foreach (var branch in branches) captures.Check(branch);
        }
        context.StopAfter(Stage.Annotations);
        if (context.HasWith)
        {
            var targets = new WithTargets(context, tree);
            foreach (var branch in branches) targets.Check(branch);
        }
        context.StopAfter(Stage.With);
        context.Stage = Stage.Conflicts;
        tree.Check();
        if (options.RejectDataOverRules && data is RObject document) RejectOverlap(context, tree, document);
        context.StopAfter(Stage.Conflicts);

        var flattener = new Flattener(context) { IsFunction = t => tree.Function(t) is not null };
        foreach (var branch in branches) arity.Check(branch);
        context.StopAfter(Stage.Functions);
        foreach (var branch in branches) Flatten(branch, flattener);
        foreach (var branch in branches) CheckHead(context, branch);
        context.StopAfter(Stage.HeadSafety);
        context.Stage = Stage.BodySafety;
        foreach (var branch in branches)
        {
            safety.Reported.Clear();
            branch.Body = safety.Order(branch.Body, [.. branch.Parameters?.Select(p => p.Name) ?? []], out _);
        }
        context.StopAfter(Stage.BodySafety);
        context.Stage = Stage.Recursion;
        var recursion = new Recursion(context, tree);
        recursion.Check(rules);
        context.StopAfter(Stage.Recursion);
        context.Stage = Stage.Types;
        new TypeChecker(context, tree, schemas).Check(recursion.Sorted());
        context.StopAfter(Stage.Deprecated);

        var plan = new Plan(data ?? RObject.Empty) { Recorder = options.Record ? new Recorder() : null };
        new RulePlanner(context, tree, plan, recursion.Varying()).All();
        context.StopAfter(Stage.Deprecated);
        return new CompiledPolicy(context.Builtins, tree, plan, parsed);
    }

    private static List<ModuleSyntax> Parse(CompileContext context, IEnumerable<RegoModule> modules)
    {
        var parsed = new List<ModuleSyntax>();
        context.Annotations = new Annotations(context);
        foreach (var module in modules)
        {
            context.Sources[module.File] = module.Text;
            try
            {
                var syntax = Parser.ParseModule(module);
                parsed.Add(syntax);
                context.Annotations.Read(syntax);
            }
            catch (SyntaxFault fault)
            {
                foreach (var error in fault.Errors) context.Report(error);
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
        var rules = new List<RuleDefinition>();
        foreach (var module in parsed)
        {
            tree.AddPackage(module);
            CheckImports(context, module);
            context.Stage = Stage.LocalVariables;
            var resolver = new Resolver(context, module, names[string.Join('\0', module.Package)]);
            foreach (var rule in module.Rules)
            {
                var name = ((VarTerm)rule.Ref[0]).Name;
                if (name is "input" or "data" && (module.V1 || context.Strict))
                    context.Report("rego_compile_error", rule.At, $"rules must not shadow {name} (use a different rule name)", Stage.RootDocuments);
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
        var seen = new Dictionary<string, ImportSyntax>();
        foreach (var import in module.Imports)
        {
            if (!seen.TryAdd(import.Name, import)) context.Report("rego_compile_error", import.At, $"import must not shadow {seen[import.Name].Shown}", Stage.Imports);
        }
    }

    private static IEnumerable<RuleDefinition> Branches(RuleDefinition rule)
    {
        for (var branch = rule; branch is not null; branch = branch.Else) yield return branch;
    }

    private static void Flatten(RuleDefinition rule, Flattener flattener)
    {
        var body = flattener.Body(rule.Body);
        if (rule.Element is not null) rule.Element = flattener.Head(rule.Element, body);
        rule.Dynamic = [.. rule.Dynamic.Select(d => flattener.Head(d, body))];
        rule.Value = flattener.Head(rule.Value, body);
        rule.Body = body;
    }

    /// <summary>What the head says must stand in the body; whether it is bound there is asked afterwards.</summary>
    private static void CheckHead(CompileContext context, RuleDefinition rule)
    {
        HashSet<string>? inBody = null;
        foreach (var head in new[] { rule.Element, rule.Value }.Concat(rule.Dynamic))
        {
            if (head is null or ConstTerm) continue;
            foreach (var v in Vars.Of(head))
            {
                inBody ??= [.. Vars.Of(rule.Body), .. rule.Parameters?.Select(p => p.Name) ?? []];
                if (!inBody.Contains(v) && VarTerm.DisplayOf(v) is { Length: > 0 } shown) context.Report("rego_unsafe_var_error", rule.At, $"var {shown} is unsafe", Stage.HeadSafety);
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
}
