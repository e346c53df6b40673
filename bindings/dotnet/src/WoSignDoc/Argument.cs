using System;
using System.Threading;

namespace WoSignDoc;

// Checks arguments, in the same way on every target.
internal static class Argument
{
    internal static T NotNull<T>(T? value, string name)
        where T : class => value ?? throw new ArgumentNullException(name);

    internal static string NotEmpty(string? value, string name) =>
        NotNull(value, name).Length > 0 ? value! : throw new ArgumentException("must not be empty", name);

    // Turns an expiry into whole seconds, rounded up.
    internal static long? Seconds(TimeSpan? expiry, string name) => expiry switch
    {
        null => null,
        { TotalSeconds: >= 1 } time => (long)Math.Ceiling(time.TotalSeconds),
        _ => throw new ArgumentOutOfRangeException(name, expiry, "must be at least a second"),
    };

    // Turns a time limit into what the ABI takes: 0 is "as configured", or no time where that may be.
    internal static uint Milliseconds(TimeSpan? timeout, string name, uint min = 1)
    {
        if (timeout is not { } time)
        {
            return 0;
        }

        double milliseconds = Math.Ceiling(time.TotalMilliseconds);
        return milliseconds >= min && milliseconds <= uint.MaxValue
            ? (uint)milliseconds
            : throw new ArgumentOutOfRangeException(
                name, time, $"must {(min == 0 ? "not be negative" : "be positive")}; null: as configured");
    }
}
