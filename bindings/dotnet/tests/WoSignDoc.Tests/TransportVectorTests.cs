using System.Text;
using System.Text.Json;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>The cases of vectors/ about orders and answers, sent through an HTTP client.</summary>
public sealed class TransportVectorTests
{
    /// Covers P-5, P-10, P-14: what a handler is given is what the library would send.
    [Test]
    public void Wire() => Vectors.RunAll("wire.json", static (test, _) =>
    {
        byte[] sent = [];
        try
        {
            Send(test, StubHandler.Answering(200, Encoding.ASCII.GetBytes("""{"status":1}"""), body => sent = body));
            string expected = Encoding.UTF8.GetString(Vectors.Body(VectorTests.Expected(test, "body")));
            Assert.That(Encoding.UTF8.GetString(sent), Is.EqualTo(expected));
        }
        catch (WoSignDocException exception)
        {
            VectorTests.AssertError(test, exception);
            Assert.That(sent, Is.Empty);
        }
    });

    /// Covers P-20, P-21, P-22: answers mean what they mean to the library.
    [Test]
    public void Answers() => Vectors.RunAll("answers.json", static (test, _) =>
    {
        int status = test.GetProperty("http_status").GetInt32();
        try
        {
            using WoSignDocClient client =
                Senders.Of(StubHandler.Answering(status, Vectors.Body(test.GetProperty("body"))));
            SignOrderResult result = client.Create(Orders.Person());
            JsonElement expected = VectorTests.Expected(test, "result");
            Assert.That(
                result.SignId, Is.EqualTo(expected.TryGetProperty("signid", out JsonElement id) ? id.GetString() : null));
        }
        catch (WoSignDocException exception)
        {
            VectorTests.AssertError(test, exception);
        }
    });

    private static void Send(JsonElement test, StubHandler handler)
    {
        OrderSettings settings = VectorTests.Settings(test);
        var options = new WoSignDocOptions
        {
            Endpoint = "https://sign.example/",
            TokenId = settings.TokenId.Length > 0 ? settings.TokenId : "T-1",
            AllowEmptyMaterial = settings.AllowEmptyMaterial,
        };
        using WoSignDocClient client = Senders.Of(handler, options);
        client.CreateJson(VectorTests.Order(test), VectorTests.Attachments(test));
    }
}
