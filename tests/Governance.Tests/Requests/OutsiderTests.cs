using Governance.People;
using Governance.Requests;

namespace Governance.Tests.Requests;

/// <summary>Who comes by an account that nobody vouches for may talk, and signs for nothing, whatever roles the person has otherwise.</summary>
public class OutsiderTests
{
    public static TheoryData<Outsider> All => [.. Enum.GetValues<Outsider>()];

    [Theory]
    [MemberData(nameof(All))]
    public void An_outsider_decides_nothing_and_is_told_why_and_what_happens_next(Outsider outsider)
    {
        var story = Story.Of(World.Medium);
        var asked = story.Asked("security");
        // Even with the role and with the seat
        story.People = World.People.ToDictionary(p => p.Key, p => p.Key == asked ? p.Value with { Outside = outsider } : p.Value);

        foreach (var command in (RequestCommand[])
        [
            new RequestCommand.Approve(asked, null, null), new RequestCommand.Reject(asked, "No thank you."), new RequestCommand.AskChanges(asked, "Please say more."),
            new RequestCommand.Delegate(asked, asked == "sam" ? "dana" : "sam"),
        ])
        {
            var refusal = story.Refusal(command);
            Assert.True(refusal.Code is RefusalCode.Outsider, $"{command}: {refusal.Words}");
            Assert.Equal(OutsiderWords.WhyNot(outsider), refusal.Words);
            Assert.Contains("Nothing was changed", refusal.Words, StringComparison.Ordinal);
        }

        story.People = World.People;
        Assert.Equal("ApprovalGiven", story.Approve(asked));
    }

    [Fact]
    public void Each_kind_of_outsider_is_told_something_of_its_own() =>
        Assert.Equal(Enum.GetValues<Outsider>().Length, Enum.GetValues<Outsider>().Select(OutsiderWords.WhyNot).Distinct().Count());
}
