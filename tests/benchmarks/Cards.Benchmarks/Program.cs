using BenchmarkDotNet.Running;
using Cards.Benchmarks;

if (args is ["slack", .. var rest]) CardsInSlack.Measure(rest.FirstOrDefault() ?? "");
else BenchmarkRunner.Run<ApprovalCard>(args: args);
