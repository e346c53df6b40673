using System;
using System.Threading;

namespace WoSignDoc;

/// <summary>Checks of arguments, the same on every target.</summary>
internal static class Argument
{
    internal static T NotNull<T>(T? value, string name)
        where T : class => value ?? throw new ArgumentNullException(name);

    internal static string NotEmpty(string? value, string name) =>
        NotNull(value, name).Length > 0 ? value! : throw new ArgumentException("must not be empty", name);

    /// <summary>A time limit as the ABI takes it: 0 is "as configured", or no time where that may be.</summary>
    internal static uint Milliseconds(TimeSpan? timeout, string name, uint least = 1)
    {
        if (timeout is not { } time)
        {
            return 0;
        }

        double milliseconds = Math.Ceiling(time.TotalMilliseconds);
        return milliseconds >= least && milliseconds <= uint.MaxValue
            ? (uint)milliseconds
            : throw new ArgumentOutOfRangeException(
                name, time, $"must {(least == 0 ? "not be negative" : "be positive")}; null: as configured");
    }
}
