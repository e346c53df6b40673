using System;
using System.Buffers;
using System.Runtime.InteropServices;

namespace WoSignDoc.Interop;

// Owns a native client, which is freed once, when nobody uses it any more.
internal sealed unsafe class ClientHandle : SafeHandle
{
    internal ClientHandle(nint client)
        : base(IntPtr.Zero, ownsHandle: true) => SetHandle(client);

    public override bool IsInvalid => handle == IntPtr.Zero;

    protected override bool ReleaseHandle()
    {
        NativeLoader.Functions.wsd_client_free(handle);
        return true;
    }
}

// Owns a native push receiver and the buffer that it writes into; freed once, when no call uses it any more. What
// was not finished leaves nothing behind.
internal sealed unsafe class PushHandle : SafeHandle
{
    private MemoryHandle _pin;

    internal PushHandle(Memory<byte> buffer)
        : base(IntPtr.Zero, ownsHandle: true) => _pin = buffer.Pin();

    // Before the receiver is opened there is the buffer to let go of.
    public override bool IsInvalid => false;

    internal byte* Buffer => (byte*)_pin.Pointer;

    internal void Opened(nint push) => SetHandle(push);

    protected override bool ReleaseHandle()
    {
        NativeLoader.Functions.wsd_push_abandon(handle);
        _pin.Dispose();
        return true;
    }
}

// Keeps a handle from being freed while a native call uses it.
internal readonly ref struct Lease
{
    private readonly SafeHandle _handle;

    internal Lease(SafeHandle handle)
    {
        bool added = false;
        // Throws ObjectDisposedException once the handle was closed; else it has added a reference.
        handle.DangerousAddRef(ref added);
        _handle = handle;
    }

    // The pointer, valid until this lease ends.
    internal nint Pointer => _handle.DangerousGetHandle();

    // Ends the lease.
    public void Dispose() => _handle.DangerousRelease();
}
