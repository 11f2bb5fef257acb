using BenchmarkDotNet.Running;
using Rego.Benchmarks;

// dotnet run -c Release --project tests/benchmarks/Rego.Benchmarks -- --filter '*' --job short
BenchmarkSwitcher.FromAssembly(typeof(EvaluationBenchmarks).Assembly).Run(args);
