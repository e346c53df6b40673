using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>The language-neutral cases of vectors/, through the public types.</summary>
public sealed class VectorTests
{
    private static readonly int[] PieceLengths = [1, 7, 64 * 1024];

    /// Covers P-5, P-10, P-14: orders, and the request body they become.
    [Test]
    public void Wire() => Vectors.RunAll("wire.json", static (test, _) =>
    {
        try
        {
            WiredOrder wired = OrderCheck.WireJson(Order(test), Attachments(test), Settings(test));
            Assert.That(Text(wired.Body.ToArray()), Is.EqualTo(Text(Vectors.Body(Expected(test, "body")))));
            AssertWarnings(test, wired.Warnings);
        }
        catch (WoSignDocException exception)
        {
            AssertError(test, exception);
        }
    });

    /// Covers P-11, P-12, P-13, P-15, P-16, P-17, P-18, P-19: orders, and what is wrong with them.
    [Test]
    public void Violations() => Vectors.RunAll("violations.json", static (test, _) =>
    {
        try
        {
            IReadOnlyList<OrderWarning> warnings =
                OrderCheck.ValidateJson(Order(test), Attachments(test), Settings(test));
            Assert.That(Expected(test, "violations").GetArrayLength(), Is.Zero, "violations were expected");
            AssertWarnings(test, warnings);
        }
        catch (InvalidOrderException exception) when (test.GetProperty("expect").TryGetProperty("violations", out _))
        {
            string[] expected = Pairs(Expected(test, "violations"));
            string[] found = [.. exception.Violations.Select(static one => $"{one.Code} {one.Field}")];
            Assert.That(found, Is.EquivalentTo(expected));
            AssertSays(test, exception.Violations);
            Assert.That(Codes(found), Is.EqualTo(Codes(expected)), "the platform's order of checks");
            AssertWarnings(test, exception.Warnings);
        }
        catch (WoSignDocException exception)
        {
            AssertError(test, exception);
        }
    });

    /// Covers P-20, P-21, P-22: answers to an order.
    [Test]
    public void Answers() => Vectors.RunAll("answers.json", static (test, _) =>
    {
        try
        {
            SignOrderResult result = OrderCheck.ReadAnswer(
                test.GetProperty("http_status").GetInt32(), Vectors.Body(test.GetProperty("body")));
            foreach (JsonProperty field in Expected(test, "result").EnumerateObject())
            {
                string? found = field.Name switch
                {
                    "signid" => result.SignId,
                    "orderNumber" or "ordernumber" => result.OrderNumber,
                    _ => throw new AssertionException($"unknown field {field.Name}"),
                };
                Assert.That(found, Is.EqualTo(field.Value.GetString()), field.Name);
            }
        }
        catch (WoSignDocException exception)
        {
            AssertError(test, exception);
        }
    });

    /// Covers P-5, P-6, P-30, P-31, P-32, P-33: pushes, whole and in pieces of every kind.
    [Test]
    public void PushBodies() => Vectors.RunAll("pushes.json", static (test, _) =>
    {
        byte[] body = Vectors.Body(test.GetProperty("body"));
        AssertPush(test, () => PushReceiver.Receive(body, Vectors.PushOptionsOf(test)));
        foreach (int length in PieceLengths)
        {
            AssertPush(test, () =>
            {
                using PushReceiver receiver = PushReceiver.ToMemory(Vectors.PushOptionsOf(test));
                for (int at = 0; at < body.Length; at += length)
                {
                    receiver.Feed(body.AsSpan(at, Math.Min(length, body.Length - at)));
                }

                return receiver.Finish();
            });
        }
    });

    private static void AssertPush(JsonElement test, Func<ReceivedPush> receive)
    {
        ReceivedPush push;
        try
        {
            push = receive();
        }
        catch (WoSignDocException exception)
        {
            AssertError(test, exception);
            return;
        }

        foreach (JsonProperty field in Expected(test, "result").EnumerateObject())
        {
            AssertField(push, field);
        }

        if (!push.Failed)
        {
            byte[] document = push.Document.ToArray();
            Assert.That(document, Has.Length.EqualTo(push.Length));
            Assert.That(Pushes.Sha256(document), Is.EqualTo(push.Sha256));
        }
    }

