using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Nodes;
using WoSignDoc.Interop;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>Holds what judging an order needs to know besides the order.</summary>
public sealed class OrderSettings
{
    /// <summary>The TokenID to write out; it is not checked here.</summary>
    public string TokenId { get; set; } = string.Empty;

    /// <summary>Whether materials may be empty, for platforms that know the signer already.</summary>
    public bool AllowEmptyMaterial { get; set; }

    internal byte[] ToJson() =>
        new JsonObject { ["tokenid"] = TokenId, ["allow_empty_material"] = AllowEmptyMaterial }.Bytes();
}

/// <summary>Holds an order as it would be sent.</summary>
public sealed class WiredOrder
{
    internal WiredOrder(byte[] body, JsonElement json)
    {
        Body = body;
        Warnings = json.List("warnings", static one => new OrderWarning(one));
    }

    /// <summary>The request body, UTF-8 JSON. It holds the document, so keep it as safe as that.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The oddities of the order, which stopped nothing.</summary>
    public IReadOnlyList<OrderWarning> Warnings { get; }
}

/// <summary>Judges orders, and writes them out, without a client and without sending anything.</summary>
public static class OrderCheck
{
    /// <summary>Checks an order against the protocol's rules.</summary>
    /// <returns>The oddities, which stop nothing.</returns>
    /// <exception cref="InvalidOrderException">It breaks rules; all of them are listed.</exception>
    public static IReadOnlyList<OrderWarning> Validate(SignOrder order, OrderSettings? settings = null) =>
        Validate(order, Json(settings));

    /// <summary>Checks an order that is JSON already.</summary>
    /// <param name="orderJson">The order, in the protocol's field names.</param>
    /// <param name="attachments">The byte ranges that <c>{"attachment": n}</c> in it means.</param>
    /// <param name="settings">Null: the defaults.</param>
    /// <returns>The oddities, which stop nothing.</returns>
    /// <exception cref="InvalidOrderException">It breaks rules; all of them are listed.</exception>
    /// <exception cref="InvalidCallException">It is not JSON, or names an attachment that is not there.</exception>
    public static IReadOnlyList<OrderWarning> ValidateJson(
        string orderJson, IReadOnlyList<ReadOnlyMemory<byte>>? attachments = null, OrderSettings? settings = null) =>
        Validate(WrittenOrder.FromJson(orderJson, attachments), Json(settings));

    /// <summary>Writes out the request body of an order, for tests and for people who want to see it.</summary>
    /// <exception cref="InvalidOrderException">It breaks rules; all of them are listed.</exception>
    public static WiredOrder Wire(SignOrder order, OrderSettings? settings = null) => Wire(order, Json(settings));

    /// <summary>Writes out the request body of an order that is JSON already.</summary>
    /// <param name="orderJson">The order, in the protocol's field names.</param>
    /// <param name="attachments">The byte ranges that <c>{"attachment": n}</c> in it means.</param>
    /// <param name="settings">Null: the defaults.</param>
    /// <exception cref="InvalidOrderException">It breaks rules; all of them are listed.</exception>
    /// <exception cref="InvalidCallException">It is not JSON, or names an attachment that is not there.</exception>
    public static WiredOrder WireJson(
        string orderJson, IReadOnlyList<ReadOnlyMemory<byte>>? attachments = null, OrderSettings? settings = null) =>
        Wire(WrittenOrder.FromJson(orderJson, attachments), Json(settings));

    /// <summary>
    /// Reads a platform's answer, for those who send orders with an HTTP client of their own.
    /// </summary>
    /// <exception cref="PlatformException">The platform refused the order.</exception>
    /// <exception cref="ProtocolException">The body is not an answer of the protocol.</exception>
    public static SignOrderResult ReadAnswer(int httpStatus, ReadOnlySpan<byte> body) =>
        new(Core.ReadAnswer(httpStatus, body));

    // Checks an order by these settings, or by a whole configuration.
    internal static IReadOnlyList<OrderWarning> Validate(SignOrder order, byte[] settings)
    {
        using WrittenOrder written = OrderWriter.Write(order);
        return Validate(written, settings);
    }

    internal static WiredOrder Wire(SignOrder order, byte[] settings)
    {
        using WrittenOrder written = OrderWriter.Write(order);
        return Wire(written, settings);
    }

    private static byte[] Json(OrderSettings? settings) => (settings ?? new OrderSettings()).ToJson();

    private static IReadOnlyList<OrderWarning> Validate(WrittenOrder order, byte[] settings) =>
        Core.Validate(settings, order).List("warnings", static one => new OrderWarning(one));

    private static WiredOrder Wire(WrittenOrder order, byte[] settings)
    {
        JsonElement answer = Core.Wire(settings, order, out byte[] body);
        return new WiredOrder(body, answer);
    }
}
