using System.Globalization;
using System.Linq;
using System.Threading;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>Codes are written the same in every culture, so that logs can be searched for them.</summary>
public sealed class CultureTests
{
    private CultureInfo _before = CultureInfo.InvariantCulture;

    [SetUp]
    public void WriteOtherMinusSigns()
    {
        _before = Thread.CurrentThread.CurrentCulture;
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NegativeSign = "\u2212"; // As in Sweden.
        Thread.CurrentThread.CurrentCulture = other;
    }

    [TearDown]
    public void WriteAsBefore() => Thread.CurrentThread.CurrentCulture = _before;

    [Test]
    public void Codes_have_a_plain_minus()
    {
        InvalidOrderException order =
            Assert.Throws<InvalidOrderException>(static () => OrderCheck.Validate(new SignOrder(string.Empty)))!;
        PlatformException refusal = Assert.Throws<PlatformException>(
            static () => OrderCheck.ReadAnswer(200, """{"status":0,"errorcode":-65}"""u8))!;
        ReceivedPush push = PushReceiver.Receive(Pushes.Failed());
        Assert.Multiple(() =>
        {
            Assert.That(order.Message, Does.Contain("[-55] orderNumber"));
            Assert.That(order.Violations.Select(static one => one.ToString()), Has.Some.StartWith("[-55] orderNumber"));
            Assert.That(refusal.Message, Does.StartWith("[-65] "));
            Assert.That(push.ToString(), Is.EqualTo("order A-1 failed: -50&-61"));
            Assert.That(push.Errors[0].ToString(), Does.StartWith("[-50] "));
            Assert.That(ErrorReader.Read(-99, default).Message, Does.Contain("-99"));
        });
    }
}
