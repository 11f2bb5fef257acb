using Governance.Manifests;
using Governance.People;
using Governance.Requests;
using Governance.Verdicts;

namespace Governance.Tests.Requests;

/// <summary>Given what happened, when somebody asks for something, then this follows. Time stands still until it is moved.</summary>
public sealed class Story
{
    public DateTimeOffset Now { get; set; } = World.Monday;

    public Func<Manifest, PolicyReport> Rules { get; set; } = World.Judge;

    public IReadOnlyDictionary<string, Person> People { get; set; } = World.People;

    public Request? Request { get; private set; }

    public List<RequestEvent> Events { get; } = [];

    public Facts Facts => World.FactsAt(Now, Rules, People);

    public Seat Seat(string role) => Request!.AllSeats.Single(s => s.Role == role);

    public string Asked(string role) => Seat(role).AskedId!;

    public static Story Of(Manifest manifest, string byId = "ada", string id = "r-1")
    {
        var story = new Story();
        story.Happens(new RequestCommand.Submit(id, RequestKind.Create, "app-1", byId, manifest, null, null));
        return story;
    }

    public Decision<RequestEvent> When(RequestCommand command)
    {
        var decision = RequestDecider.Decide(Request, command, Facts);
        if (decision is Decision<RequestEvent>.Happened happened)
        {
            foreach (var e in happened.Events)
            {
                Request = RequestDecider.Evolve(Request, e);
                Events.Add(e);
            }
        }
        return decision;
    }

    /// <summary>What follows, by name: <c>"ApprovalGiven RequestGranted"</c>.</summary>
    public string Happens(RequestCommand command) => When(command) switch
    {
        Decision<RequestEvent>.Happened happened => string.Join(' ', happened.Events.Select(e => e.GetType().Name)),
        Decision<RequestEvent>.Refused refused => throw new InvalidOperationException($"{refused.Code}: {refused.Words}"),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>The refusal's code.</summary>
    public string Refused(RequestCommand command) => Refusal(command).Code;

    public Decision<RequestEvent>.Refused Refusal(RequestCommand command)
    {
        var before = Request;
        var refused = Assert.IsType<Decision<RequestEvent>.Refused>(When(command));
        Assert.Same(before, Request);
        return refused;
    }

    public string Approve(string byId, string? reason = null) => Happens(new RequestCommand.Approve(byId, reason, null));

    public string Tick(DateTimeOffset at)
    {
        Now = at;
        return Happens(new RequestCommand.Tick());
    }
}
