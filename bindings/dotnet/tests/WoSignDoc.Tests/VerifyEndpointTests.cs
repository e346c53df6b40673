using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>An endpoint that verifies refuses what a stranger signed, before the site's function sees it.</summary>
public sealed class VerifyEndpointTests
{
    private readonly Notes _log = new();
    private readonly List<ReceivedPush> _seen = [];
    private string _folder = string.Empty;
    private string _quarantine = string.Empty;

    [SetUp]
    public void Begin()
    {
        _log.Lines.Clear();
        _seen.Clear();
        _folder = Repository.NewFolder();
        _quarantine = Path.Combine(Repository.NewFolder(), "aside");
    }

    [TearDown]
    public void Nothing_is_left() => Assert.That(Directory.GetFileSystemEntries(_folder), Is.Empty);

    /// Covers P-33: a forged contract is refused and kept aside, and the right one is taken.
    [Test]
    public void A_strangers_document_is_refused_and_kept()
    {
        PushEndpoint endpoint = Endpoint();
        PushAnswer answer = TestPush.SignedDocument("A-1", Signed.Stranger).PostTo(endpoint);
        Assert.That((answer.StatusCode, answer.Body), Is.EqualTo((400, "not acknowledged: document_untrusted")));
        Assert.That(_seen, Is.Empty, "it reached the function");

        string kept = Path.Combine(_quarantine, Pushes.Sha256(Signed.Stranger));
        Assert.That(File.ReadAllBytes(kept + ".pdf"), Is.EqualTo(Signed.Stranger));
        JsonNode facts = JsonNode.Parse(File.ReadAllText(kept + ".json"))!;
        Assert.That(facts["ordernumber"]!.GetValue<string>(), Is.EqualTo("A-1"));
        Assert.That(facts["report"]!["verdict"]!.GetValue<string>(), Is.EqualTo("invalid"));
        Assert.That(_log.Lines, Has.Count.EqualTo(1));
        Assert.That(_log.Lines[0], Does.StartWith("Push refused: document_untrusted: invalid (untrusted"));
        Assert.That(_log.Lines[0], Does.Contain($"kept: {kept}.pdf").And.Not.Contain(Signed.Name).And.Not.Contain("CN="));

        Assert.That(TestPush.SignedDocument("A-1", Signed.Valid).PostTo(endpoint).Body, Is.EqualTo("1"));
        ReceivedPush push = _seen.Single();
        Assert.That(push.Report!.IsValid, Is.True);
        Assert.That(push.Report.Signatures[0].Signer!.Name, Is.EqualTo(Signed.Name));
        Assert.That(Directory.GetFiles(_quarantine), Has.Length.EqualTo(2));
    }

    /// <summary>That an order failed nothing proves, and there is nothing to verify.</summary>
    [Test]
    public void A_failed_order_comes_through()
    {
        Assert.That(TestPush.FailedOrder("A-1", -50).PostTo(Endpoint()).Body, Is.EqualTo("1"));
        Assert.That((_seen.Single().Failed, _seen[0].Report), Is.EqualTo((true, (VerificationReport?)null)));
        Assert.Throws<InvalidOperationException>(() => _seen[0].Verify(Signed.Trusting()));
    }

    [Test]
    public void A_full_quarantine_refuses_all_the_same()
    {
        PushEndpoint endpoint = Endpoint(maxFiles: 1);
        TestPush.SignedDocument("A-1", Signed.Stranger).PostTo(endpoint);
        byte[] broken = File.ReadAllBytes(Signed.Path("broken.pdf"));
        Assert.That(TestPush.SignedDocument("A-1", broken).PostTo(endpoint).StatusCode, Is.EqualTo(400));
        Assert.That(_log.Lines[1], Does.Contain("kept: no (quarantine.max_files: "));
        Assert.That(Directory.GetFiles(_quarantine, "*.pdf"), Has.Length.EqualTo(1));
    }

