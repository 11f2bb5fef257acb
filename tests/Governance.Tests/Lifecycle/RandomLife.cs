using Governance.Apps;
using Governance.Catalogue;
using Governance.Manifests;
using Governance.Notices;
using Governance.People;
using Governance.Requests;
using Governance.Tests.Requests;
using Governance.Verdicts;

namespace Governance.Tests.Lifecycle;

/// <summary>
/// One app with all its requests, lived at random: everybody tries everything, people come and go, rules change, the
/// clock jumps. After every step the promises of the design must hold.
/// </summary>
public sealed class RandomLife(int seed)
{
    private static readonly RequestKind[] Kinds = Enum.GetValues<RequestKind>();
    private readonly Random random = new(seed);
    private readonly Dictionary<string, Request> requests = [];
    private readonly Dictionary<string, List<RequestEvent>> requestEvents = [];
    private readonly List<AppEvent> appEvents = [];
    private MicroApp? app;
    private DateTimeOffset now = World.Monday;
    private IReadOnlyDictionary<string, Person> people = World.People;
    private Func<Manifest, PolicyReport> rules = World.Judge;

    public int Refusals { get; private set; }

    public HashSet<string> Seen { get; } = [];

    public void Step()
    {
        switch (random.Next(10))
        {
            case 0: MoveTheClock(); break;
            case 1: ChangeTheWorld(); break;
            case 2 or 3: File(); break;
            case 4 when app is not null: Platform(); break;
            default: Somebody(); break;
        }
        Tick();
    }

    private Facts Facts => World.FactsAt(now, rules, people);

    private void MoveTheClock()
    {
        var due = requests.Values.Select(r => RequestDecider.NextTick(r, Facts)).Append(app is null ? null : AppDecider.NextTick(app, Facts)).Where(d => d > now).Min();
        now = random.Next(4) switch
        {
            0 when due is not null => due.Value,
            1 => now.AddDays(random.Next(1, 25)),
            _ => now.AddMinutes(random.Next(1, 600)),
        };
    }

    private void ChangeTheWorld()
    {
        if (random.Next(2) == 0) people = random.Next(3) == 0 ? World.People : World.Without([.. World.People.Keys.Where(_ => random.Next(8) == 0)]);
        else rules = random.Next(5) switch
        {
            0 => World.Stricter,
            1 => manifest => World.Report([new("residency.cross-border", FindingLevel.Override, "Crosses.", "Stay.", "/data/residency")], RiskTier.Medium, "r3"),
            2 => manifest => World.Report([], RiskTier.Low, "r4"),
            _ => World.Judge,
        };
    }

    private void File()
    {
        var kind = app is null ? RequestKind.Create : Kinds[random.Next(Kinds.Length)];
        var id = $"r-{requests.Count}";
        var manifest = app is null || random.Next(6) == 0 ? AnyManifest() : kind switch
        {
            RequestKind.RaiseCap => app.File.Manifest with { Cost = app.File.Manifest.Cost with { CapUsd = app.File.Manifest.Cost.CapUsd + random.Next(1, 400) } },
            RequestKind.Change => AnyManifest(),
            RequestKind.Transfer => app.File.Manifest with { App = app.File.Manifest.App with { Owner = Anybody(), CoOwner = "jonas" } },
            _ => app.File.Manifest,
        };
        if (app is null && requests.Values.Any(r => r.IsOpen)) return;
        Decide(id, null, new RequestCommand.Submit(id, kind, "app-1", random.Next(3) == 0 ? Anybody() : app?.File.Manifest.App.Owner ?? "ada", manifest, null, random.Next(5) == 0 ? null : "Still needed."));
    }

    private void Somebody()
    {
        if (requests.Count == 0) return;
        var open = requests.Values.Where(r => r.IsOpen).ToList();
        var request = open.Count > 0 && random.Next(8) > 0 ? open[random.Next(open.Count)] : requests.Values.ElementAt(random.Next(requests.Count));
        var by = random.Next(2) == 0 ? Anybody() : request.AllSeats.Select(s => s.AskedId).OfType<string>().Append("ada").ElementAt(random.Next(request.AllSeats.Count(s => s.AskedId is not null) + 1));
        Decide(request.File.Id, request, random.Next(14) switch
        {
            0 => new RequestCommand.Reject(by, random.Next(2) == 0 ? "No." : null),
            1 => new RequestCommand.AskChanges(by, random.Next(2) == 0 ? "Less." : ""),
            2 => new RequestCommand.Withdraw(by),
            3 => new RequestCommand.Supersede("r-x"),
            4 or 5 => new RequestCommand.Resubmit(random.Next(4) == 0 ? by : request.File.RequesterId, random.Next(3) == 0 ? request.File.Manifest : AnyManifest(), null),
            6 or 7 => new RequestCommand.Delegate(by, Anybody()),
            8 => new RequestCommand.Submit(request.File.Id, request.File.Kind, "app-1", request.File.RequesterId, request.File.Manifest, null, null),
            _ => new RequestCommand.Approve(by, random.Next(4) == 0 ? null : "Fine.", random.Next(6) == 0 ? now.AddDays(random.Next(-2, 100)) : null, random.Next(8) == 0 ? random.Next(4) : null),
        });
    }

