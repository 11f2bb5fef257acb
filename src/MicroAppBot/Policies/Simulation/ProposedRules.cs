using Governance.Lifecycle;
using MicroAppBot.Content;
using MicroAppBot.Desk;

namespace MicroAppBot.Policies.Simulation;

/// <summary>The rulebook of the folder that <c>Policy:Proposed:Folder</c> names: a checkout of the branch that is under review, for instance.</summary>
public sealed class ProposedRules(ContentInForce content, string? folder) : IRulebookProposal
{
    private readonly Lock _one = new();
    private (string Print, Proposal Answer)? _last;

    public static ProposedRules From(ContentInForce content, IConfiguration configuration) => new(content, configuration["Policy:Proposed:Folder"]);

    public Proposal Read()
    {
        if (string.IsNullOrEmpty(folder)) return new Proposal.None();
        lock (_one)
        {
            // Compiled once as long as neither side changes
            var print = $"{content.Now.Revision}/{ContentPrint.Of(RootOf(folder))}";
            if (_last is { } last && last.Print == print) return last.Answer;
            var answer = Judged();
            _last = (print, answer);
            return answer;
        }
    }

    /// <summary>Reads a folder with changed rules: one that holds <c>policies/</c> (and <c>templates/</c>), or the <c>policies</c> folder itself. What it lacks is taken from the content at hand.</summary>
    /// <exception cref="ContentException">It cannot be used.</exception>
    public static ContentFolder Load(string root, string folder)
    {
        var proposed = RootOf(folder);
        return Directory.Exists(Path.Combine(proposed, "policies"))
            ? ContentFolder.Load(root, proposed)
            : throw new ContentException([new ContentFault(folder, 0, "There are no rules here: it must hold the folder policies/, or be it.")]);
    }

    /// <summary>The rulebook as a rehearsal takes it.</summary>
    public static Rulebook BookOf(IPolicies policies) => new(policies.Judge, policies.Numbers, policies.Catalogue) { WhyMute = CouldNotJudgeException.AboutOne };

    private Proposal Judged()
    {
        try
        {
            var proposed = Load(content.Now.Root, folder!);
            return new Proposal.Rules(BookOf(InProcessPolicies.Compile(proposed)), proposed.Revision, ContentChange.Between(content.Now, proposed));
        }
        catch (ContentException broken)
        {
            return new Proposal.Faulty([.. broken.Faults.Select(f => f.WithSource(RootOf(folder!)).InFull)]);
        }
    }

    /// <summary>The content root that a folder of rules belongs to.</summary>
    internal static string RootOf(string folder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Path.GetFileName(full) == "policies" && !Directory.Exists(Path.Combine(full, "policies")) ? Path.GetDirectoryName(full)! : full;
    }
}
