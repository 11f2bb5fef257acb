namespace MicroAppBot.Tests.Stores;

/// <summary>A folder of a test's own, gone afterwards.</summary>
public sealed class TestFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("microappbot-test-").FullName;
    private int _count;

    public string New() => Directory.CreateDirectory(Path.Combine(_root, $"{++_count}")).FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