    private void Platform()
    {
        if (now.DayOfYear % 9 == 0) Decide(new AppCommand.TakeGraceBack("r2", "helen"));
        if (random.Next(12) == 0) Decide(new AppCommand.GiveGrace([new Finding("data.credentials", FindingLevel.Hard, "No passwords.", "Leave them out.", "/data/kinds")], now.AddDays(random.Next(-1, 100)), random.Next(4) == 0 ? Anybody() : "helen", "r2"));
        else ReportOrConfirm();
    }

    private void ReportOrConfirm() => Decide(random.Next(3) == 0
        ? new AppCommand.ConfirmLive(random.Next(3) == 0 ? "r-0" : app!.File.GrantedBy)
        : new AppCommand.ReportCost(DateOnly.FromDateTime(now.UtcDateTime).AddDays(-random.Next(-1, 40)), random.Next(-1, 90), random.Next(3) == 0 ? random.Next(200) : null));

    private void Tick()
    {
        foreach (var request in requests.Values.ToList())
        {
            var due = RequestDecider.NextTick(request, Facts);
            Assert.Equal(request.IsOpen, due is not null);
            if (due is { } at && at > now) Assert.Empty(Happened(RequestDecider.Decide(request, new RequestCommand.Tick(), World.FactsAt(at.AddTicks(-1), rules, people))));
            if (due is { } then) Assert.NotEmpty(Happened(RequestDecider.Decide(request, new RequestCommand.Tick(), World.FactsAt(then > now ? then : now, rules, people))));
            Decide(request.File.Id, request, new RequestCommand.Tick());
        }

        if (app is null) return;
        var next = AppDecider.NextTick(app, Facts);
        Assert.Equal(app.IsLive, next is not null);
        if (next is { } soon && soon > now) Assert.Empty(Happened(AppDecider.Decide(app, new AppCommand.Tick(), World.FactsAt(soon.AddTicks(-1), rules, people))));
        if (next is { } when) Assert.NotEmpty(Happened(AppDecider.Decide(app, new AppCommand.Tick(), World.FactsAt(when > now ? when : now, rules, people))));
        Decide(new AppCommand.Tick());
        Assert.True(AppDecider.NextTick(app, Facts) is not { } again || again > now, "What is due is done at once.");
    }

    private void Decide(string id, Request? request, RequestCommand command)
    {
        Decision<RequestEvent> Once() => command is RequestCommand.Submit submit && request is null ? AppDecider.Submit(app, submit, Facts) : RequestDecider.Decide(request, command, Facts);
        var decision = Once();
        SameTwice(decision, Once());
        if (decision is not Decision<RequestEvent>.Happened { Events: var events })
        {
            Refused(((Decision<RequestEvent>.Refused)decision).Words);
            return;
        }

        foreach (var e in events)
        {
            if (e is ApprovalGiven given) MayHaveSigned(requests[id], given);
            var after = RequestDecider.Evolve(requests.GetValueOrDefault(id), e);
            requests[id] = Kept.Again(after);
            requestEvents.TryAdd(id, []);
            requestEvents[id].Add(Kept.Again(e));
            Told(NoticesOf.Request(e, after, Facts));
            if (after is Request.Granted granted) Take(AppDecider.EventsOf(granted, app, Facts));
        }
        if (events.Count > 0) Check(requests[id]);
    }

    private void Decide(AppCommand command)
    {
        var decision = AppDecider.Decide(app, command, Facts);
        SameTwice(decision, AppDecider.Decide(app, command, Facts));
        if (decision is Decision<AppEvent>.Happened happened) Take(happened.Events);
        else Refused(((Decision<AppEvent>.Refused)decision).Words);
    }

