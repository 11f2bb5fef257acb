using Governance.Apps;
using Governance.Requests;

namespace Governance.Tests.Lifecycle;

public class RandomLifeTests
{
    [Fact]
    public void Whatever_people_and_the_clock_do_the_promises_hold()
    {
        var seen = new HashSet<string>();
        var refusals = 0;
        for (var seed = 0; seed < 240; seed++)
        {
            var life = new RandomLife(seed);
            for (var step = 0; step < 60; step++)
            {
                try
                {
                    life.Step();
                }
                catch (Exception broken)
                {
                    Assert.Fail($"Seed {seed}, step {step}: {broken}");
                }
            }
            seen.UnionWith(life.Seen);
            refusals += life.Refusals;
        }

        // A walk that never comes anywhere proves nothing
        var states = typeof(Request).GetNestedTypes().Concat(typeof(MicroApp).GetNestedTypes()).Where(t => t.IsSubclassOf(typeof(Request)) || t.IsSubclassOf(typeof(MicroApp))).Select(t => t.Name);
        Assert.Empty(states.Except(seen));
        Assert.Empty(Enum.GetNames<Governance.Notices.NoticeKind>().Except(seen));
        Assert.True(refusals > 500, $"only {refusals} refusals");
    }
}
