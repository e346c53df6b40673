using System;
using System.Collections.Generic;
using unsafe Close = delegate* unmanaged[Cdecl]<nint, void>;
using unsafe Describe = delegate* unmanaged[Cdecl]<byte**, nuint*, int>;
using unsafe Feed = delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte**, nuint*, int>;
using unsafe Finish = delegate* unmanaged[Cdecl]<nint, byte**, nuint*, byte**, nuint*, int>;
using unsafe Free = delegate* unmanaged[Cdecl]<byte*, nuint, void>;
using unsafe Judge = delegate* unmanaged[Cdecl]<nint, uint, byte*, nuint, byte**, nuint*, int>;
using unsafe OpenClient = delegate* unmanaged[Cdecl]<byte*, nuint, nint*, byte**, nuint*, int>;
using unsafe OpenOrder = delegate* unmanaged[Cdecl]<
    byte*, nuint, byte*, nuint, byte**, nuint*, nuint, uint, nint*, byte**, nuint*, int>;
using unsafe OpenPush = delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, nint*, byte**, nuint*, int>;
using unsafe Preflight = delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, uint, byte**, nuint*, int>;
using unsafe ReadAnswer = delegate* unmanaged[Cdecl]<uint, byte*, nuint, byte**, nuint*, int>;
using unsafe Read = delegate* unmanaged[Cdecl]<nint, byte*, nuint, nuint*, byte**, nuint*, int>;
using unsafe Receive = delegate* unmanaged[Cdecl]<
    byte*, nuint, byte*, nuint, byte*, nuint, byte**, nuint*, byte**, nuint*, int>;
using unsafe Rewind = delegate* unmanaged[Cdecl]<nint, byte**, nuint*, int>;
using unsafe Send = delegate* unmanaged[Cdecl]<
    nint, byte*, nuint, byte**, nuint*, nuint, uint, byte**, nuint*, int>;
using unsafe Store = delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, byte**, nuint*, int>;
using unsafe Tell = delegate* unmanaged[Cdecl]<byte*, nuint, byte**, nuint*, int>;
using unsafe Validate = delegate* unmanaged[Cdecl]<
    byte*, nuint, byte*, nuint, byte**, nuint*, nuint, byte**, nuint*, int>;
using unsafe Verify = delegate* unmanaged[Cdecl]<
    byte*, nuint, byte*, nuint, byte*, nuint, byte**, nuint*, int>;
using unsafe Wire = delegate* unmanaged[Cdecl]<
    byte*, nuint, byte*, nuint, byte**, nuint*, nuint, byte**, nuint*, byte**, nuint*, int>;

namespace WoSignDoc.Interop;

// The functions of the C ABI in a library that is open, by the header's names. Pointers instead of imports: .NET
// Framework and Mono cannot be told which file an import means, and a function that is missing shows at once.
internal sealed unsafe class NativeFunctions
{
    internal readonly Free wsd_free;
    internal readonly Describe wsd_version;
    internal readonly Describe wsd_catalogue;
    internal readonly Tell wsd_config_resolve;
    internal readonly Tell wsd_config_hosted;
    internal readonly OpenClient wsd_client_new;
    internal readonly Close wsd_client_free;
    internal readonly Preflight wsd_preflight_with;
    internal readonly Preflight wsd_preflight_hosted;
    internal readonly Send wsd_order_create;
    internal readonly Validate wsd_order_validate;
    internal readonly Wire wsd_order_wire;
    internal readonly OpenOrder wsd_order_open;
    internal readonly Read wsd_order_read;
    internal readonly Rewind wsd_order_rewind;
    internal readonly Judge wsd_order_answered;
    internal readonly Feed wsd_order_failed;
    internal readonly Close wsd_order_close;
    internal readonly ReadAnswer wsd_answer_read;
    internal readonly Receive wsd_push_receive;
    internal readonly OpenPush wsd_push_open;
    internal readonly Feed wsd_push_feed;
    internal readonly Finish wsd_push_finish;
    internal readonly Close wsd_push_abandon;
    internal readonly Verify wsd_verify;
    internal readonly Store wsd_trust_of;
    internal readonly Tell wsd_delivery_claim;
    internal readonly Tell wsd_delivery_complete;
    internal readonly Tell wsd_delivery_release;
    internal readonly Tell wsd_delivery_renew;
    internal readonly Store wsd_document_write;
    internal readonly Store wsd_document_move;

    // Looks every function up.
    // `library`: The linker's handle of the library.
    // `missing`: The names of those that it lacks; unless it is empty, nothing may be called.
    internal NativeFunctions(IntPtr library, out IReadOnlyList<string> missing)
    {
        List<string> lacking = [];
        missing = lacking;
        wsd_free = (Free)Find(nameof(wsd_free));
        wsd_version = (Describe)Find(nameof(wsd_version));
        wsd_catalogue = (Describe)Find(nameof(wsd_catalogue));
        wsd_config_resolve = (Tell)Find(nameof(wsd_config_resolve));
        wsd_config_hosted = (Tell)Find(nameof(wsd_config_hosted));
        wsd_client_new = (OpenClient)Find(nameof(wsd_client_new));
        wsd_client_free = (Close)Find(nameof(wsd_client_free));
        wsd_preflight_with = (Preflight)Find(nameof(wsd_preflight_with));
        wsd_preflight_hosted = (Preflight)Find(nameof(wsd_preflight_hosted));
        wsd_order_create = (Send)Find(nameof(wsd_order_create));
        wsd_order_validate = (Validate)Find(nameof(wsd_order_validate));
        wsd_order_wire = (Wire)Find(nameof(wsd_order_wire));
        wsd_order_open = (OpenOrder)Find(nameof(wsd_order_open));
        wsd_order_read = (Read)Find(nameof(wsd_order_read));
        wsd_order_rewind = (Rewind)Find(nameof(wsd_order_rewind));
        wsd_order_answered = (Judge)Find(nameof(wsd_order_answered));
        wsd_order_failed = (Feed)Find(nameof(wsd_order_failed));
        wsd_order_close = (Close)Find(nameof(wsd_order_close));
        wsd_answer_read = (ReadAnswer)Find(nameof(wsd_answer_read));
        wsd_push_receive = (Receive)Find(nameof(wsd_push_receive));
        wsd_push_open = (OpenPush)Find(nameof(wsd_push_open));
        wsd_push_feed = (Feed)Find(nameof(wsd_push_feed));
        wsd_push_finish = (Finish)Find(nameof(wsd_push_finish));
        wsd_push_abandon = (Close)Find(nameof(wsd_push_abandon));
        wsd_verify = (Verify)Find(nameof(wsd_verify));
        wsd_trust_of = (Store)Find(nameof(wsd_trust_of));
        wsd_delivery_claim = (Tell)Find(nameof(wsd_delivery_claim));
        wsd_delivery_complete = (Tell)Find(nameof(wsd_delivery_complete));
        wsd_delivery_release = (Tell)Find(nameof(wsd_delivery_release));
        wsd_delivery_renew = (Tell)Find(nameof(wsd_delivery_renew));
        wsd_document_write = (Store)Find(nameof(wsd_document_write));
        wsd_document_move = (Store)Find(nameof(wsd_document_move));

        void* Find(string name)
        {
            if (!DynamicLinker.TryFind(library, name, out IntPtr address))
            {
                lacking.Add(name);
            }

            return (void*)address;
        }
    }
}
