using System;
using System.Buffers;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>How long the caller's buffer is held in place.</summary>
public sealed class PinTests
{
    [Test]
    public void A_buffer_stays_pinned_until_the_last_call_has_ended()
    {
        var buffer = new Watched(1000);
        PushReceiver receiver = PushReceiver.ToBuffer(buffer.Memory);
        SafeHandle handle = HandleOf(receiver);
        bool used = false;
        handle.DangerousAddRef(ref used); // As a call on another thread does.
        receiver.Dispose();
        Assert.That((used, buffer.Pins), Is.EqualTo((true, 1)), "the native side may write into it");
        handle.DangerousRelease();
        Assert.That(buffer.Pins, Is.Zero);
    }

    [Test]
    public void A_receiver_that_cannot_be_opened_lets_go_of_the_buffer()
    {
        var buffer = new Watched(1000);
        Assert.Throws<InvalidCallException>(
            () => PushReceiver.ToBuffer(buffer.Memory, new PushOptions { BodyLimit = -1 }));
        Assert.That(buffer.Pins, Is.Zero);
    }

    [Test]
    public void A_receiver_that_is_never_disposed_lets_go_of_the_buffer()
    {
        Watched[] buffers = new Watched[20];
        for (int at = 0; at < buffers.Length; at++)
        {
            buffers[at] = new Watched(1000);
            Forget(buffers[at]);
        }

        for (int round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // Mono finds some by chance, in what lies on the stack.
        Assert.That(Array.FindAll(buffers, static one => one.Pins == 0), Has.Length.GreaterThan(10));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(Watched buffer) =>
        PushReceiver.ToBuffer(buffer.Memory).Feed(Pushes.Signed([1, 2, 3]).AsSpan(0, 50));

    private static SafeHandle HandleOf(PushReceiver receiver) =>
        (SafeHandle)typeof(PushReceiver).GetField("_handle", BindingFlags.NonPublic | BindingFlags.Instance)!
            .GetValue(receiver)!;

    /// <summary>Memory that counts how often it is held in place.</summary>
    private sealed unsafe class Watched(int length) : MemoryManager<byte>
    {
        private readonly IntPtr _bytes = Marshal.AllocHGlobal(length);

        internal int Pins { get; private set; }

        public override Span<byte> GetSpan() => new((void*)_bytes, length);

        public override MemoryHandle Pin(int elementIndex = 0)
        {
            Pins++;
            return new MemoryHandle((byte*)_bytes + elementIndex, default, this);
        }

        public override void Unpin() => Pins--;

        protected override void Dispose(bool disposing) => Marshal.FreeHGlobal(_bytes);
    }
}
