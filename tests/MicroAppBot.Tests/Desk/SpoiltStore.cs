using System.Reflection;
using MicroAppBot.Desk;

namespace MicroAppBot.Tests.Desk;

/// <summary>A store that does what the real one does, until a test takes a call for itself.</summary>
public class SpoiltStore : DispatchProxy
{
    private IStore _real = null!;

    /// <summary>Answers a commit instead of the real store; null lets it through.</summary>
    public Func<Commit, Task<CommitResult>?> OnCommit { get; set; } = _ => null;

    /// <summary>Sees each question before the real store answers it; may throw.</summary>
    public Action<SnapshotQuery> OnFind { get; set; } = _ => { };

    public int Commits { get; private set; }

    public static SpoiltStore Around(IStore real)
    {
        var spoilt = (SpoiltStore)(object)Create<IStore, SpoiltStore>();
        spoilt._real = real;
        return spoilt;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IStore.FindAsync)) OnFind((SnapshotQuery)args![0]!);
        if (targetMethod.Name == nameof(IStore.CommitAsync))
        {
            Commits++;
            if (OnCommit((Commit)args![0]!) is { } answer) return answer;
        }
        try
        {
            return targetMethod.Invoke(_real, args);
        }
        catch (TargetInvocationException fault) when (fault.InnerException is { } inner)
        {
            throw inner;
        }
    }
}
