using System;
using System.Text.Json;
using WoSignDoc.Json;

namespace WoSignDoc.Interop;

// Takes over what a native function handed out: reads it, frees it, throws what it reports.
internal static unsafe class Answers
{
    // Gives the answer document of a call that succeeded.
    // Throws WoSignDocException: The status says that it did not.
    internal static JsonElement Take(int status, byte* output, nuint length)
    {
        JsonElement document;
        try
        {
            document = Parse(output, length);
        }
        finally
        {
            NativeLoader.Functions.wsd_free(output, length);
        }

        return status == 0 ? document : throw ErrorReader.Read(status, document);
    }

    // Throws what a call reports; one that succeeded has nothing to say.
    internal static void Expect(int status, byte* output, nuint length)
    {
        if (status == 0)
        {
            NativeLoader.Functions.wsd_free(output, length);
            return;
        }

        Take(status, output, length);
    }

    // Copies bulk bytes into an array of the host's.
    internal static byte[] Copy(byte* data, nuint length) =>
        length == 0 ? [] : new ReadOnlySpan<byte>(data, checked((int)length)).ToArray();

    private static JsonElement Parse(byte* output, nuint length)
    {
        if (output == null || length == 0)
        {
            return default;
        }

        var reader = new Utf8JsonReader(new ReadOnlySpan<byte>(output, checked((int)length)));
        return JsonElement.ParseValue(ref reader);
    }
}
