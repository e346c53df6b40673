using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>What a site says about trust reaches the native library, and what that finds comes back typed.</summary>
public sealed class VerifyTests
{
    [Test]
    public void A_report_says_what_was_found()
    {
        VerificationReport report = DocumentVerifier.Verify(Signed.Valid, Signed.Trusting());
        Assert.That((report.IsValid, report.State), Is.EqualTo((true, DocumentState.Intact)));
        VerificationReason reason = report.Reasons[0];
        Assert.That(
            (reason.Code, reason.Then, reason.Signature),
            Is.EqualTo(("revocation_unknown", Consequence.Accept, "Seal")));
        Assert.That(reason.Message, Does.Contain("was revoked"));
        Assert.That(reason.MessageZh, Does.Contain("吊销"));
        DocumentFacts document = report.Document!;
        Assert.That(document.Sha256, Is.EqualTo(Pushes.Sha256(Signed.Valid)));
        Assert.That(
            (document.Size, document.Pages, document.Revisions, document.Encrypted, document.Certification),
            Is.EqualTo(((long)Signed.Valid.Length, (int?)1, 1, false, (int?)null)));
        Assert.That((report.Signers, report.Sent), Is.EqualTo(((SignersReport?)null, (SentReport?)null)));
        Assert.That(JsonNode.Parse(report.Json)!["verdict"]!.GetValue<string>(), Is.EqualTo("valid"));
    }

