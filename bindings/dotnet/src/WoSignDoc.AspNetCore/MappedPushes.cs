using System.Collections.Concurrent;

namespace WoSignDoc.AspNetCore;

// Remembers the callback URLs that were mapped, for the health check.
internal sealed class MappedPushes
{
    internal ConcurrentQueue<PushRequest> All { get; } = new();
}
