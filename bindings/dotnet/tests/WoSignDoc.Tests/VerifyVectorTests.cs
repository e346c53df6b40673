using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>The signed documents of vectors/, verified from memory, from a file, and while they are received.</summary>
public sealed class VerifyVectorTests
{
    /// Covers P-33: what proves a contract is inside it.
    [Test]
    public void Documents() => Vectors.RunAll("verify.json", static (test, _) =>
    {
        string path = Signed.Path(test.GetProperty("document").GetString()!);
        byte[] document = File.ReadAllBytes(path);
        AssertReport(test, () => DocumentVerifier.Verify(document, Options(test)));
        AssertReport(test, () => DocumentVerifier.VerifyFile(path, Options(test)));
        AssertPush(test, document);
    });

    private static VerifyOptions Options(JsonElement test) =>
        VerifyOptions.FromJson(test.GetProperty("options").GetRawText());

    private static void AssertReport(JsonElement test, Func<VerificationReport> verify)
    {
        try
        {
            AssertReport(test, verify());
        }
        catch (WoSignDocException exception)
        {
            VectorTests.AssertError(test, exception);
        }
    }

    private static void AssertReport(JsonElement test, VerificationReport report)
    {
        Assert.That(Word(report.Verdict), Is.EqualTo(VectorTests.Expected(test, "verdict").GetString()));
        Assert.That(Word(report.State), Is.EqualTo(VectorTests.Expected(test, "state").GetString()));
        Assert.That(report.IsValid, Is.EqualTo(Word(report.Verdict) == "valid"));
        Assert.That(
            report.Reasons.Select(static one => one.Code).Distinct().OrderBy(static code => code, StringComparer.Ordinal),
            Is.EqualTo(VectorTests.Expected(test, "reasons").EnumerateArray().Select(static one => one.GetString())));
    }

    private static void AssertPush(JsonElement test, byte[] document)
    {
        try
        {
            ReceivedPush push = PushReceiver.Receive(
                Pushes.Signed(document), new PushOptions { Verify = Options(test) });
            AssertReport(test, push.Report!);
            Assert.That(push.Report!.IsValid, Is.True, "it was taken");
        }
        catch (UntrustedException exception)
        {
            Assert.That(
                (exception.Reason, exception.AnswerStatus, exception.QuarantinePath),
                Is.EqualTo(("document_untrusted", 400, (string?)null)));
            AssertReport(test, exception.Report!);
            Assert.That(exception.Report!.IsValid, Is.False, "it was refused");
        }
        catch (InvalidCallException exception)
        {
            // What a receiver says otherwise than the verifier stands by itself, with its own names of settings.
            bool otherwise = test.TryGetProperty("push", out JsonElement push);
            JsonElement expected = otherwise ? push.GetProperty("error") : VectorTests.Expected(test, "error");
            Assert.That(exception.Reason, Is.EqualTo(expected.GetProperty("reason").GetString()));
            string field = (otherwise ? string.Empty : "verify.") + expected.GetProperty("field").GetString();
            Assert.That(exception.Field, Is.EqualTo(field));
            return;
        }

        Assert.That(test.TryGetProperty("push", out _), Is.False, "the receiver was opened");
    }

    private static string Word(Enum value) => value.ToString().ToLowerInvariant();
}