    private void Take(IReadOnlyList<AppEvent> events)
    {
        foreach (var e in events)
        {
            app = Kept.Again(AppDecider.Evolve(app, e));
            appEvents.Add(Kept.Again(e));
            Told(NoticesOf.App(e, app, Facts));
        }
        if (events.Count > 0) Check();
    }

    /// <summary>Nobody approves their own, and nobody without the role.</summary>
    private void MayHaveSigned(Request before, ApprovalGiven given)
    {
        var file = before.File;
        string?[] own = [file.RequesterId, file.Manifest.App.Owner, file.Manifest.App.CoOwner, file.Before?.App.Owner, file.Before?.App.CoOwner];
        Assert.DoesNotContain(given.Signature.PersonId, own);
        Assert.True(people[given.Signature.PersonId].Has(given.Role));
        Assert.Equal(file.ManifestHash, given.Signature.ManifestHash);
    }

    private void Check(Request request)
    {
        Seen.Add(request.GetType().Name);
        Assert.Equal(Kept.Json(request), Kept.Json(requestEvents[request.File.Id].Aggregate((Request?)null, RequestDecider.Evolve)!));
        // One person, one seat: signed, or asked
        var sitting = request.AllSeats.Select(s => s.Signature?.PersonId ?? s.AskedId).OfType<string>().ToList();
        Assert.Equal(sitting.Count, sitting.Distinct().Count());
        Assert.All(request.AllSeats.Where(s => s.Signature is not null), s => Assert.Equal(request.File.ManifestHash, s.Signature!.ManifestHash));
        Assert.All(request.AllSeats.Where(s => s.Signature is not null && s.Waives.Count > 0), s => Assert.NotNull(s.Signature!.WaiverUntil));
        if (request is Request.AwaitingApproval) Assert.Contains(request.AllSeats, s => s.Signature is null);
        if (request is Request.Granted granted)
        {
            Assert.True(granted.File.Report.Allow || granted.File.Kind == RequestKind.Archive);
            Assert.All(granted.Seats, s => Assert.NotNull(s.Signature));
            Assert.Empty(World.Numbers.SeatsFor(granted.File.Kind.Word(), granted.File.Report).Select(s => s.Role).Except(granted.Seats.Select(s => s.Role)));
        }
    }

    private void Check()
    {
        Seen.Add(app!.GetType().Name);
        Assert.Equal(Kept.Json(app), Kept.Json(appEvents.Aggregate((MicroApp?)null, AppDecider.Evolve)!));
        // No app without a granted request for the very manifest in force
        var grant = Assert.IsType<Request.Granted>(requests[app.File.GrantedBy]);
        Assert.Equal(grant.File.ManifestHash, app.File.ManifestHash);
        Assert.Equal(ManifestHash.Of(app.File.Manifest), app.File.ManifestHash);
    }

    private void Told(IReadOnlyList<Notice> notices)
    {
        foreach (var notice in notices)
        {
            Seen.Add(notice.Kind.ToString());
            Assert.Contains(notice.ToId, people.Keys);
            Kept.Again(notice);
        }
    }

    private void Refused(string words)
    {
        Refusals++;
        Assert.Matches("[.”]$", words);
        Assert.All(World.People.Keys, id => Assert.DoesNotContain($" {id} ", words, StringComparison.Ordinal));
    }

    private static void SameTwice<T>(Decision<T> one, Decision<T> two) => Assert.Equal(Words(one), Words(two));

    private static string Words<T>(Decision<T> decision) => decision switch
    {
        Decision<T>.Happened happened => Kept.Json(happened.Events),
        Decision<T>.Refused refused => refused.Code + refused.Words,
        _ => "?",
    };

    private static IReadOnlyList<T> Happened<T>(Decision<T> decision) => Assert.IsType<Decision<T>.Happened>(decision).Events;

    private string Anybody() => random.Next(30) == 0 ? "stranger" : World.People.Keys.ElementAt(random.Next(World.People.Count));

    private Manifest AnyManifest()
    {
        var manifest = random.Next(12) == 0 ? World.Forbidden : random.GetItems([World.Low, World.Medium, World.High], 1)[0];
        return manifest with
        {
            App = manifest.App with { Owner = random.Next(5) == 0 ? Anybody() : "ada", Template = random.Next(3) == 0 ? "campaign" : "internal-dashboard" },
            Cost = manifest.Cost with { CapUsd = random.Next(6) == 0 ? 600 : 50 },
            Lifecycle = new LifecycleSection(random.GetItems([(int?)null, 1, 5, 30, 60], 1)[0]),
        };
    }
}
