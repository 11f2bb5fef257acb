using System.Runtime.InteropServices;

namespace Rego.Evaluate;

/// <summary>
/// How much of the processor the current thread has had: what a policy costs, and not what else keeps the machine busy.
/// By <c>clock_gettime(CLOCK_THREAD_CPUTIME_ID)</c> of POSIX.
/// </summary>
internal static partial class ProcessorClock
{
    private static readonly int Id = OperatingSystem.IsLinux() ? 3 : OperatingSystem.IsMacOS() ? 16 : -1;

    /// <summary>Elsewhere only the time on the wall can be told.</summary>
    public static bool IsThere { get; } = Environment.Is64BitProcess && Id >= 0 && Works();

    /// <summary>Comparable within one thread only.</summary>
    public static TimeSpan Now => Read(Id, out var time) == 0 ? new TimeSpan((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick)) : TimeSpan.Zero;

    private static bool Works()
    {
        try
        {
            return Read(Id, out _) == 0;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Time time);

    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