    private static void AssertField(ReceivedPush push, JsonProperty field)
    {
        JsonElement value = field.Value;
        switch (field.Name)
        {
            case "status":
                Assert.That(push.Failed, Is.EqualTo(value.GetInt32() == 0));
                break;
            case "errorcodes":
                Assert.That(push.ErrorCodes, Is.EqualTo(value.EnumerateArray().Select(static one => one.GetInt32())));
                break;
            case "unread_errorcode":
                Assert.That(push.UnreadErrorCode, Is.EqualTo(value.GetString()));
                break;
            case "signid":
                Assert.That(push.SignId, Is.EqualTo(value.GetString()));
                break;
            case "ordernumber":
                Assert.That(push.OrderNumber, Is.EqualTo(value.GetString()));
                break;
            case "hash" when value.ValueKind == JsonValueKind.Null:
                Assert.That(push.HashAlgorithm, Is.Null);
                break;
            case "hash":
                Assert.That(push.HashAlgorithm, Is.EqualTo(value.GetProperty("algorithm").GetString()));
                Assert.That(push.HashEncoding, Is.EqualTo(value.GetProperty("encoding").GetString()));
                break;
            case "sha256":
                Assert.That(push.Sha256, Is.EqualTo(value.GetString()));
                break;
            case "delivery_key":
                Assert.That(push.DeliveryKey, Is.EqualTo(value.GetString()));
                break;
            case "length":
                Assert.That(push.Length, Is.EqualTo(value.GetInt64()));
                break;
            default:
                throw new AssertionException($"unknown field {field.Name}");
        }
    }

    internal static void AssertError(JsonElement test, WoSignDocException exception)
    {
        if (!test.GetProperty("expect").TryGetProperty("error", out JsonElement expected))
        {
            throw new AssertionException($"no error was expected, but {exception.Reason}: {exception.Message}");
        }

        foreach (JsonProperty field in expected.EnumerateObject())
        {
            object? found = field.Name switch
            {
                "kind" => KindWord(exception.Kind),
                "reason" => exception.Reason,
                "code" => exception.Code,
                "field" => exception.Field,
                "message" => exception.MessageEn,
                "message_zh" => exception.MessageZh,
                "retry" => exception.Retry,
                "may_have_arrived" => exception.MayHaveArrived,
                "http_status" => exception.HttpStatus,
                "body_start" => exception.BodyStart,
                _ => throw new AssertionException($"unknown field {field.Name}"),
            };
            object? value = field.Value.ValueKind switch
            {
                JsonValueKind.Number => field.Value.GetInt32(),
                JsonValueKind.True or JsonValueKind.False => field.Value.GetBoolean(),
                _ => field.Value.GetString(),
            };
            Assert.That(found, Is.EqualTo(value), field.Name);
        }
    }

    private static string KindWord(ErrorKind kind) =>
        kind == ErrorKind.InvalidOrder ? "invalid_order" : kind.ToString().ToLowerInvariant();

    private static void AssertWarnings(JsonElement test, IReadOnlyList<OrderWarning> warnings)
    {
        if (test.GetProperty("expect").TryGetProperty("warnings", out JsonElement expected))
        {
            Assert.That(warnings.Select(static one => $"{one.Word} {one.Field}"), Is.EquivalentTo(Pairs(expected)));
        }
    }

    private static void AssertSays(JsonElement test, IReadOnlyList<Violation> violations)
    {
        if (test.GetProperty("expect").TryGetProperty("says", out JsonElement expected))
        {
            foreach (JsonElement pair in expected.EnumerateArray())
            {
                Assert.That(violations.Select(static one => one.Message), Has.Some.Contain(pair[0].GetString()));
                Assert.That(violations.Select(static one => one.MessageZh), Has.Some.Contain(pair[1].GetString()));
            }
        }
    }

    internal static JsonElement Expected(JsonElement test, string name) =>
        test.GetProperty("expect").TryGetProperty(name, out JsonElement value)
            ? value
            : throw new AssertionException($"it succeeded, but expected was {test.GetProperty("expect").GetRawText()}");

    private static string[] Pairs(JsonElement pairs) =>
        [.. pairs.EnumerateArray().Select(static pair => $"{pair[0]} {pair[1]}")];

    private static string[] Codes(string[] pairs) => [.. pairs.Select(static pair => pair.Split(' ')[0])];

    internal static string Order(JsonElement test)
    {
        JsonElement order = test.GetProperty("order");
        return order.ValueKind == JsonValueKind.Object ? order.GetRawText() : Text(Vectors.Body(order));
    }

    internal static List<ReadOnlyMemory<byte>> Attachments(JsonElement test) =>
        test.TryGetProperty("attachments", out JsonElement list)
            ? [.. list.EnumerateArray().Select(static one => (ReadOnlyMemory<byte>)one.GetBytesFromBase64())]
            : [];

    internal static OrderSettings Settings(JsonElement test)
    {
        var settings = new OrderSettings();
        if (test.TryGetProperty("settings", out JsonElement given))
        {
            foreach (JsonProperty field in given.EnumerateObject())
            {
                switch (field.Name)
                {
                    case "tokenid":
                        settings.TokenId = field.Value.GetString()!;
                        break;
                    case "allow_empty_material":
                        settings.AllowEmptyMaterial = field.Value.GetBoolean();
                        break;
                    default:
                        throw new AssertionException($"unknown setting {field.Name}");
                }
            }
        }

        return settings;
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
