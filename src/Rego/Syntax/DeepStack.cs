using System.Runtime.ExceptionServices;

namespace Rego.Syntax;

/// <summary>
/// Runs work on a stack that holds what a long chain of operators or deep brackets take: reading, checking and planning a term go
/// into it level by level, and on an ordinary stack a thousand levels end the process.
/// </summary>
internal static class DeepStack
{
    private const int Size = 256 * 1024 * 1024;

    [ThreadStatic]
    private static bool _isHere;

    /// <summary>Texts shorter than this cannot nest more deeply than an ordinary stack holds.</summary>
    public const int ShortText = 200;

    /// <summary>The work runs on such a stack.</summary>
    public static bool IsHere => _isHere;

    /// <param name="length">How long the texts are that are worked on.</param>
    public static T Run<T>(long length, Func<T> work)
    {
        if (_isHere || length < ShortText) return work();
        T? result = default;
        ExceptionDispatchInfo? fault = null;
        var thread = new Thread(
            () =>
            {
                _isHere = true;
                try
                {
                    result = work();
                }
                catch (Exception caught)
                {
                    fault = ExceptionDispatchInfo.Capture(caught);
                }
            },
            Size)
        {
            IsBackground = true,
            Name = "Rego",
        };
        thread.Start();
        thread.Join();
        fault?.Throw();
        return result!;
    }
}
