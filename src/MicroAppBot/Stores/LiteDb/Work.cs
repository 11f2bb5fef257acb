namespace MicroAppBot.Stores.LiteDb;

/// <summary>One thing for the store's thread to do.</summary>
internal abstract class Work
{
    public abstract void Fail(Exception why);
}

/// <summary>A question to the file.</summary>
internal abstract class Question : Work
{
    public abstract void Answer(LiteDbFile file, HotState hot);
}

internal sealed class Question<T>(Func<LiteDbFile, HotState, T> ask) : Question
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answered => _answer.Task;

    public override void Answer(LiteDbFile file, HotState hot) => _answer.TrySetResult(ask(file, hot));

    public override void Fail(Exception why) => _answer.TrySetException(why);
}

/// <summary>Something to write; acknowledged when its batch is on disk.</summary>
internal abstract class Writing(int weight) : Work
{
    /// <summary>About how many characters it brings.</summary>
    public int Weight => weight;

    /// <summary>Takes it into the batch; called again in a batch of its own when the first one failed.</summary>
    public abstract void TakeInto(Batch batch);

    public abstract void Acknowledge();
}

internal sealed class Writing<T>(int weight, Func<Batch, T> take) : Writing(weight)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Done => _done.Task;

    public override void TakeInto(Batch batch) => _result = take(batch);

    public override void Acknowledge() => _done.TrySetResult(_result!);

    public override void Fail(Exception why) => _done.TrySetException(why);
}
