using Governance.Manifests;
using Governance.People;

namespace Governance.Requests;

/// <summary>Who may ask for what kind of thing, and how far a request of that kind may go.</summary>
internal static class RequestScope
{
    /// <summary>Null when this may be asked.</summary>
    public static Decision<RequestEvent>.Refused? Objection(RequestKind kind, string byId, Manifest manifest, Manifest? before, Facts facts)
    {
        if (kind == RequestKind.Create) return UnknownOwner(manifest, facts);
        if (before is null) return new(RefusalCode.NoSuchApp, "I cannot find the app this is about. Say “my apps” to see yours.");
        if (!MayAsk(kind, byId, before, facts)) return new(RefusalCode.NotYours, WhoMayAsk(kind, before, facts));

        return kind switch
        {
            RequestKind.Change => UnknownOwner(manifest, facts),
            RequestKind.Transfer => OnlyDiffers(manifest with { App = manifest.App with { Owner = before.App.Owner, CoOwner = before.App.CoOwner } }, before) ?? UnknownOwner(manifest, facts),
            RequestKind.RaiseCap => OnlyDiffers(manifest with { Cost = manifest.Cost with { CapUsd = before.Cost.CapUsd } }, before) ?? NotARaise(manifest, before, facts),
            RequestKind.Archive or RequestKind.Restore or RequestKind.Resume => OnlyDiffers(manifest, before),
            _ => null,
        };
    }

    /// <summary>
    /// The owner and the co-owner; the owner's manager for what the expiry notice offers them, and for everything when
    /// the owner is gone (then the co-owner's manager counts, for the owner's is not known any more).
    /// </summary>
    public static bool MayAsk(RequestKind kind, string byId, Manifest before, Facts facts)
    {
        if (byId == before.App.Owner || byId == before.App.CoOwner) return true;
        return before.App.Owner is { } owner && facts.IsHere(owner)
            ? Person(owner, facts)?.Manager == byId && kind is RequestKind.Renew or RequestKind.Restore
            : Person(before.App.CoOwner, facts)?.Manager == byId;
    }

    private static string WhoMayAsk(RequestKind kind, Manifest before, Facts facts)
    {
        string?[] ids = [before.App.Owner, before.App.CoOwner];
        var names = ids.OfType<string>().Where(facts.IsHere).Select(id => facts.NameOf(id)).ToList();
        return names.Count == 0
            ? "The owners of this app are no longer here. Please ask the governance team who looks after it now."
            : $"Only {InWords.List(names, "or")} can {kind.AsVerb()}, since the app is theirs. Please ask them.";
    }

    private static Decision<RequestEvent>.Refused? UnknownOwner(Manifest manifest, Facts facts)
    {
        string?[] ids = [manifest.App.Owner, manifest.App.CoOwner];
        return ids.OfType<string>().FirstOrDefault(id => !facts.IsHere(id)) is { } unknown
            ? new(RefusalCode.UnknownPerson, $"I cannot find “{unknown}” in the people directory. Please name an owner and a co-owner who are there.")
            : null;
    }

    private static Decision<RequestEvent>.Refused? OnlyDiffers(Manifest rest, Manifest before) =>
        ManifestHash.Of(rest) == ManifestHash.Of(before)
            ? null
            : new(RefusalCode.NotAsInForce, "This asks for more than it says, or the app changed in the meantime. Please ask for a change of the app instead.");

    private static Decision<RequestEvent>.Refused? NotARaise(Manifest manifest, Manifest before, Facts facts) =>
        manifest.Cost.CapUsd is { } cap && cap > facts.CapUsd(before)
            ? null
            : new(RefusalCode.NotARaise, $"The cap is {InWords.Usd(facts.CapUsd(before))} a month already. Please name a higher one.");

    private static Person? Person(string? id, Facts facts) => id is null ? null : facts.People.GetValueOrDefault(id);
}