    [Test]
    public void Each_signature_has_its_findings()
    {
        SignatureReport one = DocumentVerifier.VerifyFile(Signed.Path("valid.pdf"), Signed.Trusting()).Signatures.Single();
        Assert.That(
            (one.Field, one.Kind, one.SubFilter),
            Is.EqualTo(("Seal", SignatureKind.Signature, "ETSI.CAdES.detached")));
        Assert.That(one.Page, Is.EqualTo(1));
        Assert.That(one.Box, Is.EqualTo(new double[] { 10, 20, 110, 70 }));
        Assert.That(
            (one.Integrity.Value, one.Trust.Value, one.Revocation.Value),
            Is.EqualTo((SignatureIntegrity.Ok, SignerTrust.Trusted, Revocation.Unknown)));
        Assert.That(
            (one.Coverage.Value, one.Changes.Value), Is.EqualTo((SignatureCoverage.WholeFile, ChangesSince.None)));
        Assert.That(one.Coverage.Word, Is.EqualTo("whole_file"));
        Assert.That(one.Revocation.Reasons[0].MessageZh, Does.Contain("吊销"));
        Assert.That(one.ClaimedTime!.Time, Is.EqualTo(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.That(one.ClaimedTime.Source, Is.EqualTo("signing_time"));
        Assert.That(one.ProvenTime, Is.Null);
        Assert.That(one.JudgedAt, Is.EqualTo(Signed.Trusting().At));
        SignatureAlgorithms algorithms = one.Algorithms!;
        Assert.That(
            (algorithms.Digest, algorithms.Key, algorithms.Bits, algorithms.Curve),
            Is.EqualTo(("sha256", "ec", (int?)256, "P-256")));
        Assert.That((one.SignedEnd, one.TimeStamp), Is.EqualTo(((long?)Signed.Valid.Length, (TimeStampReport?)null)));
        Assert.That(one.Warnings, Is.Empty);
        SigningCertificate signer = one.Signer!;
        Assert.That((signer.Name, signer.Issuer), Is.EqualTo((Signed.Name, "CN=Example Root")));
        Assert.That(Pushes.Sha256(signer.Der.ToArray()), Is.EqualTo(signer.Sha256));
        using X509Certificate2 certificate = Certificates.Of(signer.Der.ToArray());
        Assert.That(certificate.NotAfter.ToUniversalTime(), Is.EqualTo(signer.NotAfter!.Value.UtcDateTime));
        Assert.That(one.Chain.Single().Subject, Is.EqualTo("CN=Example Root"));
    }

    [Test]
    public void What_was_changed_is_listed()
    {
        byte[] altered = File.ReadAllBytes(Signed.Path("altered.pdf"));
        SignatureReport one = DocumentVerifier.Verify(altered, Signed.Trusting()).Signatures[0];
        Assert.That(one.Changes.Value, Is.EqualTo(ChangesSince.NotPermitted));
        DocumentChange change = one.Changed.First(static one => one.Value == ChangesSince.NotPermitted);
        Assert.That(change.Kind, Is.Not.Empty);
        Assert.That(change.Message, Is.Not.Empty);
        Assert.That(change.MessageZh, Is.Not.Empty);
    }

    [Test]
    public void Roots_may_be_texts_and_several()
    {
        VerifyOptions options = Signed.Trusting();
        options.RootFiles.Clear();
        options.Roots.Add(File.ReadAllText(Platform.One.CaFile));
        Assert.That(DocumentVerifier.Verify(Signed.Valid, options).Verdict, Is.EqualTo(Verdict.Invalid));
        options.Roots.Add(File.ReadAllText(Signed.RootFile));
        Assert.That(DocumentVerifier.Verify(Signed.Valid, options).IsValid, Is.True);
        options.Roots.RemoveAt(1);
        options.RootFiles.Add(Signed.RootFile);
        Assert.That(DocumentVerifier.Verify(Signed.Valid, options).IsValid, Is.True);
    }

    /// <summary>What a person has looked at is trusted from then on, by the block or by its JSON.</summary>
    [Test]
    public void The_top_of_a_chain_can_be_trusted()
    {
        TrustReport trust = DocumentVerifier.TrustOf(Signed.Valid);
        Assert.That(trust.State, Is.EqualTo(DocumentState.Intact));
        Assert.That(trust.Trust.Single().Subject, Is.EqualTo("CN=Example Root"));
        Assert.That(DocumentVerifier.TrustOfFile(Signed.Path("valid.pdf")).Json, Is.EqualTo(trust.Json));
        var options = new VerifyOptions { Trust = { trust.Trust[0] }, At = Signed.Trusting().At };
        Assert.That(DocumentVerifier.Verify(Signed.Valid, options).IsValid, Is.True);
        Assert.That(
            DocumentVerifier.Verify(Signed.Stranger, options).Reasons.Select(static one => one.Code),
            Has.Member("issuer_changed"));
        VerifyOptions pasted = VerifyOptions.FromJson($$"""{"trust": {{trust.TrustJson}}, "at": "2026-06-01T00:00:00Z"}""");
        Assert.That(DocumentVerifier.Verify(Signed.Valid, pasted).IsValid, Is.True);
    }

    [Test]
    public void Policies_say_what_follows()
    {
        VerifyOptions options = Signed.Trusting();
        options.Preset = VerifyPreset.Strict;
        Assert.That(DocumentVerifier.Verify(Signed.Valid, options).Verdict, Is.EqualTo(Verdict.Indeterminate));
        options.Preset = null;
        options.Policy.UnknownRevocation = Consequence.Invalid;
        Assert.That(DocumentVerifier.Verify(Signed.Valid, options).Verdict, Is.EqualTo(Verdict.Invalid));
        options.Policy.UnknownRevocation = Consequence.Accept;
        options.At = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
        VerificationReport report = DocumentVerifier.Verify(Signed.Valid, options);
        Assert.That(report.IsValid, Is.False);
        Assert.That(report.Signatures[0].Trust.Value, Is.EqualTo(SignerTrust.Expired));
    }

    [Test]
    public void Signers_are_demanded_by_name_or_by_the_order()
    {
        VerifyOptions options = Signed.Trusting();
        options.Signers.Names.Add("云杉软件");
        Assert.That(DocumentVerifier.Verify(Signed.Valid, options).Verdict, Is.EqualTo(Verdict.Invalid));
        options.Signers.NameMatch = NameMatch.Contains;
        Assert.That(DocumentVerifier.Verify(Signed.Valid, options).IsValid, Is.True);
        options = Signed.Trusting();
        options.Order = new SignOrder("A-1")
        {
            Signers =
            {
                Signer.Organisation("云杉软件(示例)有限公司", "91350100M000100Y43"),
                Signer.Person("李明", "11010519491231002X"),
            },
        };
        SignersReport signers = DocumentVerifier.Verify(Signed.Valid, options).Signers!;
        Assert.That(signers.Complete, Is.False);
        Assert.That(signers.Required.Select(static one => one.Signature), Is.EqualTo(new[] { "Seal", null }));
        Assert.That(signers.Required[1].Name, Is.EqualTo("李明"));
        Assert.That(signers.Rule.Message, Is.Not.Empty);
        options.Order.Signers.RemoveAt(1);
        Assert.That(DocumentVerifier.Verify(Signed.Valid, options).IsValid, Is.True);
        options.Signers.NumberMatch = NumberMatch.Required;
        Assert.That(DocumentVerifier.Verify(Signed.Valid, options).IsValid, Is.False);
    }

    [Test]
    public void What_was_sent_is_compared()
    {
        VerifyOptions options = Signed.Trusting();
        options.Sent = Signed.Valid;
        Assert.That(DocumentVerifier.Verify(Signed.Valid, options).Sent!.Same, Is.True);
        options.Sent = null;
        options.SentFile = Repository.Example("contract.pdf");
        SentReport sent = DocumentVerifier.Verify(Signed.Valid, options).Sent!;
        Assert.That(sent.Same, Is.False);
        Assert.That(sent.Differences, Is.Not.Empty);
        options.Sent = Signed.Valid;
        var exception = Assert.Throws<InvalidCallException>(
            () => PushReceiver.ToMemory(new PushOptions { Verify = options }))!;
        Assert.That((exception.Reason, exception.Field), Is.EqualTo(("bad_option", "verify.sent")));
        options = VerifyOptions.FromJson("""{"sent": "none.pdf"}""");
        options.Sent = Signed.Valid;
        Assert.That(DocumentVerifier.Verify(Signed.Valid, options).Sent!.Same, Is.True);
    }

    /// <summary>What is set on top of a configuration drops nothing that stands beside it: lists grow.</summary>
    [Test]
    public void Settings_of_a_configuration_stay()
    {
        VerifyOptions options = VerifyOptions.FromJson("""
            {"roots": {"ca": "A"}, "trust": {"sha256": "00"}, "newer": 1, "policy": {"weak": "invalid", "sha1": true},
             "signers": {"count": 99, "names": "甲", "match": {"name": "contains"}}}
            """);
        options.Roots.Add("B");
        options.RootFiles.Add("b.pem");
        options.Trust.Add(new TrustBlock { Sha256 = "11" });
        options.Policy.RsaBits = 4096;
        options.Policy.Weak = Consequence.Accept;
        options.Signers.Names.Add("乙");
        options.Signers.NumberMatch = NumberMatch.Required;
        JsonNode expected = JsonNode.Parse("""
            {"roots": {"ca": ["A", "B"], "ca_file": ["b.pem"]}, "newer": 1,
             "trust": [{"sha256": "00"}, {"subject": null, "sha256": "11", "certificate": null}],
             "policy": {"weak": "accept", "sha1": true, "rsa_bits": 4096},
             "signers": {"count": 99, "names": ["甲", "乙"], "match": {"name": "contains", "number": "required"}}}
            """)!;
        JsonObject written = options.ToJson(null);
        Assert.That(JsonNode.DeepEquals(written, expected), Is.True, written.ToJsonString());
        Assert.That(JsonNode.DeepEquals(options.ToJson(null), expected), Is.True, "writing them leaves them as they were");
    }

    /// <summary>Every setting, by the native library's name.</summary>
    [Test]
    public void Settings_are_written_by_their_names()
    {
        VerifyOptions options = VerifyOptions.FromJson(
            """{"preset": "report", "signers": {"count": 1, "in_order": true}, "newer": 1}""");
        options.RootFiles.Add("a.pem");
        options.Roots.Add("PEM");
        options.Trust.Add(new TrustBlock { Subject = "CN=R", Sha256 = "00", Certificate = "MII" });
        options.Password = "p";
        options.At = new DateTimeOffset(2026, 6, 1, 8, 0, 0, TimeSpan.FromHours(8));
        options.Preset = VerifyPreset.Strict;
        options.Policy.UnknownRevocation = Consequence.Accept;
        options.Policy.Expired = options.Policy.Weak = Consequence.Indeterminate;
        options.Policy.Warnings = Consequence.Invalid;
        options.Policy.RsaBits = 1024;
        options.Policy.Sha1 = true;
        options.Signers.Names.Add("N");
        options.Signers.Count = 2;
        options.Signers.NameMatch = NameMatch.Exact;
        options.Signers.NumberMatch = NumberMatch.IfPresent;
        options.Signers.MatchDictionary = true;
        options.Order = new SignOrder("A-1") { Signers = { Signer.Organisation("O", "1"), Signer.Person("P", "2") } };
        options.SentFile = "sent.pdf";
        JsonNode expected = JsonNode.Parse("""
            {"path": "d.pdf", "roots": {"ca_file": ["a.pem"], "ca": ["PEM"]}, "newer": 1,
             "trust": [{"subject": "CN=R", "sha256": "00", "certificate": "MII"}], "password": "p",
             "at": "2026-06-01T00:00:00Z", "preset": "strict", "sent": "sent.pdf",
             "policy": {"unknown_revocation": "accept", "expired": "indeterminate", "weak": "indeterminate",
              "warnings": "invalid", "rsa_bits": 1024, "sha1": true},
             "signers": {"names": ["N"], "count": 2, "in_order": true,
              "match": {"name": "exact", "number": "if_present", "dictionary": true}},
             "order": {"signerlist": [{"signType": 1, "orgName": "O", "orgNo": "1"},
              {"signType": 2, "userName": "P", "userNo": "2"}]}}
            """)!;
        JsonObject written = options.ToJson("d.pdf");
        Assert.That(JsonNode.DeepEquals(written, expected), Is.True, written.ToJsonString());
        Assert.That(
            JsonNode.DeepEquals(options.ToJson("d.pdf"), expected), Is.True, "writing them leaves them as they were");
        Assert.That(new VerifyOptions().ToJson(null), Is.Empty);
    }

    [Test]
    public void A_wrong_setting_is_named()
    {
        static void Fails(string field, string reason, Action<VerifyOptions> change)
        {
            VerifyOptions options = Signed.Trusting();
            change(options);
            var exception = Assert.Catch<WoSignDocException>(() => DocumentVerifier.Verify(Signed.Valid, options))!;
            Assert.That((exception.Field, exception.Reason), Is.EqualTo((field, reason)));
            var receiving = new PushOptions { Verify = options };
            exception = Assert.Catch<WoSignDocException>(() => PushReceiver.ToMemory(receiving).Dispose())!;
            Assert.That(exception.Field, Is.EqualTo("verify." + field));
        }

        Fails("roots.ca_file", "roots_unreadable", static options => options.RootFiles.Add("none.pem"));
        Fails("roots.ca", "roots_unreadable", static options => options.Roots.Add("no PEM"));
        Fails("trust.sha256", "bad_option", static options => options.Trust.Add(new TrustBlock { Sha256 = "0" }));
        Fails("preset", "bad_option", static options => options.Preset = (VerifyPreset)9);
        Fails("policy.weak", "bad_option", static options => options.Policy.Weak = Consequence.Other);
        Fails("policy.rsa_bits", "bad_option", static options => options.Policy.RsaBits = 1);
        Fails("signers.count", "bad_option", static options => options.Signers.Count = -1);
        Fails("sent", "bad_option", static options => options.SentFile = "none.pdf");
    }

    [Test]
    public void Calls_that_cannot_be_made_say_why()
    {
        string none = Path.Combine(Repository.NewFolder(), "none.pdf");
        Assert.That(Assert.Throws<FileException>(() => DocumentVerifier.VerifyFile(none))!.Field, Is.EqualTo("path"));
        Assert.That(Assert.Throws<FileException>(() => DocumentVerifier.TrustOfFile(none))!.Field, Is.EqualTo("path"));
        Assert.That(
            Assert.Throws<InvalidCallException>(() => DocumentVerifier.Verify(default))!.Reason, Is.EqualTo("missing_option"));
        foreach (string json in new[] { "{", "[]", "1", "null" })
        {
            Assert.Throws<InvalidCallException>(() => VerifyOptions.FromJson(json), json);
        }

        Assert.That(DocumentVerifier.Verify(Signed.Valid, VerifyOptions.FromJson("\uFEFF{}")).IsValid, Is.False);
    }

    /// <summary>A library that is newer than the package may say more.</summary>
    [Test]
    public void Unknown_words_and_missing_fields_are_survived()
    {
        static VerificationReport Read(string json) => new(JsonDocument.Parse(json).RootElement);
        VerificationReport report = Read("""
            {"verdict": "splendid", "state": 1, "reasons": [{"code": "new", "then": "celebrate", "message": "x"}],
             "document": null, "signatures": [{"kind": "wax", "integrity": {"value": "so_so"}, "trust": {"value": "2"},
             "box": "none", "warnings": [{"en": "it is odd", "zh": "有些异常"}], "claimed_time": {"time": "later"}, "signer": {"certificate": "?"}}], "newer": {}}
            """);
        Assert.That((report.Verdict, report.IsValid, report.State), Is.EqualTo((Verdict.Other, false, DocumentState.Other)));
        Assert.That((report.Reasons[0].Code, report.Reasons[0].Then), Is.EqualTo(("new", Consequence.Other)));
        SignatureReport one = report.Signatures[0];
        Assert.That(
            (one.Kind, one.Integrity.Value, one.Integrity.Word),
            Is.EqualTo((SignatureKind.Other, SignatureIntegrity.Other, "so_so")));
        Assert.That((one.Trust.Value, one.Box?.Count), Is.EqualTo((SignerTrust.Other, (int?)null)));
        Assert.That((one.Warnings[0].ToString(), one.Warnings[0].MessageZh), Is.EqualTo(("it is odd", "有些异常")));
        Assert.That(one.ClaimedTime!.Time, Is.Null);
        Assert.That(one.Signer!.Der.IsEmpty, Is.True);
        Assert.That(report.Json, Does.Contain("\"newer\""));
        Assert.That(Read("{}").IsValid, Is.False);
        Assert.That(Read("{}").Signatures, Is.Empty);
    }

    [Test]
    public void What_a_log_shows_of_a_report_names_nobody()
    {
        VerificationReport report = DocumentVerifier.Verify(Signed.Valid);
        Assert.That(report.Json, Does.Contain(Signed.Name));
        Assert.That(report.ToString(), Does.StartWith("invalid (untrusted").And.Not.Contain(Signed.Name));
    }
}
