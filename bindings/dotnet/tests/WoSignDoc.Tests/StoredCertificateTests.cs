using System;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>Certificates of a certificate store: here that of a user, whose home the tests have made.</summary>
public sealed class StoredCertificateTests
{
    private const string Mine = "CurrentUser/My";

#if NET
    /// <summary>As the README does it, whose words these are.</summary>
    [OneTimeSetUp]
    public void Fill()
    {
        (string file, string passphrase) = (Certificates.ClientFile, "x");
        // [store]
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12FromFile(
            file, passphrase, X509KeyStorageFlags.PersistKeySet); // .NET 8: new X509Certificate2(file, …)
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        store.Add(certificate);
        Console.WriteLine(certificate.Thumbprint);
        // [/store]
    }

    /// <summary>So the usual store is never right there.</summary>
    [Test]
    public void Linux_has_no_store_of_the_machine()
    {
        Assume.That(OperatingSystem.IsLinux());
        InvalidCallException exception = Assert.Throws<InvalidCallException>(
            () => Client("LocalMachine/My", Certificates.OfClient.Thumbprint))!;
        Assert.That((exception.Reason, exception.Field), Is.EqualTo(("identity_unreadable", "Transport.Store")));
        Assert.That(exception.Advice, Does.Contain("CurrentUser/My"));
    }

    /// <summary>As people write a thumbprint: copied from the certificate's details it has an invisible character.</summary>
    [Test]
    public void An_order_is_sent_by_thumbprint()
    {
        string pairs = string.Join(" ", Enumerable.Range(0, 20).Select(
            static at => Certificates.OfClient.Thumbprint.Substring(at * 2, 2).ToLowerInvariant()));
        foreach (string store in new[] { Mine, "currentuser\\my" })
        {
            using WoSignDocClient client = Client(store, "\u200E" + pairs);
            Assert.That(client.About.CertificateSubject, Is.EqualTo("CN=WoSignDoc sandbox client"));
            Assert.That(client.Create(Orders.Person()).SignId, Is.Not.Null);
        }
    }

    [Test]
    public void What_is_not_there_is_told_with_its_store()
    {
        string none = new('A', 40);
        InvalidCallException exception = Assert.Throws<InvalidCallException>(() => Client(Mine, none))!;
        Assert.That((exception.Reason, exception.Field), Is.EqualTo(("identity_no_certificate", "Transport.Thumbprint")));
        Assert.That(exception.Message, Does.Contain(Mine).And.Contain(none).And.Contain("among 1").And.Contain("certlm.msc"));
        Assert.That(exception.MessageZh, Does.Contain(Mine));
    }
#else
    [Test]
    public void Mono_has_no_store_of_keys() => TestContext.Progress.WriteLine(
        "Mono keeps no private key of an elliptic curve in its stores, so orders by thumbprint are tried on .NET only");
#endif

    /// <summary>The usual mistake: a person's own store, and a service that looks into the machine's.</summary>
    [Test]
    public void A_certificate_in_the_other_store_is_told()
    {
        X509Certificate2 certificate = Certificates.OfClient;
        InvalidCallException exception = Assert.Throws<InvalidCallException>(() => StoredCertificate.Find(
            null, certificate.Thumbprint, (location, _) => location == StoreLocation.CurrentUser ? [certificate] : []))!;
        Assert.That(exception.Message, Does.Contain("LocalMachine/My").And.Contain("CurrentUser/My does"));
        Assert.That(exception.MessageZh, Does.Contain("CurrentUser/My 中有"));
    }

    [TestCase("My", "AA", "bad_option", "Transport.Store")]
    [TestCase("Nobody/My", "AA", "bad_option", "Transport.Store")]
    [TestCase("1/My", "AA", "bad_option", "Transport.Store")]
    [TestCase(Mine, "AA", "bad_option", "Transport.Thumbprint")]
    [TestCase(Mine, null, "missing_option", "Transport.Thumbprint")]
    public void What_cannot_be_read_is_named(string store, string? thumbprint, string reason, string field)
    {
        InvalidCallException exception = Assert.Throws<InvalidCallException>(() => Client(store, thumbprint))!;
        Assert.That((exception.Reason, exception.Field), Is.EqualTo((reason, field)));
    }

    [Test]
    public void A_store_that_cannot_be_opened_is_named()
    {
        InvalidCallException exception = Assert.Throws<InvalidCallException>(() => StoredCertificate.Find(
            "LocalMachine/Other", new string('A', 40), static (_, _) => throw new CryptographicException("no such store")))!;
        Assert.That((exception.Reason, exception.Field), Is.EqualTo(("identity_unreadable", "Transport.Store")));
        Assert.That(exception.Message, Does.Contain("LocalMachine/Other").And.Contain("no such store"));
    }

    [Test]
    public void A_certificate_that_is_not_valid_now_is_told()
    {
        using X509Certificate2 certificate = Certificates.New(days: 10);
        Assert.That(Reason(certificate, DateTime.Now), Is.EqualTo("none"));
        Assert.That(Reason(certificate, DateTime.Now.AddDays(11)), Is.EqualTo("identity_expired"));
        Assert.That(Reason(certificate, DateTime.Now.AddDays(-1)), Is.EqualTo("identity_not_yet_valid"));
        using X509Certificate2 bare = Certificates.WithoutKey(certificate);
        Assert.That(Reason(bare, DateTime.Now), Is.EqualTo("identity_no_key"));

        WoSignDocOptions options = WoSignDocOptions.FromFile(Platform.One.ClientJson);
        options.Transport.UseCertificate(bare);
        Assert.That(
            Assert.Throws<InvalidCallException>(() => new WoSignDocClient(options))!.Advice, Does.Contain(".pfx"));
        PreflightReport report = PreflightReport.For(options);
        Assert.That(
            report.Checks.Single(static one => one.Level == PreflightLevel.Error).Name, Is.EqualTo("key"));

        options = WoSignDocOptions.FromFile(Platform.One.ClientJson);
        options.Transport.UseCertificate(certificate);
        Assert.That(
            PreflightReport.For(options).Checks.Single(static one => one.Name == "expiry").Level,
            Is.EqualTo(PreflightLevel.Warning), "ten days are left");
    }

    [Test]
    public void A_key_that_this_process_may_not_use_is_told_with_the_right_to_give()
    {
        InvalidCallException exception = Assert.Throws<InvalidCallException>(() => ClientCertificate.Check(
            Certificates.OfClient, DateTime.Now, static _ => throw new CryptographicException("Keyset does not exist")))!;
        Assert.That(exception.Reason, Is.EqualTo("identity_unreadable"));
        Assert.That(
            exception.Message,
            Does.Contain("Keyset does not exist").And.Contain("Manage Private Keys").And.Contain("IIS AppPool"));
        Assert.That(exception.AdviceZh, Does.Contain("Manage Private Keys"));
    }

    private static string Reason(X509Certificate2 certificate, DateTime now)
    {
        try
        {
            ClientCertificate.Check(certificate, now, static _ => { });
            return "none";
        }
        catch (InvalidCallException exception)
        {
            return exception.Reason;
        }
    }

    private static WoSignDocClient Client(string store, string? thumbprint)
    {
        WoSignDocOptions options = WoSignDocOptions.FromFile(Platform.One.ClientJson);
        options.Transport.Store = store;
        options.Transport.Thumbprint = thumbprint;
        return new WoSignDocClient(options);
    }
}