    [Test]
    public void The_exception_has_the_report_and_where_the_document_is()
    {
        PushOptions options = Options().Push;
        var exception = Assert.Throws<UntrustedException>(
            () => PushReceiver.Receive(Pushes.Signed(Signed.Stranger), options))!;
        Assert.That((exception.Reason, exception.Kind), Is.EqualTo(("document_untrusted", ErrorKind.Untrusted)));
        Assert.That(exception.Report!.Signatures[0].Trust.Value, Is.EqualTo(SignerTrust.Untrusted));
        string kept = Path.Combine(_quarantine, Pushes.Sha256(Signed.Stranger) + ".pdf");
        Assert.That(exception.QuarantinePath, Is.EqualTo(kept));
        Assert.That(exception.QuarantineError, Is.Null);
        Assert.That(exception.ToString(), Does.Contain("untrusted").And.Not.Contain(Signed.Name));

        options.Quarantine!.Folder = Path.Combine(Signed.RootFile, "folder");
        exception = Assert.Throws<UntrustedException>(
            () => PushReceiver.Receive(Pushes.Signed(Signed.Stranger), options))!;
        Assert.That(exception.QuarantinePath, Is.Null);
        Assert.That(exception.QuarantineError!.Reason, Is.EqualTo("file_unwritable"));
        Assert.That(exception.QuarantineError, Is.InstanceOf<FileException>());

        options.Verify = null;
        options.Quarantine = null;
        options.ExpectedOrderNumber = "A-2";
        exception = Assert.Throws<UntrustedException>(
            () => PushReceiver.Receive(Pushes.Signed(Signed.Stranger), options))!;
        Assert.That((exception.Reason, exception.Report), Is.EqualTo(("unexpected_order", (VerificationReport?)null)));
    }

    /// <summary>Names that the order demands are known to the site's function alone.</summary>
    [Test]
    public void A_function_may_demand_the_signers_of_its_order()
    {
        var order = new SignOrder("A-1") { Signers = { Signer.Person("李明", "11010519491231002X") } };
        var endpoint = new PushEndpoint(
            (push, _) =>
            {
                VerifyOptions options = Signed.Trusting();
                options.Order = order;
                VerificationReport report = push.Verify(options);
                return report.IsValid ? Task.CompletedTask : throw new InvalidOperationException(report.ToString());
            },
            Options(),
            _log);
        TestPush push = TestPush.SignedDocument("A-1", Signed.Valid);
        Assert.That(push.PostTo(endpoint).Body, Is.EqualTo("not acknowledged: not_stored"));
        Assert.That(_log.Lines.Single(), Does.Contain("signer_missing").And.Not.Contain("李明"));
        order.Signers[0] = Signer.Organisation(Signed.Name, "91350100M000100Y43");
        Assert.That(push.PostTo(endpoint).Body, Is.EqualTo("1"));
    }

    /// <summary>A setting that is wrong would let every contract be refused.</summary>
    [Test]
    public void A_wrong_setting_is_said_before_the_first_push()
    {
        PushEndpointOptions options = Options();
        string root = Path.Combine(Repository.NewFolder(), "root.pem");
        options.Push.Verify!.RootFiles.Add(root);
        var exception = Assert.Throws<InvalidCallException>(() => _ = Endpoint(options))!;
        Assert.That(exception.Field, Is.EqualTo("verify.roots.ca_file"));
        File.Copy(Signed.RootFile, root);
        PushEndpoint endpoint = Endpoint(options);
        Assert.DoesNotThrowAsync(() => endpoint.CheckAsync());
        File.Delete(root);
        Assert.ThrowsAsync<InvalidCallException>(() => endpoint.CheckAsync());

        options.Push.Verify = null;
        exception = Assert.Throws<InvalidCallException>(() => _ = Endpoint(options))!;
        Assert.That(exception.Field, Is.EqualTo("quarantine"));
    }

    /// <summary>A function under test gets what the endpoint would give it.</summary>
    [Test]
    public void A_test_push_is_verified_as_the_endpoint_does()
    {
        PushOptions options = Options().Push;
        TestPush push = TestPush.SignedDocument("A-1", Signed.Valid);
        Assert.That(push.Receive(options).Report!.IsValid, Is.True);
        Assert.That(push.Receive().Report, Is.Null);
        ReceivedPush inFile = push.ReceiveToFile(Path.Combine(Repository.NewFolder(), "in.pdf"), options);
        Assert.That(inFile.Report!.IsValid, Is.True);
        Assert.That(inFile.Verify(Signed.Trusting()).Document!.Sha256, Is.EqualTo(inFile.Sha256));
        Assert.Throws<UntrustedException>(() => TestPush.SignedDocument("A-1", [1, 2, 3]).Receive(options));
    }

    private PushEndpointOptions Options(long? maxFiles = null) => new()
    {
        Folder = _folder,
        Push =
        {
            Verify = Signed.Trusting(),
            Quarantine = new QuarantineOptions { Folder = _quarantine, MaxFiles = maxFiles },
        },
    };

    private PushEndpoint Endpoint(PushEndpointOptions? options = null, long? maxFiles = null) => new(
        (push, _) =>
        {
            _seen.Add(push);
            return Task.CompletedTask;
        },
        options ?? Options(maxFiles),
        _log);
}
