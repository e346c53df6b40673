using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>
/// Makes pushes such as the platform's, for a site's own tests: without a network, and real for everything that receives
/// them. Nothing signs the document: for an endpoint that verifies, give one that the sandbox signed, with the sandbox's
/// <c>ca.pem</c> among the <see cref="VerifyOptions.RootFiles"/>. Set <see cref="VerifyOptions.At"/> to the day on which
/// it was signed, so that the test outlives its certificates.
/// </summary>
public sealed class TestPush
{
    private readonly JsonObject _data;
    private readonly JsonObject _push;

    private TestPush(int status, string errorCode, string orderNumber)
    {
        Argument.NotNull(orderNumber, nameof(orderNumber));
        _data = new JsonObject { ["signid"] = "TEST-" + orderNumber, ["ordernumber"] = orderNumber };
        _push = new JsonObject
        {
            ["actiontype"] = "PushSignedDoc",
            ["status"] = status,
            ["errorcode"] = errorCode,
            ["extendData"] = _data,
        };
    }

    /// <summary>Makes the push of a signed document.</summary>
    /// <param name="orderNumber">Your number of the contract.</param>
    /// <param name="document">The document's bytes.</param>
    public static TestPush SignedDocument(string orderNumber, byte[] document)
    {
        var push = new TestPush(1, "0", orderNumber);
        push._data["content"] = Convert.ToBase64String(Argument.NotNull(document, nameof(document)));
        push._data["hash"] = string.Concat(
            Sha256(document).Select(static one => one.ToString("x2", CultureInfo.InvariantCulture)));
        return push;
    }

    /// <summary>Makes the news that an order failed.</summary>
    /// <param name="orderNumber">Your number of the contract.</param>
    /// <param name="codes">The platform's codes, such as -50.</param>
    public static TestPush FailedOrder(string orderNumber, params int[] codes) =>
        new(0, string.Join("&", codes.Select(static code => code.ToString(CultureInfo.InvariantCulture))), orderNumber);

    /// <summary>The platform's id of the order; <c>TEST-</c> and the order's number unless it is set.</summary>
    public string SignId
    {
        get => (string)_data["signid"]!;
        set => _data["signid"] = Argument.NotNull(value, nameof(value));
    }

    /// <summary>Gives what the platform would post.</summary>
    public byte[] ToBody() => _push.Bytes();

    /// <summary>Posts the push to an endpoint, and gives its answer.</summary>
    /// <param name="endpoint">The endpoint under test.</param>
    public PushAnswer PostTo(PushEndpoint endpoint)
    {
        using var body = new MemoryStream(ToBody(), writable: false);
        return Argument.NotNull(endpoint, nameof(endpoint)).Handle("POST", body);
    }

    /// <summary>
    /// Receives the push, for a function under test that takes one. The document is in memory: where the function uses
    /// <see cref="ReceivedPush.Path"/>, take <see cref="ReceiveToFile"/>.
    /// </summary>
    /// <param name="options">Those of the endpoint, for a function that reads the report; null: the defaults.</param>
    public ReceivedPush Receive(PushOptions? options = null) => PushReceiver.Receive(ToBody(), options);

    /// <summary>Receives the push into a file, as an endpoint does before it calls the function.</summary>
    /// <param name="path">The file, in a folder of the test's own.</param>
    /// <param name="options">Those of the endpoint, for a function that reads the report; null: the defaults.</param>
    public ReceivedPush ReceiveToFile(string path, PushOptions? options = null) =>
        PushReceiver.ReceiveToFile(ToBody(), path, options);

#if NET8_0_OR_GREATER
    private static byte[] Sha256(byte[] bytes) => SHA256.HashData(bytes);
#else
    private static byte[] Sha256(byte[] bytes)
    {
        using var sha256 = SHA256.Create();
        return sha256.ComputeHash(bytes);
    }
#endif
}
