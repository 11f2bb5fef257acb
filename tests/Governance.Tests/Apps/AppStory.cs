using Governance.Apps;
using Governance.Manifests;
using Governance.Notices;
using Governance.People;
using Governance.Requests;
using Governance.Tests.Requests;
using Governance.Verdicts;

namespace Governance.Tests.Apps;

/// <summary>An app from its grant on. Requests about it are signed by whoever is asked.</summary>
public sealed class AppStory
{
    private int requests;

    public DateTimeOffset Now { get; set; } = World.Monday;

    public Func<Manifest, PolicyReport> Rules { get; set; } = World.Judge;

    public IReadOnlyDictionary<string, Person> People { get; set; } = World.People;

    public MicroApp? App { get; private set; }

    public AppFile File => App!.File;

    public List<AppEvent> Events { get; } = [];

    /// <summary>Told since the last command.</summary>
    public List<Notice> Told { get; } = [];

    /// <summary>Whose cards of the app are drawn again, and what they say then.</summary>
    public List<string> Redrawn { get; } = [];

    public Dictionary<string, Request> Requests { get; } = [];

    public Facts Facts => World.FactsAt(Now, Rules, People);

    public string ToldInWords => string.Join(", ", Told.Select(n => $"{n.Kind} to {n.ToId}"));

    public static AppStory Granted(Manifest? manifest = null)
    {
        var story = new AppStory();
        story.Asks(RequestKind.Create, manifest ?? World.Low);
        return story;
    }

    public static AppStory Live(Manifest? manifest = null)
    {
        var story = Granted(manifest);
        story.When(new AppCommand.ConfirmLive(story.File.GrantedBy));
        return story;
    }

    /// <summary>Files a request about the app; signed at once by everybody who is asked.</summary>
    public string Asks(RequestKind kind, Manifest? manifest = null, string byId = "ada", string? why = "Still needed.") => Grants(Files(kind, manifest, byId, why));

    /// <summary>Files a request and leaves it waiting.</summary>
    public Request Files(RequestKind kind, Manifest? manifest = null, string byId = "ada", string? why = "Still needed.")
    {
        var id = $"r-{++requests}";
        var command = new RequestCommand.Submit(id, kind, "app-1", byId, manifest ?? File.Manifest, null, why);
        var happened = AppDecider.Submit(App, command, Facts) switch
        {
            Decision<RequestEvent>.Happened h => h,
            Decision<RequestEvent>.Refused refused => throw new InvalidOperationException($"{refused.Code}: {refused.Words}"),
            _ => throw new InvalidOperationException(),
        };
        return Requests[id] = happened.Events.Aggregate((Request?)null, RequestDecider.Evolve)!;
    }

    public Decision<RequestEvent>.Refused Refusal(RequestKind kind, Manifest? manifest = null, string byId = "ada") =>
        Assert.IsType<Decision<RequestEvent>.Refused>(AppDecider.Submit(App, new RequestCommand.Submit("r-x", kind, "app-1", byId, manifest ?? File.Manifest, null, "Still needed."), Facts));

    /// <summary>Everybody who is asked signs; what the grant does to the app.</summary>
    public string Grants(Request request)
    {
        while (request is Request.AwaitingApproval awaiting)
        {
            var approve = new RequestCommand.Approve(awaiting.Seats.First(s => s.Signature is null).AskedId!, "Fine.", null);
            request = Assert.IsType<Decision<RequestEvent>.Happened>(RequestDecider.Decide(request, approve, Facts)).Events.Aggregate(request, RequestDecider.Evolve);
        }
        Requests[request.File.Id] = request;
        return Apply(AppDecider.EventsOf(Assert.IsType<Request.Granted>(request), App, Facts));
    }

    public string When(AppCommand command) => AppDecider.Decide(App, command, Facts) switch
    {
        Decision<AppEvent>.Happened happened => Apply(happened.Events),
        Decision<AppEvent>.Refused refused => "!" + refused.Code,
        _ => throw new InvalidOperationException(),
    };

    public string Tick(DateTimeOffset at)
    {
        Now = at;
        return When(new AppCommand.Tick());
    }

    public string Costs(decimal usd, decimal? forecast = null, DateOnly? day = null) =>
        When(new AppCommand.ReportCost(day ?? DateOnly.FromDateTime(Now.UtcDateTime), usd, forecast));

    private string Apply(IReadOnlyList<AppEvent> events)
    {
        Told.Clear();
        foreach (var e in events)
        {
            App = AppDecider.Evolve(App, e);
            Events.Add(e);
            var notices = NoticesOf.App(e, App, Facts);
            Told.AddRange(notices.Where(n => n.Kind != NoticeKind.AppCardsChanged));
            Redrawn.AddRange(notices.Where(n => n.Kind == NoticeKind.AppCardsChanged).Select(n => $"{n.ToId}: {n.Detail["because"]}{(n.Detail.TryGetValue("by", out var by) ? $" by {by}" : "")}"));
            // The card that brings the news is not drawn again by them
            Assert.DoesNotContain(NoticeKind.AppCardsChanged, notices.SkipWhile(n => n.Kind == NoticeKind.AppCardsChanged).Select(n => n.Kind));
        }
        return string.Join(' ', events.Select(e => e.GetType().Name));
    }
}
