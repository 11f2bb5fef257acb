using BenchmarkDotNet.Running;

BenchmarkRunner.Run<Cards.Benchmarks.ApprovalCard>(args: args);
